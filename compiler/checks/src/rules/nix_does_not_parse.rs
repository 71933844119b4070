//! `nix-does-not-parse`: Nix that Nix does not read.

use diagnostics::{Problem, declare_rule};
use model::At;

use crate::lab::Lab;

declare_rule! { pub NIX_DOES_NOT_PARSE, "nix-does-not-parse", error, since "0.1", "an expression that Nix does not read", page "nix_does_not_parse.md" }

/// Looks for `nix"…"` that is no whole expression of Nix.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let faults = lab.hosts.iter().flat_map(|host| &host.nix_faults);
    // A template's options are those of many hosts, and have one place.
    let mut told: Vec<&At<String>> = Vec::new();
    let mut problems = Vec::new();
    for fault in faults {
        if !told.contains(&fault) {
            told.push(fault);
            problems.push(nix_does_not_parse(fault));
        }
    }
    problems
}

/// The text is no expression.
fn nix_does_not_parse(fault: &At<String>) -> Problem {
    let message = format!("this is no expression of Nix: {}", fault.value);
    Problem::new(&NIX_DOES_NOT_PARSE, fault.place.clone(), message)
        .help("it is written into the host's configuration as it is, so it must be one whole expression")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{machine, messages, options};
    use model::{Data, Entity};

    fn found(nix: &str) -> usize {
        let of = |name: &str, data: Data| {
            let mut host = machine(name, "192.168.1.10");
            host.nixos = options(&[("boot.x", data)]);
            Entity::Host(Box::new(host))
        };
        let nix = Data::Nix(nix.to_owned());
        // In a list or a map it is the same, and two hosts of a template have one problem.
        let inner = Data::List(vec![Data::Map([("a".to_owned(), nix.clone())].into())]);
        let alone = messages(&NIX_DOES_NOT_PARSE, &[of("a", nix.clone()), of("b", nix)]).len();
        assert_eq!(messages(&NIX_DOES_NOT_PARSE, &[of("a", inner)]).len(), alone);
        alone
    }

    #[test]
    fn nix_is_whole() {
        for (nix, problems) in [
            ("pkgs.hello", 0),
            ("lib.mkForce [ ]", 0),
            ("with pkgs; [ git ]", 0),
            ("{ config, ... }: { }", 0),
            ("{ a = 1; } // { inherit (lib) x; }", 0),
            ("''\n  a ${toString 1}\n''", 0),
            ("1 # one", 0),
            ("if a then b else c", 0),
            ("{ a = 1", 1),
            ("{ a = 1 }", 1),
            ("1; b = 2", 1),
            ("1 }", 1),
            ("", 1),
            ("# nothing", 1),
            ("[ 1, 2 ]", 1),
            ("\"open", 1),
            ("(", 1),
            ("a = 1;", 1),
        ] {
            assert_eq!(found(nix), problems, "{nix}");
        }
    }
}
