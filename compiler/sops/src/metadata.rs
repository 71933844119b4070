//! The `sops` block of a file: for whom it is encrypted, by which rule, and the MAC over its values.

use crate::error::{Error, Problem};
use crate::rule::Rule;
use crate::timestamp::Timestamp;
use crate::tree::{Map, Node};
use crate::value::{Tree, Value};

/// The version of SOPS whose format is written. SOPS wants one, and no file older than itself.
const VERSION: &str = "3.13.3";
/// More keys than this nobody has; each costs time to try.
const MOST_KEYS: usize = 256;
/// The lists of keys of other kinds than age, and what of an entry says which key it is.
const OTHER_KEYS: [(&str, &str); 6] = [
    ("azure_kv", "name"),
    ("gcp_kms", "resource_id"),
    ("hc_vault", "key_name"),
    ("hckms", "key_id"),
    ("kms", "arn"),
    ("pgp", "fp"),
];

/// What a file says about its encryption. Nothing of it is protected but the time, which the MAC is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// The groups of keys. One, unless the data key is split.
    pub groups: Vec<Group>,
    /// How many groups are needed to put the data key together, if it is split.
    pub threshold: Option<usize>,
    /// When values were last changed.
    pub last_modified: Timestamp,
    /// The encrypted MAC.
    pub mac: Option<String>,
    /// Which values are encrypted.
    pub rule: Rule,
    /// Whether the MAC goes over encrypted values only.
    pub mac_only_encrypted: bool,
    /// Names in it that mean nothing to SOPS.
    pub unknown: Vec<String>,
    /// The version of SOPS that wrote the file.
    pub version: String,
}

/// Keys, each of which opens the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Those of age.
    pub age: Vec<Entry>,
    /// Those of other kinds, which are not used here: PGP, and services that keep keys.
    pub others: Vec<String>,
}

/// The data key, encrypted for one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whom it says it is for. Nothing protects this.
    pub recipient: String,
    /// The data key as an age file in armor.
    pub enc: String,
}

impl Metadata {
    /// That of a file which is written now.
    pub(crate) fn new(entries: Vec<Entry>, rule: Rule, time: Timestamp, mac: String) -> Self {
        Self {
            groups: vec![Group { age: entries, others: Vec::new() }],
            threshold: None,
            last_modified: time,
            mac: Some(mac),
            rule,
            mac_only_encrypted: false,
            unknown: Vec::new(),
            version: VERSION.to_owned(),
        }
    }

    /// Reads the block.
    pub(crate) fn read(block: &Tree) -> Result<Self, Error> {
        let own = group(block)?;
        let grouped = match (own.is_empty(), list(block, "key_groups")?) {
            (true, Some(groups)) => groups.map(|node| group(as_map(node)?)).collect(),
            _ => Ok(vec![own]),
        };
        let groups: Vec<Group> = grouped?;
        let keys: usize = groups.iter().map(|group| group.age.len() + group.others.len()).sum();
        if keys == 0 {
            return Err(Error::new(Problem::NoRecipients));
        }
        if keys > MOST_KEYS {
            return Err(Error::new(Problem::Metadata("the 'sops' block has more keys than anybody needs")));
        }
        let last_modified = text(block, "lastmodified")?;
        let last_modified = last_modified
            .ok_or_else(|| Error::new(Problem::Metadata("'lastmodified' is missing in the 'sops' block")))?;
        Ok(Self {
            threshold: threshold(block, groups.len())?,
            groups,
            last_modified: Timestamp::parse(last_modified)?,
            mac: text(block, "mac")?.filter(|mac| !mac.is_empty()).map(str::to_owned),
            rule: rule(block)?,
            mac_only_encrypted: flag(block, "mac_only_encrypted")?,
            unknown: block
                .iter()
                .map(|(name, _)| name)
                .filter(|name| !is_known(name))
                .map(str::to_owned)
                .collect(),
            version: version(block)?.to_owned(),
        })
    }

    /// The block, as SOPS writes it since version 3.13: in the order of the names.
    pub(crate) fn block(&self) -> Tree {
        let leaf = |text: &str| Node::Leaf(Value::str(text));
        let entry = |entry: &Entry| {
            let mut map = Map::new();
            map.push("enc".to_owned(), leaf(&entry.enc));
            map.push("recipient".to_owned(), leaf(&entry.recipient));
            Node::Map(map)
        };
        let entries = self.groups.iter().flat_map(|group| &group.age).map(entry).collect();
        let (rule, pattern) = self.rule.parts();
        let mut lines = vec![
            ("age", Node::List(entries)),
            ("lastmodified", leaf(self.last_modified.as_str())),
            (rule, leaf(pattern)),
            ("version", leaf(&self.version)),
        ];
        lines.extend(self.mac.as_ref().map(|mac| ("mac", leaf(mac))));
        if self.mac_only_encrypted {
            lines.push(("mac_only_encrypted", Node::Leaf(Value::bool(true))));
        }
        lines.sort_by_key(|(name, _)| *name);
        let mut block = Map::new();
        block.extend(lines.into_iter().map(|(name, node)| (name.to_owned(), node)));
        block
    }

    /// Whom the file says it is for, of all kinds of keys.
    pub fn recipients(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().flat_map(|group| {
            group
                .age
                .iter()
                .map(|entry| entry.recipient.as_str())
                .chain(group.others.iter().map(String::as_str))
        })
    }
}

fn is_known(name: &str) -> bool {
    const NAMES: [&str; 7] =
        ["age", "key_groups", "lastmodified", "mac", "mac_only_encrypted", "shamir_threshold", "version"];
    NAMES.contains(&name) || Rule::NAMES.contains(&name) || OTHER_KEYS.iter().any(|(kind, _)| *kind == name)
}

impl Group {
    fn is_empty(&self) -> bool {
        self.age.is_empty() && self.others.is_empty()
    }
}

/// The keys that stand in a block, or in one of its groups.
fn group(map: &Tree) -> Result<Group, Error> {
    let mut group = Group::default();
    for node in list(map, "age")?.into_iter().flatten() {
        let entry = as_map(node)?;
        let enc = text(entry, "enc")?.unwrap_or_default().to_owned();
        let recipient = text(entry, "recipient")?.unwrap_or_default().to_owned();
        group.age.push(Entry { recipient, enc });
    }
    for (kind, name) in OTHER_KEYS {
        for node in list(map, kind)?.into_iter().flatten() {
            let name = text(as_map(node)?, name)?.unwrap_or_default();
            group.others.push(format!("{kind} {name}"));
        }
    }
    Ok(group)
}

fn threshold(block: &Tree, groups: usize) -> Result<Option<usize>, Error> {
    let bad = || Error::new(Problem::Metadata("'shamir_threshold' does not fit the groups of keys"));
    let says = match block.get("shamir_threshold") {
        None | Some(Node::Leaf(Value::Null)) => 0,
        Some(Node::Leaf(Value::Int(number))) => usize::try_from(*number.expose()).map_err(|_| bad())?,
        Some(Node::Leaf(Value::Str(text))) => text.expose().parse().map_err(|_| bad())?,
        Some(_) => return Err(bad()),
    };
    match (groups, says) {
        (1, _) => Ok(None),
        (groups, 0) => Ok(Some(groups)),
        (groups, says) if (2..=groups).contains(&says) => Ok(Some(says)),
        _ => Err(bad()),
    }
}

fn rule(block: &Tree) -> Result<Rule, Error> {
    let mut rules = Vec::new();
    for name in Rule::NAMES {
        if let Some(pattern) = text(block, name)?.filter(|pattern| !pattern.is_empty()) {
            rules.extend(Rule::named(name, pattern)?);
        }
    }
    if rules.len() > 1 {
        return Err(Error::new(Problem::SeveralRules));
    }
    Ok(rules.pop().unwrap_or_default())
}

/// The version of SOPS, which refuses files without: three numbers, or what it was in its first years.
fn version(block: &Tree) -> Result<&str, Error> {
    let version = text(block, "version")?.unwrap_or_default();
    let numbers = version.strip_prefix('v').unwrap_or(version);
    let (numbers, _) = numbers.split_once(['-', '+']).unwrap_or((numbers, ""));
    let is_number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let is_version = numbers.split('.').count() == 3 && numbers.split('.').all(is_number);
    if is_version || version.starts_with("1.") {
        return Ok(version);
    }
    Err(Error::new(Problem::Metadata("'version' in the 'sops' block is none")))
}

fn flag(block: &Tree, name: &'static str) -> Result<bool, Error> {
    match block.get(name) {
        None | Some(Node::Leaf(Value::Null)) => Ok(false),
        Some(Node::Leaf(Value::Bool(value))) => Ok(*value.expose()),
        Some(Node::Leaf(Value::Str(text))) if matches!(text.expose().as_str(), "true" | "false") => {
            Ok(text.expose() == "true")
        }
        Some(_) => Err(Error::new(Problem::Metadata("'mac_only_encrypted' is neither 'true' nor 'false'"))),
    }
}

fn text<'t>(map: &'t Tree, name: &str) -> Result<Option<&'t str>, Error> {
    match map.get(name) {
        None | Some(Node::Leaf(Value::Null)) => Ok(None),
        Some(Node::Leaf(Value::Str(text))) => Ok(Some(text.expose())),
        Some(_) => Err(Error::new(Problem::Metadata(match name {
            "lastmodified" => "'lastmodified' in the 'sops' block must be in quotes",
            "version" => "'version' in the 'sops' block must be in quotes",
            _ => "a part of the 'sops' block is not the text that it must be",
        }))),
    }
}

fn list<'t>(
    map: &'t Tree,
    name: &str,
) -> Result<Option<impl Iterator<Item = &'t Node<Value>> + use<'t>>, Error> {
    match map.get(name) {
        None | Some(Node::Leaf(Value::Null)) => Ok(None),
        Some(Node::List(items)) => Ok(Some(items.iter())),
        Some(_) => {
            Err(Error::new(Problem::Metadata("a part of the 'sops' block is not the list that it must be")))
        }
    }
}

fn as_map(node: &Node<Value>) -> Result<&Tree, Error> {
    match node {
        Node::Map(map) => Ok(map),
        _ => Err(Error::new(Problem::Metadata("a key in the 'sops' block is not the map that it must be"))),
    }
}
