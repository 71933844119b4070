//! Makes declarations of any kind, and values of any type, as the shapes of the library say.

use std::collections::BTreeSet;

use robustness::Random;
use smol_str::SmolStr;
use types::{FieldShape, INT, Shape, Ty, last_segment};

use crate::forms;
use crate::hostile::{QUOTED, WORDS, long};
use crate::lab::{Declaration, Setting};
use crate::literal;
use crate::pods;
use crate::schema::{Schema, full_name, settable};

/// What a volume may be: one of it.
const SOURCES: [&str; 9] =
    ["size", "existing", "of", "nfs", "host-path", "temporary", "memory", "config-map", "secret"];

/// What a volume of a container beside another may be: one of it.
const SIDE_SOURCES: [&str; 8] =
    ["of", "existing", "nfs", "host-path", "temporary", "memory", "config-map", "secret"];

/// Something that can be referred to.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) kind: SmolStr,
    /// As an expression: `door.http`.
    pub(crate) path: String,
    /// The namespace that it is in.
    pub(crate) place: Option<String>,
}

/// Makes things by chance.
pub(crate) struct Maker<'s> {
    pub(crate) schema: &'s Schema,
    pub(crate) random: Random,
    /// What there is already.
    pub(crate) known: Vec<Known>,
    /// The fields that are set wherever they can be, as `app.volume.nfs`.
    pub(crate) owed: Vec<String>,
    names: BTreeSet<String>,
    count: usize,
    /// The fields that were set since this was last asked.
    sets: Vec<String>,
}

/// What a value is made for.
#[derive(Clone, Copy, Default)]
pub(crate) struct Around<'a> {
    /// The kind of the declaration of the top level.
    root: &'a str,
    /// The namespace that it is in.
    place: Option<&'a str>,
    /// What is declared in it so far.
    own: &'a [Declaration],
}

impl<'s> Maker<'s> {
    pub(crate) fn new(schema: &'s Schema, seed: u64, known: Vec<Known>) -> Self {
        let names = known.iter().map(|known| known.path.clone()).collect();
        Self { schema, random: Random::new(seed), known, owed: Vec::new(), names, count: 0, sets: Vec::new() }
    }

    pub(crate) fn is(&mut self, percent: usize) -> bool {
        self.random.below(100) < percent
    }

    pub(crate) fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.random.below(of.len())].clone()
    }

    /// A declaration of the top level; nothing where the lab has not what it must refer to.
    pub(crate) fn declaration(&mut self, kind: &SmolStr) -> Option<Declaration> {
        let shape = self.schema.shape(kind);
        let place = match shape.place() {
            Some(field) => Some(self.reference(&field.ty, Around::default())?),
            None => None,
        };
        let mut made = Declaration::new(kind, self.name(kind), place);
        self.fill(&mut made, kind, &[])?;
        if shape.open.is_some() {
            forms::add(self, &mut made);
        }
        self.learn(&made, None);
        Some(made)
    }

    /// Adds to a declaration: what is declared in it, then fields.
    pub(crate) fn fill(&mut self, made: &mut Declaration, root: &str, around: &[Declaration]) -> Option<()> {
        let shape = self.schema.shape(&made.kind);
        for (_, nested) in &shape.nested {
            let is_owed = self.owed.iter().any(|field| field.starts_with(&format!("{nested}.")));
            let many = if is_owed || self.is(45) { 1 + self.random.below(2) } else { 0 };
            for _ in 0..many {
                let mut inner = Declaration::new(nested, self.name(nested), None);
                inner.place.clone_from(&made.place);
                let own = made.children.clone();
                if self.fill(&mut inner, root, &own).is_some() {
                    made.children.push(inner);
                }
            }
        }
        let place = made.place.clone();
        let own = [around, &made.children].concat();
        let around = Around { root, place: place.as_deref(), own: &own };
        let source = (last_segment(&made.kind) == "volume").then(|| self.source(&made.kind));
        // What has its turn is accepted more often beside little else.
        let has_turn = settable(shape).any(|field| self.is_owed(shape, field));
        let often = if made.is_base {
            12
        } else if has_turn {
            20
        } else {
            35
        };
        for field in settable(shape).filter(|field| !made.given.contains(&field.name)) {
            if shape.open.is_some() && forms::says(&field.name) {
                continue;
            }
            let often = match (source, field.name.as_str()) {
                (Some(source), name) if name == source => 100,
                (Some(_), name) if SOURCES.contains(&name) => 0,
                (Some(source), "claim" | "claim-name" | "class") if source != "size" => 0,
                _ if self.is_owed(shape, field) => 100,
                _ => often,
            };
            if !field.default || self.is(often) {
                made.settings.extend(self.settings(shape, field, around)?);
            }
        }
        Some(())
    }

    /// Whether a field or a part of it has its turn.
    fn is_owed(&self, shape: &Shape, field: &FieldShape) -> bool {
        let (whole, part) = (full_name(shape, field), format!("{}#{}.", shape.name, field.name));
        self.owed.iter().any(|owed| *owed == whole || owed.starts_with(&part))
    }

    /// What a volume of this kind is.
    fn source(&mut self, kind: &str) -> &'static str {
        let owed = SOURCES.into_iter().find(|source| self.owed.contains(&format!("{kind}.{source}")));
        let claim = ["claim", "claim-name", "class"];
        let owed = owed.or_else(|| {
            let is_owed = claim.iter().any(|field| self.owed.contains(&format!("{kind}.{field}")));
            is_owed.then_some("size")
        });
        owed.unwrap_or_else(|| if self.is(35) { "size" } else { self.one(&SOURCES) })
    }

    fn settings(&mut self, shape: &Shape, field: &FieldShape, around: Around<'_>) -> Option<Vec<Setting>> {
        self.sets.clear();
        let required = !field.default;
        let name = full_name(shape, field);
        let record = match &field.ty {
            Ty::Record(record) => Some(record),
            Ty::Optional(inner) => match &**inner {
                // One that has to say something is said as a whole.
                Ty::Record(record) if settable(self.schema.shape(record)).all(|part| part.default) => {
                    Some(record)
                }
                _ => None,
            },
            _ => None,
        };
        if let Some(record) = record
            && !required
            && self.is(70)
        {
            return Some(self.parts(&name, field, record, around));
        }
        if let Ty::Free(hatch) = &field.ty {
            let (path, value) = forms::free(self, *hatch);
            let path = format!("{}{path}", field.name);
            let sets = vec![name];
            return Some(vec![Setting { path, value, sets, required, primary: false }]);
        }
        if let Some(object) = pods::object(&shape.name, &field.name) {
            let (path, value) = pods::usual(self, object);
            let path = format!("{}.{path}", field.name);
            return Some(vec![Setting { path, value, sets: vec![name], required, primary: false }]);
        }
        // Somebody's objects are mostly some.
        let made = (name == "manifests.from" && self.is(80)).then(|| forms::objects(self));
        let Some(value) = made.or_else(|| self.value(&field.ty, around)) else {
            return (!required).then(Vec::new);
        };
        let mut sets = std::mem::take(&mut self.sets);
        sets.push(name);
        let path = field.name.to_string();
        Some(vec![Setting { path, value, sets, required, primary: field.primary }])
    }

    /// Parts of a record, each for itself.
    fn parts(&mut self, name: &str, field: &FieldShape, record: &str, around: Around<'_>) -> Vec<Setting> {
        let inner = self.schema.shape(record);
        let mut made = Vec::new();
        for part in settable(inner) {
            if !self.owed.contains(&full_name(inner, part)) && !self.is(40) {
                continue;
            }
            if let Some(object) = pods::object(&inner.name, &part.name) {
                let (path, value) = pods::usual(self, object);
                let path = format!("{}.{}.{path}", field.name, part.name);
                let sets = vec![name.to_owned(), full_name(inner, part)];
                made.push(Setting { path, value, sets, required: false, primary: false });
                continue;
            }
            self.sets.clear();
            let Some(value) = self.value(&part.ty, around) else { continue };
            let mut sets = std::mem::take(&mut self.sets);
            sets.extend([name.to_owned(), full_name(inner, part)]);
            let path = format!("{}.{}", field.name, part.name);
            made.push(Setting { path, value, sets, required: false, primary: false });
        }
        made
    }

    /// Makes a declaration, and what is in it, something that others refer to.
    pub(crate) fn learn(&mut self, made: &Declaration, around: Option<&str>) {
        if !literal::is_word(&made.name) {
            return;
        }
        let path = around.map_or(made.name.clone(), |around| format!("{around}.{}", made.name));
        self.known.push(Known { kind: made.kind.clone(), path: path.clone(), place: made.place.clone() });
        made.children.iter().for_each(|child| self.learn(child, Some(&path)));
    }

    fn name(&mut self, kind: &str) -> String {
        self.count += 1;
        let plain = format!("{}{}", &last_segment(kind)[..1], self.count);
        let name = match self.random.below(100) {
            // The names of files are their paths.
            _ if last_segment(kind) == "file" => forms::path(self),
            0..=13 => self.one(&WORDS).to_owned(),
            14..=18 => self.one(&QUOTED).to_owned(),
            19..=21 => {
                let length = self.one(&[15, 16, 52, 53, 54, 63, 64]);
                long(length)
            }
            _ => plain.clone(),
        };
        if self.names.insert(name.clone()) { name } else { plain }
    }

    /// The name of something of this kind.
    pub(crate) fn reference(&mut self, ty: &Ty, around: Around<'_>) -> Option<String> {
        let is_wanted = |kind: &SmolStr| match ty {
            Ty::Kind(wanted) => kind == wanted,
            _ => true,
        };
        let own = around.own.iter().filter(|one| is_wanted(&one.kind) && literal::is_word(&one.name));
        let own: Vec<String> = own.map(|one| one.name.clone()).collect();
        // What is in things of the kind is mostly meant to be in this one.
        let is_inner = matches!(ty, Ty::Kind(kind) if kind.split('.').next() == Some(around.root));
        if is_inner && self.is(80) {
            return (!own.is_empty()).then(|| self.one(&own));
        }
        let near = self.is(80);
        let is_near =
            |known: &&Known| !near || known.place.is_none() || known.place.as_deref() == around.place;
        let fits = self.known.iter().filter(|known| is_wanted(&known.kind)).filter(is_near);
        let paths: Vec<String> = fits.map(|known| known.path.clone()).collect();
        (!paths.is_empty()).then(|| self.one(&paths))
    }

    /// A value of this type; nothing where the lab has not what it must refer to.
    pub(crate) fn value(&mut self, ty: &Ty, around: Around<'_>) -> Option<String> {
        Some(match ty {
            Ty::Optional(_) if self.is(8) => "none".to_owned(),
            Ty::Optional(inner) => self.value(inner, around)?,
            Ty::Union(arms) => {
                let first = self.random.below(arms.len());
                let mut turns = arms.iter().cycle().skip(first).take(arms.len());
                turns.find_map(|arm| self.value(arm, around))?
            }
            Ty::List(inner) => self.list(inner, around),
            Ty::Map(inner) => self.map(inner, around),
            Ty::Record(_) => self.record(ty, around)?,
            Ty::Kind(_) | Ty::Declaration => self.reference(ty, around)?,
            Ty::Secret(inner) => self.secret(inner, around)?,
            Ty::Free(hatch) => forms::free(self, *hatch).1,
            Ty::Int(low, high) => self.number(*low, *high),
            plain => literal::plain(self, plain)?,
        })
    }

    fn number(&mut self, low: i64, high: i64) -> String {
        let near = [low, high, low.saturating_add(1), 0, 1, 2, 9, 10, 14, 100, 1000];
        let near: Vec<i64> = near.into_iter().filter(|number| (low..=high).contains(number)).collect();
        self.one(&near).to_string()
    }

    fn list(&mut self, inner: &Ty, around: Around<'_>) -> String {
        // A list has own things less often than a field does.
        let away = Around { root: if self.is(70) { "" } else { around.root }, ..around };
        let many = self.random.below(4);
        let mut parts: Vec<String> = (0..many).filter_map(|_| self.value(inner, away)).collect();
        parts.dedup();
        format!("[{}]", parts.join(", "))
    }

    fn map(&mut self, inner: &Ty, around: Around<'_>) -> String {
        let mut keys = BTreeSet::new();
        let mut parts = Vec::new();
        for _ in 0..self.random.below(4) {
            let key = forms::key(self, inner);
            let Some(value) = self.value(inner, around) else { continue };
            if keys.insert(key.clone()) {
                parts.push(format!("{} = {value}", literal::text(&key)));
            }
        }
        if parts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", parts.join(", ")) }
    }

    /// A call of a function that returns such a record, or the record itself, often as a function would make it.
    fn record(&mut self, ty: &Ty, around: Around<'_>) -> Option<String> {
        let functions = self.schema.functions(ty);
        if !functions.is_empty() && self.is(60) {
            let (name, signature) = self.one(functions);
            let mut arguments = Vec::new();
            for parameter in &signature.parameters {
                if !parameter.optional || self.is(50) {
                    let value = self.value(&parameter.ty, around)?;
                    arguments.push(format!("{} = {value}", parameter.name));
                }
            }
            return Some(format!("{name}({})", arguments.join(", ")));
        }
        let Ty::Record(name) = ty else { return None };
        let shape = self.schema.shape(name);
        if !functions.is_empty() && self.is(50) {
            return self.spelled_out(shape, around);
        }
        // A volume is one thing.
        let source = (name == "side-volume").then(|| self.one(&SIDE_SOURCES));
        let mut parts = Vec::new();
        for field in settable(shape) {
            if source
                .is_some_and(|source| SIDE_SOURCES.contains(&field.name.as_str()) && field.name != source)
            {
                continue;
            }
            if source == Some(field.name.as_str()) {
                let value = match field.ty {
                    Ty::Bool => "true".to_owned(),
                    _ => self.value(field.ty.required().0, around)?,
                };
                self.sets.push(full_name(shape, field));
                parts.push(format!("{} = {value}", field.name));
                continue;
            }
            // A question has one answer.
            let is_second =
                field.name == "command" && parts.iter().any(|part: &String| part.starts_with("path ="));
            if is_second {
                continue;
            }
            // Fields of Kubernetes' objects are set by themselves.
            if pods::object(&shape.name, &field.name).is_none() && (!field.default || self.is(50)) {
                let Some(value) = self.value(&field.ty, around) else {
                    if field.default {
                        continue;
                    }
                    return None;
                };
                self.sets.push(full_name(shape, field));
                parts.push(format!("{} = {value}", field.name));
            }
        }
        Some(if parts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", parts.join(", ")) })
    }

    /// A record as one of the functions that return it makes it: the function's name is the word that some fields have,
    /// and its parameters are called like the other fields.
    fn spelled_out(&mut self, shape: &Shape, around: Around<'_>) -> Option<String> {
        let (function, signature) = self.one(self.schema.functions(&Ty::Record(shape.name.clone())));
        let word = Ty::Literal(function.clone());
        let mut parts = Vec::new();
        for field in settable(shape) {
            let value = if field.ty.arms().contains(&word) {
                function.to_string()
            } else if signature.parameters.iter().any(|parameter| parameter.name == field.name) {
                self.value(&field.ty, around)?
            } else {
                continue;
            };
            self.sets.push(full_name(shape, field));
            parts.push(format!("{} = {value}", field.name));
        }
        Some(format!("{{ {} }}", parts.join(", ")))
    }

    /// A secret, or a text with one in it.
    fn secret(&mut self, inner: &Ty, around: Around<'_>) -> Option<String> {
        let kind = if self.is(25) { "secret.key" } else { "secret" };
        let path = self.reference(&Ty::Kind(kind.into()), around)?;
        if self.is(80) || *inner != types::STRING {
            return Some(path);
        }
        let (before, after) = (literal::any(self), literal::any(self));
        Some(format!("\"{}${{{path}}}{}\"", literal::escaped(before), literal::escaped(after)))
    }

    /// Any whole number.
    pub(crate) fn any_number(&mut self) -> String {
        let Ty::Int(low, high) = INT else { return "0".to_owned() };
        self.number(low.saturating_add(1), high)
    }
}
