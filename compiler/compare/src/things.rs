//! What a build consists of, and what each is known by.

use std::collections::BTreeMap;
use std::fmt;

use plan::Key;
use serde_json::Value;

use crate::built::{Built, Sealed};
use crate::{nixos, objects, releases};

/// What something that is built is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// An object of the cluster.
    Object(Key),
    /// A release that Helm makes.
    Release {
        /// The namespace that it is installed in.
        namespace: String,
        /// Its name there.
        name: String,
    },
    /// A helmfile of the lab's own, by its path from the lab's folder.
    Helmfile(String),
    /// What a `nixos` block says of an option.
    Setting {
        /// The host that it is for.
        host: String,
        /// Whose block it is, and the option: `template node: nix.gc.automatic`.
        key: String,
    },
    /// A file, by its path from the lab's folder.
    File(String),
    /// An encrypted file, by its path from the lab's folder.
    Encrypted(String),
}

/// Something that is built.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// What it is a part of: a component, a host, a folder.
    pub(crate) part: String,
    /// What it is.
    pub(crate) form: Form,
    /// Whether it comes and goes with something else, which is told.
    pub(crate) is_implied: bool,
}

/// What something that is built is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Form {
    /// Fields.
    Tree(Value),
    /// Lines.
    Text(String),
    /// Others, in this order.
    Order(Vec<String>),
    /// What nobody can read here.
    Sealed(Sealed),
}

/// All things of a build.
pub(crate) type Things = BTreeMap<Thing, Found>;

/// What a build consists of, as far as it stands in files that `is_read`, which are given by their paths from the lab's
/// folder. What belongs to others in the same folder is read with these.
pub(crate) fn things(built: &Built, is_read: &dyn Fn(&str) -> bool) -> Things {
    let mut things = Things::new();
    objects::read(&built.k8s, is_read, &mut things);
    releases::read(&built.k8s, is_read, &mut things);
    nixos::read(&built.nixos, is_read, &mut things);
    for (path, sealed) in &built.sealed {
        let found = Found { part: part_of(path), form: Form::Sealed(sealed.clone()), is_implied: false };
        things.insert(Thing::Encrypted(path.clone()), found);
    }
    things
}

/// What a file is a part of, by its path from the lab's folder: `10_apps/n8n`, `nixos/hosts/attic`, `k8s`.
pub(crate) fn part_of(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["k8s", stage, component, _, ..] => format!("{stage}/{component}"),
        ["nixos", "hosts", host, _, ..] => format!("nixos/hosts/{host}"),
        [folder, ..] => (*folder).to_owned(),
        [] => String::new(),
    }
}

/// A file that is compared line by line.
pub(crate) fn file(path: &str, text: &str, is_implied: bool) -> (Thing, Found) {
    let form = Form::Text(body(text).to_owned());
    (Thing::File(path.to_owned()), Found { part: part_of(path), form, is_implied })
}

/// A text without the line that says what it was made from.
pub(crate) fn body(text: &str) -> &str {
    match text.split_once('\n') {
        Some((first, rest)) if first.contains("Made by hlc from ") => rest,
        _ => text,
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(key) => write!(out, "{key}"),
            Self::Release { namespace, name } => write!(out, "release {namespace}/{name}"),
            Self::Helmfile(path) => write!(out, "helmfile {path}"),
            Self::Setting { key, .. } => {
                write!(out, "option {}", key.split_once(": ").map_or(key.as_str(), |(_, option)| option))
            }
            Self::File(path) | Self::Encrypted(path) => out.write_str(path),
        }
    }
}
