//! `hlc init`.

use crate::world::World;

#[test]
fn starts_a_lab_that_builds() {
    let world = World::empty();
    let run = world.run(&["init"]);
    assert_eq!(
        (run.code, run.out.as_str()),
        (0, "wrote homelab.hl\nwrote .gitignore\nwrote .gitattributes\n")
    );
    assert!(world.text("homelab.hl").lines().count() <= 80);
    let check = world.run(&["check", "--format", "short"]);
    assert_eq!(check.code, 0, "{}", check.out);
    let rules = ["no-admin", "secret-without-value"];
    let said = check.out.lines().zip(rules).all(|(line, rule)| line.contains(&format!("warning[{rule}]")));
    assert!(
        said && check.out.lines().count() == rules.len(),
        "it warns that there are no keys yet, and of nothing else: {}",
        check.out
    );
    assert_eq!(world.run(&["build"]).code, 0);
    assert_eq!(world.run(&["build", "--check"]).code, 0);
}

#[test]
fn overwrites_nothing() {
    let files = ["new/.gitignore", "new/.gitattributes"];
    let world = files.iter().fold(World::empty(), |world, path| world.file(path, "mine\n"));
    let run = world.run(&["init", "new"]);
    assert_eq!((run.code, run.out.as_str()), (0, "wrote new/homelab.hl\n"));
    for path in files {
        assert_eq!(world.text(path), "mine\n");
        assert!(run.err.contains(&format!("left {path} as it is")), "{}", run.err);
    }
    world.write("new/homelab.hl", "# mine\n");
    let run = world.run(&["init", "new"]);
    assert_eq!(
        run.all(),
        "exit code 1\n---- stdout\n---- stderr\nerror: new/homelab.hl is there already; it was left as it is\n"
    );
    assert_eq!(world.text("new/homelab.hl"), "# mine\n");
}
