//! What can be explained, beside rules: found by its name, and where its page is in the book.

use diagnostics::closest;
use smol_str::{SmolStr, format_smolstr};
use types::{BUILTINS, Symbol, Ty, shape};

use super::declared;
use crate::Session;

/// Something of the library or of the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// A kind, by its full name: `app`, `app.port`.
    Kind(SmolStr),
    /// A field of a kind or record type, by that one's full name: `app`, `host#firewall`, `#chart`.
    Field(SmolStr, SmolStr),
    /// A type with a name.
    Type(SmolStr),
    /// A function.
    Function(SmolStr),
}

impl Topic {
    /// What has this name: `app`, `app.image`, `host.firewall.tcp`, `size`, `file`. A kind in another is known by its own
    /// name, too. A type and a function may have the same.
    pub fn find(session: &Session, name: &str) -> Vec<Self> {
        let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
        let has = |names: Vec<SmolStr>| names.iter().any(|one| one == first);
        let (is_kind, is_type) = (has(declared::kinds(session)), has(declared::types(session)));
        if let Some(rest) = rest {
            let start = if is_kind { first.into() } else { format_smolstr!("#{first}") };
            return Self::within(session, start, rest).into_iter().collect();
        }
        let mut found = Vec::new();
        found.extend(is_kind.then(|| Self::Kind(first.into())));
        found.extend(is_type.then(|| Self::Type(first.into())));
        found.extend(has(declared::functions(session)).then(|| Self::Function(first.into())));
        if found.is_empty() {
            found = nested(session, first).into_iter().map(Self::Kind).collect();
        }
        found
    }

    /// What `path` leads to from a kind or record type.
    fn within(session: &Session, mut from: SmolStr, path: &str) -> Option<Self> {
        let mut parts = path.split('.').peekable();
        while let Some(part) = parts.next() {
            let (found, _) = shape(session.db(), &from)?;
            let is_last = parts.peek().is_none();
            if let Some(kind) = found.nested(part) {
                if is_last {
                    return Some(Self::Kind(kind.clone()));
                }
                from = kind.clone();
                continue;
            }
            let field = found.field(part)?;
            if is_last {
                return Some(Self::Field(from, field.name.clone()));
            }
            from = record(&field.ty)?;
        }
        None
    }

    /// Names like one that nothing has: those that mean it in some kind, or that are written nearly so.
    pub fn suggest(session: &Session, name: &str) -> Vec<String> {
        let kinds = declared::kinds(session);
        let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
        if let Some(rest) = rest.filter(|_| kinds.iter().any(|kind| kind == first)) {
            let parts = parts(session, first);
            let near = closest(rest, parts.iter().map(String::as_str), MOST);
            return near.into_iter().map(|part| format!("{first}.{part}")).collect();
        }
        let has =
            |kind: &&SmolStr| shape(session.db(), kind).is_some_and(|(shape, _)| shape.field(name).is_some());
        let fields: Vec<String> = kinds.iter().filter(has).map(|kind| format!("{kind}.{name}")).collect();
        if !fields.is_empty() {
            return fields.into_iter().take(MOST).collect();
        }
        let all = [kinds, declared::types(session), declared::functions(session)].concat();
        closest(name, all.iter().map(SmolStr::as_str), MOST).into_iter().map(str::to_owned).collect()
    }

    /// What a name in a lab refers to, if that is the library's or the language's.
    pub fn of(session: &Session, symbol: &Symbol) -> Option<Self> {
        if !symbol.is_std(session.db()) {
            return None;
        }
        Some(match symbol {
            Symbol::Kind(kind) | Symbol::All(kind) => Self::Kind(kind.clone()),
            Symbol::Field(owner, name) => Self::Field(owner.clone(), name.clone()),
            Symbol::Builtin(name) => Self::Function(name.clone()),
            Symbol::Type(name) => Self::Type(name.clone()),
            Symbol::Item(item) if item.first_word() == "fn" => Self::Function(item.name().into()),
            Symbol::Item(item) if item.first_word() == "type" => Self::Type(item.name().into()),
            _ => return None,
        })
    }

    /// Where it is explained in the book of the documentation, from where that begins.
    pub fn address(&self) -> String {
        match self {
            Self::Kind(kind) => place_of(kind),
            Self::Field(owner, name) => {
                let owner = place_of(owner);
                let sign = if owner.contains('#') { '.' } else { '#' };
                format!("{owner}{sign}{name}")
            }
            Self::Type(name) => format!("types.html#{name}"),
            Self::Function(name) => format!("functions.html#{name}"),
        }
    }

    /// What it is called in a command.
    pub fn name(&self) -> String {
        let plain = |full: &str| full.trim_start_matches('#').replace('#', ".");
        match self {
            Self::Kind(name) | Self::Type(name) | Self::Function(name) => plain(name),
            Self::Field(owner, name) => format!("{}.{name}", plain(owner)),
        }
    }
}

/// So many names are suggested.
const MOST: usize = 5;

/// Where a kind or record type is explained, by its full name.
fn place_of(full: &str) -> String {
    if let Some(name) = full.strip_prefix('#') {
        return format!("types.html#{}", name.replace('#', "."));
    }
    match full.split_once(['.', '#']) {
        Some((kind, rest)) => format!("kinds/{kind}.html#{}", rest.replace('#', ".")),
        None => format!("kinds/{full}.html"),
    }
}

/// The kinds that stand in others and have this name.
fn nested(session: &Session, name: &str) -> Vec<SmolStr> {
    let of = |kind: SmolStr| shape(session.db(), &kind).and_then(|(shape, _)| shape.nested(name).cloned());
    declared::kinds(session).into_iter().filter_map(of).collect()
}

/// The fields of a kind and the kinds in it.
fn parts(session: &Session, kind: &str) -> Vec<String> {
    let Some((shape, _)) = shape(session.db(), kind) else { return Vec::new() };
    let fields = shape.fields.iter().map(|field| field.name.to_string());
    fields.chain(shape.nested.iter().map(|(name, _)| name.to_string())).collect()
}

/// The record type that values of a type are, or are made of.
pub(super) fn record(ty: &Ty) -> Option<SmolStr> {
    match ty {
        Ty::Record(name) => Some(name.clone()),
        Ty::List(inner) | Ty::Map(inner) | Ty::Optional(inner) => record(inner),
        Ty::Union(arms) => arms.iter().find_map(record),
        _ => None,
    }
}

/// Whether the language itself has a function of this name.
pub(super) fn is_builtin(name: &str) -> bool {
    BUILTINS.iter().any(|(other, ..)| *other == name)
}
