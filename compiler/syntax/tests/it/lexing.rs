//! Texts to tokens.

use std::fmt::Write;

use syntax::{TokenKind, tokens};

/// Each token but space, a line each.
fn lexed(text: &str) -> String {
    let mut out = format!("{text}\n---\n");
    let mut at = 0;
    for token in tokens(text) {
        let end = at + token.len as usize;
        if !matches!(token.kind, TokenKind::Space | TokenKind::Newline) {
            let _ = writeln!(out, "{:?} {:?}", token.kind, &text[at..end]);
        }
        at = end;
    }
    assert_eq!(at, text.len());
    out
}

macro_rules! lexes {
    ($($name:ident: $text:expr;)*) => { $(#[test] fn $name() { insta::assert_snapshot!(lexed($text)); })* };
}

lexes! {
    words: "homelab-0 open-webui a-b - c a- b_c-d3 a->b if";
    numbers: "42 1_000 1.5 8GiB 250m 1h30m 1.5GiB 0..100 1.2.3 1.2.3-rc.1 1e3 1__0";
    addresses: "192.168.1.1 192.168.1.100 .. 192.168.1.127 10.42.0.0/16 192.168.1.300 192.168.1 fd00::1 ::1 fd00::/64 :: 1:2:3:4:5:6:7:8 aa:bb:cc:dd:ee:ff ::ffff:1.2.3.4 a:b aa:bb:cc";
    paths: "at = /dev/sda, /app/data } [/, /a:b, /a: ] a / b a/b 1/2 (x) /y ~ / \n/.ssh/%x@y";
    texts: "\"a\" \"\\\"b\\\\\" \"a ${b + \"c ${d}\" } e\" \"\"\"\n  x\n  \"y\" ${z}\n\"\"\" \"{}\" \"${ {a = 1} }\"";
    nix_texts: "nix\"a ${b} \\\" c\" nix\"\"\"\n x\n\"\"\" nix \"a\"";
    unclosed_texts: "a \"b\nc \"d ${e\nf \"g ${h} i\nj nix\"k\n\"\"\"l\n  m\nn = 3\n";
    signs: "= += == != < <= > >= + - * / % .. . ?. ?? ? => -> | : , ; @ ( ) [ ] { }";
    mistakes: "&& || ! 'a' “b” // c\n§ größe \u{a0} $ \0 '";
    trivia: "\u{feff}# a\r\n## b\r\n\t### c\n\r d";
}
