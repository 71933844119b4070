//! Digests of what a saved plan is made from, and does not say.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use plan::{ChartAt, Part, Wanted};
use sha2::{Digest, Sha256};

use crate::changed::masked;
use crate::exit::Failure;
use crate::load::Lab;
use crate::terminal::shown;

/// A digest of the file of values as it stands there, encrypted; that of nothing where there is none.
pub(super) fn of_secrets(lab: &Lab) -> Result<String, Failure> {
    let path = lab.secrets_path();
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(Failure::cannot(format!("{} cannot be read: {error}", shown(&path)))),
    };
    Ok(format!("{:x}", Sha256::digest(bytes)))
}

/// A digest of all that is wanted of a cluster, and in which order, but for what is secret in it, and for where it is
/// declared.
pub(super) fn of_wanted(wanted: &Wanted) -> String {
    let mut digest = Sha256::new();
    for part in &wanted.parts {
        of_part(part, &mut digest);
    }
    for node in &wanted.nodes {
        digest.update(format!("{:?}", (&node.name, &node.labels, &node.taints)));
    }
    format!("{:x}", digest.finalize())
}

fn of_part(part: &Part, digest: &mut Sha256) {
    digest.update(format!("{:?}", (part.component(), &part.after, &part.release, &part.needs)));
    for one in &part.objects {
        digest.update(masked(&one.object).to_string());
    }
    for one in &part.releases {
        let how = (one.makes_namespace, one.waits, one.timeout, &one.needs);
        digest.update(format!("{:?}", (&one.id, masked(&one.values).to_string(), how)));
        match &one.chart {
            // Hooks and kinds of a chart stand in no plan.
            ChartAt::Folder(path) => of_folder(Path::new(path), digest),
            pinned @ ChartAt::Pinned { .. } => digest.update(format!("{pinned:?}")),
        }
    }
}

/// What is in a folder, wherever that is. A link is followed to a file, and not into a folder, where it could lead round.
fn of_folder(folder: &Path, digest: &mut Sha256) {
    let found = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = found.map(|entry| entry.path()).collect();
    paths.sort();
    digest.update(paths.len().to_le_bytes());
    for path in paths {
        digest.update(format!("{:?}", path.file_name()));
        if path.is_dir() && !path.is_symlink() {
            of_folder(&path, digest);
        } else {
            // What cannot be read is nothing that Helm could take, either.
            let text = fs::read(&path).unwrap_or_default();
            digest.update(text.len().to_le_bytes());
            digest.update(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_and_when_is_in_it_and_where_it_is_declared_is_not() {
        let part =
            |name: &str, stage: &str| Part { name: name.into(), stage: stage.into(), ..Part::default() };
        let of = |parts: Vec<Part>| of_wanted(&Wanted { parts, ..Wanted::default() });
        let one = of(vec![part("a", "10_apps"), part("b", "10_apps")]);
        assert_eq!(one, of(vec![part("a", "10_apps"), part("b", "10_apps")]));
        assert_ne!(one, of(vec![part("a", "10_apps"), part("b", "20_more")]));
        let after = Part { after: vec![0], ..part("b", "10_apps") };
        assert_ne!(one, of(vec![part("a", "10_apps"), after]));
    }

    #[test]
    fn a_chart_in_a_folder_is_what_is_in_it_and_not_where_it_is() {
        let charts = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        for chart in &charts {
            fs::create_dir(chart.path().join("templates")).expect("a folder");
            fs::write(chart.path().join("templates/hook.yaml"), "a: 1").expect("a file");
        }
        let of = |folder: &Path| {
            let mut digest = Sha256::new();
            of_folder(folder, &mut digest);
            digest.finalize()
        };
        assert_eq!(of(charts[0].path()), of(charts[1].path()));
        fs::write(charts[1].path().join("templates/hook.yaml"), "a: 2").expect("a file");
        assert_ne!(of(charts[0].path()), of(charts[1].path()));
        fs::remove_file(charts[1].path().join("templates/hook.yaml")).expect("it is there");
        assert_ne!(of(charts[0].path()), of(charts[1].path()));
    }
}
