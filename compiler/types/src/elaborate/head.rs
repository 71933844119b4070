//! The clauses of a declaration's head: its templates, which of several it is, and a condition that is mistaken for two.

use std::sync::Arc;

use diagnostics::{Elsewhere, Reported};
use source::{ItemKey, Place, Span};
use syntax::ast::{self, Declare};

use super::Elaborator;
use super::kinds::is_half_read;
use crate::outline_node::OutlineNode;
use crate::problems::{
    misplaced_statement::pick_of_one,
    missing_place::membership_in_head,
    unknown_template::{kind_for_template, unknown_template, wrong_template},
};
use crate::symbol::Symbol;
use crate::{Core, TemplateCall, Ty, last_segment, queries};

impl Elaborator<'_> {
    /// Which of several a declaration is that reopens one of those that `node` has.
    pub(super) fn pick(
        &mut self,
        declare: &Declare,
        node: Option<&Arc<OutlineNode>>,
        name: &str,
    ) -> Option<Box<Core>> {
        let key = declare.pick.as_ref()?;
        if is_half_read(declare).is_some() {
            return None;
        }
        if !node.is_some_and(|node| node.repeated) {
            let word = syntax::ast::dotted(&declare.kind);
            self.report(pick_of_one(self.place(key.span), name, &word));
            return None;
        }
        Some(Box::new(self.key(key)))
    }

    /// `: template(arguments) + other`; of those with a problem the first report.
    pub(super) fn templates(
        &mut self,
        used: &[ast::TemplateUse],
        kind: &str,
    ) -> (Box<[TemplateCall]>, Option<Reported>) {
        let mut lost = None;
        let calls = used.iter().filter_map(|used| match self.template_use(used, kind) {
            Ok(call) => Some(call),
            Err(reported) => {
                lost = lost.or(Some(reported));
                None
            }
        });
        (calls.collect(), lost)
    }

    fn template_use(&mut self, used: &ast::TemplateUse, kind: &str) -> Result<TemplateCall, Reported> {
        let name = &used.name.text;
        if self.has_cursor(std::slice::from_ref(&used.name)) {
            self.ask_template(kind);
            return Err(Reported::elsewhere(Elsewhere::Operand));
        }
        let word = names::word(self.db, name);
        let Some(template) = names::defined(self.db, word).template.clone() else {
            if names::defined(self.db, word).kind.is_some() {
                return Err(self.report(kind_for_template(self.place(used.name.span), name)));
            }
            let fits = |key: &ItemKey| {
                queries::signature(self.db, key)
                    .is_some_and(|signature| signature.result == Ty::Kind(kind.into()))
            };
            let index = names::index(self.db);
            let templates = index.defined_names().filter(|(_, is)| is.template.as_ref().is_some_and(fits));
            let all: Vec<&str> = templates.map(|(name, _)| name.as_str()).collect();
            let place = self.place(used.name.span);
            return Err(self.report(unknown_template(place, name, last_segment(kind), &all)));
        };
        let Some(signature) = queries::signature(self.db, &template) else {
            return Err(Reported::elsewhere(Elsewhere::Declaration));
        };
        if let Ty::Kind(made) = &signature.result
            && made != kind
        {
            let declared = Place::new(&template, signature.span);
            let (made, wanted) = (last_segment(made), last_segment(kind));
            let place = self.place(used.name.span);
            return Err(self.report(wrong_template(place, name, made, wanted, declared)));
        }
        self.note(used.name.span, |_| Some(Symbol::Item(template.clone())));
        let arguments = self.arguments(name, &template, signature, &used.arguments, used.span);
        Ok(TemplateCall { template, arguments, span: used.span })
    }

    /// Says that `if x in xs` stands in a head without parentheses, where the condition has a problem (`reported`), what
    /// `in` says has one too, and they stand side by side. That is all there is to say then.
    pub(super) fn bare_membership(&mut self, declare: &Declare, before: usize, reported: Option<Reported>) {
        let (Some(condition), Some(place), Some(_)) = (&declare.condition, &declare.place, reported) else {
            return;
        };
        let between = Span::new(condition.span.end, place.span.start);
        let is_one = between.start < between.end && between.len() == u32::try_from(" in ".len()).unwrap_or(0);
        let both =
            self.problems.iter().skip(before).filter(|problem| problem.place.span.end <= place.span.end);
        if is_one && both.count() > 1 {
            self.problems.truncate(before);
            let word = self.place(Span::new(between.start + 1, between.end - 1));
            self.report(membership_in_head(word, self.place(condition.span.to(place.span))));
        }
    }
}
