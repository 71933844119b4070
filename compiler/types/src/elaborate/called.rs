//! What declared things may be called.

use std::sync::Arc;

use source::{ItemKey, Place, Span};
use syntax::ast::{Content, Declare, ExprKind, Name, Set, Statement, StatementKind};

use super::Elaborator;
use super::kinds::is_half_read;
use crate::item::name_span;
use crate::problems::{
    hidden_name::{hidden_constant, hidden_type, hides_library},
    quoted_name::{escaped_name, quoted_name},
    reserved_word::reserved_word,
    unknown_field::without_name,
};
use crate::resolve::TYPES;
use crate::{BUILTINS, Shape, last_segment, queries};

/// The kind that every lab has one of, by which it is called everywhere.
const LAB: &str = "lab";

impl Elaborator<'_> {
    /// Says that an item has a name that nobody could refer to, or that hides what comes with `hlc`.
    pub fn called(&mut self, key: &ItemKey, statement: &Statement) {
        let Some(name) = declared_name(statement) else { return };
        self.unreserved(name);
        if key.is_std() {
            return;
        }
        // The library says 'lab' of the lab; what else is called so would be meant there.
        let is_value = match &statement.kind {
            StatementKind::Declare(declare) => declare.kind.iter().all(|word| word.text != LAB),
            StatementKind::Set(_) => true,
            _ => false,
        };
        if is_value && name.text == LAB {
            self.report(reserved_word(self.place(name.span), LAB));
        }
        let place = self.place(name_span(statement));
        let text = name.text.as_str();
        let hides = |word: &str| {
            let hidden = &names::defined(self.db, names::word(self.db, text)).hidden;
            hidden.iter().any(|item| item.first_word() == word)
        };
        let problem = match &statement.kind {
            StatementKind::Kind(_) if hides("kind") => hides_library(place, &format!("kind '{text}'")),
            StatementKind::Template(_) if hides("template") => {
                hides_library(place, &format!("template '{text}'"))
            }
            StatementKind::Function(_)
                if hides("fn") || BUILTINS.iter().any(|(builtin, ..)| *builtin == text) =>
            {
                hides_library(place, &format!("function '{text}'"))
            }
            StatementKind::Alias(_) if TYPES.iter().any(|(builtin, _)| *builtin == text) => {
                hidden_type(place, text)
            }
            StatementKind::Alias(_) if hides("type") => hides_library(place, &format!("type '{text}'")),
            StatementKind::Set(_) if queries::plurals(self.db).contains_key(text) => {
                hidden_constant(place, text)
            }
            _ => return,
        };
        self.warn(problem);
    }

    /// Says that a name is a word of the language.
    pub(super) fn unreserved(&mut self, name: &Name) {
        if syntax::is_reserved(&name.text) {
            self.report(reserved_word(self.place(name.span), &name.text));
        }
    }

    /// Says so where a declaration's name stands in quotes and may not.
    pub(super) fn in_quotes_rightly(&mut self, name: &Name, shape: &Shape) {
        let place = self.place(name.span);
        if !shape.quoted {
            // Without quotes it is called as before.
            let word = as_word(&name.text).filter(|word| *word == name.text || self.is_free(word));
            self.report(quoted_name(place, &shape.described(), word.as_deref()));
        } else if name.text.contains(['"', '\\']) || name.text.chars().any(char::is_control) {
            self.report(escaped_name(place));
        }
    }

    /// Says so where a declaration says its value behind its kind, at `kind`, and not what it is called: `port 80`. To
    /// the parser, that may be a field without its `=`.
    pub(super) fn named_rightly(
        &mut self,
        declare: &Declare,
        (shape, item): (&Arc<Shape>, &ItemKey),
        kind: Span,
    ) {
        let is_lost =
            matches!(&declare.content, Content::Primary(value) if matches!(value.kind, ExprKind::Error));
        if declare.name.is_some() || !is_lost || is_half_read(declare).is_none() {
            return;
        }
        self.without_name(kind, (shape, item));
    }

    /// As `named_rightly`, at the top of a file, where the parser takes it for a constant.
    pub fn named_constant(&mut self, set: &Set) {
        let [kind] = set.path.as_slice() else { return };
        if matches!(set.value.kind, ExprKind::Error)
            && let Some(of_kind) = queries::shape(self.db, &kind.text).filter(|(shape, _)| !shape.record)
        {
            self.without_name(kind.span, of_kind);
        }
    }

    fn without_name(&mut self, kind: Span, (shape, item): (&Arc<Shape>, &ItemKey)) {
        let Some(tree) = names::find(self.db, self.item).map(|item| names::parsed(self.db, item)) else {
            return;
        };
        if tree.problems.iter().any(|problem| problem.place.span == Span::empty(kind.end)) {
            self.reread.push(kind.end);
            let problem = without_name(self.place(kind), last_segment(&shape.name), shape.body());
            let declared = Place::new(item, shape.span);
            self.report(problem.also(declared, format!("{} is declared here", shape.described())));
        }
    }

    /// Whether nothing is called so.
    fn is_free(&self, word: &str) -> bool {
        let is = names::meanings(self.db, names::word(self.db, word));
        let is_near = self.scopes.last().is_some_and(|(_, node)| node.child(word).is_some());
        is.declared.is_empty() && !is_near && !syntax::is_reserved(word)
    }
}

/// The name that an item declares, if it says one.
fn declared_name(statement: &Statement) -> Option<&Name> {
    Some(match &statement.kind {
        StatementKind::Kind(kind) => &kind.name,
        StatementKind::Template(template) => &template.name,
        StatementKind::Function(function) => &function.name,
        StatementKind::Alias(alias) => &alias.name,
        StatementKind::Let(binding) => &binding.name,
        StatementKind::Set(set) if set.path.len() == 1 => &set.path[0],
        StatementKind::Declare(declare) => declare.name.as_ref()?,
        _ => return None,
    })
}

/// The word that a text is, or comes near.
fn as_word(text: &str) -> Option<String> {
    let is_of_word = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let parts: Vec<&str> = text.split(|char| !is_of_word(char)).filter(|part| !part.is_empty()).collect();
    let word = parts.join("-").to_ascii_lowercase();
    word.starts_with(|first: char| first.is_ascii_alphabetic()).then_some(word)
}
