//! `nixos { … }` blocks, and the lines that they stand on.
//!
//! Each option of a block is a module of its own whose `_file` is the place of the option in the lab's file. So Nix
//! says ``In `homelab.hl:57'`` where a value does not fit, in its own message. The places are in `lines.nix`, by
//! keys that have no line numbers in them: when text moves, only that file changes.

use std::collections::BTreeMap;

use emit::Files;
use model::{At, Data, Host};
use source::Place;

use crate::nix::{AttrPath, Expr, Module, Set, list, raw, string, text};

/// The name of the file of places, beside the flake.
const LINES: &str = "lines.nix";

/// An option that a block of `owner` sets.
struct Setting<'a> {
    owner: &'a str,
    path: &'a [String],
    value: &'a At<Data>,
}

impl Setting<'_> {
    /// What the place of the option is looked up by.
    fn key(&self) -> String {
        format!("{}: {}", self.owner, AttrPath::from(self.path))
    }

    /// Whether a later setting takes this one's place: it sets the same option, or one of the two holds the other
    /// and is a value that nothing can be merged into.
    fn is_replaced_by(&self, later: &Setting<'_>) -> bool {
        let is_open = |data: &Data| matches!(data, Data::Map(_) | Data::Nix(_));
        self.path == later.path
            || (self.path.starts_with(later.path) && !is_open(&later.value.value))
            || (later.path.starts_with(self.path) && !is_open(&self.value.value))
    }
}

/// The keys of the options of the host's blocks, and the place of each.
///
/// Whoever knows lines hands the keys of all hosts to [`emit_lines`]. A template that several hosts use has one key
/// for each of its options.
pub fn block_keys(host: &Host) -> Vec<(String, Place)> {
    settings(host).iter().map(|setting| (setting.key(), setting.value.place.clone())).collect()
}

/// The file of places: for each key, a place as people write it (`homelab.hl:57`).
pub fn emit_lines(lines: &[(String, String)], source: &str) -> Files {
    let lines: BTreeMap<&str, &str> = lines.iter().map(|(key, line)| (key.as_str(), line.as_str())).collect();
    let body =
        lines.iter().fold(Set::new(), |set, (key, line)| set.bind(AttrPath::default().key(*key), text(line)));
    let about = "Where the options of nixos blocks stand, so that Nix's messages can say it.";
    let module = Module { source, what: "nixos blocks", about, bindings: vec![], body };
    Files::from([(LINES.to_owned(), module.print())])
}

/// The module of the host's blocks; none for a host without.
pub(crate) fn module(host: &Host, source: &str) -> Option<String> {
    let settings = settings(host);
    if settings.is_empty() {
        return None;
    }
    let about = "The host's nixos blocks, from the template's to its own. Each option is a module of its own\n\
                 that names its line: `_file` is what Nix's messages call it.";
    let lines = raw(format!("import ../../{LINES}"));
    let body = Set::new().bind("imports", list(settings.iter().map(setting_module)));
    let what = format!("host {}", host.name);
    Some(Module { source, what: &what, about, bindings: vec![("lines", lines)], body }.print())
}

fn setting_module(setting: &Setting<'_>) -> Expr {
    let path = if setting.path.is_empty() { AttrPath::from("config") } else { AttrPath::from(setting.path) };
    Set::new()
        .bind("_file", raw(format!("lines.{}", string(&setting.key()))))
        .bind(path, Expr::from(&setting.value.value))
        .into()
}

/// What the host's blocks set, without what a later block sets anew.
fn settings(host: &Host) -> Vec<Setting<'_>> {
    let mut settings: Vec<Setting<'_>> = Vec::new();
    for block in &host.nixos {
        for (path, value) in &block.options {
            let later = Setting { owner: &block.owner, path, value };
            settings.retain(|earlier| !earlier.is_replaced_by(&later));
            settings.push(later);
        }
    }
    settings
}
