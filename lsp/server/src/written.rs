//! Long answers, which are written where they are found.
//!
//! The framework makes a tree of [`Value`]s of every answer before it is written, which for the symbols of a long file
//! takes longer than all else together. Its handlers can return one thing that it leaves as it is: what goes with an
//! error. So an answer that is written already travels as such an error, and becomes an answer again on its way out.

use serde::Serialize;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Response};

/// Not a code of the protocol: none that has it leaves the server.
const WRITTEN: i64 = 1;

/// What stands before an answer.
const BEFORE: &str = "{\"jsonrpc\":\"2.0\",\"result\":";

/// An answer as it is to be sent, for a handler to return.
pub(crate) fn written(answer: &impl Serialize) -> Error {
    written_long(answer, 0)
}

/// The same of one that is some `length` bytes long: what grows to megabytes is copied on its way.
pub(crate) fn written_long(answer: &impl Serialize, length: usize) -> Error {
    let mut text = Vec::with_capacity(BEFORE.len() + length);
    text.extend(BEFORE.as_bytes());
    let is_written = serde_json::to_writer(&mut text, answer).is_ok();
    match String::from_utf8(text) {
        Ok(text) if is_written => Error {
            code: ErrorCode::ServerError(WRITTEN),
            message: "".into(),
            data: Some(Value::String(text)),
        },
        _ => Error::internal_error(),
    }
}

/// The message that a response is; none where it cannot be written.
pub(crate) fn message(response: Response) -> Option<Vec<u8>> {
    let is_written = response.error().is_some_and(|error| error.code == ErrorCode::ServerError(WRITTEN));
    if !is_written {
        return serde_json::to_vec(&response).ok();
    }
    let (id, body) = response.into_parts();
    let Err(Error { data: Some(Value::String(text)), .. }) = body else { return None };
    around(&id, text)
}

fn around(id: &Id, mut text: String) -> Option<Vec<u8>> {
    let id = serde_json::to_string(id).ok()?;
    text.push_str(",\"id\":");
    text.push_str(&id);
    text.push('}');
    Some(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_the_framework_would_write() {
        for answer in [Value::Null, serde_json::json!([{ "a": "\"}" }, 1, "ä"]), Value::String(String::new())]
        {
            let id = Id::String("a\"b".to_owned());
            let own = message(Response::from_error(id.clone(), written(&answer))).unwrap();
            let others = message(Response::from_ok(id, answer)).unwrap();
            let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
            assert_eq!(read(&own), read(&others));
        }
    }
}
