//! Making a value fit a type: the checks and conversions that need the value itself.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use domain::{Cpu, Cron, Hostname, ImageReference, Invalid, Mac, Port, RecipientKey, UnixPath, Url, Version};
use model::{Float, SecretPart, SecretText};
use regex_lite::Regex;
use smol_str::SmolStr;

use crate::{Form, Hatch, Ty, Value, redacted};

/// A pattern of `string("…")`, which the whole text must match.
pub struct Pattern(Regex);

impl Pattern {
    /// Reads a pattern; nothing where it is not well-formed.
    pub fn new(pattern: &str) -> Option<Self> {
        Regex::new(&format!("^(?:{pattern})$")).ok().map(Self)
    }

    /// Whether the whole of `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// `value` as a value of type `ty`: checked, and converted where another form is meant (`2` as an amount of CPU).
///
/// Types that need to know declarations or shapes are left to the evaluator: such values are returned as they are.
pub fn fit_value(value: Value, ty: &Ty) -> Result<Value, Invalid> {
    match (&value, ty) {
        (Value::Error(_), _) => Ok(value),
        (Value::None, Ty::Optional(_)) => Ok(value),
        (_, Ty::Optional(inner)) => fit_value(value, inner),
        (_, Ty::Union(arms)) => fit_arms(value, arms, ty),
        (Value::Int(number), Ty::Int(low, high)) if number < low || number > high => {
            Err(Invalid::new(format!("{number} is not {}", ty.described())))
        }
        (Value::Int(number), Ty::Port) => Port::new(*number).map(|_| value),
        (Value::Int(number), Ty::Cpu) => cpu(number.to_string()),
        (Value::Float(Float(number)), Ty::Cpu) => cpu(number.to_string()),
        #[expect(clippy::cast_precision_loss, reason = "that is what the user asks for")]
        (Value::Int(number), Ty::Float) => Ok(Value::Float(Float(*number as f64))),
        (Value::Text(text), Ty::Text(Form::Mac)) => Mac::parse(text).map(|mac| Value::text(mac.to_string())),
        (Value::Text(text), Ty::Text(form)) => form.check(text).map(|()| value),
        (Value::Text(text), Ty::Pattern(pattern, said)) if !matches(pattern, text) => {
            let invalid = Invalid::new(format!("'{text}' is not {}", ty.described()));
            Err(match mended(pattern, text) {
                Some(right) => invalid.with_fix(right),
                None => match &said.help {
                    Some(help) => invalid.with_help(help.as_str()),
                    None => invalid,
                },
            })
        }
        (Value::Text(text), Ty::Literal(word)) if **text != **word => {
            Err(Invalid::new(format!("'{text}' is not '{word}'")))
        }
        (
            Value::Address(_)
            | Value::Cidr(_)
            | Value::Range(_)
            | Value::Size(_)
            | Value::Cpu(_)
            | Value::Duration(_),
            Ty::Text(_) | Ty::Pattern(..),
        ) => fit_value(Value::text(value.shown().unwrap_or_default()), ty),
        (Value::Secret(secret), Ty::Secret(inner)) => fit_secret(secret, inner).map(|()| value),
        (Value::Secret(secret), Ty::Free(Hatch::Any | Hatch::Nixos)) => Err(Invalid::new(format!(
            "{} cannot stand here: {} is written in plain",
            redacted(secret),
            ty.described()
        ))),
        _ if plausible(&value, ty) => Ok(value),
        _ => Err(match value.shown() {
            Some(shown) => Invalid::new(format!("{shown} is not {}", ty.described())),
            None => Invalid::new(format!("{} is expected here", ty.described())),
        }),
    }
}

/// `text` with a small change that makes it match: other spaces, a sign in front, lower case.
fn mended(pattern: &SmolStr, text: &str) -> Option<String> {
    let trimmed = text.trim();
    let guesses = [
        trimmed.to_owned(),
        trimmed.replace(' ', "_"),
        trimmed.replace(' ', "-"),
        trimmed.to_lowercase(),
        format!("/{trimmed}"),
        format!("0{trimmed}"),
        if is_host(trimmed) { format!("https://{trimmed}") } else { String::new() },
        with_slashes(trimmed),
        format!("--{}", trimmed.trim_start_matches('-')),
    ];
    guesses
        .into_iter()
        .find(|guess| !trimmed.is_empty() && !guess.is_empty() && guess != text && matches(pattern, guess))
}

/// Whether `text` begins with the name of a host, as a URL does behind its scheme.
fn is_host(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    let (host, port) = host.split_once(':').unwrap_or((host, ""));
    host.contains('.')
        && host.split('.').all(|part| !part.is_empty())
        && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// `text` with the two slashes behind its scheme: `oci:charts.example.net`, `oci:/charts.example.net`.
fn with_slashes(text: &str) -> String {
    let parts = text.split_once(':').map(|(scheme, rest)| (scheme, rest.trim_start_matches('/')));
    match parts.filter(|(_, rest)| is_host(rest)) {
        Some((scheme, rest)) => format!("{scheme}://{rest}"),
        None => String::new(),
    }
}

/// Bytes are a secret of their own, and no part of a text.
fn fit_secret(secret: &SecretText, wanted: &Ty) -> Result<(), Invalid> {
    let bytes = secret.parts.iter().find_map(|part| match part {
        SecretPart::Bytes(bytes) => Some(bytes),
        _ => None,
    });
    match bytes {
        Some(bytes) if !matches!(wanted, Ty::Free(_)) => {
            Err(Invalid::new(format!("secret '{bytes}' holds bytes, and a text is expected here")))
        }
        _ => Ok(()),
    }
}

fn cpu(text: String) -> Result<Value, Invalid> {
    Cpu::parse(&text).map(Value::Cpu)
}

/// The first arm that fits; words of the union all together where none does.
fn fit_arms(value: Value, arms: &[Ty], ty: &Ty) -> Result<Value, Invalid> {
    let mut only = None;
    let mut failed = 0;
    // What is of an arm's own sort is not made into something else for another one.
    let (own, other): (Vec<&Ty>, Vec<&Ty>) = arms.iter().partition(|arm| plausible(&value, arm));
    for arm in own.into_iter().chain(other) {
        match fit_value(value.clone(), arm) {
            Ok(value) => return Ok(value),
            Err(invalid) if plausible(&value, arm) => {
                failed += 1;
                only = Some(invalid);
            }
            Err(_) => {}
        }
    }
    match only {
        Some(invalid) if failed == 1 => Err(invalid),
        _ => {
            let shown = value.shown().unwrap_or_else(|| "this".to_owned());
            Err(Invalid::new(format!("'{shown}' is not {}", ty.described())))
        }
    }
}

/// Whether the value is of the right sort at all.
fn plausible(value: &Value, ty: &Ty) -> bool {
    match ty {
        Ty::Error | Ty::Free(_) => true,
        Ty::Kind(_) | Ty::Declaration | Ty::Deployed => matches!(value, Value::Decl(_)),
        Ty::Record(_) | Ty::Fields(_) => matches!(value, Value::Map(_)),
        Ty::Never => false,
        Ty::None => value.is_none(),
        Ty::Bool => matches!(value, Value::Bool(_)),
        Ty::Int(..) | Ty::Port => matches!(value, Value::Int(_)),
        Ty::Float => matches!(value, Value::Float(_)),
        Ty::Text(_) | Ty::Pattern(..) | Ty::Literal(_) => matches!(value, Value::Text(_)),
        Ty::Address => matches!(value, Value::Address(_)),
        Ty::Cidr => matches!(value, Value::Cidr(_)),
        Ty::Range => matches!(value, Value::Range(_)),
        Ty::Size => matches!(value, Value::Size(_)),
        Ty::Cpu => matches!(value, Value::Cpu(_)),
        Ty::Duration => matches!(value, Value::Duration(_)),
        Ty::Nix => matches!(value, Value::Nix(_)),
        Ty::List(_) => matches!(value, Value::List(_)),
        Ty::Map(_) => matches!(value, Value::Map(_)),
        Ty::Secret(_) => matches!(value, Value::Secret(_)),
        Ty::Optional(inner) => value.is_none() || plausible(value, inner),
        Ty::Union(arms) => arms.iter().any(|arm| plausible(value, arm)),
    }
}

impl Form {
    /// Checks that `text` has this form.
    pub fn check(self, text: &str) -> Result<(), Invalid> {
        match self {
            Self::Any => Ok(()),
            Self::Mac => Mac::parse(text).map(drop),
            Self::Cron => Cron::parse(text).map(drop),
            Self::Hostname => Hostname::parse(text).map(drop),
            Self::Url => Url::parse(text).map(drop),
            Self::Image => ImageReference::parse(text).map(drop),
            Self::Version => Version::parse(text).map(drop),
            Self::Path => UnixPath::parse(text).map(drop),
            Self::RecipientKey => RecipientKey::parse(text).map(drop),
            Self::Word | Self::Package => {
                let good = |c: char| c.is_ascii_alphanumeric() || "-_.+'".contains(c);
                if !text.is_empty() && text.chars().all(good) {
                    Ok(())
                } else {
                    Err(Invalid::new(format!("'{text}' is not a word")))
                }
            }
        }
    }
}

thread_local! {
    /// Patterns that have been read; the standard library's are few and used again and again.
    static PATTERNS: RefCell<HashMap<SmolStr, Option<Rc<Pattern>>>> = RefCell::default();
}

fn matches(pattern: &SmolStr, text: &str) -> bool {
    let read = |patterns: &mut HashMap<SmolStr, Option<Rc<Pattern>>>| {
        let read = || Pattern::new(pattern).map(Rc::new);
        patterns.entry(pattern.clone()).or_insert_with(read).clone()
    };
    let pattern = PATTERNS.with_borrow_mut(read);
    pattern.is_some_and(|pattern| pattern.matches(text))
}
