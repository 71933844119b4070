//! Digests of what a saved plan is made from, and does not say.

use std::fs;
use std::io::ErrorKind;

use plan::{Part, Wanted};
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
        digest.update(format!("{:?}", (&one.id, &one.chart, masked(&one.values).to_string(), how)));
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
}
