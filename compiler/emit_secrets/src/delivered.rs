//! The encrypted copies.

use std::collections::{BTreeMap, BTreeSet};

use domain::RecipientKey;
use model::{Data, Recipient, SecretFile, SecretRef};

use crate::each_once;

/// An encrypted file that a build delivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Where it is, relative to the lab's folder.
    pub path: String,
    /// How SOPS keeps it.
    pub format: Format,
    /// Who reads it, in a fixed order. With nobody in it, the file cannot be made.
    pub readers: Vec<RecipientKey>,
    /// What is in it, with the names of secrets in place of their values.
    pub tree: Data,
}

/// A format of SOPS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A map, encrypted leaf by leaf.
    Yaml,
    /// Bytes. The tree is one secret in Base64, and what is encrypted is what that says.
    Binary,
}

impl Delivered {
    /// The values that are in it.
    pub fn secrets(&self) -> BTreeSet<&SecretRef> {
        let mut found = BTreeSet::new();
        collect(&self.tree, &mut found);
        found
    }

    /// What the values in it are called there: keys and numbers with dots between them. Bytes have no name.
    pub fn names(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        if self.format == Format::Yaml {
            name(&self.tree, "", &mut found);
        }
        found
    }
}

fn name(data: &Data, path: &str, into: &mut BTreeSet<String>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match data {
        Data::Map(entries) => entries.iter().for_each(|(key, entry)| name(entry, &below(key), into)),
        Data::List(items) => {
            items.iter().enumerate().for_each(|(nth, item)| name(item, &below(&nth.to_string()), into));
        }
        _ => drop(into.insert(path.to_owned())),
    }
}

fn collect<'a>(data: &'a Data, into: &mut BTreeSet<&'a SecretRef>) {
    match data {
        Data::Secret(text) => into.extend(text.secrets()),
        Data::List(items) => items.iter().for_each(|item| collect(item, into)),
        Data::Map(entries) => entries.values().for_each(|entry| collect(entry, into)),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) | Data::Nix(_) => {}
    }
}

/// What is delivered to the host called `host`, which alone reads it: all of its `secrets` that are texts in one map,
/// and those that are bytes in a file each.
pub fn deliver_to_host(
    host: &str,
    key: Option<&RecipientKey>,
    secrets: &BTreeMap<&str, &SecretFile>,
) -> Vec<Delivered> {
    // A host decrypts with the age key that its SSH key is, too.
    let readers: Vec<RecipientKey> = key.map(RecipientKey::to_age).into_iter().collect();
    let mut files: BTreeMap<String, (Format, Data)> = BTreeMap::new();
    for secret in secrets.values() {
        let path = format!("nixos/{}", secret.store(host));
        let content = Data::Secret(secret.content.clone());
        if secret.content.is_bytes() {
            files.insert(path, (Format::Binary, content));
        } else if let (_, Data::Map(texts)) =
            files.entry(path).or_insert_with(|| (Format::Yaml, Data::Map(BTreeMap::new())))
        {
            texts.insert(secret.name.clone(), content);
        }
    }
    let delivered = |(path, (format, tree))| Delivered { path, format, readers: readers.clone(), tree };
    files.into_iter().map(delivered).collect()
}

/// What is delivered to those who deploy into the cluster: `trees` by their path under `k8s/`. The lab's recipients
/// read it too.
pub fn deliver_to_cluster(
    trees: &BTreeMap<String, Data>,
    recipients: &[&Recipient],
    deployers: &[&RecipientKey],
) -> Vec<Delivered> {
    let keys = recipients.iter().map(|recipient| &recipient.key).chain(deployers.iter().copied());
    let readers = each_once(keys.cloned());
    let delivered = |(path, tree): (&String, &Data)| Delivered {
        path: format!("k8s/{path}"),
        format: Format::Yaml,
        readers: readers.clone(),
        tree: tree.clone(),
    };
    trees.iter().map(delivered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{AGE, SSH, SSH_AS_AGE, key, recipient, text};
    use model::{SecretPart, SecretText};

    #[test]
    fn a_host_reads_what_it_needs_and_nothing_else() {
        let keytab = SecretFile::new("keytab", SecretText::of_bytes(SecretRef::whole("keytab")));
        let token = SecretFile::new("k3s-token", text("k3s-token"));
        let parts = vec![
            SecretPart::Plain("psk=".into()),
            SecretPart::Secret(SecretRef::key("wifi", "psk")),
            SecretPart::Secret(SecretRef::whole("k3s-token")),
        ];
        let wifi = SecretFile::new("wifi", SecretText { parts });
        let all = BTreeMap::from([("keytab", &keytab), ("k3s-token", &token), ("wifi", &wifi)]);
        let files = deliver_to_host("attic", Some(&key(SSH)), &all);
        let shown = files.iter().map(|file| {
            let secrets: Vec<String> = file.secrets().iter().map(ToString::to_string).collect();
            format!("{} {:?} {}", file.path, file.format, secrets.join(" "))
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                "nixos/secrets/attic.yaml Yaml k3s-token wifi.psk",
                "nixos/secrets/attic/keytab.bin Binary keytab"
            ]
        );
        // By the age key that its SSH key is, which is what sops-nix decrypts with.
        assert!(files.iter().all(|file| file.readers == [key(SSH_AS_AGE)]));
        let Data::Map(texts) = &files[0].tree else { panic!("a map") };
        assert_eq!(texts.keys().collect::<Vec<_>>(), ["k3s-token", "wifi"]);
    }

    #[test]
    fn nobody_reads_the_secrets_of_a_host_without_a_key() {
        let token = SecretFile::new("token", text("token"));
        let files = deliver_to_host("attic", None, &BTreeMap::from([("token", &token)]));
        assert_eq!(files.iter().map(|file| file.readers.len()).collect::<Vec<_>>(), [0]);
        assert_eq!(deliver_to_host("attic", None, &BTreeMap::new()), []);
    }

    #[test]
    fn recipients_and_deployers_read_what_is_deployed() {
        let tree = Data::Map(BTreeMap::from([
            ("list".into(), Data::List(vec![Data::Int(1), Data::Secret(text("a"))])),
            ("plain".into(), Data::Text("x".into())),
        ]));
        let trees = BTreeMap::from([("10_apps/n8n/secrets/n8n.values.secrets.yaml".to_owned(), tree)]);
        let (laptop, deployer) = (recipient("laptop", AGE), key(SSH));
        let files = deliver_to_cluster(&trees, &[&laptop, &laptop], &[&deployer]);
        let [file] = files.as_slice() else { panic!("one file") };
        assert_eq!(file.path, "k8s/10_apps/n8n/secrets/n8n.values.secrets.yaml");
        assert_eq!(file.secrets().into_iter().collect::<Vec<_>>(), [&SecretRef::whole("a")]);
        assert_eq!(file.names().into_iter().collect::<Vec<_>>(), ["list.0", "list.1", "plain"]);
        // Each once, and an SSH key as it is: age can do that.
        assert_eq!(file.readers, [key(AGE), key(SSH)]);
    }
}
