//! The keys that hosts show, as the lab has them.

use std::io::{self, Write};

use tempfile::NamedTempFile;

/// A file as `known_hosts` is, in which any host has one key: it is given to `ssh` for one host.
///
/// # Errors
///
/// If no file can be made for it.
pub(crate) fn known(key: &str) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("hlc-known-hosts").tempfile()?;
    writeln!(file, "* {key}")?;
    file.flush()?;
    Ok(file)
}
