//! Items other than declarations: kinds, templates, functions, constants, checks, imports.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostics::Reported;
use names::parsed;
use smol_str::{SmolStr, format_smolstr};
use source::{ItemKey, Place, Span};
use syntax::ast::{self, Body, Statement, StatementKind, TypeExpr, TypeExprKind};

use super::{Elaborator, SelfScope, whole};
use crate::item::{CheckCore, FunctionCore, KindCore, TemplateCore, as_declaration, name_span};
use crate::outline_node::OutlineNode;
use crate::problems::{
    duplicate_name::duplicate_name,
    misplaced_statement::misplaced,
    too_much::makes_too_much,
    unknown_module::{unknown_module, unquoted_file},
};
use crate::resolve::path_of;
use crate::{BodyCore, Core, CoreKind, STRING, Ty, Want, queries};

impl Elaborator<'_> {
    /// Elaborates a kind and those in it.
    pub fn kind(&mut self, kind: &ast::Kind, name: &SmolStr, into: &mut BTreeMap<SmolStr, Arc<KindCore>>) {
        if queries::makes_too_much(self.db, name) {
            self.report(makes_too_much(
                self.place(kind.name.span),
                name,
                queries::MOST_MADE,
                queries::DEEPEST_MADE,
            ));
        }
        let made = queries::made_of(self.db, name).to_vec();
        let node = Arc::new(OutlineNode::new(name.clone(), kind.name.text.clone(), false, made));
        let base = Core { kind: CoreKind::Itself, span: kind.name.span };
        let outer =
            self.itself.replace(SelfScope { kind: name.clone(), place: true, node: Some(Arc::clone(&node)) });
        let outer_scopes = std::mem::replace(&mut self.scopes, vec![(base, Arc::clone(&node))]);
        let mut core = KindCore::default();
        let mut making = BodyCore::default();
        for statement in &kind.body.statements {
            match &statement.kind {
                StatementKind::Field(field) | StatementKind::Derived(field) => {
                    self.field(name, field, &mut core, into);
                }
                StatementKind::Make(body) => {
                    let made = self.body(None, body, &node, true);
                    making.sets.extend(made.sets);
                    making.decls.extend(made.decls);
                }
                StatementKind::Check(check) => core.checks.push(self.condition(check)),
                _ => {}
            }
        }
        core.make = Arc::new(making);
        into.insert(name.clone(), Arc::new(core));
        self.scopes = outer_scopes;
        for statement in &kind.body.statements {
            if let StatementKind::Kind(inner) = &statement.kind {
                self.kind(inner, &format_smolstr!("{name}.{}", inner.name.text), into);
            }
        }
        self.itself = outer;
    }

    /// Elaborates the record types in the types that an item writes, which is no kind and no type: `what` and `name` name
    /// them.
    pub fn types_in<'a>(
        &mut self,
        (what, name): (&str, &ast::Name),
        types: impl IntoIterator<Item = &'a TypeExpr>,
        into: &mut BTreeMap<SmolStr, Arc<KindCore>>,
    ) {
        let path = path_of(what, &name.text);
        for ty in types {
            self.record_types(ty, &path, into);
        }
    }

    /// Elaborates the record type of a `type` item.
    pub fn alias(&mut self, alias: &ast::Alias, into: &mut BTreeMap<SmolStr, Arc<KindCore>>) {
        self.record_types(&alias.ty, &format_smolstr!("#{}", alias.name.text), into);
    }

    fn field(
        &mut self,
        owner: &SmolStr,
        field: &ast::Field,
        core: &mut KindCore,
        into: &mut BTreeMap<SmolStr, Arc<KindCore>>,
    ) {
        self.record_types(&field.ty, &format_smolstr!("{owner}#{}", field.name.text), into);
        let Some(default) = &field.default else { return };
        let Some((shape, item)) = queries::shape(self.db, owner) else { return };
        let Some(at) = shape.position(&field.name.text) else { return };
        let value = self.check(default, &Want::default(shape, item, at));
        core.fields.insert(shape.fields[at].name.clone(), value);
    }

    /// Elaborates the defaults of the record types that stand in a type.
    fn record_types(&mut self, ty: &TypeExpr, path: &SmolStr, into: &mut BTreeMap<SmolStr, Arc<KindCore>>) {
        match &ty.kind {
            TypeExprKind::Record(body) => {
                let mut name = path.clone();
                while into.contains_key(&name) {
                    name = format_smolstr!("{name}'");
                }
                self.record_type(&name, body, into);
            }
            TypeExprKind::Optional(inner) => self.record_types(inner, path, into),
            TypeExprKind::Union(arms) | TypeExprKind::Generic(_, arms) => {
                for arm in arms {
                    self.record_types(arm, path, into);
                }
            }
            _ => {}
        }
    }

    fn record_type(&mut self, name: &SmolStr, body: &Body, into: &mut BTreeMap<SmolStr, Arc<KindCore>>) {
        into.insert(name.clone(), Arc::default());
        let mut core = KindCore::default();
        for statement in &body.statements {
            if let StatementKind::Field(field) | StatementKind::Derived(field) = &statement.kind {
                self.field(name, field, &mut core, into);
            }
        }
        into.insert(name.clone(), Arc::new(core));
    }

    /// Elaborates a template.
    pub fn template(&mut self, template: &ast::Template) -> Option<TemplateCore> {
        let signature = queries::shapes(self.db, names::find(self.db, self.item)?).signature.as_ref()?;
        let defaults = self.parameters(&template.name.text, &template.parameters, signature);
        let Ty::Kind(kind) = &signature.result else { return None };
        let item = names::find(self.db, self.item)?;
        let made = queries::template_outline(self.db, item).clone();
        let node = Arc::new(OutlineNode::new(kind.clone(), kind.clone(), false, made));
        self.itself = Some(SelfScope { kind: kind.clone(), place: false, node: Some(Arc::clone(&node)) });
        // A kind is where a template begins; beside others there are only templates.
        let is_template = |base: &ast::TemplateUse| {
            names::defined(self.db, names::word(self.db, &base.name.text)).template.is_some()
        };
        let bases = match template.bases.as_slice() {
            [kind] if !is_template(kind) => &[],
            bases => bases,
        };
        let (bases, lost) = self.templates(bases, kind);
        let itself = Core { kind: CoreKind::Itself, span: template.name.span };
        self.scopes.push((itself, Arc::clone(&node)));
        let mut body = self.body(Some(kind), &template.body, &node, false);
        body.broken = body.broken.or(lost);
        Some(TemplateCore { bases, defaults, body: Arc::new(body) })
    }

    /// Elaborates a function.
    pub fn function(&mut self, function: &ast::Function) -> Option<FunctionCore> {
        let signature = queries::shapes(self.db, names::find(self.db, self.item)?).signature.as_ref()?;
        let defaults = self.parameters(&function.name.text, &function.parameters, signature);
        let name = format!("the result of '{}'", function.name.text);
        let value = self.check(&function.value, &Want::result(self.item, &name, signature));
        let value = whole(value, &signature.result);
        Some(FunctionCore { defaults, value })
    }

    /// Makes parameters known, and elaborates their defaults, which know the parameters before them.
    fn parameters(
        &mut self,
        name: &str,
        parameters: &[ast::Parameter],
        signature: &crate::Signature,
    ) -> Vec<Option<Core>> {
        let mut defaults = Vec::with_capacity(parameters.len());
        for (parameter, one) in parameters.iter().zip(&signature.parameters) {
            self.unreserved(&parameter.name);
            let want = Want::parameter(self.item, name, one);
            let default = parameter.default.as_ref().map(|default| self.check(default, &want));
            defaults.push(default.map(|default| whole(default, &one.ty)));
            self.bind(&parameter.name, one.ty.clone());
        }
        defaults
    }

    /// Elaborates a constant.
    pub fn constant(&mut self, set: &ast::Set) -> Option<(Arc<Core>, Ty)> {
        if set.append || set.path.len() > 1 {
            let span = set.path[0].span.to(set.path[set.path.len() - 1].span);
            let what = if set.append { "'+='" } else { "a name with dots" };
            self.misplaced(span, what, "a constant is written 'name = value', once");
            return None;
        }
        if let Some(ty) = queries::constant_wants(self.db, self.item) {
            let want = Want::of(ty.clone());
            let value = self.check(&set.value, &want);
            return Some((Arc::new(whole(value, &ty)), ty));
        }
        let (value, ty) = self.named(&set.value);
        Some((Arc::new(value), ty))
    }

    /// A constant written `let name = value`, as in a block.
    pub fn let_constant(&mut self, binding: &ast::Let, span: Span) -> (Arc<Core>, Ty) {
        let word = Span::new(span.start, binding.name.span.start);
        let help = "at the top of a file, 'name = value' is enough";
        let problem = misplaced(self.place(word), "'let'", help).fix("remove 'let'", self.place(word), "");
        self.report(problem);
        let (value, ty) = self.named(&binding.value);
        (Arc::new(value), ty)
    }

    /// Elaborates a `check` of the lab.
    pub fn lab_check(&mut self, check: &ast::Check) -> CheckCore {
        self.condition(check)
    }

    fn condition(&mut self, check: &ast::Check) -> CheckCore {
        self.scoped(|this| {
            let clauses = this.clauses(&check.clauses);
            let condition = this.check(&check.condition, &Want::of(Ty::Bool));
            // The message is only shown where the condition does not hold.
            this.assume(&check.condition, false);
            let message = this.check(&check.message, &Want::of(STRING));
            CheckCore { clauses, condition, message, span: check.condition.span }
        })
    }

    /// Checks that an imported module of the library is there. Files are read by those who may.
    pub fn import(&mut self, import: &ast::Import) {
        let ast::Import::Module(path) = import else { return };
        let (Some(first), Some(last)) = (path.first(), path.last()) else { return };
        let written = syntax::ast::dotted(path);
        let workspace = names::Workspace::get(self.db);
        let modules: Vec<String> =
            workspace.std(self.db).iter().map(|file| module(file.path(self.db))).collect();
        let inside = format!("{written}.");
        if modules.iter().any(|module| *module == *written || module.starts_with(&inside)) {
            return;
        }
        let near = diagnostics::closest(&written, modules.iter().map(String::as_str), 3);
        let place = self.place(first.span.to(last.span));
        self.report(if written.ends_with(".hl") {
            unquoted_file(place, &written)
        } else {
            unknown_module(place, &written, &near)
        });
    }

    /// An item whose head another item of the file has already.
    pub fn duplicate(&mut self, key: &ItemKey, statement: &Statement) {
        let Some(first) = self.first_of_name(key, statement) else { return };
        let Some(first_item) = names::find(self.db, &first) else { return };
        let span = name_span(statement);
        // Checks may share their message, imports may be repeated; neither declares a name. What begins with a word of the
        // language declares nothing, either, and has its problem.
        if span == Span::default() || syntax::is_reserved(key.first_word()) {
            return;
        }
        let first_span = name_span(&parsed(self.db, first_item).statement);
        let what = crate::item::called(key.head());
        self.report(duplicate_name(self.place(span), &what, Place::new(&first, first_span)));
    }

    /// Another item that declares what this one does, and counts instead of it.
    fn first_of_name(&self, key: &ItemKey, statement: &Statement) -> Option<ItemKey> {
        if let Some(kind) = self.local_kind(statement) {
            return self.first_in_place(key, &kind, statement);
        }
        if key.nth() > 0 && !matches!(&statement.kind, StatementKind::Set(set) if set.append) {
            return Some(ItemKey::new(Arc::clone(key.file()), key.head().into(), 0));
        }
        let is = |name: &ast::Name| names::defined(self.db, names::word(self.db, &name.text));
        let first = match &statement.kind {
            StatementKind::Kind(kind) => is(&kind.name).kind.clone(),
            StatementKind::Template(template) => is(&template.name).template.clone(),
            StatementKind::Function(function) => is(&function.name).function.clone(),
            StatementKind::Alias(alias) => is(&alias.name).alias.clone(),
            StatementKind::Set(set) if set.append => None,
            StatementKind::Set(set) => is(&set.path[0]).constant.clone(),
            StatementKind::Let(binding) => is(&binding.name).constant.clone(),
            _ => {
                let declare = as_declaration(statement)?;
                let name = declare.name.as_ref().unwrap_or(&declare.kind[0]);
                let kind = syntax::ast::dotted(&declare.kind);
                let same = names::meanings(self.db, names::word(self.db, &name.text));
                same.declared.iter().find(|one| one.kind == kind).map(|one| one.item.clone())
            }
        };
        // What the lab declares hides what the library does.
        first.filter(|first| first != key && first.is_std() == key.is_std())
    }

    /// Says that something stands where it has no meaning.
    pub fn misplaced(&mut self, span: Span, what: &str, help: &str) -> Reported {
        self.report(misplaced(self.place(span), what, help))
    }
}

/// The module's name that a library file is imported by: `std/apps/pihole.hl` is `std.apps.pihole`.
fn module(path: &str) -> String {
    path.trim_end_matches(".hl").replace('/', ".")
}
