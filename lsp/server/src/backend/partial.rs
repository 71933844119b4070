//! Answers in parts: whoever gives a token gets what is found a few at a time, and nothing more in the end.

use serde::Serialize;
use serde_json::{Value, json};
use tower_lsp::ls_types::PartialResultParams;

use super::Backend;

/// So many are sent at once.
const PART: usize = 64;

/// Sends what is found in parts if there is a token; what is left for the answer itself.
pub(super) fn in_parts<T: Serialize>(
    backend: &Backend,
    params: &PartialResultParams,
    found: Vec<T>,
    wrapped: fn(&[T]) -> Value,
) -> Vec<T> {
    let Some(token) = &params.partial_result_token else { return found };
    for part in found.chunks(PART) {
        let params = json!({ "token": token, "value": wrapped(part) });
        backend.outbox.send(&json!({ "jsonrpc": "2.0", "method": "$/progress", "params": params }));
    }
    Vec::new()
}
