//! Types; what people call them is in `ty/described.rs`.

mod described;

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

pub(crate) use described::{joined_by_and, joined_by_or};
pub use described::{plural_word, with_article};

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ty {
    /// Of something that has a problem already; fits everywhere.
    Error,
    /// Of what is never there, such as the elements of `[]`; fits everywhere.
    Never,
    /// Of `none`.
    None,
    /// `bool`.
    Bool,
    /// `int`, `int(a..b)`: both ends included.
    Int(i64, i64),
    /// `float`.
    Float,
    /// A text of some form.
    Text(Form),
    /// `string("pattern", "what it is", "what to do")`: the whole text matches; what is said of it.
    Pattern(SmolStr, Arc<Described>),
    /// A word of a set, as in `tcp | udp`.
    Literal(SmolStr),
    /// `address`.
    Address,
    /// `cidr`.
    Cidr,
    /// `range`: from an address to an address.
    Range,
    /// `port`: 1 to 65535.
    Port,
    /// `size`: bytes.
    Size,
    /// `cpu`: parts of a CPU.
    Cpu,
    /// `duration`.
    Duration,
    /// `nix"…"`.
    Nix,
    /// `list<T>`.
    List(Arc<Ty>),
    /// `map<T>`: from texts.
    Map(Arc<Ty>),
    /// `T?`.
    Optional(Arc<Ty>),
    /// `A | B`.
    Union(Arc<[Ty]>),
    /// `secret<T>`.
    Secret(Arc<Ty>),
    /// A declaration of this kind.
    Kind(SmolStr),
    /// A declaration of any kind.
    Declaration,
    /// A declaration of a kind that the cluster runs something for.
    Deployed,
    /// A record with the fields of this shape (see [`crate::Shape`]).
    Record(SmolStr),
    /// A record as somebody wrote it, without a declared type.
    Fields(Arc<BTreeMap<SmolStr, Ty>>),
    /// Data of any shape.
    Free(Hatch),
}

/// The form of a text that is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// `string`: any text.
    Any,
    /// `mac`.
    Mac,
    /// `cron`.
    Cron,
    /// `hostname`.
    Hostname,
    /// `url`.
    Url,
    /// `image`.
    Image,
    /// `version`.
    Version,
    /// `path`: absolute.
    Path,
    /// `word`: a bare word stands for itself.
    Word,
    /// `package`: a bare path (`python3Packages.requests`) stands for itself.
    Package,
    /// `recipient-key`: a public key of age.
    RecipientKey,
}

/// What data of any shape may hold beyond plain values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hatch {
    /// `any`: nothing.
    Any,
    /// `helm-values`: secrets.
    HelmValues,
    /// `nixos-options`: Nix expressions.
    Nixos,
}

/// How many others a type may be made of.
pub(crate) const MOST_TYPES: usize = 10_000;

/// How deep types may be nested in each other. No deeper than values are, or those who walk through them get lost.
pub(crate) const DEEPEST: usize = 64;

/// Which bound a type is beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    /// It is nested in more than [`DEEPEST`] levels.
    Deep,
    /// It is made of more than [`MOST_TYPES`] others.
    Large,
}

/// All whole numbers.
pub const INT: Ty = Ty::Int(i64::MIN, i64::MAX);

/// Any text.
pub const STRING: Ty = Ty::Text(Form::Any);

/// What a type says of texts of its form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Described {
    /// What they are called, with an article; empty where that is not said.
    pub what: SmolStr,
    /// What to do about one that is none.
    pub help: Option<SmolStr>,
}

impl Ty {
    /// Whether it is made of few others. One that stands in several places is counted in each.
    pub(crate) fn is_small(&self) -> bool {
        self.excess().is_none()
    }

    /// Which bound it is beyond, if any.
    pub(crate) fn excess(&self) -> Option<Excess> {
        self.count(&mut 0, 0).err()
    }

    fn count(&self, sum: &mut usize, depth: usize) -> Result<(), Excess> {
        *sum += 1;
        let mut inner = |ty: &Ty| ty.count(sum, depth + 1);
        match self {
            Self::List(ty) | Self::Map(ty) | Self::Optional(ty) | Self::Secret(ty) => inner(ty)?,
            Self::Union(arms) => arms.iter().try_for_each(inner)?,
            Self::Fields(fields) => fields.values().try_for_each(inner)?,
            _ => {}
        }
        match (*sum <= MOST_TYPES, depth <= DEEPEST) {
            (_, false) => Err(Excess::Deep),
            (false, _) => Err(Excess::Large),
            _ => Ok(()),
        }
    }

    /// `list<element>`.
    pub fn list(element: Ty) -> Self {
        Self::List(Arc::new(element))
    }

    /// `map<element>`.
    pub fn map(element: Ty) -> Self {
        Self::Map(Arc::new(element))
    }

    /// `inner?`, once.
    pub fn optional(inner: Ty) -> Self {
        match inner {
            Self::Optional(_) | Self::Error | Self::None => inner,
            Self::Never => Self::None,
            inner => Self::Optional(Arc::new(inner)),
        }
    }

    /// `secret<string>`.
    pub fn secret_text() -> Self {
        Self::Secret(Arc::new(STRING))
    }

    /// `a | b | …` without doubles; one alone is itself. Where one of them may be none, all together may be.
    pub fn union(arms: impl IntoIterator<Item = Ty>) -> Self {
        let mut flat: Vec<Ty> = Vec::new();
        let mut has_none = false;
        for arm in arms {
            let (arm, optional) = match arm {
                Self::None => (Self::Never, true),
                Self::Optional(inner) => ((*inner).clone(), true),
                arm => (arm, false),
            };
            has_none |= optional;
            let parts = if let Self::Union(inner) = &arm { inner.to_vec() } else { vec![arm] };
            for part in parts.into_iter().filter(|part| *part != Self::Never) {
                if !flat.contains(&part) {
                    flat.push(part);
                }
            }
        }
        let union = match flat.len() {
            0 => Self::Never,
            1 => flat.remove(0),
            _ => Self::Union(flat.into()),
        };
        if has_none { Self::optional(union) } else { union }
    }

    /// What can stand in a text without being one.
    pub(crate) fn shown(may_be_secret: bool) -> Self {
        let plain = [
            STRING,
            Self::Bool,
            INT,
            Self::Float,
            Self::Address,
            Self::Cidr,
            Self::Range,
            Self::Size,
            Self::Cpu,
            Self::Duration,
        ];
        Self::union(plain.into_iter().chain(may_be_secret.then(Self::secret_text)))
    }

    /// The type without `?`, and whether it had one.
    pub fn required(&self) -> (&Ty, bool) {
        match self {
            Self::Optional(inner) => (inner, true),
            other => (other, false),
        }
    }

    /// The arms of a union, or the type alone; `?` left out.
    pub fn arms(&self) -> &[Ty] {
        match self.required().0 {
            Self::Union(arms) => arms,
            other => std::slice::from_ref(other),
        }
    }

    /// The words that a value of this type can be.
    pub fn words(&self) -> impl Iterator<Item = &SmolStr> {
        self.arms().iter().filter_map(|arm| match arm {
            Self::Literal(word) => Some(word),
            _ => None,
        })
    }

    /// The type of sums of values of the type: any number where this is one within limits.
    #[must_use]
    pub(crate) fn without_limits(&self) -> Self {
        match self {
            Self::Int(..) | Self::Port => INT,
            Self::Union(arms) => Self::union(arms.iter().map(Self::without_limits)),
            other => other.clone(),
        }
    }

    /// The type for other values of the sort: any number where this is one number.
    #[must_use]
    pub fn widened(&self) -> Self {
        match self {
            Self::Int(..) => INT,
            Self::List(element) => Self::list(element.widened()),
            Self::Map(element) => Self::map(element.widened()),
            Self::Optional(inner) => Self::optional(inner.widened()),
            other => other.clone(),
        }
    }

    /// Whether values of the type are written as text.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Pattern(..) | Self::Literal(_))
    }

    /// Whether values of the type are secrets, by themselves or as what a declaration stands for.
    pub fn is_secret(&self) -> bool {
        match self.required().0 {
            Self::Secret(_) => true,
            Self::Kind(kind) => is_secret_kind(kind),
            _ => false,
        }
    }

    /// Whether some values of the type are secrets.
    pub fn may_be_secret(&self) -> bool {
        self.arms().iter().any(Self::is_secret)
    }

    /// Whether values of the type have records in them, of which some fields may be left out.
    pub fn has_records(&self) -> bool {
        match self {
            Self::Record(_) => true,
            Self::List(inner) | Self::Map(inner) | Self::Optional(inner) => inner.has_records(),
            Self::Union(arms) => arms.iter().any(Self::has_records),
            _ => false,
        }
    }

    /// Whether values of the type are numbers of no unit.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int(..) | Self::Float | Self::Port)
    }
}

/// Whether declarations of the kind stand for secrets: `secret`, and a key of one.
pub fn is_secret_kind(kind: &str) -> bool {
    matches!(kind, "secret" | "secret.key")
}

/// What people call a kind: `app.port` is a `port`.
pub fn last_segment(kind: &str) -> &str {
    kind.rsplit(['.', '#']).next().unwrap_or(kind)
}
