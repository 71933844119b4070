//! What fits where.

use names::{Db, Word};

use crate::{FieldShape, Form, Hatch, INT, STRING, Shape, Ty, is_secret_kind, queries};

/// Whether a value of one type can stand where another is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fits {
    /// It cannot.
    No,
    /// It can if the value turns out right, or once it has been converted.
    Perhaps,
    /// It can as it is.
    Yes,
}

impl Fits {
    pub(crate) fn when(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// Whether a `from` fits where a `to` is expected.
pub fn fits(db: &dyn Db, from: &Ty, to: &Ty) -> Fits {
    if from == to {
        return Fits::Yes;
    }
    match (from, to) {
        (Ty::Error | Ty::Never, _) | (_, Ty::Error) => Fits::Yes,
        (Ty::None, Ty::Optional(_) | Ty::Free(_)) => Fits::Yes,
        (Ty::Optional(from), Ty::Optional(to)) => fits(db, from, to),
        (Ty::Optional(from), Ty::Free(_)) => fits(db, from, to),
        (Ty::Optional(_), _) => Fits::No,
        (_, Ty::Optional(to)) => fits(db, from, to),
        (Ty::Union(arms), _) => arms.iter().map(|arm| fits(db, arm, to)).min().unwrap_or(Fits::No),
        (_, Ty::Union(arms)) => arms.iter().map(|arm| fits(db, from, arm)).max().unwrap_or(Fits::No),
        (Ty::Kind(_), _) => kind_fits(db, from, to),
        (Ty::Deployed, Ty::Declaration) => Fits::Yes,
        (Ty::Declaration, Ty::Deployed) => Fits::Perhaps,
        (_, Ty::Free(hatch)) => data_fits(db, from, *hatch),
        (Ty::List(from), Ty::List(to)) | (Ty::Map(from), Ty::Map(to)) => fits(db, from, to),
        (Ty::Fields(fields), Ty::Map(to)) => {
            fields.values().map(|from| fits(db, from, to)).min().unwrap_or(Fits::Yes)
        }
        (Ty::Fields(fields), Ty::Record(name)) => record_fits(db, fields, name),
        (Ty::Record(from), Ty::Record(_) | Ty::Map(_)) => {
            fits_of_record(db, names::word(db, from), to.clone())
        }
        // Data has no declarations and no records in it.
        (Ty::Free(_), Ty::Kind(_) | Ty::Declaration | Ty::Deployed | Ty::Record(_) | Ty::Fields(_)) => {
            Fits::No
        }
        (Ty::Free(_), Ty::List(to) | Ty::Map(to)) => fits(db, from, to).min(Fits::Perhaps),
        (Ty::Free(_), _) => Fits::Perhaps,
        (Ty::Secret(from), Ty::Secret(to)) => fits(db, from, to),
        (Ty::Secret(_) | Ty::Nix, _) | (_, Ty::Secret(_)) => Fits::No,
        _ if from.is_text() || to.is_text() => text_fits(from, to),
        _ => number_fits(from, to),
    }
}

fn kind_fits(db: &dyn Db, from: &Ty, to: &Ty) -> Fits {
    let Ty::Kind(kind) = from else { return Fits::No };
    match to {
        Ty::Kind(_) => Fits::No,
        Ty::Declaration => Fits::Yes,
        Ty::Deployed => Fits::when(is_deployed(db, kind)),
        Ty::Secret(_) => Fits::when(is_secret_kind(kind)).min(Fits::Perhaps),
        Ty::Free(Hatch::HelmValues) if is_secret_kind(kind) => Fits::Perhaps,
        // A secret with keys is a map of them.
        Ty::Map(value) if kind == "secret" => fits(db, &Ty::secret_text(), value).min(Fits::Perhaps),
        _ => match primary_type(db, kind) {
            Some(primary) => fits(db, &primary, to).min(Fits::Perhaps),
            None => Fits::No,
        },
    }
}

/// The kind whose declarations hold others.
pub const COMPONENT: &str = "component";

/// The kind whose declarations are helmfiles.
pub const HELMFILE: &str = "helmfile";

/// Whether declarations of a kind are something that the cluster runs: they are in a namespace, or hold what is.
pub fn is_deployed(db: &dyn Db, kind: &str) -> bool {
    if kind == COMPONENT || kind == HELMFILE {
        return queries::shape(db, kind).is_some_and(|(_, item)| item.is_std());
    }
    let in_namespace = |ty: &Ty| matches!(ty.required().0, Ty::Kind(kind) if kind == "namespace");
    queries::shape_of(db, kind).and_then(Shape::place).is_some_and(|place| in_namespace(&place.ty))
}

/// The type of a kind's primary field: what its declarations stand for where a plain value is expected.
pub(crate) fn primary_type(db: &dyn Db, kind: &str) -> Option<Ty> {
    queries::shape_of(db, kind)?.primary().map(|field| field.ty.clone())
}

fn data_fits(db: &dyn Db, from: &Ty, hatch: Hatch) -> Fits {
    match from {
        Ty::Free(found) if *found == hatch || *found == Hatch::Any => Fits::Yes,
        // Unless there is a secret in it.
        Ty::Free(Hatch::HelmValues) => Fits::Perhaps,
        Ty::Free(_) => Fits::No,
        Ty::List(inner) | Ty::Map(inner) => fits(db, inner, &Ty::Free(hatch)),
        Ty::Fields(fields) => {
            fields.values().map(|field| fits(db, field, &Ty::Free(hatch))).min().unwrap_or(Fits::Yes)
        }
        Ty::Record(name) => fits_of_record(db, names::word(db, name), Ty::Free(hatch)),
        Ty::Secret(_) => Fits::when(hatch == Hatch::HelmValues),
        Ty::Nix => Fits::when(hatch == Hatch::Nixos),
        Ty::Declaration | Ty::Deployed | Ty::Kind(_) => Fits::No,
        _ => Fits::Yes,
    }
}

fn record_fits(db: &dyn Db, fields: &std::collections::BTreeMap<smol_str::SmolStr, Ty>, name: &str) -> Fits {
    let Some(shape) = queries::shape_of(db, name) else { return Fits::Yes };
    let known = fields.iter().map(|(field, ty)| match shape.field(field) {
        Some(found) => fits(db, ty, &found.ty),
        None => Fits::No,
    });
    known.min().unwrap_or(Fits::Yes).min(Fits::Perhaps)
}

/// Whether values of a record type fit where a record, a map or data is expected. Asked once of each two: types that are
/// made of others several times over would be gone through as often.
#[salsa::tracked(returns(copy))]
fn fits_of_record<'db>(db: &'db dyn Db, from: Word<'db>, to: Ty) -> Fits {
    let Some(from) = queries::shape_of(db, from.text(db)) else { return Fits::Yes };
    let each = |to: &Ty| from.fields.iter().map(|field| fits(db, &field.ty, to)).min().unwrap_or(Fits::Yes);
    match &to {
        Ty::Record(to) => queries::shape_of(db, to).map_or(Fits::Yes, |to| alike(db, from, to)),
        Ty::Map(value) => each(value),
        to => each(to),
    }
}

/// Whether values of one record type are values of another: a type is what it says, wherever that is written.
fn alike(db: &dyn Db, from: &Shape, to: &Shape) -> Fits {
    let is_there = |field: &FieldShape| field.default || from.field(&field.name).is_some();
    if !to.fields.iter().all(is_there) {
        return Fits::No;
    }
    let each = from.fields.iter().map(|field| match to.field(&field.name) {
        Some(found) => fits(db, &field.ty, &found.ty),
        None => Fits::No,
    });
    each.min().unwrap_or(Fits::Yes)
}

fn text_fits(from: &Ty, to: &Ty) -> Fits {
    match (from, to) {
        (Ty::Text(_) | Ty::Pattern(..) | Ty::Literal(_), &STRING) => Fits::Yes,
        (Ty::Literal(word), Ty::Literal(other)) => Fits::when(word == other),
        (Ty::Literal(_) | Ty::Text(Form::Any) | Ty::Pattern(..), Ty::Text(_) | Ty::Pattern(..)) => {
            Fits::Perhaps
        }
        (Ty::Text(Form::Any | Form::Word) | Ty::Pattern(..), Ty::Literal(_)) => Fits::Perhaps,
        (Ty::Text(Form::Hostname), Ty::Text(Form::Url)) => Fits::No,
        (Ty::Text(_), Ty::Pattern(..)) => Fits::Perhaps,
        (Ty::Text(from), Ty::Text(to)) => Fits::when(from == to),
        // What is written in one way only can stand for its text.
        (
            Ty::Address | Ty::Cidr | Ty::Size | Ty::Cpu | Ty::Duration | Ty::Range,
            &STRING | Ty::Pattern(..),
        ) => Fits::Perhaps,
        (Ty::Address, Ty::Text(Form::Hostname)) => Fits::Perhaps,
        _ => Fits::No,
    }
}

/// The numbers that a port can be.
const PORTS: (i64, i64) = (1, 65535);

fn number_fits(from: &Ty, to: &Ty) -> Fits {
    let within = |(low, high): (i64, i64), (least, most): (i64, i64)| {
        if low >= least && high <= most {
            Fits::Yes
        } else if low > most || high < least {
            Fits::No
        } else {
            Fits::Perhaps
        }
    };
    match (from, to) {
        (Ty::Int(a, b), Ty::Int(c, d)) => within((*a, *b), (*c, *d)),
        (Ty::Int(a, b), Ty::Port) => within((*a, *b), PORTS).min(Fits::Perhaps),
        (Ty::Port, Ty::Int(c, d)) => within(PORTS, (*c, *d)),
        (Ty::Int(..) | Ty::Port, Ty::Float) | (Ty::Int(..) | Ty::Float, Ty::Cpu) => Fits::Perhaps,
        _ => Fits::No,
    }
}

/// The type that values of both types have, if one of them has it.
pub(crate) fn join(db: &dyn Db, a: &Ty, b: &Ty) -> Ty {
    match (a, b) {
        (Ty::Error, _) | (_, Ty::Error) => Ty::Error,
        (Ty::Never, other) | (other, Ty::Never) => other.clone(),
        (Ty::None, other) | (other, Ty::None) => Ty::optional(other.clone()),
        (Ty::Optional(a), Ty::Optional(b)) => Ty::optional(join(db, a, b)),
        (Ty::Optional(inner), other) | (other, Ty::Optional(inner)) if !matches!(other, Ty::Optional(_)) => {
            Ty::optional(join(db, inner, other))
        }
        (Ty::Int(..), Ty::Int(..)) => INT,
        _ if fits(db, a, b) == Fits::Yes => b.clone(),
        _ if fits(db, b, a) == Fits::Yes => a.clone(),
        _ if a.is_text() && b.is_text() => STRING,
        _ => Ty::union([a.clone(), b.clone()]),
    }
}
