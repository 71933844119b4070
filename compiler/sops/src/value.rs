//! Values of a tree in the clear: hidden from logs, wiped when dropped, never copied by accident.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::tree::{Map, Node};

/// A tree in the clear.
pub type Tree = Map<Value>;

/// Something that is shown to nobody by accident: it prints as dots, is wiped when dropped, and cannot be cloned.
pub struct Secret<T: Zeroize>(Zeroizing<T>);

/// One value.
#[derive(Debug)]
pub enum Value {
    /// Nothing: never encrypted, not part of the MAC.
    Null,
    /// Text. Empty text is never encrypted, and not part of the MAC.
    Str(Secret<String>),
    /// A whole number.
    Int(Secret<i64>),
    /// A number.
    Float(Secret<f64>),
    /// Yes or no.
    Bool(Secret<bool>),
    /// A point in time, as Go's RFC 3339 with nanoseconds says it. YAML has these; SOPS keeps them apart.
    Time(Secret<String>),
    /// What a binary file has in it.
    Bytes(Secret<Vec<u8>>),
}

/// The type of a value, as it is written behind the encrypted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Nothing.
    Null,
    /// Text, or the content of a binary file.
    Str,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// Yes or no.
    Bool,
    /// A point in time.
    Time,
}

impl<T: Zeroize> Secret<T> {
    /// What is hidden.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(Zeroizing::new(value))
    }
}

impl<T: Zeroize> From<Zeroizing<T>> for Secret<T> {
    fn from(value: Zeroizing<T>) -> Self {
        Self(value)
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Kind {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Str => "str",
            Self::Int => "int",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Time => "time",
        }
    }
}

impl Value {
    /// Text.
    pub fn str(text: impl Into<String>) -> Self {
        Self::Str(text.into().into())
    }

    /// A whole number.
    pub fn int(number: i64) -> Self {
        Self::Int(number.into())
    }

    /// A number.
    pub fn float(number: f64) -> Self {
        Self::Float(number.into())
    }

    /// Yes or no.
    pub fn bool(value: bool) -> Self {
        Self::Bool(value.into())
    }

    /// Its type.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Str(_) | Self::Bytes(_) => Kind::Str,
            Self::Int(_) => Kind::Int,
            Self::Float(_) => Kind::Float,
            Self::Bool(_) => Kind::Bool,
            Self::Time(_) => Kind::Time,
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text.expose()),
            _ => None,
        }
    }

    /// Whether SOPS leaves it as it is whatever the rule says: nothing, and nothing in quotes.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Str(text) => text.expose().is_empty(),
            Self::Bytes(bytes) => bytes.expose().is_empty(),
            _ => false,
        }
    }

    /// The value of which these are the bytes; nothing if they are not of this type.
    pub(crate) fn from_bytes(mut bytes: Zeroizing<Vec<u8>>, kind: Kind, is_binary: bool) -> Option<Self> {
        if is_binary && kind == Kind::Str {
            return Some(Self::Bytes(bytes.into()));
        }
        let text = match String::from_utf8(std::mem::take(&mut *bytes)) {
            Ok(text) => Zeroizing::new(text),
            Err(error) => {
                error.into_bytes().zeroize();
                return None;
            }
        };
        Some(match kind {
            Kind::Null => return None,
            Kind::Str => Self::Str(text.into()),
            Kind::Time => Self::Time(text.into()),
            Kind::Int => Self::int(text.parse().ok()?),
            Kind::Float => Self::float(text.parse().ok()?),
            // What Go's `ParseBool` takes.
            Kind::Bool => match text.as_str() {
                "1" | "t" | "T" | "true" | "TRUE" | "True" => Self::bool(true),
                "0" | "f" | "F" | "false" | "FALSE" | "False" => Self::bool(false),
                _ => return None,
            },
        })
    }

    /// The same once more. For values that stand in a file for everybody to read.
    pub(crate) fn duplicate(&self) -> Self {
        match self {
            Self::Null => Self::Null,
            Self::Str(text) => Self::Str(text.expose().clone().into()),
            Self::Int(number) => Self::int(*number.expose()),
            Self::Float(number) => Self::float(*number.expose()),
            Self::Bool(value) => Self::bool(*value.expose()),
            Self::Time(text) => Self::Time(text.expose().clone().into()),
            Self::Bytes(bytes) => Self::Bytes(bytes.expose().clone().into()),
        }
    }

    /// What of it is encrypted, and what the MAC goes over.
    pub(crate) fn with_bytes<R>(&self, use_them: impl FnOnce(&[u8]) -> R) -> R {
        match self {
            Self::Null => use_them(b""),
            Self::Str(text) | Self::Time(text) => use_them(text.expose().as_bytes()),
            Self::Bytes(bytes) => use_them(bytes.expose()),
            Self::Bool(value) => use_them(if *value.expose() { b"True" } else { b"False" }),
            Self::Int(number) => use_them(Zeroizing::new(number.expose().to_string()).as_bytes()),
            Self::Float(number) => use_them(float_text(*number.expose()).as_bytes()),
        }
    }
}

/// As Go's `FormatFloat(…, 'f', -1, 64)`: the shortest digits that read back, without an exponent.
fn float_text(number: f64) -> Zeroizing<String> {
    match number {
        f64::INFINITY => return Zeroizing::new("+Inf".to_owned()),
        f64::NEG_INFINITY => return Zeroizing::new("-Inf".to_owned()),
        _ => {}
    }
    let short = Zeroizing::new(number.to_string());
    // Where two of the shortest are equally near, Go takes the even one, as Rust does only when told how many digits.
    match short.split_once('.') {
        Some((_, part)) => Zeroizing::new(format!("{number:.*}", part.len())),
        None => short,
    }
}

/// A float as YAML of every version and JSON read it as one: with a point, and a sign at its exponent.
pub(crate) fn float_literal(number: f64) -> Zeroizing<String> {
    let short = Zeroizing::new(format!("{number:?}"));
    let Some((mantissa, exponent)) = short.split_once('e') else { return short };
    let part = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    Zeroizing::new(format!("{mantissa}{part}e{sign}{exponent}"))
}

/// Equal is what is encrypted to the same bytes of the same type: 0 and -0 differ, NaN is itself.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.kind() == other.kind() && self.with_bytes(|one| other.with_bytes(|other| one == other))
    }
}

impl Tree {
    /// The tree that a binary file is kept as: one value named `data`.
    pub fn binary(bytes: impl Into<Zeroizing<Vec<u8>>>) -> Self {
        let mut tree = Self::new();
        tree.push("data".to_owned(), Node::Leaf(Value::Bytes(bytes.into().into())));
        tree
    }
}
