//! `hlc apply` deploys the whole reference lab at once, charts and all.

// What takes longest comes first in the order of names, so that the other tests run beside it.
mod killed;

use crate::beside::{Beside, with_addresses};

#[test]
fn the_whole_lab_is_applied_at_once() {
    let Some(beside) = Beside::new() else { return };
    with_addresses(&beside, || beside.run(&["apply", "--yes", "--timeout", "600"])).succeeded();
    beside.run(&["plan", "--detailed-exitcode"]).succeeded();
    beside.run(&["status"]).succeeded();
}
