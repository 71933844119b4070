//! What files declare.

use driver::Session;
use ide::{Symbol, SymbolKind};
use tower_lsp::ls_types::{self, DocumentSymbol, OneOf, WorkspaceSymbol};

use crate::scene::{Here, Locator, Scene};

/// What a file declares, as a tree.
pub(crate) fn of_file(here: &Here<'_>) -> Vec<DocumentSymbol> {
    ide::document_symbols(here.session, &here.file).into_iter().map(|symbol| nested(here, symbol)).collect()
}

#[allow(deprecated, reason = "the protocol still has the field")]
fn nested(here: &Here<'_>, symbol: Symbol) -> DocumentSymbol {
    let (range, selection_range) = (here.range(&symbol.range), here.range(&symbol.name_range));
    let children: Vec<DocumentSymbol> =
        symbol.children.into_iter().map(|child| nested(here, child)).collect();
    DocumentSymbol {
        // Clients refuse all symbols of a file for one without a name.
        name: if symbol.name.trim().is_empty() { "\"\"".to_owned() } else { symbol.name },
        detail: symbol.detail,
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range,
        selection_range,
        children: (!children.is_empty()).then_some(children),
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
