//! What files declare.

use std::borrow::Borrow;

use driver::Session;
use ide::{Symbol, SymbolKind};
use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};
use tower_lsp::ls_types::{self, OneOf, SymbolInformation, WorkspaceSymbol};

use crate::scene::{Here, Locator, Scene};

/// How much longer than a text is what is written of its symbols, where nearly each line has one.
pub(crate) const LENGTH: usize = 14;

/// What a file declares, to be written as a tree of the protocol's `DocumentSymbol`s. Long files declare thousands, and
/// each of those has twenty words: an item's are made when they are written, and gone behind that.
pub(crate) struct Tree<'a, 's>(pub(crate) &'a Here<'s>);

impl Serialize for Tree<'_, '_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let Self(here) = self;
        out.collect_seq(ide::document_symbols(here.session, &here.file).map(|symbol| Node(here, symbol)))
    }
}

struct Node<'a, 's, T>(&'a Here<'s>, T);

impl<T: Borrow<Symbol>> Serialize for Node<'_, '_, T> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let (here, symbol) = (self.0, self.1.borrow());
        let mut fields = out.serialize_struct("DocumentSymbol", 6)?;
        fields.serialize_field("name", name(symbol))?;
        if let Some(detail) = &symbol.detail {
            fields.serialize_field("detail", detail)?;
        }
        fields.serialize_field("kind", &kind(symbol.kind))?;
        fields.serialize_field("range", &here.range(&symbol.range))?;
        fields.serialize_field("selectionRange", &here.range(&symbol.name_range))?;
        if !symbol.children.is_empty() {
            let children: Vec<_> = symbol.children.iter().map(|child| Node(here, child)).collect();
            fields.serialize_field("children", &children)?;
        }
        fields.end()
    }
}

/// The same for clients that know no trees: a list of the protocol's `SymbolInformation`s.
pub(crate) struct List<'a, 's>(pub(crate) &'a Here<'s>);

impl Serialize for List<'_, '_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let Self(here) = self;
        let mut list = out.serialize_seq(None)?;
        for symbol in ide::document_symbols(here.session, &here.file) {
            put_in(&mut list, here, (&symbol, None))?;
        }
        list.end()
    }
}

/// Puts a symbol into a list, what is declared in it behind it.
fn put_in<L: SerializeSeq>(
    list: &mut L,
    here: &Here<'_>,
    (symbol, outer): (&Symbol, Option<&Symbol>),
) -> Result<(), L::Error> {
    if let Some(location) = here.locator().location(&symbol.range) {
        #[allow(deprecated, reason = "the type has a field that nobody is to use any more")]
        let written = SymbolInformation {
            name: name(symbol).to_owned(),
            kind: kind(symbol.kind),
            tags: None,
            deprecated: None,
            location,
            container_name: outer.map(|outer| name(outer).to_owned()),
        };
        list.serialize_element(&written)?;
    }
    symbol.children.iter().try_for_each(|child| put_in(list, here, (child, Some(symbol))))
}

/// What a symbol is called. Clients refuse all symbols of a file for one without a name.
fn name(symbol: &Symbol) -> &str {
    if symbol.name.trim().is_empty() { "\"\"" } else { &symbol.name }
}

/// What the files of a lab declare that is called so.
pub(crate) fn of_lab(session: &Session, scene: &Scene, query: &str) -> Vec<WorkspaceSymbol> {
    let locator = Locator::new(session, scene);
    let symbol = |symbol: Symbol| {
        let location = locator.location(&symbol.name_range)?;
        Some(WorkspaceSymbol {
            name: symbol.name,
            kind: kind(symbol.kind),
            tags: None,
            container_name: symbol.detail,
            location: OneOf::Left(location),
            data: None,
        })
    };
    ide::workspace_symbols(session, query).into_iter().filter_map(symbol).collect()
}

/// What clients call it.
pub(crate) fn kind(kind: SymbolKind) -> ls_types::SymbolKind {
    match kind {
        SymbolKind::Declaration => ls_types::SymbolKind::OBJECT,
        SymbolKind::Kind => ls_types::SymbolKind::CLASS,
        SymbolKind::Template => ls_types::SymbolKind::INTERFACE,
        SymbolKind::Function => ls_types::SymbolKind::FUNCTION,
        SymbolKind::Alias => ls_types::SymbolKind::TYPE_PARAMETER,
        SymbolKind::Constant => ls_types::SymbolKind::CONSTANT,
        SymbolKind::Field => ls_types::SymbolKind::FIELD,
        SymbolKind::Setting => ls_types::SymbolKind::PROPERTY,
        SymbolKind::Record => ls_types::SymbolKind::STRUCT,
        SymbolKind::Check => ls_types::SymbolKind::EVENT,
    }
}
