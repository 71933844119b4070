//! Which options of `nixos` blocks are written, and under which keys.

use emit_nix::block_keys;
use model::{Data, Host, NixosBlock};

use crate::labs::{host, option};

fn with_blocks(blocks: Vec<NixosBlock>) -> Host {
    Host { nixos: blocks, ..host("homelab-0", "192.168.1.10") }
}

fn block(owner: &str, path: &[&str], value: Data, line: u32) -> NixosBlock {
    NixosBlock { owner: owner.to_owned(), options: vec![option(path, value, line)] }
}

fn keys(first: NixosBlock, second: NixosBlock) -> Vec<(String, u32)> {
    block_keys(&with_blocks(vec![first, second]))
        .into_iter()
        .map(|(key, place)| (key, place.span.start))
        .collect()
}

#[test]
fn the_hosts_own_value_replaces_the_templates() {
    let found = keys(
        block("template node", &["a", "b c"], Data::Int(1), 3),
        block("host homelab-0", &["a", "b c"], Data::Int(2), 9),
    );
    assert_eq!(found, [("host homelab-0: a.\"b c\"".to_owned(), 9)]);
}

#[test]
fn options_of_one_set_stay_together() {
    let found = keys(
        block("template node", &["a", "b"], Data::Int(1), 3),
        block("host homelab-0", &["a", "c"], Data::Int(2), 9),
    );
    assert_eq!(found, [("template node: a.b".to_owned(), 3), ("host homelab-0: a.c".to_owned(), 9)]);
}

#[test]
fn a_plain_value_and_what_is_in_it_do_not_go_together() {
    let inner = || block("x", &["a", "b"], Data::Int(1), 3);
    let outer = |value| block("y", &["a"], value, 9);
    assert_eq!(keys(inner(), outer(Data::Null)), [("y: a".to_owned(), 9)]);
    assert_eq!(keys(outer(Data::Null), inner()), [("x: a.b".to_owned(), 3)]);
    assert_eq!(keys(inner(), outer(Data::Nix("f x".to_owned()))).len(), 2);
}
