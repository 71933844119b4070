//! `hlc check`: formats and exit codes.

use insta::assert_snapshot;

use crate::world::World;

const BAD: &str = "lab home { domain = \"home.example.net\" }\nstage apps = 10\nnamespace tools { stage = aps }\nfoo = nope\n";

#[test]
fn a_lab_without_problems() {
    let world = World::with("lab home { domain = \"home.example.net\" }\nstage apps = 10\n");
    assert_snapshot!(world.run(&["check"]).all(), @r"
    exit code 0
    ---- stdout
    ---- stderr
    no problems
    ");
    assert_snapshot!(world.run(&["check", "--format", "short", "-q"]).all(), @r"
    exit code 0
    ---- stdout
    ---- stderr
    ");
}

#[test]
fn human() {
    assert_snapshot!(World::with(BAD).run(&["check"]).all());
}

#[test]
fn short() {
    assert_snapshot!(World::with(BAD).run(&["check", "--format", "short"]).all());
}

#[test]
fn json() {
    assert_snapshot!(World::with(BAD).run(&["check", "--format=json"]).all());
}

#[test]
fn sarif() {
    let run = World::with(BAD).run(&["check", "--format", "sarif"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    let log: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "unknown-name");
}

#[test]
fn warnings_alone_are_no_failure() {
    let world = World::with(&crate::world::GOOD.replace("groups = [wheel], ", ""));
    let run = world.run(&["check", "--format", "short"]);
    assert!(run.out.contains("warning["), "{}", run.out);
    assert_eq!(run.code, 0);
}

#[test]
fn colours_are_for_terminals() {
    let world = World::with(BAD);
    assert!(!world.run(&["check"]).out.contains('\x1b'));
    assert!(world.run(&["check", "--color=always"]).out.contains('\x1b'));
    let mut command = world.command(&["check", "--color", "always"]);
    let run = crate::world::Run::of(&command.env("NO_COLOR", "1").output().expect("the program runs"));
    assert!(run.out.contains('\x1b'), "asking is stronger than NO_COLOR");
}

#[test]
fn paths_are_relative_to_the_working_directory() {
    let short = ["check", "--format", "short"];
    let first = |world: &World, arguments: &[&str]| {
        let run = world.run(arguments);
        run.out.split(':').next().unwrap_or_default().to_owned()
    };
    let world = World::with(BAD).within("a/b");
    assert_eq!(first(&world, &short), "../../homelab.hl");
    let world = World::with(BAD).file("x/other.hl", BAD).within("a");
    assert_eq!(first(&world, &["check", "--format", "short", "--file", "../x/other.hl"]), "../x/other.hl");
    let path = world.path("x/other.hl");
    let path = path.to_str().expect("a plain path");
    assert_eq!(first(&world, &["--file", path, "check", "--format", "short"]), "../x/other.hl");
}
