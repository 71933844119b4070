//! `hlc lsp` as a process: it speaks over the standard streams, and how it ends says how the client left.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};

fn started() -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hlc"));
    command.args(["lsp", "--stdio"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    command.spawn().expect("hlc runs")
}

fn send(child: &mut Child, body: &str) {
    let input = child.stdin.as_mut().expect("it reads");
    write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("it reads");
}

#[test]
fn speaks_over_the_standard_streams() {
    let mut child = started();
    send(&mut child, r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#);
    send(&mut child, r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#);
    send(&mut child, r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#);
    send(&mut child, r#"{"jsonrpc":"2.0","method":"exit"}"#);
    let mut said = String::new();
    child.stdout.take().expect("it answers").read_to_string(&mut said).expect("text");
    assert!(said.contains("\"positionEncoding\":\"utf-16\""), "{said}");
    // The client still has its end open: it is the word that ends it.
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn who_goes_without_a_word_is_told_by_the_exit_code() {
    let mut child = started();
    send(&mut child, r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#);
    drop(child.stdin.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
}
