//! What declarations of a kind can say.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostics::Problem;
use smol_str::SmolStr;
use source::Span;

use crate::{Hatch, Ty};

/// The fields of a kind or record type. Its spans are those of the item that declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that a kind says of itself")]
pub struct Shape {
    /// Its full name: `app`, `app.port` for a nested kind, `host#firewall` for the record type of a field,
    /// `#chart` for a record type with a name of its own.
    pub name: SmolStr,
    /// Its documentation.
    pub doc: Option<SmolStr>,
    /// Its fields, in the order written; the place (`in namespace`) among them.
    pub fields: Vec<FieldShape>,
    /// The names of the kinds nested in it: short and full.
    pub nested: Vec<(SmolStr, SmolStr)>,
    /// What it takes in fields of any other name, if it takes such.
    pub open: Option<Hatch>,
    /// Whether there can be only one.
    pub single: bool,
    /// Whether names of its declarations may stand in quotes, and be no words.
    pub quoted: bool,
    /// Whether names of its declarations are their namespace's own: two may have one, in different namespaces.
    pub local: bool,
    /// Whether each of its declarations makes others.
    pub makes: bool,
    /// What its declarations are called together.
    pub plural: SmolStr,
    /// Whether it is a record type and not a kind.
    pub record: bool,
    /// Where its name is written.
    pub span: Span,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that a kind says of a field")]
pub struct FieldShape {
    /// Its name.
    pub name: SmolStr,
    /// Its documentation.
    pub doc: Option<SmolStr>,
    /// Its type.
    pub ty: Ty,
    /// Whether it can be left out.
    pub default: bool,
    /// Whether it follows from other fields.
    pub derived: bool,
    /// Whether it is computed only where it is asked for.
    pub lazy: bool,
    /// Whether it names a declaration that is in the same one: a port of this app.
    pub own: bool,
    /// Whether it is what `= value` sets.
    pub primary: bool,
    /// Whether it is what `in` sets.
    pub place: bool,
    /// What to do instead, where it is going away.
    pub deprecated: Option<SmolStr>,
    /// Where its name is written.
    pub span: Span,
}

/// The shapes that one item declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shapes {
    /// By full name.
    pub all: BTreeMap<SmolStr, Arc<Shape>>,
    /// What a `type` item stands for, or what a constant says it is.
    pub alias: Option<Ty>,
    /// How a function or template is called.
    pub signature: Option<Signature>,
    /// What is wrong with the types.
    pub problems: Vec<Problem>,
    /// Whether the types are made of themselves, so that nothing is known of them.
    pub circular: bool,
}

/// How a function or template is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// What a function returns; of a template, the kind that it makes.
    pub result: Ty,
    /// Where its name is written.
    pub span: Span,
}

/// A parameter of a function or template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: SmolStr,
    /// Its type.
    pub ty: Ty,
    /// Whether it can be left out.
    pub optional: bool,
    /// Where its name is written.
    pub span: Span,
}

impl FieldShape {
    /// Whether it must be said: it has no default, follows from nothing, and may not be left out.
    pub fn is_required(&self) -> bool {
        !self.default && !self.derived && !matches!(self.ty, Ty::Optional(_))
    }
}

impl Shape {
    /// The fields that a declaration's body, or a record, must set.
    pub fn required(&self) -> impl Iterator<Item = &FieldShape> {
        self.fields.iter().filter(|field| field.is_required() && !field.place)
    }

    /// The field called `name`.
    pub fn field(&self, name: &str) -> Option<&FieldShape> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Which of the fields is called `name`.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The field that `= value` sets.
    pub fn primary(&self) -> Option<&FieldShape> {
        self.fields.iter().find(|field| field.primary)
    }

    /// What mostly stands behind the name of a declaration, as help shows it.
    pub(crate) fn body(&self) -> &'static str {
        if self.primary().is_some() { "= …" } else { "{ … }" }
    }

    /// The field that `in` sets.
    pub fn place(&self) -> Option<&FieldShape> {
        self.fields.iter().find(|field| field.place)
    }

    /// The full name of the nested kind that is called `word` here.
    pub fn nested(&self, word: &str) -> Option<&SmolStr> {
        self.nested.iter().find(|(short, _)| short == word).map(|(_, full)| full)
    }

    /// What people call it: `an app`, and `'resources'` for a record type.
    pub fn described(&self) -> String {
        let word = crate::last_segment(&self.name);
        if self.record { format!("'{word}'") } else { crate::with_article(word) }
    }
}

impl Signature {
    /// As people write the call: `chart(name, repo, version)`.
    pub fn written(&self, name: &str) -> String {
        let parameters: Vec<&str> = self.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        format!("{name}({})", parameters.join(", "))
    }
}
