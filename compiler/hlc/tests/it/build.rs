//! `hlc build`: what is written, and what is not.

#[cfg(unix)]
use std::{fs, os::unix::fs::PermissionsExt};

use crate::world::{GOOD, Run, World};

fn json(run: &Run) -> serde_json::Value {
    serde_json::from_str(&run.out).expect("JSON")
}

#[test]
fn writes_once() {
    let world = World::good();
    let first = world.run(&["build"]);
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.out.contains("wrote nixos/flake.nix\n"), "{}", first.out);
    let tree = world.tree(".");
    let second = world.run(&["build"]);
    assert_eq!(second.code, 0);
    assert!(second.out.starts_with("nothing to do: "), "{}", second.out);
    assert_eq!(tree, world.tree("."));
}

#[test]
fn writes_what_changed_and_removes_what_is_gone() {
    let world = World::good();
    world.run(&["build"]);
    world.write(
        "homelab.hl",
        GOOD.replace("64MiB", "96MiB")
            .replace("app exporter", "# app exporter")
            .replace("  image = \"docker.io/prom/node-exporter:v1.9.1\"\n  host = h\n}", ""),
    );
    let report = json(&world.run(&["build", "--json"]));
    assert_eq!(report["version"], 1);
    let written = serde_json::json!(["k8s/10_last/web/manifests/deployment-web.yaml", "k8s/helmfile.yaml"]);
    assert_eq!(report["written"], written);
    let removed = report["removed"].as_array().expect("a list");
    let is_gone = |path: &serde_json::Value| {
        path.as_str().is_some_and(|it| it.starts_with("k8s/10_last/exporter-one/"))
    };
    assert!(!removed.is_empty() && removed.iter().all(is_gone), "{report}");
    assert!(report["unchanged"].as_u64().is_some_and(|n| n > 5));
    assert_eq!(report["edited_by_hand"], serde_json::json!([]));
    assert!(!world.path("k8s/10_last/exporter-one").exists());
}

#[test]
fn claims_are_not_made_smaller() {
    let lab = |volume: &str| {
        let app = format!(
            "app store in tools {{ image = \"docker.io/library/redis:8.2.1\", volume data {{ {volume} }} }}"
        );
        format!("{GOOD}\n{app}\n")
    };
    let world = World::with(&lab("size = 8GiB, at = /data"));
    assert_eq!(world.run(&["build"]).code, 0);
    let tree = world.tree("k8s");
    for (volume, change) in [
        ("size = 4GiB, at = /data", "is made smaller, from 8GiB to 4GiB"),
        (
            "size = 8GiB, class = \"local-path\", at = /data",
            "gets another class, local-path in place of the default one",
        ),
        ("size = 8GiB, access = many-hosts, class = \"local-path\", at = /data", "one-host"),
    ] {
        world.write("homelab.hl", lab(volume));
        for arguments in [&["build"][..], &["build", "--check"]] {
            let run = world.run(arguments);
            assert_eq!(run.code, 1, "{volume}: {}", run.err);
            assert!(run.err.contains(change) || run.err.contains("error["), "{volume}: {}", run.err);
        }
        assert_eq!(world.tree("k8s"), tree, "{volume}");
    }
    world.write("homelab.hl", lab("size = 16GiB, at = /data"));
    assert_eq!(world.run(&["build"]).code, 0, "it may grow");
    world.write("homelab.hl", lab("size = 4GiB, at = /data"));
    std::fs::remove_file(world.path("k8s/10_last/store/manifests/persistentvolumeclaim-store-data.yaml"))
        .expect("it was written");
    assert_eq!(world.run(&["build"]).code, 0, "who removed the claim builds it anew");
}

#[test]
fn claims_of_charts_are_not_made_smaller() {
    for (kind, told) in [
        ("ollama in tools", "volume = SIZE"),
        (
            "release store in tools",
            "chart = chart(\"redis\", repo = \"https://example.net\", version = \"1.0.0\"), values.master.persistence.size = SIZE",
        ),
    ] {
        let lab = |size: &str| format!("{GOOD}\n{kind} {{ {} }}\n", told.replace("SIZE", size));
        let world = World::with(&lab("8GiB"));
        let run = world.run(&["build"]);
        assert_eq!(run.code, 0, "{kind}: {}", run.err);
        world.write("homelab.hl", lab("4GiB"));
        let run = world.run(&["build"]);
        assert_eq!(run.code, 1, "{kind}: {}", run.err);
        assert!(run.err.contains("is made smaller, from 8GiB to 4GiB"), "{kind}: {}", run.err);
        world.write("homelab.hl", lab("9GiB"));
        assert_eq!(world.run(&["build"]).code, 0, "{kind}");
    }
}

#[test]
fn check_writes_nothing() {
    let world = World::good();
    let before = world.run(&["build", "--check"]);
    assert_eq!(before.code, 1);
    assert!(before.out.contains("would write nixos/flake.nix\n"), "{}", before.out);
    assert!(!world.path("nixos").exists());
    assert_eq!(world.run(&["build"]).code, 0);
    assert_eq!(world.run(&["build", "--check"]).code, 0);
}

#[test]
fn errors_write_nothing() {
    let world = World::with(&GOOD.replace("servers = [one]", "servers = [two]"));
    let run = world.run(&["build"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(
        run.err.contains("error[unknown-name]")
            && run.err.ends_with("nothing was written: 1 error, 1 warning\n"),
        "{}",
        run.err
    );
    assert!(!world.path("nixos").exists() && !world.path("k8s").exists());
}

#[test]
fn warnings_are_shown() {
    let world = World::with(&GOOD.replace("groups = [wheel], ", ""));
    let run = world.run(&["build"]);
    assert!(run.code == 0 && run.err.contains("warning[") && run.out.contains("wrote "), "{}", run.all());
    let run = world.run(&["build", "-q"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn elsewhere() {
    let world = World::good().within("sub");
    let run = world.run(&["build", "--out", "../made"]);
    assert!(run.out.contains("wrote ../made/nixos/flake.nix\n"), "{}", run.out);
    assert!(world.path("made/k8s").is_dir() && !world.path("nixos").exists());
    let run = world.run(&["build"]);
    assert!(run.out.contains("wrote ../nixos/flake.nix\n"), "{}", run.out);
}

#[test]
fn edited_files_are_not_lost() {
    let world = World::good();
    world.run(&["build"]);
    world.write("nixos/flake.nix", "# mine\n");
    let run = world.run(&["build", "--json"]);
    assert_eq!(run.code, 1);
    assert_eq!(json(&run)["edited_by_hand"][0], "nixos/flake.nix");
    assert!(run.err.contains("edited by hand") && run.err.contains("--force"), "{}", run.err);
    assert_eq!(world.text("nixos/flake.nix"), "# mine\n");
    assert_eq!(world.run(&["build", "--check"]).code, 1);
    assert_eq!(world.run(&["build", "--force"]).code, 0);
    assert_ne!(world.text("nixos/flake.nix"), "# mine\n");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written() {
    let world = World::good().file("made/x", "");
    fs::set_permissions(world.path("made"), fs::Permissions::from_mode(0o555)).expect("permissions");
    let run = world.run(&["build", "--out", "made"]);
    fs::set_permissions(world.path("made"), fs::Permissions::from_mode(0o755)).expect("permissions");
    // Root may write everywhere.
    assert!(run.code == 0 || run.err.contains("permission denied"), "{}", run.all());
    let run = World::good().file("made", "").run(&["build", "--out", "made"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("\nerror: cannot create directory made: "), "{}", run.err);
}

#[test]
fn the_same_everywhere() {
    let one = World::good();
    let other = World::good().within("deep/er");
    assert_eq!(one.run(&["build"]).code, 0);
    let mut command = other.command(&["build"]);
    command.env("LC_ALL", "tr_TR.UTF-8").env("TZ", "Asia/Kathmandu").env("HOME", "/nowhere").env("USER", "x");
    assert!(command.output().expect("the program runs").status.success());
    let texts = |world: &World| {
        let of = |folder: &str| world.tree(folder).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        (of("nixos"), of("k8s"))
    };
    assert_eq!(texts(&one), texts(&other));
}
