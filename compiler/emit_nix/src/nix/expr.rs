//! The tree.

use super::escape::{is_identifier, key, string};

/// A Nix expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text, in double quotes.
    Text(String),
    /// A text of several lines, in two single quotes where that is possible.
    Lines(String),
    /// Nix as it is.
    Raw(String),
    /// `[ … ]`
    List(Vec<Expr>),
    /// `with scope; [ … ]`
    With(&'static str, Vec<Expr>),
    /// `{ … }`
    Set(Set),
    /// `function argument …`
    Call(&'static str, Vec<Expr>),
    /// `[ … ] ++ …`
    Concat(Vec<Expr>, Box<Expr>),
    /// An element of a list with a comment behind it.
    Noted(Box<Expr>, String),
}

impl Expr {
    /// `lib.mkDefault …`: gives way to what the user says.
    #[must_use]
    pub fn or_default(self) -> Self {
        call("lib.mkDefault", [self])
    }

    /// The element with a comment behind it.
    #[must_use]
    pub fn noted(self, comment: impl Into<String>) -> Self {
        Self::Noted(Box::new(self), comment.into())
    }
}

impl From<bool> for Expr {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Expr {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Set> for Expr {
    fn from(value: Set) -> Self {
        Self::Set(value)
    }
}

/// A text.
#[expect(clippy::needless_pass_by_value, reason = "literals, references and numbers alike, without a `&`")]
pub fn text(value: impl ToString) -> Expr {
    Expr::Text(value.to_string())
}

/// Nix as it is.
pub fn raw(nix: impl Into<String>) -> Expr {
    Expr::Raw(nix.into())
}

/// A list.
pub fn list(items: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::List(items.into_iter().collect())
}

/// A list of texts.
pub fn texts<T: ToString>(items: impl IntoIterator<Item = T>) -> Expr {
    list(items.into_iter().map(text))
}

/// A call of `function`.
pub fn call(function: &'static str, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::Call(function, arguments.into_iter().collect())
}

/// The file `name` in `folder`, as a path; a name that Nix has no path literal for is added as a text.
pub fn file(folder: &str, name: &str) -> Expr {
    let is_plain =
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+".contains(&b));
    if is_plain {
        raw(format!("{folder}/{name}"))
    } else {
        raw(format!("({folder} + {})", string(&format!("/{name}"))))
    }
}

/// The package at an attribute path (`python3Packages.requests`), for a list behind `with pkgs;`.
pub fn package(path: &str) -> Expr {
    let steps = AttrPath::from(path).to_string();
    let is_in_scope = path.split('.').next().is_some_and(is_identifier);
    raw(if is_in_scope { steps } else { format!("pkgs.{steps}") })
}

/// The path of an attribute: `services.k3s`.
pub fn path(steps: &str) -> AttrPath {
    AttrPath::from(steps)
}

/// The path of an attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttrPath(pub(super) Vec<String>);

impl AttrPath {
    /// The attribute `name` of this one, whatever is in the name.
    #[must_use]
    pub fn key(mut self, name: impl Into<String>) -> Self {
        self.0.push(name.into());
        self
    }
}

impl From<&str> for AttrPath {
    /// Splits at dots.
    fn from(steps: &str) -> Self {
        Self(steps.split('.').map(str::to_owned).collect())
    }
}

impl From<&[String]> for AttrPath {
    fn from(steps: &[String]) -> Self {
        Self(steps.to_vec())
    }
}

impl std::fmt::Display for AttrPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let steps: Vec<String> = self.0.iter().map(|step| key(step)).collect();
        f.write_str(&steps.join("."))
    }
}

/// What stands between braces, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Set(pub(super) Vec<Entry>);

/// A line or more in a set.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Entry {
    /// `a.b = …;`
    Bind(AttrPath, Expr),
    /// `# …`
    Comment(String),
    /// An empty line.
    Gap,
}

impl Set {
    /// `{ }`
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `path = value;`.
    #[must_use]
    pub fn bind(mut self, path: impl Into<AttrPath>, value: impl Into<Expr>) -> Self {
        self.0.push(Entry::Bind(path.into(), value.into()));
        self
    }

    /// Adds `path = value;` if there is a value.
    #[must_use]
    pub fn bind_some(self, path: impl Into<AttrPath>, value: Option<Expr>) -> Self {
        match value {
            Some(value) => self.bind(path, value),
            None => self,
        }
    }

    /// Adds a comment, a line each.
    #[must_use]
    pub fn comment(mut self, lines: &str) -> Self {
        self.0.extend(lines.lines().map(|line| Entry::Comment(line.to_owned())));
        self
    }

    /// Adds `other` after an empty line, if there is anything in it.
    #[must_use]
    pub fn group(mut self, other: Self) -> Self {
        if !self.is_empty() && !other.is_empty() {
            self.0.push(Entry::Gap);
        }
        self.0.extend(other.0);
        self
    }

    /// Adds all of `other`.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
