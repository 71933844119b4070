//! What is said of a text, above it and in it. Of what is shown often, the rest is had when somebody looks at it.

use serde_json::{Value, json};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CodeLens, CodeLensParams, DocumentLink, DocumentLinkParams, Hover, HoverParams, InlayHint,
    InlayHintParams, TextDocumentIdentifier, Uri,
};

use super::agreed::{DEPLOYING, SHOW_REFERENCES};
use super::{Backend, commands};
use crate::convert::{hover, inlay_hints, lenses, links};
use crate::live;
use crate::scene::Here;

pub(super) async fn hover(backend: &Backend, params: HoverParams) -> Result<Option<Hover>> {
    let at = params.text_document_position_params;
    let live = backend.live.clone().filter(|_| backend.settings().hover.live);
    let wants_live = live.is_some();
    let question = move |here: &Here<'_>| hover::hover(here, at.position, wants_live);
    let Some((mut hover, objects)) = backend.ask(at.text_document, question).await?.flatten() else {
        return Ok(None);
    };
    if let Some(live) = live
        && let Some(said) = live::state(live, objects).await
    {
        hover::add_live(&mut hover, &said);
    }
    Ok(Some(hover))
}

pub(super) async fn inlay_hint(backend: &Backend, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
    let (shown, data) = (backend.settings().inlay_hints, json!(params.text_document.uri));
    let question = move |here: &Here<'_>| inlay_hints::of_part(here, &here.part(params.range), shown, &data);
    backend.ask(params.text_document, question).await
}

pub(super) async fn inlay_hint_resolve(backend: &Backend, mut hint: InlayHint) -> Result<InlayHint> {
    let Some(document) = document(hint.data.as_ref()) else { return Ok(hint) };
    let position = hint.position;
    hint.tooltip = backend.ask(document, move |here| inlay_hints::tooltip(here, position)).await?.flatten();
    Ok(hint)
}

pub(super) async fn code_lens(backend: &Backend, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
    let (settings, data) = (backend.settings(), json!(params.text_document.uri));
    let deploys = settings.plan_lenses && backend.agreed().deploys;
    if !settings.lenses && !deploys {
        return Ok(None);
    }
    let question = move |here: &Here<'_>| {
        let mut found = if settings.lenses { lenses::of_file(here, &data) } else { Vec::new() };
        if deploys {
            found.extend(lenses::deploying(here, &DEPLOYING));
        }
        found
    };
    backend.ask(params.text_document, question).await
}

pub(super) async fn code_lens_resolve(backend: &Backend, mut lens: CodeLens) -> Result<CodeLens> {
    let Some(document) = document(lens.data.as_ref()) else { return Ok(lens) };
    let position = lens.range.start;
    // Where the client can show places, it does; elsewhere the server says where they are.
    let name = if backend.agreed().shows_references { SHOW_REFERENCES } else { commands::SHOW_USES };
    lens.command = backend.ask(document, move |here| lenses::command(here, position, name)).await?.flatten();
    Ok(lens)
}

pub(super) async fn document_link(
    backend: &Backend,
    params: DocumentLinkParams,
) -> Result<Option<Vec<DocumentLink>>> {
    let data = json!(params.text_document.uri);
    backend.ask(params.text_document, move |here| links::of_file(here, &data)).await
}

pub(super) async fn document_link_resolve(backend: &Backend, mut link: DocumentLink) -> Result<DocumentLink> {
    let Some(document) = document(link.data.as_ref()) else { return Ok(link) };
    let range = link.range;
    link.tooltip = backend.ask(document, move |here| links::tooltip(here, range)).await?.flatten();
    Ok(link)
}

/// The document that something was found in.
fn document(data: Option<&Value>) -> Option<TextDocumentIdentifier> {
    let uri = serde_json::from_value::<Uri>(data?.clone()).ok()?;
    Some(TextDocumentIdentifier { uri })
}
