//! Files that appear, change and go, on the disk and in buffers.

use std::fs;
use std::path::Path;
use std::process::Command;

use workspace::{Buffers, Disk, Lab, Texts};

use crate::world::{ROOT, SECRETS, World};

#[test]
fn an_import_is_a_problem_until_the_file_is_there() {
    let mut world = World::new(&[(ROOT, "import \"media.hl\"\nx = films\n")]);
    assert_eq!(world.said(ROOT).len(), 2);
    world.write("media.hl", "films = 1\n");
    assert_eq!(world.said(ROOT), [""; 0]);
    assert_eq!(world.said("media.hl"), [""; 0], "a file without problems has an empty list");
    world.remove("media.hl");
    assert_eq!(world.said(ROOT).len(), 2);
    assert_eq!(world.problems().len(), 1);
    world.set_buffer("media.hl", "import \"more.hl\"\nfilms = series\n");
    assert_eq!(world.said(ROOT), [""; 0], "it is open, though never saved");
    assert_eq!(world.said("media.hl").len(), 2);
    world.write("more.hl", "series = 2\n");
    assert_eq!(world.said("media.hl"), [""; 0]);
    world.close_buffer("media.hl");
    assert_eq!(world.said(ROOT).len(), 2);
    world.is_as_fresh("all of that");
}

#[test]
fn what_is_missing_is_guessed_from_what_is_there() {
    let mut world = World::new(&[(ROOT, "import \"media.hl\"\n")]);
    let help = |world: &World| world.problems()[ROOT][0].help.clone();
    assert_eq!(help(&world), None);
    world.write("medai.hl", "");
    assert_eq!(help(&world).as_deref(), Some("did you mean 'medai.hl'?"));
    world.is_as_fresh("a file beside it");
}

#[test]
fn the_labs_own_file_may_go_and_come_back() {
    let mut world = World::new(&[(ROOT, "x = y\n")]);
    world.remove(ROOT);
    assert_eq!(world.said(ROOT), [""; 0]);
    assert_eq!(world.lab.faults().collect::<Vec<_>>(), ["cannot read homelab.hl: there is no such file"]);
    world.write(ROOT, "x = y\n");
    assert_eq!((world.said(ROOT).len(), world.lab.faults().count()), (1, 0));
    world.is_as_fresh("that");
}

#[test]
fn what_is_known_of_secrets_follows_the_file_of_values() {
    let mut world = World::new(&[(ROOT, "secret key { generate = random(32) }\n")]);
    let none = world.said(ROOT);
    assert!(!none.is_empty(), "it has no value");
    world.set_buffer(SECRETS, "key: hunter2\n");
    let plain = world.said(ROOT);
    assert_ne!(none, plain);
    world.write(SECRETS, "- a\n");
    assert_eq!(world.said(ROOT), plain, "the buffer counts");
    world.close_buffer(SECRETS);
    assert_eq!(world.lab.faults().collect::<Vec<_>>(), ["homelab.secrets.yaml is not a map of secrets"]);
    world.remove(SECRETS);
    assert_eq!(world.said(ROOT), none);
    world.is_as_fresh("that");
}

#[test]
fn what_is_none_of_the_labs_stays_out_of_it() {
    let mut world = World::new(&[(ROOT, "x = 1\n")]);
    world.set_buffer(SECRETS, "key: hunter2\n");
    world.set_buffer("notes.hl", "y = hunter2\n");
    world.set_buffer("notes.hl", "y = hunter3\n");
    assert_eq!(world.lab.session().file_names(), [ROOT]);
    for name in [SECRETS, "notes.hl"] {
        assert!(world.lab.session().imports(name).is_empty() && world.lab.session().text(name).is_none());
    }
    world.set_buffer(ROOT, "import \"notes.hl\"\nx = 1\n");
    assert_eq!(world.said("notes.hl").len(), 1, "until it is imported");
    world.is_as_fresh("that");
}

#[test]
fn nobody_waits_for_what_is_no_file() {
    let root = tempfile::TempDir::new().expect("a temporary folder");
    let pipe = root.path().join("pipe.hl");
    assert!(Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()));
    fs::write(root.path().join(ROOT), "import \"pipe.hl\"\n").expect("it is written");
    let lab = Lab::open(ROOT, Box::new(Disk::new(root.path())));
    let problems = lab.session().problems();
    assert_eq!(
        problems[0].message,
        "'pipe.hl' cannot be imported: it is a pipe, a socket or a device, not a file"
    );
}

#[test]
fn one_file_under_two_names_is_one() {
    let root = tempfile::TempDir::new().expect("a temporary folder");
    let write = |name: &str, text: &str| fs::write(root.path().join(name), text).expect("it is written");
    write(ROOT, "import \"a.hl\"\nimport \"b.hl\"\nx = y\n");
    write("a.hl", "y = 1\n");
    std::os::unix::fs::symlink(root.path().join("a.hl"), root.path().join("b.hl")).expect("a link");
    let disk = Disk::new(root.path());
    assert_eq!(disk.name(&root.path().join("a.hl")).as_deref(), Some("a.hl"));
    assert_eq!(disk.name(Path::new("/nowhere/a.hl")), None);
    let mut lab = Lab::open(ROOT, Box::new(disk.clone()));
    let files = |lab: &Lab| lab.session().file_names();
    assert_eq!((files(&lab), lab.session().problems().len()), (vec![ROOT.into(), "a.hl".into()], 0));
    lab.set_buffer("b.hl", "z = 1\n");
    assert_eq!(lab.session().problems().len(), 1, "the buffer stands for both names");
    lab.set_buffer("b.hl", "y = 2\n");
    assert_eq!(lab.session().problems().len(), 0);
    fs::remove_file(root.path().join("a.hl")).expect("it goes");
    write("a.hl", "");
    lab.close_buffer("b.hl");
    assert_eq!(lab.session().problems().len(), 1);
    fs::remove_file(root.path().join("b.hl")).expect("it goes");
    write("b.hl", "y = 3\n");
    lab.changed_on_disk(&["b.hl".into()]);
    assert_eq!((files(&lab).len(), lab.session().problems().len()), (3, 0), "two files now");
    assert!(
        Buffers::new(Box::new(disk)).text("").is_err_and(|unread| unread.is_there),
        "a folder is no text"
    );
}

#[test]
fn what_is_read_as_data_is_what_is_there() {
    let mut world = World::new(&[
        (ROOT, "a = file(\"./a.txt\")\nb = [for d in documents(\"./all\") => d.x]\n"),
        ("all/one.yaml", "x: 1\n"),
    ]);
    assert_eq!(world.said(ROOT).len(), 1);
    world.write("a.txt", "text");
    assert_eq!(world.said(ROOT), [""; 0]);
    // What is wrong is in the file that has it, and a buffer counts more than the disk.
    world.write("all/two.json", "{ \"x\": }");
    assert_eq!((world.said(ROOT).len(), world.said("all/two.json").len()), (0, 1));
    world.set_buffer("all/two.json", "{ \"x\": 2 }");
    assert_eq!(world.problems().values().flatten().count(), 0);
    let eval =
        |world: &World| world.lab.session().eval("b").map(|value| format!("{value:?}")).unwrap_or_default();
    assert!(eval(&world).contains("Int(2)"), "{}", eval(&world));
    world.close_buffer("all/two.json");
    assert_eq!(world.said("all/two.json").len(), 1);
    world.remove("all/two.json");
    assert_eq!(world.problems().values().flatten().count(), 0);
    world.is_as_fresh("all of that");
    // Only what concerns the lab is looked at.
    let concerned = ["a.txt", "all/new.yaml", "all", "b.hl", "b.txt", "k8s/x.yaml"]
        .map(|name| world.lab.is_concerned(name));
    assert_eq!(concerned, [true, true, true, true, false, false]);
}

#[test]
fn what_cannot_be_read_as_data_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("lab/inner")).expect("a folder");
    fs::write(at("secret.txt"), "outside").expect("it is written");
    fs::write(at("lab/large.txt"), vec![b'a'; (2 << 20) + 1]).expect("it is written");
    fs::write(at("lab/most.txt"), vec![b'a'; 2 << 20]).expect("it is written");
    fs::write(at("lab/latin.txt"), b"caf\xe9").expect("it is written");
    fs::write(at("lab/inner/own.txt"), "own").expect("it is written");
    for (to, link) in
        [("../secret.txt", "lab/link.txt"), ("..", "lab/up"), ("inner", "lab/in"), ("nowhere", "lab/broken")]
    {
        std::os::unix::fs::symlink(to, at(link)).expect("a link");
    }
    let said = |path: &str| {
        fs::write(at("lab/homelab.hl"), format!("a = file(\"{path}\")\n")).expect("it is written");
        let lab = Lab::open(ROOT, Box::new(Disk::new(at("lab"))));
        let problems = lab.session().problems();
        problems.first().map(|problem| problem.message.clone()).unwrap_or_default()
    };
    for (path, is) in [
        ("./large.txt", "'large.txt' cannot be read: it is larger than 2 MiB"),
        ("./most.txt", ""),
        (
            "./latin.txt",
            "'latin.txt' cannot be read: it is not UTF-8 (line 1, byte 3 of the file); save it as UTF-8",
        ),
        ("./link.txt", "'link.txt' cannot be read: it is a link to what is outside of the lab's folder"),
        (
            "./up/secret.txt",
            "'up/secret.txt' cannot be read: it is a link to what is outside of the lab's folder",
        ),
        ("./in/own.txt", ""),
        ("./inner", "'inner' cannot be read: it is a folder, and a file is expected here"),
        ("./broken", "'broken' cannot be read: there is no such file"),
        ("../secret.txt", "'../secret.txt' cannot be read: it is outside of the lab's folder"),
    ] {
        assert_eq!(said(path), is, "{path}");
    }
}
