//! The encrypted copies.

use std::collections::{BTreeMap, BTreeSet};

use domain::RecipientKey;
use model::{Cluster, Data, Host, Recipient, SecretFile, SecretRef};

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
}

fn collect<'a>(data: &'a Data, into: &mut BTreeSet<&'a SecretRef>) {
    match data {
        Data::Secret(text) => into.extend(text.secrets()),
        Data::List(items) => items.iter().for_each(|item| collect(item, into)),
        Data::Map(entries) => entries.values().for_each(|entry| collect(entry, into)),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) | Data::Nix(_) => {}
    }
}

/// What is delivered to a host, which alone reads it: all of its `secrets` that are texts in one map, and those that
/// are bytes in a file each.
pub fn deliver_to_host(host: &Host, secrets: &BTreeMap<&str, &SecretFile>) -> Vec<Delivered> {
    // A host decrypts with the age key that its SSH key is, too.
    let readers: Vec<RecipientKey> = host.host_key.iter().map(|key| key.to_age()).collect();
    let mut files: BTreeMap<String, (Format, Data)> = BTreeMap::new();
    for secret in secrets.values() {
        let path = format!("nixos/{}", secret.store(&host.name));
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

/// What is delivered to those who deploy into the cluster: `trees` by their path under `k8s/`.
pub fn deliver_to_cluster(
    trees: &BTreeMap<String, Data>,
    recipients: &[&Recipient],
    clusters: &[&Cluster],
) -> Vec<Delivered> {
    let deployers = clusters.iter().flat_map(|cluster| &cluster.deployers).map(|key| key.value.clone());
    let readers = each_once(recipients.iter().map(|recipient| recipient.key.clone()).chain(deployers));
    let delivered = |(path, tree): (&String, &Data)| Delivered {
        path: format!("k8s/{path}"),
        format: Format::Yaml,
        readers: readers.clone(),
        tree: tree.clone(),
    };
    trees.iter().map(delivered).collect()
}
