//! Functions and properties of the language itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{Ability, Fits, Form, INT, STRING, Ty, is_secret_kind};

/// A function of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    /// `fingerprint(secret)`: what changes when its value does, and says nothing of it.
    Fingerprint,
    /// `any(list)`: whether one of them is true.
    Any,
    /// `all(list)`: whether none of them is false.
    All,
    /// `first(list)`: the first element, or none.
    First,
    /// `reverse(list)`.
    Reverse,
    /// `slice(list, from, to)`: the elements from one number on up to another, which is not among them; of a text, its
    /// characters.
    Slice,
    /// `zip(list, other)`: pairs of what stands at the same place.
    Zip,
    /// `group(list, keys)`: lists of the elements that have the same key at their place.
    Group,
    /// `round(number)`: to the nearest whole number.
    Round,
    /// `floor(number)`: down to a whole number.
    Floor,
    /// `ceil(number)`: up to a whole number.
    Ceil,
    /// `ingress-hosts(values)`: the names that ingresses of a chart's values, or of an object's `spec`, have.
    IngressHosts,
    /// `exists(declaration)`: whether one that is there only if something holds is there.
    Exists,
    /// `file(path)`: the text of a file of the lab.
    File,
    /// `files(path)`: the texts of the files in a folder of the lab, by name.
    Files,
    /// `yaml-file(path)`: what a YAML file of the lab says.
    YamlFile,
    /// `json-file(path)`: what a JSON file of the lab says.
    JsonFile,
    /// `documents(path)`: all that stands in a YAML or JSON file of the lab, or in those of a folder.
    Documents,
}

/// What a pair has first.
pub const FIRST: &str = "first";
/// What a pair has second.
pub const SECOND: &str = "second";

/// All functions: name, parameters as people read them, and what it is.
pub const BUILTINS: &[(&str, &[&str], Builtin)] = &[
    ("all", &["conditions"], Builtin::All),
    ("any", &["conditions"], Builtin::Any),
    ("base64", &["text"], Builtin::Base64),
    ("ceil", &["number"], Builtin::Ceil),
    ("documents", &["path"], Builtin::Documents),
    ("ends-with", &["text", "suffix"], Builtin::EndsWith),
    ("exists", &["declaration"], Builtin::Exists),
    ("file", &["path"], Builtin::File),
    ("files", &["path"], Builtin::Files),
    ("fingerprint", &["secret"], Builtin::Fingerprint),
    ("first", &["list"], Builtin::First),
    ("flatten", &["lists"], Builtin::Flatten),
    ("floor", &["number"], Builtin::Floor),
    ("group", &["list", "keys"], Builtin::Group),
    ("ingress-hosts", &["values"], Builtin::IngressHosts),
    ("int", &["text"], Builtin::Int),
    ("join", &["texts", "separator"], Builtin::Join),
    ("json", &["value"], Builtin::Json),
    ("json-file", &["path"], Builtin::JsonFile),
    ("keys", &["map"], Builtin::Keys),
    ("length", &["value"], Builtin::Length),
    ("lower", &["text"], Builtin::Lower),
    ("max", &["list"], Builtin::Max),
    ("min", &["list"], Builtin::Min),
    ("numbers", &["first", "last"], Builtin::Numbers),
    ("public-key", &["secret"], Builtin::PublicKey),
    ("replace", &["text", "what", "by"], Builtin::Replace),
    ("reverse", &["list"], Builtin::Reverse),
    ("round", &["number"], Builtin::Round),
    ("slice", &["list", "from", "to"], Builtin::Slice),
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
    ("yaml-file", &["path"], Builtin::YamlFile),
    ("zip", &["list", "other"], Builtin::Zip),
];

impl Builtin {
    /// The function called `name`, and its parameters' names.
    pub fn named(name: &str) -> Option<(Self, &'static [&'static str])> {
        let at = BUILTINS.binary_search_by_key(&name, |(name, ..)| name).ok()?;
        Some((BUILTINS[at].2, BUILTINS[at].1))
    }

    /// Whether it reads a file of the lab, whose path must be written as it is: which files a lab reads is known before
    /// anything is worked out, so that they are watched, and read once.
    pub fn reads_a_file(self) -> bool {
        matches!(self, Self::File | Self::Files | Self::YamlFile | Self::JsonFile | Self::Documents)
    }

    /// What the argument at `at` must be; `None` where the function looks for itself.
    pub fn parameter(self, at: usize) -> Option<Ty> {
        match (self, at) {
            (Self::IngressHosts, _) => None,
            (Self::Length | Self::String | Self::Keys | Self::Values | Self::PublicKey, _) => None,
            (Self::Sort | Self::Unique | Self::Flatten | Self::Min | Self::Max | Self::Sum, _) => None,
            (Self::Json | Self::Yaml, _) => Some(Ty::Free(crate::Hatch::Any)),
            (Self::Fingerprint, _) => Some(Ty::Secret(Arc::new(Ty::Free(crate::Hatch::Any)))),
            (Self::First | Self::Reverse | Self::Zip | Self::Exists, _) | (Self::Slice | Self::Group, 0) => {
                None
            }
            (Self::Any | Self::All, _) => Some(Ty::list(Ty::Bool)),
            (Self::Round | Self::Floor | Self::Ceil, _) => Some(Ty::Float),
            (Self::Numbers | Self::Slice, _) => Some(INT),
            (Self::Group, _) => Some(Ty::list(STRING)),
            (Self::Join, 0) => Some(Ty::list(STRING)),
            _ => Some(STRING),
        }
    }

    /// What it returns for arguments of these types, of which none may be `none`, or what its first argument must be
    /// instead.
    pub fn result(self, arguments: &[Ty]) -> Result<Ty, &'static str> {
        let first = arguments.first().unwrap_or(&Ty::Error);
        if matches!(first, Ty::Error | Ty::Never) {
            return Ok(self.usual_result());
        }
        Ok(match self {
            Self::Length if first.can(Ability::Counted) == Fits::Yes => INT,
            Self::Length => return Err("a list, a map, a text or a range"),
            Self::Keys if matches!(first, Ty::Map(_)) => Ty::list(STRING),
            Self::Values if let Ty::Map(value) = first => Ty::List(value.clone()),
            Self::Keys | Self::Values => return Err("a map"),
            Self::Unique | Self::Reverse => Ty::list(element(first).ok_or("a list")?),
            Self::Slice if first.is_text() => STRING,
            Self::Slice => Ty::list(element(first).ok_or("a list or a text")?),
            Self::First => Ty::optional(element(first).ok_or("a list")?),
            Self::Group => Ty::map(Ty::list(element(first).ok_or("a list")?)),
            Self::Zip => {
                let other = arguments.get(1).unwrap_or(&Ty::Error);
                let other =
                    if matches!(other, Ty::Error | Ty::Never) { Some(Ty::Error) } else { element(other) };
                let (Some(one), Some(other)) = (element(first), other) else { return Err("two lists") };
                let fields = [(FIRST.into(), one), (SECOND.into(), other)];
                Ty::list(Ty::Fields(Arc::new(BTreeMap::from(fields))))
            }
            Self::IngressHosts if !matches!(first, Ty::Free(_) | Ty::Map(_)) => {
                return Err("values of a chart");
            }
            Self::Exists if !matches!(first.required().0, Ty::Kind(_) | Ty::Declaration | Ty::Deployed) => {
                return Err("the name of a declaration");
            }
            Self::Sort => Ty::list(ordered(first)?),
            Self::Min | Self::Max => ordered(first)?,
            Self::Sum => match element(first) {
                Some(Ty::Error | Ty::Never) => INT,
                // Whole numbers and numbers with a fraction are of one sort, but not added up together.
                Some(ty) if ty.arms().contains(&Ty::Float) && ty != Ty::Float => {
                    return Err("a list of amounts");
                }
                Some(ty) if ty.can(Ability::Summed) == Fits::Yes => ty.without_limits(),
                _ => return Err("a list of amounts"),
            },
            Self::Flatten => match element(first) {
                Some(inner @ (Ty::List(_) | Ty::Error)) => inner,
                Some(Ty::Never) => Ty::list(Ty::Never),
                _ => return Err("a list of lists"),
            },
            Self::String if first.may_be_secret() => return Err("a plain value"),
            Self::String if first.can(Ability::Shown) == Fits::No => {
                return Err("a value that can stand in a text");
            }
            Self::PublicKey => match first {
                Ty::Kind(kind) if is_secret_kind(kind) => STRING,
                _ => return Err("the name of a secret"),
            },
            other => other.usual_result(),
        })
    }

    /// What it returns where nothing is known of its arguments.
    pub(crate) fn usual_result(self) -> Ty {
        match self {
            Self::Keys | Self::Split => Ty::list(STRING),
            Self::IngressHosts => Ty::list(Ty::Text(Form::Hostname)),
            Self::Values | Self::Sort | Self::Unique | Self::Flatten => Ty::list(Ty::Error),
            Self::Reverse | Self::Slice | Self::Zip => Ty::list(Ty::Error),
            Self::Min | Self::Max | Self::Sum => Ty::Error,
            Self::Numbers => Ty::list(INT),
            Self::Length | Self::Int => INT,
            Self::StartsWith | Self::EndsWith | Self::Any | Self::All | Self::Exists => Ty::Bool,
            Self::Round | Self::Floor | Self::Ceil => INT,
            Self::First | Self::Group => Ty::Error,
            Self::Files => Ty::map(STRING),
            Self::YamlFile | Self::JsonFile => Ty::Free(crate::Hatch::Any),
            Self::Documents => Ty::list(Ty::Free(crate::Hatch::Any)),
            Self::File | Self::Join | Self::Lower | Self::Upper | Self::Trim | Self::Replace => STRING,
            Self::String | Self::Json | Self::Yaml | Self::Base64 | Self::PublicKey | Self::Fingerprint => {
                STRING
            }
        }
    }
}

/// What the elements of a list are.
fn element(ty: &Ty) -> Option<Ty> {
    match ty {
        Ty::List(element) => Some((**element).clone()),
        _ => None,
    }
}

/// What the elements of a list are that have an order.
fn ordered(ty: &Ty) -> Result<Ty, &'static str> {
    match element(ty) {
        Some(element) if element.can(Ability::Ordered) == Fits::Yes => Ok(element),
        Some(_) => Err("a list of numbers, of texts or of other values of one sort that have an order"),
        None => Err("a list"),
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
