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

/// What several declarations are called, what a kind makes, and what stands in others.
const TANGLED: &str = r#"
namespace tangled { stage = last }
secret tangled { }
release tangled in tangled {
  chart = chart("redis", repo = "https://charts.example.net", version = "1.2.3")
  values { db.type = "small" }
}

kind store(in namespace: namespace) {
  size: size = 1GiB
  make {
    app db in namespace {
      image = "docker.io/library/postgres:17.6"
      port sql = 5432
      volume data { size = self.size, at = /data }
    }
  }
}
store wiki in tools { size = 3GiB }

host rack[n] for n in numbers(1, 2) { network = lan, users = [ana], address = 192.168.1.20 + n, disk root { device = /dev/nvme0n1 } }
"#;

#[test]
fn a_path_is_found_however_it_is_called() {
    let world = World::with(&format!("{}{TANGLED}", crate::world::GOOD));
    let cases = [
        // By the name in what is built.
        ("rack-1.address", 0, "rack[1].address = 192.168.1.21"),
        ("host.rack-2.address", 0, "rack[2].address = 192.168.1.22"),
        ("rack-1.root.device", 0, "rack[1].root.device = \"/dev/nvme0n1\""),
        ("exporter-one.host", 0, "exporter[one].host"),
        ("wiki-db.image", 0, "wiki.db.image = \"docker.io/library/postgres:17.6\""),
        ("wiki-db.sql.number", 0, "wiki.db.sql.number = 5432"),
        ("app.wiki-db.data.size", 0, "wiki.db.data.size = 3GiB"),
        // What is in others.
        ("web.http", 0, "web.http"),
        ("wiki.db.sql", 0, "wiki.db.sql"),
        ("rack[1].root.device", 0, "rack[1].root.device = \"/dev/nvme0n1\""),
        // What several are called: only one has it.
        (
            "tangled.values.db.type",
            0,
            "release.tangled.values.db.type = \"small\"\n  homelab.hl:45: set here",
        ),
        ("tangled.chart.name", 0, "release.tangled.chart.name = \"redis\""),
        ("secret.tangled.generate", 0, "secret.tangled.generate"),
        // Several have it, or none.
        ("tangled", 1, "'namespace.tangled' or 'release.tangled' or 'secret.tangled'"),
        ("tangled.stage", 1, "'namespace.tangled.stage' or 'release.tangled.stage'"),
        ("tangled.nothing", 1, "several declarations are called 'tangled'"),
        // What is not there.
        ("rack-3.address", 1, "nothing is called 'rack-3'; did you mean 'rack-1' or 'rack-2'?"),
        ("rakc-1.address", 1, "did you mean 'rack-1' or 'rack-2'?"),
        ("unheard-of", 1, "nothing is called 'unheard-of'"),
        ("unheard-of.image", 1, "nothing is called 'unheard-of'"),
        ("http.number", 1, "did you mean 'web.http'?"),
        ("rack-1.memroy", 1, "host rack[1] has no 'memroy'; did you mean 'memory'?"),
        ("rack.address", 1, "choose one by its key, 'rack[…].address'"),
    ];
    let mut wrong = Vec::new();
    for (path, code, wanted) in cases {
        let run = world.run(&["why", path]);
        let said = format!("{}{}", run.out, run.err);
        if run.code != code || !said.contains(wanted) || said.contains("to subtract") {
            wrong.push(format!("{path}: {} {said}", run.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
