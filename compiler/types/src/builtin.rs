//! Functions and properties of the language itself.

use crate::{Form, INT, STRING, Ty, is_secret_kind};

/// A function of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Builtin {
    /// `length(x)`: elements, entries, characters, addresses.
    Length,
    /// `join(list, separator)`.
    Join,
    /// `split(text, separator)`.
    Split,
    /// `lower(text)`.
    Lower,
    /// `upper(text)`.
    Upper,
    /// `trim(text)`.
    Trim,
    /// `replace(text, what, by)`.
    Replace,
    /// `starts-with(text, prefix)`.
    StartsWith,
    /// `ends-with(text, suffix)`.
    EndsWith,
    /// `keys(map)`.
    Keys,
    /// `values(map)`.
    Values,
    /// `sort(list)`.
    Sort,
    /// `unique(list)`: without doubles, in the order of first appearance.
    Unique,
    /// `flatten(list of lists)`.
    Flatten,
    /// `min(list)`.
    Min,
    /// `max(list)`.
    Max,
    /// `sum(list)`.
    Sum,
    /// `numbers(first, last)`: both included.
    Numbers,
    /// `string(x)`.
    String,
    /// `int(text)`.
    Int,
    /// `json(x)`.
    Json,
    /// `yaml(x)`.
    Yaml,
    /// `base64(text)`.
    Base64,
    /// `public-key(secret)`: the public half of a pair of keys.
    PublicKey,
}

/// All functions: name, parameters as people read them, and what it is.
pub const BUILTINS: &[(&str, &[&str], Builtin)] = &[
    ("base64", &["text"], Builtin::Base64),
    ("ends-with", &["text", "suffix"], Builtin::EndsWith),
    ("flatten", &["lists"], Builtin::Flatten),
    ("int", &["text"], Builtin::Int),
    ("join", &["texts", "separator"], Builtin::Join),
    ("json", &["value"], Builtin::Json),
    ("keys", &["map"], Builtin::Keys),
    ("length", &["value"], Builtin::Length),
    ("lower", &["text"], Builtin::Lower),
    ("max", &["list"], Builtin::Max),
    ("min", &["list"], Builtin::Min),
    ("numbers", &["first", "last"], Builtin::Numbers),
    ("public-key", &["secret"], Builtin::PublicKey),
    ("replace", &["text", "what", "by"], Builtin::Replace),
    ("sort", &["list"], Builtin::Sort),
    ("split", &["text", "separator"], Builtin::Split),
    ("starts-with", &["text", "prefix"], Builtin::StartsWith),
    ("string", &["value"], Builtin::String),
    ("sum", &["list"], Builtin::Sum),
    ("trim", &["text"], Builtin::Trim),
    ("unique", &["list"], Builtin::Unique),
    ("upper", &["text"], Builtin::Upper),
    ("values", &["map"], Builtin::Values),
    ("yaml", &["value"], Builtin::Yaml),
];

impl Builtin {
    /// The function called `name`, and its parameters' names.
    pub fn named(name: &str) -> Option<(Self, &'static [&'static str])> {
        let at = BUILTINS.binary_search_by_key(&name, |(name, ..)| name).ok()?;
        Some((BUILTINS[at].2, BUILTINS[at].1))
    }

    /// What the argument at `at` must be; `None` where the function looks for itself.
    pub fn parameter(self, at: usize) -> Option<Ty> {
        match (self, at) {
            (Self::Length | Self::String | Self::Keys | Self::Values | Self::PublicKey, _) => None,
            (Self::Sort | Self::Unique | Self::Flatten | Self::Min | Self::Max | Self::Sum, _) => None,
            (Self::Json | Self::Yaml, _) => Some(Ty::Free(crate::Hatch::Any)),
            (Self::Numbers, _) => Some(INT),
            (Self::Join, 0) => Some(Ty::list(STRING)),
            _ => Some(STRING),
        }
    }

    /// What it returns for arguments of these types, or what its first argument must be instead.
    pub fn result(self, arguments: &[Ty]) -> Result<Ty, &'static str> {
        let first = arguments.first().map_or(&Ty::Error, |ty| ty.required().0);
        let element = |wanted| match first {
            Ty::List(element) => Ok((**element).clone()),
            Ty::Error => Ok(Ty::Error),
            _ => Err(wanted),
        };
        Ok(match self {
            Self::Length => match first {
                Ty::List(_) | Ty::Map(_) | Ty::Range | Ty::Cidr | Ty::Error | Ty::Fields(_) => INT,
                ty if ty.is_text() => INT,
                _ => return Err("a list, a map, a text or a range"),
            },
            Self::Keys => match first {
                Ty::Map(_) | Ty::Fields(_) | Ty::Record(_) | Ty::Free(_) | Ty::Error => Ty::list(STRING),
                _ => return Err("a map"),
            },
            Self::Values => match first {
                Ty::Map(value) => Ty::List(value.clone()),
                Ty::Fields(fields) => Ty::list(Ty::union(fields.values().cloned())),
                Ty::Error => Ty::Error,
                _ => return Err("a map"),
            },
            Self::Sort | Self::Unique => Ty::list(element("a list")?),
            Self::Min | Self::Max => element("a list")?,
            Self::Sum => match element("a list of amounts")? {
                ty if ty.is_number() || matches!(ty, Ty::Size | Ty::Cpu | Ty::Duration | Ty::Error) => ty,
                _ => return Err("a list of amounts"),
            },
            Self::Flatten => match element("a list of lists")? {
                inner @ (Ty::List(_) | Ty::Error) => inner,
                _ => return Err("a list of lists"),
            },
            Self::String if first.may_be_secret() => return Err("a plain value"),
            Self::PublicKey => match first {
                Ty::Kind(kind) if is_secret_kind(kind) => STRING,
                Ty::Error => Ty::Error,
                _ => return Err("the name of a secret"),
            },
            Self::Split => Ty::list(STRING),
            Self::Numbers => Ty::list(INT),
            Self::Int => INT,
            Self::StartsWith | Self::EndsWith => Ty::Bool,
            _ => STRING,
        })
    }
}

/// A fact about a value, written like a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Property {
    /// The first address or element.
    First,
    /// The last address or element.
    Last,
    /// How many addresses, elements or entries there are.
    Length,
    /// A network's own address.
    Network,
    /// A network's mask.
    Netmask,
    /// A network's prefix length.
    Prefix,
    /// A URL's scheme.
    Scheme,
    /// A URL's host.
    Host,
    /// A URL's port.
    Port,
    /// A URL's path.
    Path,
    /// An image's registry.
    Registry,
    /// An image's repository.
    Repository,
    /// An image's tag.
    Tag,
    /// An image's digest.
    Digest,
    /// A path's last part.
    FileName,
    /// A path without its last part.
    Folder,
}

/// The properties of values of a type, with their types.
pub fn properties(ty: &Ty) -> Vec<(&'static str, Property, Ty)> {
    match ty {
        Ty::Range => vec![
            ("first", Property::First, Ty::Address),
            ("last", Property::Last, Ty::Address),
            ("length", Property::Length, INT),
        ],
        Ty::Cidr => vec![
            ("first", Property::First, Ty::Address),
            ("last", Property::Last, Ty::Address),
            ("length", Property::Length, INT),
            ("netmask", Property::Netmask, Ty::Address),
            ("network", Property::Network, Ty::Address),
            ("prefix", Property::Prefix, INT),
        ],
        Ty::List(element) => vec![
            ("first", Property::First, (**element).clone()),
            ("last", Property::Last, (**element).clone()),
            ("length", Property::Length, INT),
        ],
        Ty::Text(Form::Url) => vec![
            ("host", Property::Host, STRING),
            ("path", Property::Path, STRING),
            ("port", Property::Port, Ty::optional(Ty::Port)),
            ("scheme", Property::Scheme, STRING),
        ],
        Ty::Text(Form::Image) => vec![
            ("digest", Property::Digest, Ty::optional(STRING)),
            ("registry", Property::Registry, STRING),
            ("repository", Property::Repository, STRING),
            ("tag", Property::Tag, Ty::optional(STRING)),
        ],
        Ty::Text(Form::Path) => {
            vec![("name", Property::FileName, STRING), ("parent", Property::Folder, Ty::Text(Form::Path))]
        }
        Ty::Text(_) | Ty::Pattern(..) => vec![("length", Property::Length, INT)],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_sorted_so_that_they_are_found() {
        assert!(BUILTINS.is_sorted_by_key(|(name, ..)| name));
        assert_eq!(Builtin::named("join").map(|(builtin, _)| builtin), Some(Builtin::Join));
    }
}
