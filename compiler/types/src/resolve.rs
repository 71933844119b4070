//! From written types to types; from kinds to shapes is `resolve/shape.rs`.

mod limits;
mod shape;

use diagnostics::{Problem, closest};
use names::{Db, defined};
use smol_str::{SmolStr, format_smolstr};
use source::{ItemKey, Place, Span};
use syntax::ast::{self, StatementKind, TypeExpr, TypeExprKind};

use crate::problems::{
    too_much::type_too_large,
    unknown_template::{template_of_part, unknown_base},
    unknown_type::{misused_type, unknown_type},
};
use crate::{Form, Hatch, INT, Parameter, STRING, Shapes, Signature, Ty, queries};

/// The language's own types that take no others, by name.
pub const TYPES: &[(&str, Ty)] = &[
    ("address", Ty::Address),
    ("any", Ty::Free(Hatch::Any)),
    ("bool", Ty::Bool),
    ("cidr", Ty::Cidr),
    ("cpu", Ty::Cpu),
    ("cron", Ty::Text(Form::Cron)),
    ("declaration", Ty::Declaration),
    ("deployed", Ty::Deployed),
    ("duration", Ty::Duration),
    ("float", Ty::Float),
    ("helm-values", Ty::Free(Hatch::HelmValues)),
    ("hostname", Ty::Text(Form::Hostname)),
    ("image", Ty::Text(Form::Image)),
    ("int", INT),
    ("mac", Ty::Text(Form::Mac)),
    ("nixos-options", Ty::Free(Hatch::Nixos)),
    ("package", Ty::Text(Form::Package)),
    ("path", Ty::Text(Form::Path)),
    ("port", Ty::Port),
    ("range", Ty::Range),
    ("recipient-key", Ty::Text(Form::RecipientKey)),
    ("size", Ty::Size),
    ("string", STRING),
    ("url", Ty::Text(Form::Url)),
    ("version", Ty::Text(Form::Version)),
    ("word", Ty::Text(Form::Word)),
];

/// What other languages call types of ours.
const FOREIGN: &[(&str, &str)] = &[
    ("boolean", "bool"),
    ("integer", "int"),
    ("ip", "address"),
    ("number", "int"),
    ("str", "string"),
    ("text", "string"),
];

/// Resolves the types of one item.
pub(crate) struct Resolver<'db> {
    db: &'db dyn Db,
    item: &'db ItemKey,
    shapes: Shapes,
}

impl<'db> Resolver<'db> {
    /// For the types of `item`.
    pub(crate) fn new(db: &'db dyn Db, item: &'db ItemKey) -> Self {
        Self { db, item, shapes: Shapes::default() }
    }

    /// The shapes that were found on the way, and the problems.
    pub(crate) fn finish(self) -> Shapes {
        self.shapes
    }

    /// Resolves a `type` item.
    pub(crate) fn alias(&mut self, alias: &ast::Alias, doc: Option<&SmolStr>) {
        let name = format_smolstr!("#{}", alias.name.text);
        let ty = if let TypeExprKind::Record(body) = &alias.ty.kind {
            self.record(name.clone(), body, alias.name.span, doc);
            Ty::Record(name)
        } else {
            let ty = self.ty(&alias.ty, &name);
            match ty.excess() {
                None => ty,
                Some(excess) => {
                    self.report(type_too_large(self.place(alias.ty.span), excess));
                    Ty::Error
                }
            }
        };
        self.shapes.alias = Some(ty);
    }

    /// Resolves the type of a constant, if it says one.
    pub(crate) fn constant(&mut self, set: &ast::Set) {
        if let Some(ty) = &set.ty {
            self.shapes.alias = Some(self.ty(ty, &path_of("constant", &set.path[0].text)));
        }
    }

    /// Resolves a function's parameters and result.
    pub(crate) fn function(&mut self, function: &ast::Function) {
        let path = path_of("fn", &function.name.text);
        let parameters = self.parameters(&function.parameters, &path);
        let result = self.ty(&function.result, &path);
        self.shapes.signature = Some(Signature { parameters, result, span: function.name.span });
    }

    /// Resolves a template's parameters and the kind that it makes.
    pub(crate) fn template(&mut self, template: &ast::Template) {
        let path = path_of("template", &template.name.text);
        let parameters = self.parameters(&template.parameters, &path);
        let result = match template.bases.first() {
            Some(base) => self.template_base(&base.name),
            None => Ty::Error,
        };
        self.shapes.signature = Some(Signature { parameters, result, span: template.name.span });
    }

    fn parameters(&mut self, parameters: &[ast::Parameter], path: &SmolStr) -> Vec<Parameter> {
        let mut resolve = |parameter: &ast::Parameter| {
            let ty = self.ty(&parameter.ty, path);
            let optional = parameter.default.is_some() || matches!(ty, Ty::Optional(_));
            Parameter { name: parameter.name.text.clone(), ty, optional, span: parameter.name.span }
        };
        parameters.iter().map(&mut resolve).collect()
    }

    fn template_base(&mut self, base: &ast::Name) -> Ty {
        let meanings = defined(self.db, names::word(self.db, &base.text));
        if let Some(template) = &meanings.template {
            return queries::signature(self.db, template)
                .map_or(Ty::Error, |signature| signature.result.clone());
        }
        if meanings.kind.is_some() {
            return Ty::Kind(base.text.clone());
        }
        let place = self.place(base.span);
        if let Some(Ty::Kind(_)) = self.known(&base.text) {
            let (around, word) = base.text.rsplit_once('.').unwrap_or_default();
            self.report(template_of_part(place, word, crate::last_segment(around)));
            return Ty::Error;
        }
        let index = names::index(self.db);
        let fits = index.defined_names().filter(|(_, is)| is.kind.is_some() || is.template.is_some());
        let near = closest(&base.text, fits.map(|(name, _)| name.as_str()), 3);
        self.report(unknown_base(place, &base.text, &near));
        Ty::Error
    }

    /// Resolves a type; `path` names the record types in it.
    pub(crate) fn ty(&mut self, ty: &TypeExpr, path: &SmolStr) -> Ty {
        match &ty.kind {
            TypeExprKind::Error => Ty::Error,
            TypeExprKind::Text(text) => Ty::Literal(text.clone()),
            TypeExprKind::Name(name) => self.named(name, ty.span),
            TypeExprKind::Optional(inner) => Ty::optional(self.ty(inner, path)),
            TypeExprKind::Union(arms) => self.union(arms, path),
            TypeExprKind::Generic(name, arguments) => self.generic(name, arguments, ty.span, path),
            TypeExprKind::Limited(name, limits) => self.limited(name, limits, ty.span),
            TypeExprKind::Record(body) => {
                let mut name = path.clone();
                while self.shapes.all.contains_key(&name) {
                    name = format_smolstr!("{name}'");
                }
                self.record(name.clone(), body, ty.span, None);
                Ty::Record(name)
            }
        }
    }

    fn named(&mut self, name: &[ast::Name], span: Span) -> Ty {
        let written = ast::dotted(name);
        if let Some(ty) = self.known(&written) {
            return ty;
        }
        let place = self.place(span);
        if let "list" | "map" | "secret" = written.as_str() {
            let message = format!("'{written}' does not say of what");
            let help = format!("write '{written}<string>', or another type between '<' and '>'");
            self.report(misused_type(place, message, &help));
            return Ty::Error;
        }
        let near = self.near(&written);
        let near: Vec<&str> = near.iter().map(SmolStr::as_str).collect();
        self.report(unknown_type(place, &written, &near));
        Ty::Error
    }

    /// The type called `written`, if there is one.
    fn known(&self, written: &SmolStr) -> Option<Ty> {
        // A type of the language is meant even where a kind has the same name (`network.address`, `app.port`).
        if let Ok(at) = TYPES.binary_search_by_key(&written.as_str(), |(name, _)| name) {
            return Some(TYPES[at].1.clone());
        }
        let root = written.split('.').next().unwrap_or_default();
        let meanings = defined(self.db, names::word(self.db, root));
        if root == written
            && let Some(alias) = &meanings.alias
        {
            return Some(queries::alias_type(self.db, alias));
        }
        let kind = meanings.kind.as_ref()?;
        let nested = root == written || self.declares(kind, written);
        nested.then(|| Ty::Kind(written.clone()))
    }

    /// Whether the kind of item `kind` has the nested kind `full` in it. Asks the tree, not the shapes, which may
    /// be under way.
    fn declares(&self, kind: &ItemKey, full: &str) -> bool {
        let Some(item) = names::find(self.db, kind) else { return false };
        let StatementKind::Kind(found) = &names::parsed(self.db, item).statement.kind else { return false };
        let mut body = &found.body;
        full.split('.').skip(1).all(|segment| {
            let inner = body.statements.iter().find_map(|statement| match &statement.kind {
                StatementKind::Kind(kind) if kind.name.text == segment => Some(kind),
                _ => None,
            });
            if let Some(inner) = inner {
                body = &inner.body;
            }
            inner.is_some()
        })
    }

    fn near(&self, written: &str) -> Vec<SmolStr> {
        if let Some((_, ours)) = FOREIGN.iter().find(|(foreign, _)| *foreign == written) {
            return vec![SmolStr::new(ours)];
        }
        let index = names::index(self.db);
        let kinds = index.defined_names().filter(|(_, is)| is.kind.is_some() || is.alias.is_some());
        let all = TYPES.iter().map(|(name, _)| *name).chain(kinds.map(|(name, _)| name.as_str()));
        closest(written, all, 3).into_iter().map(SmolStr::new).collect()
    }

    /// Words that are no types are the literals of a union, as long as no arm is a type.
    fn union(&mut self, arms: &[TypeExpr], path: &SmolStr) -> Ty {
        let is_type = |this: &Self, arm: &TypeExpr| match &arm.kind {
            TypeExprKind::Name(name) => this.known(&ast::dotted(name)).is_some(),
            TypeExprKind::Text(_) => false,
            _ => true,
        };
        let all_words = !arms.iter().any(|arm| is_type(self, arm));
        Ty::union(arms.iter().map(|arm| match &arm.kind {
            TypeExprKind::Name(name) if all_words && name.len() == 1 => Ty::Literal(name[0].text.clone()),
            _ => self.ty(arm, path),
        }))
    }

    fn generic(&mut self, name: &ast::Name, arguments: &[TypeExpr], span: Span, path: &SmolStr) -> Ty {
        let [argument] = arguments else {
            let place = self.place(span);
            let message = format!("'{}' takes one type between '<' and '>'", name.text);
            let help = match name.text.as_str() {
                "map" => "keys are texts always: write only the type of values, as in 'map<int>'",
                _ => "write 'list<string>', or 'list<string | int>' for either of two",
            };
            self.report(misused_type(place, message, help));
            return Ty::Error;
        };
        let inner = self.ty(argument, path);
        match name.text.as_str() {
            "list" => Ty::list(inner),
            "map" => Ty::map(inner),
            "secret" => Ty::Secret(inner.into()),
            other => {
                let near = closest(other, ["list", "map", "secret"], 1);
                let place = self.place(name.span);
                self.report(unknown_type(place, other, &near));
                Ty::Error
            }
        }
    }

    fn limited(&mut self, name: &ast::Name, limits: &[ast::Expr], span: Span) -> Ty {
        limits::limited(&name.text, limits).unwrap_or_else(|wrong| {
            let place = self.place(wrong.span.unwrap_or(span));
            self.report(misused_type(place, wrong.message, wrong.help));
            Ty::Error
        })
    }

    fn place(&self, span: Span) -> Place {
        Place::new(self.item, span)
    }

    fn report(&mut self, problem: Problem) {
        self.shapes.problems.push(problem);
    }
}

/// What names the record types in an item that is no kind and no type: `#fn name`.
pub(crate) fn path_of(what: &str, name: &str) -> SmolStr {
    format_smolstr!("#{what} {name}")
}
