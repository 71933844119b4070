//! What is written, whole.

use std::fmt::Write;

use crate::labs::{Whole, host_with_age_key, one_host, three_servers, two_hosts};

fn shown(whole: &Whole) -> String {
    whole.files().iter().fold(String::new(), |mut out, (path, text)| {
        writeln!(out, "──── {path}\n{text}").unwrap();
        out
    })
}

#[test]
fn a_server_and_an_agent() {
    insta::assert_snapshot!(shown(&two_hosts()));
}

#[test]
fn three_servers_share_what_must_be_the_same() {
    insta::assert_snapshot!(shown(&three_servers()));
}

#[test]
fn a_host_without_a_cluster_has_nothing_secret() {
    let shown = shown(&one_host());
    assert!(!shown.contains("sops.secrets") && !shown.contains("defaultSopsFile"), "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn a_host_with_an_age_key_decrypts_with_that() {
    insta::assert_snapshot!(host_with_age_key().files()["hosts/box/default.nix"]);
}

#[test]
fn order_of_what_has_none_is_of_no_matter() {
    let mut whole = two_hosts();
    let files = whole.files();
    whole.users.reverse();
    whole.hosts.reverse();
    whole.ports.reverse();
    assert_eq!(files, whole.files());
}
