//! What expressions come to.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use diagnostics::Reported;
use domain::{Address, AddressRange, Cidr, Cpu, Duration, Size};
use model::{Float, SecretPart, SecretText};
use rustc_hash::FxHasher;
use smol_str::SmolStr;
use source::{ItemKey, Place};

/// A value. Texts of a checked form are plain texts once they have been checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Of something that has a problem, which was reported.
    Error(Reported),
    /// `none`.
    None,
    /// `null`, which only data has: a null for Helm and Nix.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number, a port.
    Int(i64),
    /// A number with a fraction.
    Float(Float),
    /// A text.
    Text(Arc<str>),
    /// A text with secrets in it.
    Secret(Arc<SecretText>),
    /// A Nix expression.
    Nix(Arc<str>),
    /// An address.
    Address(Address),
    /// A network.
    Cidr(Cidr),
    /// A range of addresses.
    Range(AddressRange),
    /// A size.
    Size(Size),
    /// An amount of CPU.
    Cpu(Cpu),
    /// A duration.
    Duration(Duration),
    /// A list.
    List(Arc<[Field]>),
    /// A map or record.
    Map(Arc<BTreeMap<SmolStr, Field>>),
    /// A declaration.
    Decl(DeclRef),
}

/// A value and the place that set it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// The value.
    pub value: Value,
    /// Where it was set.
    pub place: Place,
}

/// Names a declaration: an item, and the way from it to a declaration in it.
///
/// Cloning, comparing and hashing are cheap: everything that is evaluated is found by one.
#[derive(Clone, Eq, PartialOrd, Ord)]
pub struct DeclRef(Arc<DeclPath>);

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct DeclPath {
    item: ItemKey,
    index: Option<SmolStr>,
    steps: Vec<Step>,
    /// Of the fields above.
    hash: u64,
    /// What `steps` without the last one leads to.
    parent: Option<DeclRef>,
}

impl DeclPath {
    fn new(item: ItemKey, index: Option<SmolStr>, steps: Vec<Step>, parent: Option<DeclRef>) -> Self {
        let mut hasher = FxHasher::default();
        (&item, &index, &steps).hash(&mut hasher);
        Self { item, index, steps, hash: hasher.finish(), parent }
    }
}

impl PartialEq for DeclRef {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.0.hash == other.0.hash && self.0 == other.0)
    }
}

impl Hash for DeclRef {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

/// A step from a declaration to one in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Step {
    /// The inner one's kind, with its full name (`app.port`).
    pub kind: SmolStr,
    /// Its name.
    pub name: SmolStr,
    /// Which of a repeated one.
    pub index: Option<SmolStr>,
}

impl DeclRef {
    /// The declaration that `item` itself is; `index` says which of a repeated one.
    pub fn root(item: ItemKey, index: Option<SmolStr>) -> Self {
        Self(Arc::new(DeclPath::new(item, index, Vec::new(), None)))
    }

    /// The declaration `step` inside of this one.
    #[must_use]
    pub fn inner(&self, step: Step) -> Self {
        let mut steps = self.0.steps.clone();
        steps.push(step);
        let parent = Some(self.clone());
        Self(Arc::new(DeclPath::new(self.0.item.clone(), self.0.index.clone(), steps, parent)))
    }

    /// Whether it is this very one, not only an equal one: faster to know.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The declaration that this one is in.
    pub fn parent(&self) -> Option<Self> {
        self.0.parent.clone()
    }

    /// The item.
    pub fn item(&self) -> &ItemKey {
        &self.0.item
    }

    /// Which of a repeated item.
    pub fn index(&self) -> Option<&SmolStr> {
        self.0.index.as_ref()
    }

    /// The way from the item's own declaration.
    pub fn steps(&self) -> &[Step] {
        &self.0.steps
    }

    /// The name as people write it: `affine-db.password`, `exporter[homelab-0]`.
    pub fn written(&self, root_name: &str) -> String {
        let mut text = root_name.to_owned();
        let bracket = |text: &mut String, index: Option<&SmolStr>| {
            if let Some(index) = index {
                text.push('[');
                text.push_str(index);
                text.push(']');
            }
        };
        bracket(&mut text, self.index());
        for step in self.steps() {
            text.push('.');
            text.push_str(&step.name);
            bracket(&mut text, step.index.as_ref());
        }
        text
    }
}

impl fmt::Debug for DeclRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written(&format!("{:?}", self.item())))
    }
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Whether it is `none`.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Whether a problem made it.
    pub fn is_error(&self) -> bool {
        self.failure().is_some()
    }

    /// The proof that what made it has a problem, if that is so.
    pub fn failure(&self) -> Option<Reported> {
        if let Self::Error(reported) = self { Some(*reported) } else { None }
    }

    /// What stands in a text where `${…}` has this value; nothing for values that have no text.
    pub fn shown(&self) -> Option<String> {
        Some(match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(Float(value)) => value.to_string(),
            Self::Text(value) => value.to_string(),
            Self::Address(value) => value.to_string(),
            Self::Cidr(value) => value.to_string(),
            Self::Range(value) => value.to_string(),
            Self::Size(value) => value.to_string(),
            Self::Cpu(value) => value.to_string(),
            Self::Duration(value) => value.to_string(),
            Self::Secret(secret) => redacted(secret),
            _ => return None,
        })
    }
}

/// A secret text as it may be shown: its plain parts, and names for the rest.
pub fn redacted(secret: &SecretText) -> String {
    let part = |part: &SecretPart| match part {
        SecretPart::Plain(text) => text.clone(),
        SecretPart::Secret(secret) | SecretPart::Bytes(secret) => format!("<secret {secret}>"),
    };
    secret.parts.iter().map(part).collect()
}

/// The entries of a map. One whose value is none is not there.
pub fn entries(map: &BTreeMap<SmolStr, Field>) -> impl Iterator<Item = (&SmolStr, &Field)> {
    map.iter().filter(|(_, field)| !field.value.is_none())
}
