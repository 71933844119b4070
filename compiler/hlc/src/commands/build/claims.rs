//! Claims of storage that were built before: Kubernetes makes them larger, and changes nothing else of them.

use std::path::Path;

use domain::Size;
use emit::Files;

use crate::exit::Failure;
use crate::read;
use crate::terminal::shown;

/// What a claim asks for, as its file says it.
#[derive(Debug, PartialEq, Eq)]
struct Claim<'a> {
    size: Option<Size>,
    class: Option<&'a str>,
    modes: Vec<&'a str>,
}

impl<'a> Claim<'a> {
    /// That of a file as hlc writes it: a line each.
    fn of(text: &'a str) -> Self {
        let lines = || text.lines().map(str::trim);
        let said = |key: &str| lines().find_map(|line| line.strip_prefix(key));
        Self {
            size: said("storage: ").and_then(|size| Size::parse(&format!("{size}B")).ok()),
            class: said("storageClassName: "),
            modes: lines().filter_map(|line| line.strip_prefix("- ")).collect(),
        }
    }

    /// What Kubernetes would not change of the claim that there is.
    fn refused(&self, old: &Self) -> Option<String> {
        if self.size < old.size {
            let size = |size: Option<Size>| size.map_or_else(String::new, |size| size.to_string());
            Some(format!("is made smaller, from {} to {}", size(old.size), size(self.size)))
        } else if self.class != old.class {
            let class =
                |class: Option<&str>| class.map_or_else(|| "the default one".to_owned(), str::to_owned);
            Some(format!("gets another class, {} in place of {}", class(self.class), class(old.class)))
        } else if self.modes != old.modes {
            Some("gets another 'access'".to_owned())
        } else {
            None
        }
    }
}

/// A failure where a claim among `files` is one that is in `folder` already, and Kubernetes would refuse the change.
pub(super) fn must_be_kept(files: &Files, folder: &Path) -> Result<(), Failure> {
    let claims = files.iter().filter(|(path, _)| {
        let name = path.rsplit('/').next().unwrap_or(path);
        path.contains("/manifests/") && name.starts_with("persistentvolumeclaim-")
    });
    for (path, text) in claims {
        let path = folder.join(path);
        // What is not there, or cannot be read, is not what was built.
        let Ok(old) = read::text(&path) else { continue };
        if let Some(change) = Claim::of(text).refused(&Claim::of(&old)) {
            return Err(Failure::cannot(format!(
                "nothing was written: the claim in {} {change}, which Kubernetes refuses\n  leave it as it is, and give \
                 the volume another name to start anew; if the claim is gone from the cluster, remove the file and \
                 build again",
                shown(&path)
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(size: &str, class: &str, mode: &str) -> String {
        let class = if class.is_empty() { String::new() } else { format!("  storageClassName: {class}\n") };
        format!(
            "kind: PersistentVolumeClaim\nspec:\n  accessModes:\n  - {mode}\n{class}  resources:\n    requests:\n      storage: {size}\n"
        )
    }

    #[test]
    fn claims_grow_and_change_in_nothing_else() {
        let old = text("8Gi", "fast", "ReadWriteOnce");
        for (new, refused) in [
            (text("8Gi", "fast", "ReadWriteOnce"), None),
            (text("8192Mi", "fast", "ReadWriteOnce"), None),
            (text("9G", "fast", "ReadWriteOnce"), None),
            (text("16Gi", "fast", "ReadWriteOnce"), None),
            (text("8G", "fast", "ReadWriteOnce"), Some("is made smaller, from 8GiB to 8GB")),
            (text("500k", "fast", "ReadWriteOnce"), Some("is made smaller, from 8GiB to 500kB")),
            (text("8Gi", "slow", "ReadWriteOnce"), Some("gets another class, slow in place of fast")),
            (text("8Gi", "", "ReadWriteOnce"), Some("gets another class, the default one in place of fast")),
            (text("16Gi", "fast", "ReadWriteMany"), Some("gets another 'access'")),
        ] {
            assert_eq!(Claim::of(&new).refused(&Claim::of(&old)).as_deref(), refused, "{new}");
        }
    }
}
