//! Puts texts in the place of files that people write.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Puts `text` in the place of a file, which has either its old text or all of the new one at any time; one that is not
/// there is made.
pub(crate) fn replace(file: &Path, text: &str) -> io::Result<()> {
    // A link is followed: what it leads to is the file.
    let file = match file.canonicalize() {
        Err(error) if error.kind() == ErrorKind::NotFound => file.to_owned(),
        file => file?,
    };
    let temporary = beside(&file);
    let written = write(&temporary, text, &file).and_then(|()| fs::rename(&temporary, &file));
    if written.is_err() {
        // What is there has not been touched; the new one is of no use.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn write(path: &Path, text: &str, like: &Path) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    match fs::metadata(like) {
        Ok(metadata) => file.set_permissions(metadata.permissions())?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    file.sync_all()
}

fn beside(file: &Path) -> PathBuf {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    file.with_file_name(format!(".{name}.hlc-tmp-{}", std::process::id()))
}
