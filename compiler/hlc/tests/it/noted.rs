//! Builds that have nothing to do, and know it.

use std::fs;
use std::thread;
use std::time::Duration;

use crate::world::World;

const LAB: &str = "lab home { domain = \"home.lan\" }\nstage apps = 10\nnamespace web { stage = apps }\n\
    app blog in web { image = \"ghcr.io/org/blog:1.0\" }\n";

/// A lab that is built, and whose files are old enough for a note.
fn built() -> World {
    built_of(LAB)
}

fn built_of(lab: &str) -> World {
    let world = World::with(lab);
    assert_eq!(world.run(&["build"]).code, 0);
    thread::sleep(Duration::from_nanos(u64::try_from(output::SETTLED).expect("seconds")));
    let second = world.run(&["build"]);
    assert!(second.out.starts_with("nothing to do: "), "{}", second.out);
    world
}

fn notes(world: &World) -> Vec<std::path::PathBuf> {
    let folder = fs::read_dir(world.path("home/.cache/hlc/builds"));
    folder.into_iter().flatten().map(|entry| entry.expect("an entry").path()).collect()
}

#[test]
fn a_build_that_is_noted_says_the_same_and_misses_nothing() {
    let world = built();
    let [note] = notes(&world).try_into().expect("one note");
    let whole = fs::read_to_string(&note).expect("text");
    let (plain, json) = (world.run(&["build"]), world.run(&["build", "--json"]));
    fs::remove_file(&note).expect("was there");
    let (plain_without, json_without) = (world.run(&["build"]), world.run(&["build", "--json"]));
    assert_eq!((plain.out, json.out), (plain_without.out, json_without.out));
    assert_eq!(fs::read_to_string(&note).expect("it is noted anew"), whole);

    // An edited file is found by its look, though the note is there.
    let file = "k8s/10_apps/blog/manifests/deployment-blog.yaml";
    let text = fs::read_to_string(world.path(file)).expect("made");
    world.write(file, text.replace("1.0", "1.1"));
    let edited = world.run(&["build"]);
    assert_eq!(edited.code, 1, "{}", edited.err);
    assert!(edited.err.contains(file), "{}", edited.err);
    world.write(file, &text);
    assert_eq!(world.run(&["build"]).code, 0);

    // Another lab is another build.
    world.write("homelab.hl", LAB.replace("1.0", "2.0"));
    let run = world.run(&["build"]);
    assert!(run.out.contains("deployment-blog.yaml"), "{}", run.out);
}

#[test]
fn problems_are_said_as_before() {
    let world = built();
    world.write("homelab.hl", format!("{LAB}x = \n"));
    let run = world.run(&["build"]);
    assert_eq!(run.code, 1, "{}", run.err);
}

#[test]
fn a_lab_with_a_hint_leaves_no_note_and_is_checked_each_time() {
    let world = built_of(&format!("{LAB}secret token {{ kind = bcrypt }}\n"));
    assert_eq!(notes(&world), [""; 0].map(std::path::PathBuf::from));
    let told = world.run(&["build"]);
    assert!(told.err.contains("token"), "{}", told.err);
}

#[test]
fn another_day_is_another_build() {
    let world = built();
    let [note] = notes(&world).try_into().expect("one note");
    let today = fs::read_to_string(&note).expect("text");
    // Values may be due by then.
    world.command(&["build"]).env("SOURCE_DATE_EPOCH", "4000000000").output().expect("runs");
    assert_ne!(fs::read_to_string(&note).expect("text"), today);
}

/// What a build says that has a note, and one that has none.
fn with_and_without_note(world: &World) -> [(i32, String, String); 2] {
    let [note] = notes(world).try_into().expect("one note");
    let run = || {
        let run = world.run(&["build"]);
        (run.code, run.out, run.err)
    };
    let with = run();
    fs::remove_file(note).expect("was there");
    [with, run()]
}

#[test]
fn a_file_of_values_that_is_none_of_sops_is_not_overlooked() {
    let world = built();
    world.write("homelab.secrets.yaml", "token: not-encrypted\n");
    let [with, without] = with_and_without_note(&world);
    assert_eq!(with, without);
    assert!(!with.2.is_empty());
}

#[cfg(unix)]
#[test]
fn an_import_that_is_gone_is_not_overlooked() {
    let world =
        World::with(&format!("import \"./one.hl\"\nimport \"./two.hl\"\n{LAB}")).file("one.hl", "x = 1\n");
    std::os::unix::fs::symlink("one.hl", world.path("two.hl")).expect("a link");
    assert_eq!(world.run(&["build"]).code, 0);
    thread::sleep(Duration::from_nanos(u64::try_from(output::SETTLED).expect("seconds")));
    assert_eq!(world.run(&["build"]).code, 0);
    fs::remove_file(world.path("two.hl")).expect("was there");
    let [with, without] = with_and_without_note(&world);
    assert_eq!(with, without);
    assert_eq!(with.0, 1, "{}", with.2);
}

#[test]
fn a_home_that_cannot_be_written_is_no_error() {
    let world = World::with(LAB);
    world.write("home", "a file");
    assert_eq!(world.run(&["build"]).code, 0);
    assert_eq!(world.run(&["build"]).code, 0);
    assert_eq!(notes(&world), [""; 0].map(std::path::PathBuf::from));
}
