//! `no-lab`: something that needs the lab, where none is declared.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub NO_LAB, "no-lab", error, since "0.1", "something that needs the lab, where none is declared", page "no_lab.md" }

/// `owner` (`host 'homelab-0'`) asks for the only `kind`, and there is none.
pub fn no_lab(place: Place, owner: &str, kind: &str) -> Problem {
    let problem = Problem::new(&NO_LAB, place, format!("{owner} needs the {kind}, and none is declared"));
    match kind {
        "lab" => problem
            .help("add 'lab home { domain = \"home.example.net\" }': names, time and releases come from it"),
        _ => problem.help(format!("declare one: '{kind} NAME {{ … }}'")),
    }
}
