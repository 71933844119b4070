//! Where the user's own folders are.

use std::env;
use std::path::PathBuf;

/// The user's folder for something: what `variable` names, or else `below` in the home (XDG Base Directory
/// Specification). Nothing where there is no home.
pub(crate) fn users_folder(variable: &str, below: &str) -> Option<PathBuf> {
    let named = env::var_os(variable).map(PathBuf::from).filter(|folder| folder.is_absolute());
    named.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(below)))
}
