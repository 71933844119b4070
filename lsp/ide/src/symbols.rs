//! What a file declares, as a tree.

use driver::{ItemAt, Session};
use smol_str::SmolStr;
use source::Span;
use syntax::ast::{Body, Content, Declare, ExprKind, Name, Statement, StatementKind, dotted};

use crate::FileRange;

/// Something that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// What is said beside the name: of a declaration its kind.
    pub detail: Option<String>,
    /// All of it.
    pub range: FileRange,
    /// Its name.
    pub name_range: FileRange,
    /// What is declared in it.
    pub children: Vec<Symbol>,
}

/// What has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// `host lan { … }`
    Declaration,
    /// `kind app { … }`
    Kind,
    /// `template node : host { … }`
    Template,
    /// `fn f() -> int = 1`
    Function,
    /// `type t = int`
    Alias,
    /// `name = value` at the top of a file
    Constant,
    /// A field of a kind.
    Field,
    /// `name = value` in a block.
    Setting,
    /// `name { … }`
    Record,
    /// `check "…" { … }`
    Check,
}

/// What a file of the lab or of the library declares, in the order written. Each is made when it is asked for: of a long
/// file all of them take more room than its text.
pub fn document_symbols<'a>(session: &'a Session, file: &'a str) -> impl Iterator<Item = Symbol> + 'a {
    session.items(file).into_iter().filter_map(move |item| item_symbol(session, file, &item))
}

/// What an item of a file declares, if it has a name.
pub(crate) fn item_symbol(session: &Session, file: &str, item: &ItemAt) -> Option<Symbol> {
    let (parsed, text) = (session.parsed(&item.key)?, session.item_text(&item.key)?);
    Written { file: file.into(), base: item.range.start, text }.symbol(&parsed.statement, true)
}

/// The text of an item, and where it is.
struct Written<'a> {
    file: SmolStr,
    base: u32,
    text: &'a str,
}

impl Written<'_> {
    fn range(&self, span: Span) -> FileRange {
        FileRange { file: self.file.clone(), start: self.base + span.start, end: self.base + span.end }
    }

    fn body(&self, body: &Body) -> Vec<Symbol> {
        body.statements.iter().filter_map(|statement| self.symbol(statement, false)).collect()
    }

    fn symbol(&self, statement: &Statement, is_top: bool) -> Option<Symbol> {
        let named = |kind, name: &Name| self.named(statement, kind, std::slice::from_ref(name));
        Some(match &statement.kind {
            StatementKind::Set(set) => {
                let kind = if is_top { SymbolKind::Constant } else { SymbolKind::Setting };
                let mut symbol = self.named(statement, kind, &set.path);
                if let ExprKind::Record(body) = &set.value.kind {
                    symbol.children = self.body(body);
                }
                symbol
            }
            StatementKind::Let(it) => named(SymbolKind::Constant, &it.name),
            StatementKind::Record(record) => Symbol {
                children: self.body(&record.body),
                ..self.named(statement, SymbolKind::Record, &record.path)
            },
            StatementKind::Declare(declare) => self.declaration(statement, declare),
            StatementKind::Field(field) | StatementKind::Derived(field) => Symbol {
                detail: Some(field.ty.span.slice(self.text).to_owned()),
                ..named(SymbolKind::Field, &field.name)
            },
            StatementKind::Kind(kind) => {
                Symbol { children: self.body(&kind.body), ..named(SymbolKind::Kind, &kind.name) }
            }
            StatementKind::Template(it) => {
                let bases: Vec<&str> = it.bases.iter().map(|base| base.name.text.as_str()).collect();
                Symbol {
                    detail: Some(bases.join(" + ")),
                    children: self.body(&it.body),
                    ..named(SymbolKind::Template, &it.name)
                }
            }
            StatementKind::Function(function) => named(SymbolKind::Function, &function.name),
            StatementKind::Alias(alias) => named(SymbolKind::Alias, &alias.name),
            StatementKind::Check(check) => {
                let said = check.message.span;
                let message = said.slice(self.text).trim_matches('"');
                self.called(statement, SymbolKind::Check, (said, message.to_owned()))
            }
            StatementKind::Import(_) | StatementKind::Make(_) | StatementKind::Error => return None,
        })
    }

    fn declaration(&self, statement: &Statement, declare: &Declare) -> Symbol {
        let mut symbol = match &declare.name {
            Some(name) => self.named(statement, SymbolKind::Declaration, std::slice::from_ref(name)),
            None => self.named(statement, SymbolKind::Declaration, &declare.kind),
        };
        symbol.detail = declare.name.is_some().then(|| dotted(&declare.kind).into());
        if let Content::Body(body) = &declare.content {
            symbol.children = self.body(body);
        }
        symbol
    }

    fn named(&self, statement: &Statement, kind: SymbolKind, path: &[Name]) -> Symbol {
        let spans = path.first().zip(path.last()).map(|(first, last)| first.span.to(last.span));
        self.called(statement, kind, (spans.unwrap_or(statement.span), dotted(path).into()))
    }

    /// Something with a name, and where that stands.
    fn called(&self, statement: &Statement, kind: SymbolKind, (span, name): (Span, String)) -> Symbol {
        Symbol {
            name,
            kind,
            detail: None,
            range: self.range(statement.span),
            name_range: self.range(span),
            children: Vec::new(),
        }
    }
}
