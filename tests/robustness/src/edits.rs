//! A file that changes while it is open.

use driver::Session;

use crate::lab::come_to;

/// The line between two versions of a file.
pub const VERSION: &str = "\n#### next version\n";

/// So many versions of one file are gone through; what follows is left out.
const MOST: usize = 8;

/// Whatever was written before, a version of the file comes to what it comes to when it is opened as it is.
pub fn edits(text: &str) {
    let mut versions = text.split(VERSION).take(MOST);
    let open = |text: &str| Session::open(vec![("homelab.hl".into(), text.into())]);
    let mut session = open(versions.next().unwrap_or_default());
    come_to(&session);
    for version in versions {
        session.set_text("homelab.hl", version);
        let fresh = open(version);
        assert_eq!(come_to(&session), come_to(&fresh), "after the edit to\n{version}");
    }
}
