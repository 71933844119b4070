//! Which fields the objects of Kubernetes have that apps and jobs become, and how two lists of one are joined.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Anything.
    Any,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A text.
    Text,
    /// An amount: `512Mi`, `250m`.
    Quantity,
    /// A whole number or a text: a port by its number or name, an amount or a share of all.
    IntOrText,
    /// A map with keys of any name.
    Map(Box<Type>),
    /// A list, and by which fields its elements are known: two of them that are the same in these are one.
    List(Box<Type>, Vec<String>),
    /// An object of this name.
    Object(String),
}

type Table = BTreeMap<String, BTreeMap<String, Type>>;

/// The fields of each object, as the API server's own description has them: a line for each, `keys` of lists behind `/`.
static FIELDS: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::new();
    let mut fields = None;
    for word in include_str!("kubernetes/fields.txt").split_whitespace() {
        match (word.strip_suffix(':'), word.split_once('='), &mut fields) {
            (Some(object), ..) => fields = Some(table.entry(object.to_owned()).or_default()),
            (None, Some((name, of)), Some(fields)) => drop(fields.insert(name.to_owned(), Type::read(of))),
            _ => {}
        }
    }
    table
});

impl Type {
    fn read(text: &str) -> Self {
        let inside = |open, close| text.strip_prefix(open)?.strip_suffix(close);
        if let Some(element) = inside('[', ']') {
            let mut parts = element.split('/');
            let of = Self::read(parts.next().unwrap_or_default());
            return Self::List(Box::new(of), parts.map(str::to_owned).collect());
        }
        if let Some(of) = inside('{', '}') {
            return Self::Map(Box::new(Self::read(of)));
        }
        match text {
            "any" => Self::Any,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "text" => Self::Text,
            "quantity" => Self::Quantity,
            "int-or-text" => Self::IntOrText,
            object => Self::Object(object.to_owned()),
        }
    }

    /// The objects of this name: `PodSpec`.
    pub fn object(name: &str) -> Self {
        Self::Object(name.to_owned())
    }

    /// What a field of such an object holds, or an entry of such a map.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(object) => FIELDS.get(object)?.get(name),
            Self::Map(of) => Some(of),
            Self::Any => Some(&Self::Any),
            _ => None,
        }
    }

    /// What the fields of such an object are called.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        let fields = if let Self::Object(object) = self { FIELDS.get(object) } else { None };
        fields.into_iter().flat_map(|fields| fields.keys().map(String::as_str))
    }

    /// Whether `field` is one of those of which such an object has one only: what says another one takes its place.
    pub fn is_choice(&self, field: &str) -> bool {
        let Self::Object(object) = self else { return false };
        match object.as_str() {
            "EnvVar" => field != "name",
            "EnvVarSource" => true,
            "Volume" => field != "name",
            "Probe" => matches!(field, "exec" | "grpc" | "httpGet" | "tcpSocket"),
            "LifecycleHandler" => true,
            _ => false,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("anything"),
            Self::Bool => f.write_str("'true' or 'false'"),
            Self::Int => f.write_str("a whole number"),
            Self::Text => f.write_str("a text"),
            Self::Quantity => f.write_str("an amount such as 512MiB or 250m"),
            Self::IntOrText => f.write_str("a whole number or a text"),
            Self::List(..) => f.write_str("a list: [ … ]"),
            Self::Map(_) | Self::Object(_) => f.write_str("a block: { … }"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_that_is_named_has_fields() {
        fn object(of: &Type) -> Option<&str> {
            match of {
                Type::Object(name) => Some(name),
                Type::List(of, _) | Type::Map(of) => object(of),
                _ => None,
            }
        }
        assert!(FIELDS.len() > 100);
        for (owner, fields) in FIELDS.iter() {
            for (name, of) in fields {
                if let Some(object) = object(of) {
                    assert!(FIELDS.contains_key(object), "{owner}.{name} is of {object}");
                }
            }
        }
    }

    #[test]
    fn lists_are_joined_by_what_their_elements_are_known_by() {
        let keys = |object: &str, field: &str| match Type::object(object).field(field) {
            Some(Type::List(_, keys)) => keys.clone(),
            other => panic!("{object}.{field} is {other:?}"),
        };
        assert_eq!(keys("PodSpec", "volumes"), ["name"]);
        assert_eq!(keys("Container", "ports"), ["containerPort", "protocol"]);
        assert_eq!(keys("Container", "volumeMounts"), ["mountPath"]);
        assert_eq!(keys("PodSpec", "tolerations"), ["*"], "added to: each is known by all of it");
        assert_eq!(keys("Container", "args"), [""; 0], "replaced");
    }
}
