//! What could stand where an editor's cursor is: found while an item is elaborated in whose text [`CURSOR`] stands there.

use smol_str::SmolStr;
use syntax::ast::{Expr, Name};

use super::Elaborator;
use crate::relation::is_deployed;
use crate::symbol::Symbol;
use crate::{BUILTINS, Fits, STRING, Shape, Ty, Want, fits, last_segment, properties, queries};

/// The word that stands where the cursor is, behind what is typed already. Nobody calls anything so.
pub const CURSOR: &str = "zzcursorzz";

/// What is asked for at the cursor.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// What stands there.
    pub place: AskedPlace,
    /// What could, in no order: of what the lab and the library have, what is [meant](is_meant) by what is typed already.
    pub candidates: Vec<Candidate>,
}

/// What stands at the cursor.
#[derive(Clone, Debug, PartialEq)]
pub enum AskedPlace {
    /// A value, of this type if one is wanted.
    Value(Option<Ty>),
    /// A part of a value of this type.
    Part(Ty),
    /// What a declaration of this kind, or a record, says.
    Field(SmolStr),
    /// A template for this kind.
    Template(SmolStr),
    /// The unit of a number where this type is wanted.
    Unit(Option<Ty>),
}

/// What could stand at the cursor.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What is written.
    pub name: SmolStr,
    /// What sort of thing it is.
    pub sort: CandidateSort,
    /// Its type.
    pub ty: Option<Ty>,
    /// Whether its type is what is wanted.
    pub fits: Fits,
    /// What it refers to.
    pub symbol: Option<Symbol>,
}

/// Sorts of candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CandidateSort {
    /// A word of a choice, `true`, `false`, `none`.
    Word,
    /// A parameter, a variable, the name of a `let`.
    Local,
    /// A field that must be set.
    Required,
    /// A field.
    Field,
    /// A kind of which something can be declared here.
    Kind,
    /// A declaration.
    Declaration,
    /// A constant.
    Constant,
    /// All declarations of a kind.
    Collection,
    /// A fact of a value.
    Property,
    /// A function.
    Function,
    /// A template.
    Template,
    /// A parameter's name.
    Parameter,
    /// A file or folder, in a path.
    File,
}

/// Takes a candidate: what is written, what sort of thing it is, its type, what it refers to.
type Push<'p> = dyn FnMut(&str, CandidateSort, Ty, Option<Symbol>) + 'p;

impl Candidate {
    /// The same behind those that surely fit.
    fn unsure(self) -> Self {
        Self { fits: self.fits.min(Fits::Perhaps), ..self }
    }
}

/// Whether the cursor stands in this word.
pub(super) fn is_cursor(word: &str) -> bool {
    word.contains(CURSOR)
}

/// Whether somebody who has typed `typed` may mean `name`: its letters come up in that in this order, the first of them
/// first.
pub fn is_meant(typed: &str, name: &str) -> bool {
    // Nearly all are ASCII, and there are many of them.
    if typed.is_ascii() && name.is_ascii() {
        let [typed, name] = [typed, name].map(|text| text.bytes().map(|byte| byte.to_ascii_lowercase()));
        return come_up(typed, name);
    }
    let [typed, name] = [typed, name].map(|text| text.chars().flat_map(char::to_lowercase));
    come_up(typed, name)
}

/// Whether all of `some` come up in `all`, in their order, the first of them first.
fn come_up<T: PartialEq>(mut some: impl Iterator<Item = T>, mut all: impl Iterator<Item = T>) -> bool {
    let Some(first) = some.next() else { return true };
    all.next() == Some(first) && some.all(|one| all.any(|other| other == one))
}

impl Elaborator<'_> {
    /// Notes what could stand in the place of `name`, which has the cursor in it.
    pub(super) fn ask_value(&mut self, name: &str, want: Option<&Want>) {
        let wanted = want.map(|want| &want.ty);
        let typed = name.split(CURSOR).next().unwrap_or_default();
        let mut found = Vec::new();
        self.words(wanted, &mut found);
        self.near_names(wanted, &mut found);
        self.lab_names(typed, wanted, &mut found);
        self.functions(typed, wanted, &mut found);
        self.answer(AskedPlace::Value(wanted.cloned()), found);
    }

    fn words(&self, wanted: Option<&Ty>, into: &mut Vec<Candidate>) {
        let word = |name: &str, ty: Ty| self.candidate((name, CandidateSort::Word), ty, wanted, None);
        into.extend(wanted.into_iter().flat_map(Ty::words).map(|name| word(name, Ty::Literal(name.clone()))));
        into.extend(["true", "false"].map(|name| word(name, Ty::Bool)));
        into.push(word("none", Ty::None));
        if let Some(itself) = &self.itself {
            into.push(word("self", Ty::Kind(itself.kind.clone())));
        }
    }

    /// Locals, and what is declared around.
    fn near_names(&self, wanted: Option<&Ty>, into: &mut Vec<Candidate>) {
        let locals = self.locals.iter().map(|local| (&local.name, &local.ty, local.span));
        for (name, ty, span) in locals.chain(self.lets_around()).filter(|(name, ..)| !is_cursor(name)) {
            let symbol = Some(self.local_symbol(span));
            into.push(self.candidate((name, CandidateSort::Local), ty.clone(), wanted, symbol));
        }
        let own = self.itself.as_ref().filter(|itself| itself.place);
        let shape = own.and_then(|itself| Some((itself, queries::shape_of(self.db, &itself.kind)?)));
        if let Some((itself, place)) = shape.and_then(|(itself, shape)| Some((itself, shape.place()?))) {
            let symbol = Some(Symbol::Field(itself.kind.clone(), place.name.clone()));
            into.push(self.candidate((&place.name, CandidateSort::Local), place.ty.clone(), wanted, symbol));
        }
        for (base, node) in &self.scopes {
            for child in node.children.iter().filter(|child| !child.is_lost() && !is_cursor(&child.name)) {
                let typed = crate::meaning::nested(base.clone(), child, base.span);
                let symbol = self.symbol(&typed.core, &typed.ty);
                into.push(self.candidate(
                    (&child.name, CandidateSort::Declaration),
                    typed.ty,
                    wanted,
                    symbol,
                ));
            }
        }
    }

    /// What the lab and the library declare. There is a lot of it: nothing is found out about what is not meant.
    fn lab_names(&self, typed: &str, wanted: Option<&Ty>, into: &mut Vec<Candidate>) {
        let index = names::index(self.db);
        for (name, all) in index.declared_names().filter(|(name, _)| is_meant(typed, name)) {
            for one in all.iter().filter(|one| one.item != *self.item && one.item.nth() == 0) {
                let ty = self.of_item(one, source::Span::default()).ty;
                let symbol = Some(Symbol::Item(one.item.clone()));
                into.push(self.candidate((name, CandidateSort::Declaration), ty, wanted, symbol));
            }
        }
        for (plural, kind) in queries::plurals(self.db).iter().filter(|(plural, _)| is_meant(typed, plural)) {
            let ty = Ty::list(Ty::Kind(kind.clone()));
            let symbol = Some(Symbol::All(kind.clone()));
            into.push(self.candidate((plural, CandidateSort::Collection), ty, wanted, symbol));
        }
        for (name, is) in index.defined_names().filter(|(name, _)| is_meant(typed, name)) {
            if let Some(item) = is.constant.as_ref().filter(|item| *item != self.item) {
                let ty = queries::constant_type(self.db, item);
                let symbol = Some(Symbol::Item(item.clone()));
                into.push(self.candidate((name, CandidateSort::Constant), ty, wanted, symbol));
            }
            let only = is
                .kind
                .as_ref()
                .and_then(|_| queries::only_declaration(self.db, names::word(self.db, name)).as_ref());
            if let Some(item) = only.filter(|item| *item != self.item) {
                let (ty, symbol) = (Ty::Kind(name.clone()), Some(Symbol::Item(item.clone())));
                into.push(self.candidate((name, CandidateSort::Declaration), ty, wanted, symbol).unsure());
            }
        }
    }

    fn functions(&self, typed: &str, wanted: Option<&Ty>, into: &mut Vec<Candidate>) {
        let index = names::index(self.db);
        for (name, is) in index.defined_names().filter(|(name, _)| is_meant(typed, name)) {
            let Some(function) = is.function.as_ref() else { continue };
            let Some(signature) = queries::signature(self.db, function) else { continue };
            let (ty, symbol) = (signature.result.clone(), Some(Symbol::Item(function.clone())));
            into.push(self.candidate((name, CandidateSort::Function), ty, wanted, symbol));
        }
        for (name, _, builtin) in BUILTINS.iter().filter(|(name, ..)| is_meant(typed, name)) {
            let (ty, symbol) = (builtin.usual_result(), Some(Symbol::Builtin((*name).into())));
            into.push(self.candidate((name, CandidateSort::Function), ty, wanted, symbol).unsure());
        }
    }

    /// Notes what could stand behind a dot.
    pub(super) fn ask_part(&mut self, of: &super::Typed, want: Option<&Ty>) {
        let mut found = Vec::new();
        let mut push = |name: &str, sort, ty: Ty, symbol| {
            found.push(self.candidate((name, sort), ty, want, symbol));
        };
        match of.ty.required().0 {
            Ty::Kind(kind) => self.of_declaration(of, kind, &mut push),
            Ty::Record(record) => {
                for field in queries::shape_of(self.db, record).iter().flat_map(|shape| &shape.fields) {
                    let symbol = Symbol::Field(record.clone(), field.name.clone());
                    push(&field.name, CandidateSort::Field, field.ty.clone(), Some(symbol));
                }
            }
            Ty::Fields(fields) => {
                for (name, ty) in fields.iter() {
                    push(name, CandidateSort::Field, ty.clone(), None);
                }
            }
            other => {
                for (name, _, ty) in properties(other) {
                    push(name, CandidateSort::Property, ty, None);
                }
            }
        }
        found.dedup_by(|a, b| a.name == b.name && a.sort == b.sort);
        self.answer(AskedPlace::Part(of.ty.clone()), found);
    }

    /// What could stand behind the dot of a declaration of a kind.
    fn of_declaration(&self, of: &super::Typed, kind: &SmolStr, push: &mut Push<'_>) {
        let shape = queries::shape_of(self.db, kind);
        for field in shape.iter().flat_map(|shape| &shape.fields) {
            let symbol = Symbol::Field(kind.clone(), field.name.clone());
            push(&field.name, CandidateSort::Field, field.ty.clone(), Some(symbol));
        }
        for (_, full) in shape.iter().flat_map(|shape| &shape.nested) {
            if let Some(inner) = queries::shape_of(self.db, full) {
                let (ty, symbol) = (Ty::list(Ty::Kind(full.clone())), Symbol::All(full.clone()));
                push(&inner.plural, CandidateSort::Collection, ty, Some(symbol));
            }
        }
        let made = queries::made_of(self.db, kind).iter();
        for child in of.node.iter().flat_map(|node| &node.children).chain(made) {
            let symbol = self.member_symbol(of, child);
            push(&child.name, CandidateSort::Declaration, Ty::Kind(child.kind.clone()), symbol);
        }
        push("name", CandidateSort::Property, STRING, None);
        if is_deployed(self.db, kind) && shape.is_none_or(|shape| shape.field("path").is_none()) {
            push("path", CandidateSort::Property, STRING, None);
        }
        for one in self.named_behind(of, kind) {
            let symbol = Some(Symbol::Item(one.item.clone()));
            push(one.item.name(), CandidateSort::Declaration, Ty::Kind(one.kind.clone()), symbol);
        }
    }

    /// The declarations that are called by what stands before the dot: by their kind (`app.n8n`), or by the namespace that
    /// their names belong to.
    fn named_behind(&self, of: &super::Typed, kind: &SmolStr) -> Vec<&names::Declared> {
        if is_bare_kind(of, kind) {
            let all = names::index(self.db).declarations().iter();
            return all.filter(|declared| declared.kind == *kind).collect();
        }
        match self.symbol(&of.core, &of.ty) {
            Some(Symbol::Item(place)) => self.all_in_place(place.name()).collect(),
            _ => Vec::new(),
        }
    }

    fn member_symbol(&self, of: &super::Typed, child: &std::sync::Arc<crate::OutlineNode>) -> Option<Symbol> {
        let typed = crate::meaning::nested(of.core.clone(), child, of.core.span);
        self.symbol(&typed.core, &typed.ty)
    }

    /// Notes what a declaration or record of this shape could say.
    pub(super) fn ask_field(&mut self, shape: &Shape) {
        let mut found = Vec::new();
        let free = |name: &SmolStr| !self.siblings.contains(name);
        for field in shape.fields.iter().filter(|field| !field.derived && !field.place && free(&field.name)) {
            found.push(Candidate {
                name: field.name.clone(),
                sort: if field.is_required() { CandidateSort::Required } else { CandidateSort::Field },
                fits: if field.deprecated.is_some() { Fits::No } else { Fits::Yes },
                ty: Some(field.ty.clone()),
                symbol: Some(Symbol::Field(shape.name.clone(), field.name.clone())),
            });
        }
        for (word, full) in &shape.nested {
            found.push(Candidate {
                name: word.clone(),
                sort: CandidateSort::Kind,
                fits: Fits::Yes,
                ty: Some(Ty::Kind(full.clone())),
                symbol: Some(Symbol::Kind(full.clone())),
            });
        }
        for child in queries::made_of(self.db, &shape.name) {
            let unnamed = child.name == last_segment(&child.kind);
            let word = last_segment(&child.kind);
            found.push(Candidate {
                name: if unnamed { word.into() } else { smol_str::format_smolstr!("{word} {}", child.name) },
                sort: CandidateSort::Kind,
                fits: Fits::Perhaps,
                ty: Some(Ty::Kind(child.kind.clone())),
                symbol: Some(Symbol::Kind(child.kind.clone())),
            });
        }
        self.answer(AskedPlace::Field(shape.name.clone()), found);
    }

    /// Notes which templates there are for a kind.
    pub(super) fn ask_template(&mut self, kind: &str) {
        let index = names::index(self.db);
        let templates = index.defined_names().filter_map(|(name, is)| Some((name, is.template.as_ref()?)));
        let found = templates.filter(|(_, item)| *item != self.item).map(|(name, item)| {
            let result = queries::signature(self.db, item).map(|signature| signature.result.clone());
            let is_for = result.as_ref().is_some_and(|ty| *ty == Ty::Kind(kind.into()));
            Candidate {
                name: name.clone(),
                sort: CandidateSort::Template,
                fits: if is_for { Fits::Yes } else { Fits::No },
                ty: result,
                symbol: Some(Symbol::Item(item.clone())),
            }
        });
        self.answer(AskedPlace::Template(kind.into()), found.collect());
    }

    /// Notes that the unit of a number is asked for.
    pub(super) fn ask_unit(&mut self, want: Option<&Want>) {
        self.answer(AskedPlace::Unit(want.map(|want| want.ty.clone())), Vec::new());
    }

    /// Notes the names of parameters that an argument could be given to.
    pub(super) fn ask_parameter(&mut self, item: &source::ItemKey, parameters: &[crate::Parameter]) {
        let all = parameters.iter().map(|one| Candidate {
            name: one.name.clone(),
            sort: CandidateSort::Parameter,
            ty: Some(one.ty.clone()),
            fits: Fits::Perhaps,
            symbol: Some(Symbol::Local(item.clone(), one.span)),
        });
        let all: Vec<Candidate> = all.collect();
        match self.noted.as_mut().and_then(|noted| noted.asked.as_mut()) {
            Some(asked) => asked.candidates.extend(all),
            None => self.answer(AskedPlace::Value(None), all),
        }
    }

    /// Whether the cursor stands in the first of a chain of names, so that nothing else is to be looked for.
    pub(super) fn begins_with_cursor(&self, base: &Expr) -> bool {
        self.noted.is_some() && super::unknown_member::root(base).is_some_and(|(name, _)| is_cursor(&name))
    }

    /// Whether a segment of `path` has the cursor in it, which is noted.
    pub(super) fn has_cursor(&self, path: &[Name]) -> bool {
        self.noted.is_some() && path.last().is_some_and(|name| is_cursor(&name.text))
    }

    /// A candidate of a type where `wanted` is expected.
    fn candidate(
        &self,
        (name, sort): (&str, CandidateSort),
        ty: Ty,
        wanted: Option<&Ty>,
        symbol: Option<Symbol>,
    ) -> Candidate {
        let fits = match wanted {
            // What has a problem may be anything.
            Some(wanted) if ty != Ty::Error => fits(self.db, ty.required().0, wanted),
            _ => Fits::Perhaps,
        };
        Candidate { name: name.into(), sort, ty: Some(ty), fits, symbol }
    }

    fn answer(&mut self, place: AskedPlace, candidates: Vec<Candidate>) {
        if let Some(noted) = &mut self.noted
            && noted.asked.is_none()
        {
            noted.asked = Some(Asked { place, candidates });
        }
    }
}

/// Whether an expression is the bare word of a kind: `app.`, behind which a name can stand.
fn is_bare_kind(of: &super::Typed, kind: &str) -> bool {
    matches!(&of.core.kind, crate::CoreKind::Sole(sole) if sole == kind)
}
