//! Texts of a revision of git, beside those of the disk.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use workspace::{Disk, Revision, Texts};

/// A repository with a lab in a folder, in one commit.
fn repository() -> TempDir {
    let root = TempDir::new().expect("a temporary folder");
    let write = |path: &str, text: &[u8]| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    };
    write("lab/homelab.hl", b"x = 1\n");
    write("lab/charts/a b.yaml", b"a: 1\n");
    write("lab/charts/inner/c.yaml", b"c: 1\n");
    write("lab/latin.txt", b"\xff");
    write("other/secret.txt", b"outside\n");
    let link = |to: &str, path: &str| symlink(to, root.path().join(path)).expect("a link");
    link("charts/inner/../a b.yaml", "lab/link.yaml");
    link("charts", "lab/linked");
    link("../other/secret.txt", "lab/out.txt");
    link("/etc/passwd", "lab/absolute.txt");
    link("loop.txt", "lab/loop.txt");
    link("nowhere", "lab/dangling.txt");
    git(root.path(), &["init", "--quiet"]);
    git(root.path(), &["add", "--all"]);
    git(root.path(), &["commit", "--quiet", "-m", "a state"]);
    root
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.current_dir(folder).args(["-c", "user.name=somebody", "-c", "user.email=somebody@example.net"]);
    git.args(arguments).env("HOME", folder).env("GIT_CONFIG_NOSYSTEM", "1");
    assert!(git.status().expect("git runs").success(), "{arguments:?}");
}

#[test]
fn a_revision_reads_as_the_disk_does() {
    let root = repository();
    let folder = root.path().join("lab");
    let (disk, revision) = (Disk::new(&folder), Revision::find(&folder, "HEAD").expect("a revision"));
    for name in [
        "homelab.hl",
        "charts/a b.yaml",
        "link.yaml",
        "linked/inner/c.yaml",
        "none.hl",
        "charts/none",
        "dangling.txt",
    ] {
        let both = [disk.text(name), revision.text(name)].map(|text| text.map_err(|unread| unread.reason));
        assert_eq!(both[0], both[1], "{name}");
        assert_eq!(disk.is_file(name), revision.is_file(name), "{name}");
    }
    for name in ["latin.txt", "charts", "linked"] {
        assert_eq!(disk.text(name), revision.text(name), "{name}");
    }
    for folder in ["", "charts", "linked", "charts/inner", "none", "homelab.hl"] {
        assert_eq!(disk.entries(folder), revision.entries(folder), "{folder}");
        let name = if folder.is_empty() { "x".to_owned() } else { format!("{folder}/x") };
        assert_eq!(disk.beside(&name), revision.beside(&name), "{name}");
    }
    let identity = |texts: &dyn Texts, a: &str, b: &str| texts.identity(a) == texts.identity(b);
    for (a, b) in [
        ("link.yaml", "charts/a b.yaml"),
        ("linked/inner/c.yaml", "charts/inner/c.yaml"),
        ("link.yaml", "homelab.hl"),
    ] {
        assert_eq!(identity(&disk, a, b), identity(&revision, a, b), "{a} {b}");
    }
    for name in ["homelab.hl", "link.yaml", "linked", "out.txt", "absolute.txt", "none.hl"] {
        assert_eq!(disk.is_inside(name), revision.is_inside(name), "{name}");
    }
}

#[test]
fn links_lead_nowhere_else() {
    let root = repository();
    let revision = Revision::find(&root.path().join("lab"), "HEAD").expect("a revision");
    for name in ["out.txt", "absolute.txt", "../other/secret.txt"] {
        let unread = revision.text(name).expect_err("it is outside");
        assert!(unread.is_there && unread.reason.starts_with("it leads out of the lab's folder"), "{name}");
    }
    let unread = revision.text("loop.txt").expect_err("it has no end");
    assert_eq!(unread.reason, "it is a link that leads to itself");
}

#[test]
fn what_is_in_the_work_tree_is_not_in_the_revision() {
    let root = repository();
    let folder = root.path().join("lab");
    fs::write(folder.join("homelab.hl"), "x = 2\n").expect("another text");
    fs::write(folder.join("new.hl"), "").expect("a new file");
    fs::remove_file(folder.join("charts/a b.yaml")).expect("a file that goes");
    let revision = Revision::find(&folder, "HEAD").expect("a revision");
    assert_eq!(revision.text("homelab.hl").as_deref(), Ok("x = 1\n"));
    assert!(!revision.is_file("new.hl") && revision.is_file("charts/a b.yaml"));
    // A folder that the revision has not.
    let new = root.path().join("new/lab");
    fs::create_dir_all(&new).expect("a new folder");
    let nothing = Revision::find(&new, "HEAD").expect("a revision");
    assert_eq!((nothing.entries(""), nothing.is_file("homelab.hl")), (None, false));
}
