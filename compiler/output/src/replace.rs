//! One file in the place of another.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::{Disk, Kind, OutputError};

/// Puts `content` in the place of the file at `path`, which may not be there yet. At any time the file has either all
/// of its old content or all of the new. A link is refused: what it leads to may be somebody else's.
pub fn replace<D: Disk>(disk: &D, path: &Path, content: &str) -> Result<(), OutputError> {
    let before = disk.kind(path).map_err(OutputError::disk("read", path))?;
    match before {
        None | Some(Kind::File) => {}
        Some(kind) => {
            let error = io::Error::new(ErrorKind::AlreadyExists, format!("it is {kind}, not a file"));
            return Err(OutputError::disk("write", path)(error));
        }
    }
    let temporary = beside(path);
    // What an earlier run left there, which did not end well; whoever writes holds the lock.
    if disk.kind(&temporary).ok().flatten() == Some(Kind::File) {
        disk.remove_file(&temporary).map_err(OutputError::disk("remove", &temporary))?;
    }
    let written = disk.write_new(&temporary, content.as_bytes());
    // Who may read it is for those to say who own it.
    let written =
        written.and_then(|()| if before.is_some() { disk.permit(&temporary, path) } else { Ok(()) });
    // The content is on the disk before the name is.
    let synced = written.and_then(|()| disk.sync(std::slice::from_ref(&temporary)));
    if let Err(error) = synced.and_then(|()| disk.rename(&temporary, path)) {
        // What is there has not been touched; the new one is of no use.
        let _ = disk.remove_file(&temporary);
        return Err(OutputError::disk("write", path)(error));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    disk.sync(&[folder.to_owned()]).map_err(OutputError::disk("write", folder))
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.hlc-tmp"))
}
