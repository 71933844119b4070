//! What people call types.

use std::fmt;

use super::{Form, Hatch, Ty, last_segment};

impl Ty {
    /// The words people use, with an article: `an address`, `a list of hosts`.
    pub fn described(&self) -> String {
        match self {
            Self::Error => "something".into(),
            Self::Never => "nothing".into(),
            Self::None => "none".into(),
            Self::Bool => "true or false".into(),
            Self::Int(i64::MIN, i64::MAX) => "a whole number".into(),
            Self::Int(low, i64::MAX) => format!("a whole number from {low} on"),
            Self::Int(low, high) if low == high => format!("the number {low}"),
            Self::Int(low, high) => format!("a whole number from {low} to {high}"),
            Self::Float => "a number".into(),
            Self::Text(form) => form.described().into(),
            Self::Pattern(pattern, said) if said.what.is_empty() => format!("a text of the form {pattern}"),
            Self::Pattern(_, said) => said.what.to_string(),
            Self::Literal(word) => format!("'{word}'"),
            Self::Address => "an address".into(),
            Self::Cidr => "a network such as 192.168.1.0/24".into(),
            Self::Range => "a range of addresses".into(),
            Self::Port => "a port".into(),
            Self::Size => "a size".into(),
            Self::Cpu => "an amount of CPU".into(),
            Self::Duration => "a duration".into(),
            Self::Nix => "a Nix expression".into(),
            Self::List(element) => format!("a list of {}", element.plural()),
            Self::Map(element) => format!("a map of {}", element.plural()),
            Self::Optional(inner) => format!("{} or none", inner.described()),
            Self::Union(arms) if arms.iter().all(Self::is_secret) => "a secret".into(),
            Self::Union(_) if *self == Self::shown(false) || *self == Self::shown(true) => {
                "a value that can stand in a text".into()
            }
            Self::Union(arms) => described_arms(arms),
            Self::Secret(_) => "a secret".into(),
            Self::Kind(kind) => described_kind(kind),
            Self::Declaration => "a declaration".into(),
            Self::Deployed => "something that the cluster runs".into(),
            Self::Record(name) => described_block(name),
            Self::Fields(_) => "a block '{ … }'".into(),
            Self::Free(Hatch::Any) => "plain data".into(),
            Self::Free(Hatch::HelmValues) => "plain data or a secret".into(),
            Self::Free(Hatch::Nixos) => "a NixOS option".into(),
        }
    }

    /// As [`Ty::described`], of a value that is there: an example of others like it would be of no help.
    pub fn called(&self) -> String {
        let described = self.described();
        match (self, described.split_once(" such as ")) {
            (Self::Union(_), _) | (_, None) => described,
            (_, Some((called, _))) => called.to_owned(),
        }
    }

    /// Two values: `a size and a duration`, `two sizes`.
    pub fn called_both(first: &Self, second: &Self) -> String {
        let plural = first.plural();
        if first.called() == second.called() && !plural.contains([',', ' ']) {
            return format!("two {plural}");
        }
        format!("{} and {}", first.called(), second.called())
    }

    /// As [`Ty::described`], for several: `addresses`, `hosts`.
    fn plural(&self) -> String {
        match self {
            Self::Address => "addresses".into(),
            Self::Cidr => "networks".into(),
            Self::Port => "ports".into(),
            Self::Size => "sizes".into(),
            Self::Duration => "durations".into(),
            Self::Text(Form::Any) => "texts".into(),
            Self::Pattern(_, said) => plural_description(&said.what).unwrap_or_else(|| "texts".into()),
            Self::Text(Form::Word) => "words".into(),
            Self::Text(Form::Package) => "packages".into(),
            Self::Int(..) => "whole numbers".into(),
            Self::Kind(kind) => plural_word(last_segment(kind)),
            Self::Declaration => "declarations".into(),
            Self::Deployed => "declarations of what the cluster runs".into(),
            Self::Secret(_) => "secrets".into(),
            Self::Union(arms) if arms.iter().all(Self::is_secret) => "secrets".into(),
            Self::Record(_) | Self::Fields(_) => "blocks".into(),
            Self::Bool => "truth values".into(),
            Self::Cpu => "amounts of CPU".into(),
            Self::Text(Form::Path) => "paths".into(),
            Self::Text(Form::Hostname) => "host names".into(),
            Self::Text(Form::Url) => "URLs".into(),
            Self::Text(Form::RecipientKey) => "public keys of age".into(),
            Self::Optional(inner) => inner.plural(),
            Self::Union(arms) if arms.iter().any(|arm| !matches!(arm, Self::Literal(_))) => {
                joined_by_or(&arms.iter().map(Self::plural).collect::<Vec<_>>())
            }
            Self::Error | Self::Never | Self::None => "anything".into(),
            other => format!("values, each {}", other.described()),
        }
    }
}

impl Form {
    fn described(self) -> &'static str {
        match self {
            Self::Any => "a text",
            Self::Mac => "a MAC address",
            Self::Cron => "a cron line such as \"0 4 * * *\"",
            Self::Hostname => "a host name",
            Self::Url => "a URL",
            Self::Image => "an image such as \"docker.io/library/redis:8.2\"",
            Self::Version => "a version",
            Self::Path => "a path such as /srv/data",
            Self::Word => "a word",
            Self::Package => "a package",
            Self::RecipientKey => "a public key of age",
        }
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.described())
    }
}

/// A description of a pattern for several: `flags such as "--tls"` of `a flag such as "--tls"`.
fn plural_description(what: &str) -> Option<String> {
    let (noun, example) = what.split_once(" such as ")?;
    let noun =
        noun.strip_prefix("a ").or_else(|| noun.strip_prefix("an ")).or_else(|| noun.strip_prefix("the "))?;
    let (head, of) =
        noun.split_once(" of ").map_or((noun, String::new()), |(head, of)| (head, format!(" of {of}")));
    Some(format!("{}{of} such as {example}", plural_word(head)))
}

/// What a kind's declaration is called: `a host`; `a port of an app`, since a port may also be a number.
fn described_kind(kind: &str) -> String {
    match kind.rsplit_once('.') {
        Some((around, word)) => format!("{} of {}", with_article(word), with_article(last_segment(around))),
        None => with_article(kind),
    }
}

/// What a value of a record type is called: `a chart` where the type has a name, `a block of 'firewall'` where it is
/// that of a field.
fn described_block(name: &str) -> String {
    let word = last_segment(name);
    let is_named = name
        .strip_prefix('#')
        .is_some_and(|rest| rest == word && !rest.ends_with('s') && !rest.contains(' '));
    if is_named { with_article(word) } else { format!("a block of '{word}'") }
}

fn described_arms(arms: &[Ty]) -> String {
    joined_by_or(&arms.iter().map(Ty::described).collect::<Vec<_>>())
}

/// `a, b or c`.
pub(crate) fn joined_by_or(words: &[String]) -> String {
    joined(words, "or")
}

/// `a, b and c`.
pub(crate) fn joined_by_and(words: &[String]) -> String {
    joined(words, "and")
}

fn joined(words: &[String], by: &str) -> String {
    match words {
        [] => "nothing".into(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {by} {last}", first.join(", ")),
    }
}

/// `an app`, `a host`.
pub fn with_article(word: &str) -> String {
    // Said as "you".
    let is_you =
        word.starts_with("us") || word.starts_with("uni") || word.starts_with("uu") || word.starts_with("eu");
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) && !is_you { "an" } else { "a" };
    format!("{article} {word}")
}

/// What a kind's declarations are called together, unless `@plural` says otherwise.
pub fn plural_word(word: &str) -> String {
    if let Some(stem) = word.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        format!("{stem}ies")
    } else if word.ends_with(['s', 'x']) || word.ends_with("ch") || word.ends_with("sh") {
        format!("{word}es")
    } else {
        format!("{word}s")
    }
}
