//! `hlc explain`.

use crate::world::World;

#[test]
fn pages() {
    let world = World::empty();
    let run = world.run(&["explain", "unknown-name"]);
    assert_eq!(run.code, 0);
    assert!(run.out.starts_with("# unknown-name") && !run.out.contains('\x1b'), "{}", run.out);
    assert_eq!(world.run(&["explain", "error[unknown-name]"]).out, run.out);
    assert!(world.run(&["explain", "unknown-name", "--color=always"]).out.starts_with("\x1b[1munknown-name"));
}

#[test]
fn every_rule_has_a_page() {
    let world = World::empty();
    let list = world.run(&["explain", "--list"]).out;
    assert!(list.lines().count() > 30, "{list}");
    for line in list.lines() {
        let name = line.split(' ').next().expect("a name");
        assert_eq!(world.run(&["explain", name]).code, 0, "{name}");
    }
}

#[test]
fn unknown_rules() {
    let run = World::empty().run(&["explain", "unknown-nam"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert_eq!(run.err, "error: there is no rule 'unknown-nam'; did you mean 'unknown-name'?\n");
    assert_eq!(World::empty().run(&["explain"]).code, 2);
}
