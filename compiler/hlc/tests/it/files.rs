//! Which files a lab is made of, and what can be wrong with them.

use insta::assert_snapshot;

use crate::world::{GOOD, Run, World};

fn check(world: &World) -> Run {
    world.run(&["check", "--format", "short"])
}

#[test]
fn several_files() {
    let (first, second) = GOOD.split_once("stage last").expect("two halves");
    let world = World::with(&format!("import \"./apps/all.hl\"\n{first}"))
        .file("apps/all.hl", format!("import \"../homelab.hl\"\nimport \"more.hl\"\nstage last{second}"))
        .file("apps/more.hl", "import \"./all.hl\"\nsecret more { }\n");
    assert_eq!(check(&world).code, 0);
    assert_eq!(
        world.run(&["eval", "[for s in secrets => s.name]"]).out,
        "[\"k3s-token\", \"more\", \"token\"]\n"
    );
    let detail = world.run(&["check", "-v"]).err;
    assert_eq!(detail, "read homelab.hl\nread apps/all.hl\nread apps/more.hl\n");
}

#[test]
fn problems_of_an_imported_file_are_in_that_file() {
    let world = World::with("import \"apps/a.hl\"\n").file("apps/a.hl", "\nx = nope\n").within("apps");
    assert_snapshot!(check(&world).out, @r#"a.hl:2:5: error[unknown-name]: nothing is called 'nope'; declare it, or put a text in quotes: "nope""#);
}

#[test]
fn imports_that_cannot_be_read() {
    let world = World::with(
        "import \"missing.hl\"\nimport \"folder\"\nimport \"latin.hl\"\nimport \"../outside.hl\"\n\
         import \"/etc/passwd\"\nimport \"\"\nimport \"std/x.hl\"\nimport \"media.hl\"\nimport \"homelab.hl/x.hl\"\n",
    )
    .file("folder/x.hl", "")
    .file("latin.hl", b"# \xe9\n")
    .file("medias.hl", "");
    let run = check(&world);
    assert_eq!(run.code, 1);
    assert_snapshot!(run.out);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_no_file_is_read_twice() {
    let world = World::with("import \"a.hl\"\nimport \"b.hl\"\nimport \"self.hl\"\n").file("a.hl", "x = 1\n");
    std::os::unix::fs::symlink("a.hl", world.path("b.hl")).expect("a link");
    std::os::unix::fs::symlink("homelab.hl", world.path("self.hl")).expect("a link");
    std::os::unix::fs::symlink("nowhere", world.path("broken.hl")).expect("a link");
    assert_eq!(check(&world).code, 0);
    let run = world.run(&["--file", "broken.hl", "check"]);
    assert_eq!(
        run.all(),
        "exit code 2\n---- stdout\n---- stderr\nerror: cannot read broken.hl: there is no such file\n"
    );
}

#[test]
fn a_lab_that_cannot_be_read() {
    let world = World::empty()
        .file("latin.hl", b"a\n\xe9")
        .file("wide.hl", b"\xff\xfea\0")
        .file("folder/homelab.hl", "");
    let mut told = String::new();
    for file in ["missing.hl", "latin.hl", "wide.hl", "folder", "latin.hl/x.hl"] {
        let run = world.run(&["check", "--format", "json", "--file", file]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{file}");
        told.push_str(&run.err);
        assert_eq!(world.run(&["build", "--file", file]).code, 1, "{file}");
    }
    assert_snapshot!(told, @r"
    error: cannot read missing.hl: there is no such file
    error: cannot read latin.hl: it is not UTF-8 (line 2, byte 2 of the file); save it as UTF-8
    error: cannot read wide.hl: it is UTF-16; save it as UTF-8
    error: cannot read folder: it is a directory; name the file: folder/homelab.hl
    error: cannot read latin.hl/x.hl: a part of its path is a file, not a directory
    ");
}

#[test]
fn no_lab_at_all() {
    let run = World::empty().run(&["check"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("there is no homelab.hl in ") && run.err.contains("hlc init"), "{}", run.err);
}
