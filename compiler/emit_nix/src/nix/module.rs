//! A whole file: header, arguments, body.

use super::escape::comment;
use super::expr::{Expr, Set};
use super::print::{entries, print};

/// Who made the file, from what: its first line.
pub fn header(source: &str, what: &str) -> String {
    format!("# Made by hlc from {}: {}. Edit that file, not this one.\n", comment(source), comment(what))
}

/// A Nix file with a set in it, as a module or plain.
#[derive(Clone, Debug)]
pub struct Module<'a> {
    /// The file that it is made from.
    pub source: &'a str,
    /// What in that file.
    pub what: &'a str,
    /// More to say about it, a line each; may be empty.
    pub about: &'a str,
    /// Names before the set, and what they stand for.
    pub bindings: Vec<(&'static str, Expr)>,
    /// The set.
    pub body: Set,
}

/// What a module may ask for.
const ARGUMENTS: [&str; 7] = ["config", "inputs", "lib", "modulesPath", "options", "pkgs", "utils"];

impl Module<'_> {
    /// The file's text. It asks for those of the usual arguments that it mentions.
    pub fn print(&self) -> String {
        let separator = if self.about.is_empty() { "" } else { "#\n" };
        let about: Vec<String> = self.about.lines().map(|line| format!("# {line}\n")).collect();
        let (names, set) = (self.names(), self.set());
        let head = head(&[names.as_str(), &set].concat());
        [&header(self.source, self.what), separator, &about.concat(), &head, &names, &set].concat()
    }

    /// The names before the set.
    fn names(&self) -> String {
        if self.bindings.is_empty() {
            return String::new();
        }
        let line =
            |(name, value): &(&str, Expr)| format!("  {name} = {};\n", print(value, 2, name.len() + 4));
        let lines: Vec<String> = self.bindings.iter().map(line).collect();
        format!("let\n{}in\n", lines.concat())
    }

    fn set(&self) -> String {
        if self.body.is_empty() { "{ }\n".to_owned() } else { format!("{{\n{}}}\n", entries(&self.body, 2)) }
    }
}

/// The head of a module that asks for what `body` mentions: up to two arguments on one line.
fn head(body: &str) -> String {
    let arguments: Vec<&str> = ARGUMENTS.into_iter().filter(|name| mentions(body, name)).collect();
    match arguments.as_slice() {
        [] => String::new(),
        [_] | [_, _] => format!("{{ {}, ... }}:\n", arguments.join(", ")),
        _ => format!("{{\n  {},\n  ...\n}}:\n", arguments.join(",\n  ")),
    }
}

/// Whether `name` is used as a variable in `nix`, or looks so.
fn mentions(nix: &str, name: &str) -> bool {
    let is_word = |char: char| char.is_ascii_alphanumeric() || "_'-".contains(char);
    nix.match_indices(name).any(|(at, _)| {
        let before = nix[..at].chars().next_back();
        let after = &nix[at + name.len()..];
        let is_whole =
            !before.is_some_and(|char| is_word(char) || char == '.') && !after.starts_with(is_word);
        let is_set_here = after.starts_with(" = ");
        is_whole && !is_set_here
    })
}

#[cfg(test)]
mod tests {
    use super::super::raw;
    use super::*;

    #[test]
    fn a_module_asks_for_what_it_mentions() {
        let of = |nix: &str| {
            Module {
                source: "lab.hl",
                what: "x",
                about: "",
                bindings: vec![],
                body: Set::new().bind("a.config.b", raw(nix)),
            }
            .print()
        };
        assert_eq!(of("1").lines().nth(1), Some("{"));
        assert_eq!(of("lib.mkForce pkgs.zsh").lines().nth(1), Some("{ lib, pkgs, ... }:"));
        assert!(of("lib.f config pkgs").contains("{\n  config,\n  lib,\n  pkgs,\n  ...\n}:\n"));
        assert_eq!(of("glib.x").lines().nth(1), Some("{"));
        assert_eq!(of("{ options = 1; }").lines().nth(1), Some("{"));
    }
}
