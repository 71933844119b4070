//! What declared things may be called.

use source::ItemKey;
use syntax::ast::{Name, Statement, StatementKind};

use super::Elaborator;
use crate::item::name_span;
use crate::problems::{
    hidden_name::{hidden_constant, hidden_type, hides_library},
    reserved_word::reserved_word,
};
use crate::resolve::TYPES;
use crate::{BUILTINS, queries};

impl Elaborator<'_> {
    /// Says that an item has a name that nobody could refer to, or that hides what comes with `hlc`.
    pub fn called(&mut self, key: &ItemKey, statement: &Statement) {
        let Some(name) = declared_name(statement) else { return };
        self.unreserved(name);
        if key.is_std() {
            return;
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
