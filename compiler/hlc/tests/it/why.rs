//! `hlc why`.

use insta::assert_snapshot;

use crate::world::World;

fn why(path: &str) -> String {
    without_lines(&World::good().run(&["why", path]).all())
}

/// The lines of the library are its own business.
fn without_lines(text: &str) -> String {
    let mut parts = text.split("std/");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (path, rest) = part.split_once(':').expect("a path and a line");
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        shown = format!("{shown}std/{path}:_{rest}");
    }
    shown
}

#[test]
fn what_a_line_overrode() {
    assert_snapshot!(why("one.memory"));
    assert_snapshot!(why("one.nixos.services.openssh.enable"));
    assert_snapshot!(why("app.web.resources.memory"));
}

#[test]
fn what_a_line_refers_to() {
    assert_snapshot!(why("lan.ingress"));
    assert_snapshot!(why("exporter[one].host"));
}

#[test]
fn whole_declarations() {
    let app = why("app.web");
    let (set, defaults) = app.split_once("\ndefaults\n").expect("two parts");
    assert_snapshot!(set);
    assert!(defaults.contains("  replicas "), "{defaults}");
    assert_snapshot!(why("web.http"));
}

#[test]
fn what_follows_from_others() {
    assert_snapshot!(why("lan.cidr.first"));
    assert_snapshot!(why("limit"));
}

#[test]
fn what_is_not_there() {
    assert_snapshot!(why("one.memroy"));
    assert_snapshot!(why("wbe.image"));
    assert!(why("one.env").starts_with("exit code 1\n"));
    assert!(why("").starts_with("exit code 1\n"));
}
