//! The colours of words.

use std::sync::PoisonError;

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    SemanticTokens, SemanticTokensDelta, SemanticTokensDeltaParams, SemanticTokensFullDeltaResult,
    SemanticTokensParams, SemanticTokensRangeParams, SemanticTokensRangeResult, SemanticTokensResult, Uri,
};

use super::Backend;
use crate::convert::semantic_tokens;
use crate::scene::Here;

pub(super) async fn semantic_tokens_full(
    backend: &Backend,
    params: SemanticTokensParams,
) -> Result<Option<SemanticTokensResult>> {
    let uri = params.text_document.uri;
    let found = backend.desk.ask(uri.clone(), |here| semantic_tokens::of_file(here, None)).await?;
    if let Some(found) = &found {
        remember(backend, &uri, found.clone());
    }
    Ok(found.map(SemanticTokensResult::Tokens))
}

pub(super) async fn semantic_tokens_full_delta(
    backend: &Backend,
    params: SemanticTokensDeltaParams,
) -> Result<Option<SemanticTokensFullDeltaResult>> {
    let uri = params.text_document.uri;
    let Some(found) = backend.desk.ask(uri.clone(), |here| semantic_tokens::of_file(here, None)).await?
    else {
        return Ok(None);
    };
    let before = remember(backend, &uri, found.clone());
    let known = before.filter(|before| before.result_id.as_ref() == Some(&params.previous_result_id));
    Ok(Some(match known {
        Some(before) => SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
            result_id: found.result_id,
            edits: semantic_tokens::difference(&before.data, &found.data),
        }),
        None => SemanticTokensFullDeltaResult::Tokens(found),
    }))
}

pub(super) async fn semantic_tokens_range(
    backend: &Backend,
    params: SemanticTokensRangeParams,
) -> Result<Option<SemanticTokensRangeResult>> {
    let question = move |here: &Here<'_>| semantic_tokens::of_file(here, Some(&here.part(params.range)));
    let found = backend.ask(params.text_document, question).await?;
    Ok(found
        .map(|found| SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data: found.data })))
}

/// Keeps the colours of a document; what they were before.
fn remember(backend: &Backend, uri: &Uri, now: SemanticTokens) -> Option<SemanticTokens> {
    let mut coloured = backend.coloured.lock().unwrap_or_else(PoisonError::into_inner);
    coloured.insert(uri.as_str().to_owned(), now)
}
