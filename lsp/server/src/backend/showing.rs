//! What is said of a text, above it and in it.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CodeLens, CodeLensParams, DocumentLink, DocumentLinkParams, Hover, HoverParams, InlayHint,
    InlayHintParams,
};

use super::Backend;
use crate::convert::{hover, lenses};
use crate::scene::Here;

pub(super) async fn hover(backend: &Backend, params: HoverParams) -> Result<Option<Hover>> {
    let at = params.text_document_position_params;
    let answer = backend.ask(at.text_document, move |here| hover::hover(here, at.position));
    answer.await.map(Option::flatten)
}

pub(super) async fn inlay_hint(backend: &Backend, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
    let question = move |here: &Here<'_>| hover::hints(here, &here.part(params.range));
    backend.ask(params.text_document, question).await
}

pub(super) async fn code_lens(backend: &Backend, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
    backend.ask(params.text_document, lenses::of_file).await
}

pub(super) async fn document_link(
    backend: &Backend,
    params: DocumentLinkParams,
) -> Result<Option<Vec<DocumentLink>>> {
    let question = |here: &Here<'_>| {
        let link = |link: ide::Link| DocumentLink {
            range: here.range(&link.range),
            target: here.scene.uri(&link.target),
            tooltip: None,
            data: None,
        };
        ide::links(here.session, &here.file).into_iter().map(link).collect()
    };
    backend.ask(params.text_document, question).await
}
