//! What files declare.

use driver::Session;
use ide::{Symbol, SymbolKind};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use tower_lsp::ls_types::{self, OneOf, WorkspaceSymbol};

use crate::scene::{Here, Locator, Scene};

/// What a file declares, as a tree.
pub(crate) fn of_file(here: &Here<'_>) -> Vec<Symbol> {
    ide::document_symbols(here.session, &here.file)
}

/// Symbols of a file, to be written as the protocol's `DocumentSymbol`s are. Long files declare thousands, and each of
/// those has twenty words: they are not made only to be written.
pub(crate) struct Written<'a, 's>(pub(crate) &'a Here<'s>, pub(crate) &'a [Symbol]);

impl Serialize for Written<'_, '_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq(self.1.iter().map(|symbol| One(self.0, symbol)))
    }
}

struct One<'a, 's>(&'a Here<'s>, &'a Symbol);

impl Serialize for One<'_, '_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let Self(here, symbol) = self;
        let mut fields = out.serialize_struct("DocumentSymbol", 6)?;
        // Clients refuse all symbols of a file for one without a name.
        let name = if symbol.name.trim().is_empty() { "\"\"" } else { &symbol.name };
        fields.serialize_field("name", name)?;
        if let Some(detail) = &symbol.detail {
            fields.serialize_field("detail", detail)?;
        }
        fields.serialize_field("kind", &kind(symbol.kind))?;
        fields.serialize_field("range", &here.range(&symbol.range))?;
        fields.serialize_field("selectionRange", &here.range(&symbol.name_range))?;
        if !symbol.children.is_empty() {
            fields.serialize_field("children", &Written(here, &symbol.children))?;
        }
        fields.end()
    }
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
        SymbolKind::Import => ls_types::SymbolKind::MODULE,
    }
}
