//! `.sops.yaml`: the same readers, for those who use `sops` by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use domain::RecipientKey;
use emit::Files;

use crate::Delivered;

/// A rule of a `.sops.yaml`: which files, and who reads them.
type Rules = BTreeSet<(String, Vec<RecipientKey>)>;

/// `.sops.yaml` of each folder with encrypted files, relative to the lab's folder. `sops updatekeys` agrees with what
/// was delivered, and `sops` encrypts a new file for the right readers.
pub fn emit_config(delivered: &[Delivered], source: &str) -> Files {
    let mut folders: BTreeMap<&str, Rules> = BTreeMap::new();
    for file in delivered.iter().filter(|file| !file.readers.is_empty()) {
        let Some((folder, path)) = file.path.split_once('/') else { continue };
        folders.entry(folder).or_default().insert((pattern(path), file.readers.clone()));
    }
    let config = |(folder, rules): (&str, Rules)| (format!("{folder}/.sops.yaml"), text(&rules, source));
    folders.into_iter().map(config).collect()
}

/// The files that have the same readers as `path`: all of a host, all of the cluster.
fn pattern(path: &str) -> String {
    match path.strip_prefix("secrets/") {
        Some(rest) => {
            let host = rest.split('/').next().unwrap_or(rest);
            let host = host.strip_suffix(".yaml").unwrap_or(host);
            format!(r"^secrets/{}(\.yaml|/[^/]+\.bin)$", host.replace('.', r"\."))
        }
        None => r"/secrets/[^/]+\.yaml$".to_owned(),
    }
}

fn text(rules: &Rules, source: &str) -> String {
    let source = source.replace(char::is_control, " ");
    let mut text = format!("# Made by hlc from {source}. Edit that file, not this one.\ncreation_rules:\n");
    for (pattern, readers) in rules {
        let readers: Vec<String> = readers.iter().map(ToString::to_string).collect();
        // One text with commas: also versions of SOPS from before lists take it.
        let _ =
            writeln!(text, "  - path_regex: {}\n    age: {}", quoted(pattern), quoted(&readers.join(",")));
    }
    text
}

/// In single quotes, where only these mean anything.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Format;
    use crate::testing::{AGE, SSH, key};
    use model::Data;

    fn file(path: &str, readers: &[&str]) -> Delivered {
        let readers = readers.iter().map(|reader| key(reader)).collect();
        Delivered { path: path.into(), format: Format::Yaml, readers, tree: Data::Null }
    }

    #[test]
    fn each_folder_has_a_rule_for_each_group_of_readers() {
        let files = [
            file("k8s/01_a/b/secrets/b.values.secrets.yaml", &[AGE, SSH]),
            file("k8s/02_a/c/secrets/c.values.secrets.yaml", &[AGE, SSH]),
            file("nixos/secrets/attic.yaml", &[AGE]),
            file("nixos/secrets/attic/keytab.bin", &[AGE]),
            file("nixos/secrets/cellar.yaml", &[]),
        ];
        let configs = emit_config(&files, "homelab.hl");
        let header = "# Made by hlc from homelab.hl. Edit that file, not this one.\ncreation_rules:\n";
        assert_eq!(
            configs["k8s/.sops.yaml"],
            format!("{header}  - path_regex: '/secrets/[^/]+\\.yaml$'\n    age: '{AGE},{SSH}'\n")
        );
        assert_eq!(
            configs["nixos/.sops.yaml"],
            format!("{header}  - path_regex: '^secrets/attic(\\.yaml|/[^/]+\\.bin)$'\n    age: '{AGE}'\n")
        );
        assert_eq!(configs.len(), 2);
        assert_eq!(emit_config(&files[4..], "homelab.hl"), Files::new());
    }
}
