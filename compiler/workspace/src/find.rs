//! Where the lab is, seen from the working directory.

use std::env;
use std::path::{Component, Path, PathBuf};

use diagnostics::render::plain;

/// What a lab's file is called where nobody says otherwise.
pub const LAB: &str = "homelab.hl";

/// The lab's file, relative to the working directory: `file`, or the nearest upward. Why there is none is a sentence.
pub fn lab_file(file: Option<&Path>) -> Result<PathBuf, String> {
    let here = env::current_dir().map_err(|error| format!("there is no working directory: {error}"))?;
    let Some(file) = file else { return nearest(&here) };
    if file.is_relative() {
        return Ok(file.to_owned());
    }
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return Ok(file.to_owned()) };
    // A folder that is not there is told when the file is read.
    Ok(folder.canonicalize().map_or_else(|_| file.to_owned(), |folder| relative(&here, &folder).join(name)))
}

fn nearest(here: &Path) -> Result<PathBuf, String> {
    let mut up = PathBuf::new();
    for folder in here.ancestors() {
        // What it is, and whether it can be read, is found out by reading it.
        if folder.join(LAB).symlink_metadata().is_ok() {
            return Ok(up.join(LAB));
        }
        up.push("..");
    }
    let here = here.to_string_lossy();
    let here = plain(&here);
    Err(format!("there is no {LAB} in {here} or above; name a file with --file, or start one with hlc init"))
}

/// The way down to the working directory from `folder`, if that is `..` or above.
pub fn down_from(folder: &Path) -> PathBuf {
    let up = folder.components().count();
    let Ok(here) = env::current_dir() else { return PathBuf::new() };
    if !folder.components().all(|part| part == Component::ParentDir) {
        return PathBuf::new();
    }
    let skipped = here.components().count().saturating_sub(up);
    here.components().skip(skipped).collect()
}

/// `to` as seen from `from`; both absolute, or relative to the same folder.
pub fn relative(from: &Path, to: &Path) -> PathBuf {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    up.chain(to.components().skip(common)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_elsewhere() {
        let seen = |from: &str, to: &str| relative(Path::new(from), Path::new(to)).display().to_string();
        assert_eq!(seen("/a/b", "/a/b"), "");
        assert_eq!(seen("/a/b", "/a/b/c/d"), "c/d");
        assert_eq!(seen("/a/b/c", "/a/x"), "../../x");
        assert_eq!(seen("/", "/x"), "x");
    }
}
