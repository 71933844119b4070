//! One question in plain HTTP, and its answer in JSON.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

/// What a server at `address` answers to `request`, which is a method and a path, with a body.
#[track_caller]
pub(crate) fn answer(address: &str, request: &str, body: &str) -> Value {
    let mut server = TcpStream::connect(address).expect("it listens");
    // With HTTP 1.0 the answer is one piece, and ends with the connection.
    let length = body.len();
    let head = format!("{request} HTTP/1.0\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n");
    server.write_all(head.as_bytes()).and_then(|()| server.write_all(body.as_bytes())).expect("it reads");
    let mut answer = String::new();
    server.read_to_string(&mut answer).expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer of HTTP");
    assert!(head.split(' ').nth(1) == Some("200"), "{request}: {answer}");
    serde_json::from_str(body).expect("it answers in JSON")
}
