//! Parts of values that they do not have: what was meant.

use std::sync::Arc;

use diagnostics::{Edit, Elsewhere, Reported, did_you_mean};
use smol_str::SmolStr;
use source::{ItemKey, Place, Span};
use syntax::ast::{self, ExprKind, Name};

use super::member::written;
use super::{Elaborator, Typed};
use crate::item::name_span;
use crate::outline_node::OutlineNode;
use crate::problems::{
    Remedy,
    type_mismatch::cannot_apply,
    unknown_field::{nothing_called, unknown_field},
    unknown_name::unknown_name,
};
use crate::{Core, CoreKind, Form, Ty, Value, Want, last_segment, queries};

/// So many parts at most are listed where none is near.
const MOST_LISTED: usize = 8;

/// A part of something, and its type.
pub(super) type Part<'a> = (&'a str, Ty);

impl Elaborator<'_> {
    /// `owner` has no part called `name`; `all` are those that it has.
    pub(super) fn no_member(
        &mut self,
        owner: &str,
        name: &Name,
        all: &[Part<'_>],
        wanted: Option<&Ty>,
    ) -> Typed {
        let remedy = self.meant_member(name, all, wanted);
        let reported = self.report(remedy.of(unknown_field(self.place(name.span), owner, &name.text)));
        Typed::error(name.span, reported)
    }

    fn meant_member(&self, name: &Name, parts: &[Part<'_>], wanted: Option<&Ty>) -> Remedy {
        let all: Vec<&str> = parts.iter().map(|(part, _)| *part).collect();
        let is_subtraction = |(at, _): &(usize, &str)| {
            all.contains(&&name.text[..*at]) && name.text[at + 1..].parse::<u64>().is_ok()
        };
        if let Some((at, _)) = name.text.match_indices('-').find(is_subtraction) {
            let right = format!("{} - {}", &name.text[..at], &name.text[at + 1..]);
            let help = Remedy::help(format!("'-' is a part of names: to subtract, write '{right}'"));
            return help.change(self.place(name.span), &right);
        }
        let fitting = parts.iter().filter(|(_, ty)| self.can_be(ty, wanted)).map(|(part, _)| *part);
        let fitting = diagnostics::closest(&name.text, fitting, 3);
        if let [one] = fitting.as_slice() {
            return Remedy { help: did_you_mean(&[one]), fix: None }.change(self.place(name.span), one);
        }
        // What does not fit may be meant all the same, but to change the name alone would not help.
        let near = diagnostics::closest(&name.text, all.iter().copied(), 3);
        if let Some(near) = [fitting, near].into_iter().find(|near| !near.is_empty()) {
            return Remedy { help: did_you_mean(&near), fix: None };
        }
        let list: Vec<String> = all.iter().map(|name| format!("'{name}'")).collect();
        match list.len() {
            1..=MOST_LISTED => Remedy::help(format!("it has {}", crate::ty::joined_by_and(&list))),
            0 => Remedy::help("it has no fields at all"),
            _ => Remedy::default(),
        }
    }

    /// A declaration has no field and no declaration in it called `name`.
    pub(super) fn no_member_of_declaration(
        &mut self,
        (kind, of): (&str, &Core),
        node: Option<&Arc<OutlineNode>>,
        name: &Name,
        wanted: Option<&Ty>,
    ) -> Typed {
        let Some((shape, item)) = queries::shape(self.db, kind) else {
            return Typed::error(name.span, Reported::elsewhere(Elsewhere::Declaration));
        };
        let fields = shape.fields.iter().map(|field| (field.name.as_str(), field.ty.clone()));
        let made = queries::made_of(self.db, &shape.name).iter();
        let children = node.map(|node| node.children.as_slice()).unwrap_or_default().iter().chain(made);
        let children = children.map(|child| {
            let ty = Ty::Kind(child.kind.clone());
            (child.name.as_str(), if child.repeated { Ty::list(ty) } else { ty })
        });
        let all: Vec<Part<'_>> = fields.chain(children).chain([("name", crate::STRING)]).collect();
        let remedy = self.meant_member(name, &all, wanted);
        if let Some((item, at)) = remedy.help.is_none().then(|| self.declared_at(of)).flatten()
            && !shape.nested.is_empty()
            && !crate::is_secret_kind(kind)
        {
            let owner = format!("{} '{}'", last_segment(kind), item.name());
            let children = node.map(|node| node.children.as_slice()).unwrap_or_default();
            let message = format!("{owner} is declared here, with {}", listed(children));
            let problem = nothing_called(self.place(name.span), &owner, &name.text).also(at, message);
            let reported = self.report(self.of_another(&name.text, wanted).of(problem));
            return Typed::error(name.span, reported);
        }
        let problem = unknown_field(self.place(name.span), &shape.described(), &name.text);
        let declared = Place::new(item, shape.span);
        let message = format!("what {} has is declared here", shape.described());
        let reported = self.report(remedy.of(problem).also(declared, message));
        Typed::error(name.span, reported)
    }

    /// `nuc.gpu` for `attic.gpu`: what is called so in another declaration.
    fn of_another(&self, name: &str, wanted: Option<&Ty>) -> Remedy {
        let Some(Ty::Kind(kind)) = wanted.map(|wanted| wanted.required().0) else { return Remedy::default() };
        let all = self.candidates(kind);
        let near: Vec<&str> =
            all.iter().map(String::as_str).filter(|path| last_segment(path) == name).collect();
        Remedy { help: did_you_mean(&near), fix: None }
    }

    /// The declaration of the lab that `core` is, and where its name stands.
    fn declared_at(&self, core: &Core) -> Option<(ItemKey, Place)> {
        let CoreKind::Item(key, _) = &core.kind else { return None };
        let item = names::find(self.db, key).filter(|_| !key.is_std())?;
        let place = Place::new(key, name_span(&names::parsed(self.db, item).statement));
        Some((key.clone(), place))
    }

    /// A list has no part called `name`, but its elements may.
    pub(super) fn no_member_of_list(
        &mut self,
        base: &Typed,
        element: &Ty,
        name: &Name,
        (all, wanted): (&[Part<'_>], Option<&Ty>),
    ) -> Typed {
        let near = diagnostics::closest(&name.text, all.iter().map(|(part, _)| *part), 1);
        let of_element = Typed { ty: element.clone(), node: base.node.clone(), core: base.core.clone() };
        let written = self.chain(&base.core);
        let remedy = match &base.core.kind {
            CoreKind::All(kind) if self.is_declared(&name.text, &Ty::Kind(kind.clone())) => {
                let whole = self.place(base.core.span.to(name.span));
                let word = last_segment(kind);
                Some(
                    Remedy::help(format!("a {word} is called by its own name: '{}'", name.text))
                        .change(whole, &name.text),
                )
            }
            _ if !near.is_empty() || !self.has_member(&of_element, &name.text) => None,
            CoreKind::ItemAll(_) | CoreKind::NestedAll(_, _, Some(_)) => {
                let written = written.unwrap_or_else(|| "…".to_owned());
                Some(Remedy::help(format!(
                    "there are several: choose one by its key, '{written}[…].{}'",
                    name.text
                )))
            }
            _ => Some(Remedy::help(format!(
                "its elements have it: take one, '[0].{0}', or all, '[for x in … => x.{0}]'",
                name.text
            ))),
        };
        match remedy {
            Some(remedy) => {
                let problem = unknown_field(self.place(name.span), &base.ty.called(), &name.text);
                let reported = self.report(remedy.of(problem));
                Typed::error(name.span, reported)
            }
            None => self.no_member(&base.ty.called(), name, all, wanted),
        }
    }

    /// `192.168.1.x`: three numbers with dots are a version, and versions have no parts.
    pub(super) fn no_address(&mut self, base: &Typed, span: Span, name: &Name) -> Typed {
        let CoreKind::Const(Value::Text(numbers)) = &base.core.kind else {
            return self.no_member(&base.ty.called(), name, &[], None);
        };
        let message = format!("'{numbers}.{0}' is not an address: '{0}' is not a number", name.text);
        let problem = cannot_apply(self.place(span), message);
        let reported =
            self.report(problem.help(format!("four numbers make an address, such as {numbers}.10")));
        Typed::error(span, reported)
    }

    /// `radio.home.example.net` where a text is expected and nothing is called 'radio'.
    pub(super) fn unquoted_chain(
        &mut self,
        member: &ast::Member,
        span: Span,
        want: Option<&Want>,
    ) -> Option<Typed> {
        let want = want?;
        let form = want.ty.arms().iter().find(|arm| match arm.required().0 {
            Ty::Text(form) => !matches!(form, Form::Word | Form::Package),
            Ty::Pattern(..) => true,
            _ => false,
        })?;
        let path = format!("{}.{}", written(&member.base)?, member.name.text);
        let root = root(&member.base)?;
        let is_known = self.is_local(&root.0) || !self.meanings(&root.0, root.1).is_empty();
        if is_known || root.0 == "this" || !self.near(&root.0, None).is_empty() {
            return None;
        }
        let problem = unknown_name(self.place(root.1), &root.0, None, want.required());
        let reported = self.report(self.in_quotes(&path, form, span).of(problem));
        Some(Typed::error(span, reported))
    }

    fn in_quotes(&self, path: &str, form: &Ty, span: Span) -> Remedy {
        let what = if *form == crate::STRING { "a text" } else { "what is expected here" };
        let quoted = format!("\"{path}\"");
        let edits = vec![Edit { place: self.place(span), text: quoted.clone() }];
        Remedy::help(format!("{what} stands in quotes: {quoted}")).fix("put it in quotes", edits)
    }

    /// `player.home.example.net` where a host name is expected and there is an app 'player': what is reported since
    /// `before` may be a text without quotes.
    pub(super) fn quotes_for_chain(
        &mut self,
        before: usize,
        member: &ast::Member,
        span: Span,
        want: Option<&Want>,
    ) {
        let is_form = |arm: &&Ty| matches!(arm.required().0, Ty::Text(Form::Hostname));
        let form = want.and_then(|want| want.ty.arms().iter().find(is_form));
        let path = written(&member.base).map(|base| format!("{base}.{}", member.name.text));
        let (Some(form), Some(path)) = (form, path) else { return };
        if self.problems.len() == before + 1
            && path.matches('.').count() > 1
            && let Some(problem) = self.problems.pop()
        {
            let is_told = problem.help.is_some();
            let remedy = if is_told { Remedy::default() } else { self.in_quotes(&path, form, span) };
            self.problems.push(remedy.of(problem));
        }
    }
}

/// Declarations as a list: `port 'db' and volume 'data'`.
fn listed(declarations: &[Arc<OutlineNode>]) -> String {
    let named = |node: &Arc<OutlineNode>| format!("{} '{}'", last_segment(&node.kind), node.name);
    let named: Vec<String> = declarations.iter().filter(|node| !node.is_lost()).map(named).collect();
    match named.len() {
        0 => "nothing in it".to_owned(),
        1..=MOST_LISTED => format!("{} in it", crate::ty::joined_by_and(&named)),
        count => format!("{count} declarations in it"),
    }
}

/// The name that a chain of names begins with, and where it stands.
pub(super) fn root(expr: &ast::Expr) -> Option<(SmolStr, Span)> {
    match &expr.kind {
        ExprKind::Name(name) => Some((name.clone(), expr.span)),
        ExprKind::Member(member) => root(&member.base),
        _ => None,
    }
}
