//! `unreadable-file`: a file that the lab reads and that cannot be read.

use diagnostics::{Problem, declare_rule, did_you_mean};
use source::Place;

declare_rule! { pub UNREADABLE_FILE, "unreadable-file", error, since "0.1", "a file that the lab reads and that cannot be read", page "unreadable_file.md" }

/// The file at `path` cannot be read, for a `reason` that is the end of a sentence.
pub fn unreadable_file(place: Place, path: &str, reason: &str, near: &[&str]) -> Problem {
    Problem::new(&UNREADABLE_FILE, place, format!("'{path}' cannot be read: {reason}"))
        .help_if(did_you_mean(near))
}

/// There are no documents in the folder at `path`.
pub fn no_documents(place: Place, path: &str) -> Problem {
    let message = format!("'{path}' cannot be read: there is no YAML or JSON file in it");
    Problem::new(&UNREADABLE_FILE, place, message)
        .help("files whose names end in .yaml, .yml or .json are looked at")
}
