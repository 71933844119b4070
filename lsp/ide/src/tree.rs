//! All that a tree is made of: the spans of its statements, bodies, expressions, types and names.

use source::Span;
use syntax::ast::{
    Argument, Body, Content, Declare, Expr, ExprKind, Field, ForClause, Name, Parameter, Statement,
    StatementKind, TemplateUse, TextPart, TypeExpr, TypeExprKind,
};

/// The spans of all parts of a statement, in no particular order.
pub(crate) fn spans(statement: &Statement) -> Vec<Span> {
    let mut walk = Walk(Vec::new());
    walk.statement(statement);
    walk.0
}

struct Walk(Vec<Span>);

impl Walk {
    fn names(&mut self, names: &[Name]) {
        self.0.extend(names.iter().map(|name| name.span));
        if let (Some(first), Some(last)) = (names.first(), names.last()) {
            self.0.push(first.span.to(last.span));
        }
    }

    fn body(&mut self, body: &Body) {
        self.0.push(body.span);
        body.statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &Statement) {
        self.0.push(statement.span);
        match &statement.kind {
            StatementKind::Set(set) => {
                self.names(&set.path);
                set.keys.iter().for_each(|key| self.expr(&key.value));
                set.ty.iter().for_each(|ty| self.ty(ty));
                self.expr(&set.value);
            }
            StatementKind::Let(it) => {
                self.0.push(it.name.span);
                self.expr(&it.value);
            }
            StatementKind::Record(record) => {
                self.names(&record.path);
                record.keys.iter().for_each(|key| self.expr(&key.value));
                self.body(&record.body);
            }
            StatementKind::Declare(declare) => self.declare(declare),
            StatementKind::Field(field) | StatementKind::Derived(field) => self.field(field),
            StatementKind::Kind(kind) => {
                self.0.push(kind.name.span);
                self.parameters(&kind.parameters);
                for attribute in &kind.attributes {
                    self.0.push(attribute.span);
                    self.exprs(&attribute.arguments);
                }
                self.body(&kind.body);
            }
            StatementKind::Make(body) => self.body(body),
            StatementKind::Template(it) => {
                self.0.push(it.name.span);
                self.parameters(&it.parameters);
                self.templates(&it.bases);
                self.body(&it.body);
            }
            StatementKind::Function(function) => {
                self.0.push(function.name.span);
                self.parameters(&function.parameters);
                self.ty(&function.result);
                self.expr(&function.value);
            }
            StatementKind::Alias(alias) => {
                self.0.push(alias.name.span);
                self.ty(&alias.ty);
            }
            StatementKind::Import(syntax::ast::Import::File(name)) => self.0.push(name.span),
            StatementKind::Import(syntax::ast::Import::Module(path)) => self.names(path),
            StatementKind::Check(check) => {
                self.expr(&check.message);
                check.clauses.iter().for_each(|clause| self.clause(clause));
                self.expr(&check.condition);
            }
            StatementKind::Error => {}
        }
    }

    fn declare(&mut self, declare: &Declare) {
        self.names(&declare.kind);
        self.0.extend(declare.name.iter().map(|name| name.span));
        if let Some(repeat) = &declare.repeat {
            self.expr(&repeat.key);
            self.clause(&repeat.clause);
        }
        let values = declare.pick.as_deref().into_iter().chain(&declare.place).chain(&declare.condition);
        values.for_each(|value| self.expr(value));
        self.templates(&declare.templates);
        match &declare.content {
            Content::None => {}
            Content::Body(body) => self.body(body),
            Content::Primary(value) => self.expr(value),
        }
    }

    fn field(&mut self, field: &Field) {
        self.0.push(field.name.span);
        self.ty(&field.ty);
        field.default.iter().for_each(|value| self.expr(value));
        for attribute in &field.attributes {
            self.0.push(attribute.span);
            self.exprs(&attribute.arguments);
        }
    }

    fn parameters(&mut self, parameters: &[Parameter]) {
        for parameter in parameters {
            self.0.push(parameter.name.span);
            self.ty(&parameter.ty);
            parameter.default.iter().for_each(|value| self.expr(value));
        }
    }

    fn templates(&mut self, uses: &[TemplateUse]) {
        for used in uses {
            self.0.extend([used.span, used.name.span]);
            self.arguments(&used.arguments);
        }
    }

    fn arguments(&mut self, arguments: &[Argument]) {
        for argument in arguments {
            if let Some(name) = &argument.name {
                self.0.extend([name.span, name.span.to(argument.value.span)]);
            }
            self.expr(&argument.value);
        }
    }

    fn clause(&mut self, clause: &ForClause) {
        self.0.push(clause.variable.span);
        self.0.extend(clause.second.iter().map(|name| name.span));
        self.expr(&clause.over);
        clause.condition.iter().for_each(|value| self.expr(value));
    }

    fn pair(&mut self, pair: &(Expr, Expr)) {
        self.expr(&pair.0);
        self.expr(&pair.1);
    }

    fn expr(&mut self, expr: &Expr) {
        self.0.push(expr.span);
        match &expr.kind {
            ExprKind::Text(parts) => {
                for part in parts {
                    if let TextPart::Value(value) = part {
                        self.expr(value);
                    }
                }
            }
            ExprKind::Member(member) => {
                self.expr(&member.base);
                self.0.push(member.name.span);
            }
            ExprKind::Index(pair) | ExprKind::Binary(_, pair) | ExprKind::Range(pair) => self.pair(pair),
            ExprKind::Call(call) => {
                self.expr(&call.callee);
                self.arguments(&call.arguments);
            }
            ExprKind::List(values) => self.exprs(values),
            ExprKind::ListFor(list) => {
                list.clauses.iter().for_each(|clause| self.clause(clause));
                self.expr(&list.value);
            }
            ExprKind::Record(body) => self.body(body),
            ExprKind::MapFor(map) => {
                map.clauses.iter().for_each(|clause| self.clause(clause));
                self.expr(&map.key);
                self.expr(&map.value);
            }
            ExprKind::If(it) => {
                self.expr(&it.condition);
                self.expr(&it.then);
                self.expr(&it.otherwise);
            }
            ExprKind::Let(it) => {
                self.0.push(it.0.name.span);
                self.expr(&it.0.value);
                self.expr(&it.1);
            }
            ExprKind::Match(it) => {
                self.expr(&it.value);
                for arm in &it.arms {
                    self.0.push(arm.span);
                    self.exprs(&arm.patterns);
                    self.expr(&arm.result);
                }
            }
            ExprKind::Unary(_, value) => self.expr(value),
            ExprKind::None
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Literal(..)
            | ExprKind::Nix(_)
            | ExprKind::Name(_)
            | ExprKind::Itself
            | ExprKind::Error => {}
        }
    }

    fn exprs(&mut self, all: &[Expr]) {
        for expr in all {
            self.expr(expr);
        }
    }

    fn types(&mut self, all: &[TypeExpr]) {
        for ty in all {
            self.ty(ty);
        }
    }

    fn ty(&mut self, ty: &TypeExpr) {
        self.0.push(ty.span);
        match &ty.kind {
            TypeExprKind::Name(path) => self.names(path),
            TypeExprKind::Generic(name, of) => {
                self.0.push(name.span);
                self.types(of);
            }
            TypeExprKind::Limited(name, by) => {
                self.0.push(name.span);
                self.exprs(by);
            }
            TypeExprKind::Optional(ty) => self.ty(ty),
            TypeExprKind::Union(of) => self.types(of),
            TypeExprKind::Record(body) => self.body(body),
            TypeExprKind::Text(_) | TypeExprKind::Error => {}
        }
    }
}
