//! Texts that once broke a promise.

use robustness::{found, seeds};

#[test]
fn what_was_found_stays_mended() {
    for found in found() {
        eprintln!("{}", found.path.display());
        (found.promise)(&found.text);
    }
}

#[test]
fn what_people_wrote_holds() {
    for text in seeds() {
        robustness::syntax(&text);
        robustness::format(&text);
        robustness::lab(&text);
    }
}
