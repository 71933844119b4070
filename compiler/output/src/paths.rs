//! Paths of files in a folder: which are safe, and what stands above them.

use std::borrow::Cow;
use std::path::Path;

use emit::Files;

use crate::OutputError;

/// What the names of temporary files start with.
pub(crate) const TEMPORARY: &str = ".hlc-tmp-";

/// The directories above `path` in its folder, from the top: `a`, `a/b` of `a/b/c`.
pub(crate) fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// The directory that `path` is in; empty when that is the folder itself.
pub(crate) fn above(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(above, _)| above)
}

/// Whether `path` is below `directory`.
pub(crate) fn is_below(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

/// What a file system that does not tell cases apart makes of `path`.
pub(crate) fn fold(path: &str) -> Cow<'_, str> {
    if !path.is_ascii() {
        path.to_lowercase().into()
    } else if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        path.to_ascii_lowercase().into()
    } else {
        path.into()
    }
}

/// Whether `name` is one that only hlc gives to a temporary file or directory: `.hlc-tmp-<process>-<number>`.
pub(crate) fn is_temporary(name: &str) -> bool {
    let numbers = name.strip_prefix(TEMPORARY).and_then(|rest| rest.split_once('-'));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    numbers.is_some_and(|(process, number)| is_number(process) && is_number(number))
}

/// What is wrong with `path` as the path of a file in a folder.
pub(crate) fn fault(path: &str) -> Option<&'static str> {
    if path.starts_with('/') {
        return Some("starts at the root");
    }
    if path.contains('\\') || path.contains(char::is_control) {
        return Some("has a character that file names cannot have");
    }
    path.split('/').find_map(|part| match part {
        "" => Some("has a part without a name"),
        "." | ".." => Some("leads out of the folder or nowhere"),
        _ if part.len() > 255 => Some("has a name longer than 255 bytes"),
        _ if part.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(".hlc")) => {
            Some("has a name that hlc keeps for itself")
        }
        _ => None,
    })
}

/// Fails when the paths of `files` are not safe, or are not different files on every file system.
pub(crate) fn validate(folder: &Path, files: &Files) -> Result<(), OutputError> {
    let bad = |path: &str, reason: String| OutputError::BadPath {
        folder: folder.to_owned(),
        path: path.to_owned(),
        reason,
    };
    // Each name of a file or directory as it is where cases are not told apart, once, with the path it is from.
    let mut names: Vec<(Cow<'_, str>, &str, &str)> = Vec::with_capacity(files.len());
    let mut directory = "";
    for path in files.keys() {
        if let Some(reason) = fault(path) {
            return Err(bad(path, reason.to_owned()));
        }
        // Paths are sorted, so all in a directory, and below it, follow each other.
        let new = parents(path).filter(|above| directory != *above && !is_below(directory, above));
        names.extend(new.chain([path.as_str()]).map(|name| (fold(name), name, path.as_str())));
        directory = above(path);
    }
    names.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    for two in names.windows(2) {
        let [(one, name, _), (other, same, path)] = two else { continue };
        if one == other && name == same {
            return Err(bad(path, format!("is below {name:?}, which is a file too")));
        } else if one == other {
            return Err(bad(path, format!("is the same as {name:?} where cases are not told apart")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(paths: &[&str]) -> Option<String> {
        let files = paths.iter().map(|path| ((*path).to_owned(), String::new())).collect();
        validate(Path::new("nixos"), &files).err().map(|error| error.to_string())
    }

    #[test]
    fn accepts_what_builds_make() {
        assert_eq!(
            error(&["flake.nix", ".sops.yaml", "hosts/a/default.nix", "hosts/b/default.nix", "ü/…"]),
            None
        );
    }

    #[test]
    fn refuses_what_leads_elsewhere() {
        let long = "n".repeat(256);
        for path in
            ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "./a", "a\\b", "a\0", "a\nb", &long]
        {
            assert!(error(&[path]).is_some(), "{path:?}");
        }
        for path in [".hlc.json", "hosts/.hlc-tmp-1-2", ".HLC.json"] {
            assert!(error(&[path]).is_some(), "{path:?}");
        }
    }

    #[test]
    fn refuses_files_that_are_one_on_some_disks() {
        assert!(error(&["hosts/NAS.nix", "hosts/nas.nix"]).is_some());
        assert!(error(&["hosts/NAS/a", "hosts/nas/b"]).is_some());
        assert!(error(&["hosts", "hosts/nas"]).is_some());
        assert!(error(&["hosts", "hosts.d/nas"]).is_none());
    }

    #[test]
    fn knows_its_temporary_files() {
        assert!(is_temporary(".hlc-tmp-12-0"));
        for name in [".hlc-tmp-", ".hlc-tmp-12", ".hlc-tmp-notes", ".hlc-tmp-1-", ".hlc-tmp-1-x", ".hlc.json"]
        {
            assert!(!is_temporary(name), "{name}");
        }
    }
}
