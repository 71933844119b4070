//! What a block sets: paths, each once, and what becomes of what they hold already.

use smol_str::SmolStr;
use source::Span;
use syntax::ast::{self, ExprKind, Key, Name};

use super::Elaborator;
use crate::problems::{duplicate_field::duplicate_field, old_form::replaces_anyway};
use crate::{Core, Edition, How, STRING, Seen, SetCore, Want, queries};

/// What `x = only(value)` begins with, in edition 0.1.
pub(super) const ONLY: &str = "only";

/// A path, of which some segments may be computed.
#[derive(Clone, Default)]
pub(super) struct Way {
    /// Its segments; those that are computed as they are written.
    pub(super) names: Vec<Name>,
    /// The texts of those that are computed, and which they are.
    keys: Vec<(usize, Core)>,
}

impl Way {
    /// Whether a segment is computed.
    pub(super) fn is_computed(&self, at: usize) -> bool {
        self.keys.iter().any(|(key, _)| *key == at)
    }

    /// Its last segment, if it has any.
    pub(super) fn last(&self) -> Option<&Name> {
        self.names.last()
    }

    /// Where it is written.
    fn span(&self) -> Span {
        match (self.names.first(), self.names.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::default(),
        }
    }

    /// Without its last segment.
    pub(super) fn around(&self) -> Self {
        let len = self.names.len().saturating_sub(1);
        let keys = self.keys.iter().filter(|(at, _)| *at < len).cloned().collect();
        Self { names: self.names[..len].to_vec(), keys }
    }

    /// That what it leads to is set to `value`.
    pub(super) fn set(&self, how: How, value: Core) -> SetCore {
        let path = self.names.iter().map(|name| name.text.clone()).collect();
        SetCore { path, keys: self.keys.clone().into(), span: self.span(), how, value }
    }

    /// Its segments as texts.
    pub(super) fn texts(&self) -> Vec<SmolStr> {
        self.names.iter().map(|name| name.text.clone()).collect()
    }
}

impl Elaborator<'_> {
    /// The path that goes on with `path` where `before` ends.
    pub(super) fn way(&mut self, before: &Way, path: &[Name], keys: &[Key]) -> Way {
        let mut way = before.clone();
        way.names.extend(path.iter().cloned());
        for key in keys {
            let text = self.check(&key.value, &Want::of(STRING));
            way.keys.push((before.names.len() + key.at, text));
        }
        way
    }

    /// The value that is set, and what becomes of what is there already.
    pub(super) fn how_to_set<'s>(&mut self, set: &'s ast::Set, joins: bool) -> (&'s ast::Expr, How) {
        if set.append {
            return (&set.value, How::Append);
        }
        let only = replaced_by(&set.value);
        // Of what is no map nothing stays anyway.
        if only.is_none() && !joins {
            return (&set.value, How::Join);
        }
        match (self.edition(), only) {
            (Edition::V0_1, Some(value)) => (value, How::Replace),
            (Edition::V0_1, None) => (&set.value, How::Join),
            (_, Some(value)) => {
                let inner = self.place(value.span);
                self.report(replaces_anyway(self.place(set.value.span), &inner));
                (value, How::Replace)
            }
            (_, None) => (&set.value, How::Replace),
        }
    }

    /// The edition that the item is written in; the library's is the newest.
    fn edition(&self) -> Edition {
        if self.item.is_std() { Edition::NEWEST } else { queries::lab_edition(self.db) }
    }

    /// Reports a path that the block has set already.
    pub(super) fn set_once(&mut self, way: &Way, set: &ast::Set, seen: &mut Seen) {
        let Some(last) = way.last().filter(|_| !set.append) else { return };
        if let Some(first) = seen.insert(way.texts(), last.span) {
            let adds = matches!(set.value.kind, ExprKind::List(_) | ExprKind::Record(_));
            self.report(duplicate_field(self.place(last.span), &last.text, self.place(first), adds));
        }
    }
}

/// The value of `only(value)`.
fn replaced_by(value: &ast::Expr) -> Option<&ast::Expr> {
    let ExprKind::Call(call) = &value.kind else { return None };
    match (&call.callee.kind, call.arguments.as_slice()) {
        (ExprKind::Name(name), [argument]) if name == ONLY && argument.name.is_none() => {
            Some(&argument.value)
        }
        _ => None,
    }
}
