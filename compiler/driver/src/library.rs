//! The standard library, cut into items once a process: its text is part of the program.

use std::sync::OnceLock;

use syntax::Cuts;

/// How each file of the standard library is cut, in the order of [`stdlib::FILES`]. Whoever has nothing better to do may
/// ask before a session does.
pub fn library() -> &'static [Cuts] {
    static LIBRARY: OnceLock<Vec<Cuts>> = OnceLock::new();
    LIBRARY.get_or_init(|| stdlib::FILES.iter().map(|(_, text)| syntax::cut_whole(text)).collect())
}
