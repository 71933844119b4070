//! On a real disk, with real links, locks and kills.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use emit::Files;
use output::{Disk, Options, OutputError, RECORD, RealDisk, Report, build, lock};
use tempfile::TempDir;

use crate::{files, target};

/// Where the process that is killed writes.
const VICTIM: &str = "HLC_OUTPUT_TEST_VICTIM";

fn write(folder: &Path, files: &Files) -> Result<Report, OutputError> {
    build(&RealDisk, &[target(folder, files)], Options::default()).map(|mut reports| reports.remove(0))
}

fn directory() -> TempDir {
    tempfile::tempdir().expect("makes a directory")
}

#[test]
fn writes_what_differs_and_leaves_the_rest_alone() {
    let lab = directory();
    let folder = lab.path().join("out/nixos");
    write(&folder, &files(&[("a", "1"), ("b/c", "1"), ("d/e", "1")])).expect("builds");
    let modified =
        |path: &str| fs::metadata(folder.join(path)).expect("is there").modified().expect("has a time");
    let before = modified("a");
    thread::sleep(Duration::from_millis(20));
    let report = write(&folder, &files(&[("a", "1"), ("b/c", "2")])).expect("builds");
    assert_eq!(
        (report.written, report.removed, report.unchanged),
        (vec!["b/c".into()], vec!["d/e".into()], 1)
    );
    assert_eq!(modified("a"), before);
    assert_eq!(fs::read_to_string(folder.join("b/c")).expect("reads"), "2");
    assert!(!folder.join("d").exists());
    write(&folder, &Files::new()).expect("builds");
    assert!(!folder.exists());
}

#[cfg(unix)]
#[test]
fn files_are_readable_by_all_as_the_umask_has_it() {
    use std::os::unix::fs::PermissionsExt;
    let lab = directory();
    let folder = lab.path().join("nixos");
    write(&folder, &files(&[("a", "1")])).expect("builds");
    fs::write(lab.path().join("plain"), "").expect("writes");
    let mode = |path: &Path| fs::metadata(path).expect("is there").permissions().mode() & 0o777;
    let usual = mode(&lab.path().join("plain")) & 0o644;
    assert_eq!((mode(&folder.join("a")), mode(&folder.join(RECORD))), (usual, usual));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_links() {
    use std::os::unix::fs::symlink;
    let (lab, elsewhere) = (directory(), directory());
    let folder = lab.path().join("nixos");
    fs::write(elsewhere.path().join("a"), "mine").expect("writes");
    symlink(elsewhere.path(), &folder).expect("links");
    assert!(write(&folder, &files(&[("a", "1")])).is_err());
    fs::remove_file(&folder).expect("removes");
    write(&folder, &files(&[("h/a", "mine"), ("b", "1")])).expect("builds");
    fs::remove_dir_all(folder.join("h")).expect("removes");
    symlink(elsewhere.path(), folder.join("h")).expect("links");
    assert!(write(&folder, &files(&[("h/a", "1")])).is_err());
    write(&folder, &files(&[("b", "1")])).expect("builds");
    assert_eq!(fs::read_to_string(elsewhere.path().join("a")).expect("is there"), "mine");
    fs::remove_file(folder.join("b")).expect("removes");
    symlink(elsewhere.path().join("a"), folder.join("b")).expect("links");
    assert!(write(&folder, &files(&[("b", "1")])).is_err());
    assert_eq!(fs::read_dir(elsewhere.path()).expect("lists").count(), 1);
}

/// So many files that threads share them, in one directory that is not there, in many, and in one that is there.
#[test]
fn many_new_files_are_written_whole() {
    let lab = directory();
    let folder = lab.path().join("nixos");
    let mut made = Files::new();
    for round in 0..3 {
        for nth in 0..200 {
            made.insert(format!("hosts/{round}/{nth}/deep/er"), format!("{round} {nth}"));
            made.insert(format!("modules/{}/x-{round}", nth % 90), format!("{round} {nth}"));
        }
        made.insert(format!("round-{round}/x"), String::new());
        let report = write(&folder, &made).expect("builds");
        assert_eq!(report.written.len() + report.unchanged, made.len());
        assert_eq!(read(&folder), made);
        assert_eq!(write(&folder, &made).expect("builds").written.len(), 0);
    }
    write(&folder, &Files::new()).expect("builds");
    assert!(!folder.exists());
}

#[test]
fn a_directory_takes_no_name_that_something_has() {
    let lab = directory();
    let path = |name: &str| lab.path().join(name);
    fs::create_dir_all(path("new/in")).expect("makes");
    fs::create_dir_all(path("theirs")).expect("makes");
    fs::write(path("theirs/a"), "mine").expect("writes");
    for name in ["theirs", "theirs/a"] {
        RealDisk.rename(&path("new"), &path(name)).expect_err("is there");
        assert_eq!(fs::read_to_string(path("theirs/a")).expect("reads"), "mine");
        assert!(path("new/in").exists());
    }
    RealDisk.rename(&path("new"), &path("theirs/new")).expect("renames");
    assert!(path("theirs/new/in").exists());
}

#[test]
fn a_run_waits_for_another() {
    let lab = directory();
    let folder = lab.path().join("nixos");
    let made = files(&[("a", "1")]);
    let held = lock(&RealDisk, &[target(&folder, &made)]).expect("locks");
    thread::scope(|scope| {
        let other = scope.spawn(|| write(&folder, &made));
        thread::sleep(Duration::from_millis(100));
        assert!(!folder.exists(), "it waits");
        drop(held);
        other.join().expect("ends").expect("builds");
    });
    assert!(folder.join("a").exists());
}

#[test]
fn runs_at_the_same_time_do_not_disturb_each_other() {
    let lab = directory();
    let folder = lab.path().join("nixos");
    let trees = [tree("one", 12), tree("two", 9)];
    thread::scope(|scope| {
        for nth in 0..4 {
            let (folder, made) = (&folder, &trees[nth % 2]);
            scope.spawn(move || (0..5).for_each(|_| drop(write(folder, made).expect("builds"))));
        }
    });
    let made = &trees[0];
    write(&folder, made).expect("builds");
    assert_eq!(&read(&folder), made);
}

fn tree(text: &str, count: usize) -> Files {
    let content = format!("{text}\n").repeat(5000);
    let mut files: Files =
        (0..count).map(|nth| (format!("hosts/{text}-{}/{nth}", nth % 3), content.clone())).collect();
    files.extend([("flake.nix".to_owned(), content.clone()), ("modules/shared.nix".to_owned(), content)]);
    files
}

/// The files below `folder`, without the record.
fn read(folder: &Path) -> Files {
    let mut files = Files::new();
    for entry in fs::read_dir(folder).expect("lists") {
        let entry = entry.expect("lists");
        let name = entry.file_name().into_string().expect("is text");
        if entry.file_type().expect("has a type").is_dir() {
            files
                .extend(read(&entry.path()).into_iter().map(|(path, text)| (format!("{name}/{path}"), text)));
        } else if name != RECORD {
            files.insert(name, fs::read_to_string(entry.path()).expect("reads"));
        }
    }
    files
}

/// Not a test: what the next one starts, and kills.
#[test]
#[ignore = "runs until it is killed"]
fn victim() {
    let Some(folder) = std::env::var_os(VICTIM) else { return };
    loop {
        for made in [tree("one", 12), tree("two", 9)] {
            write(Path::new(&folder), &made).expect("builds");
        }
    }
}

#[test]
fn a_killed_build_is_made_right_by_the_next() {
    let lab = directory();
    let folder = lab.path().join("nixos");
    let trees = [tree("one", 12), tree("two", 9)];
    write(&folder, &trees[0]).expect("builds");
    fs::write(folder.join("flake.lock"), "mine").expect("writes");
    let mut interrupted = 0;
    for round in 0..400_u64 {
        // At least so often, and on a slow machine until one comes at a bad moment.
        if round >= 40 && interrupted > 0 {
            break;
        }
        let mut command = Command::new(std::env::current_exe().expect("is a program"));
        command.args(["--exact", "real::victim", "--ignored"]).env(VICTIM, &folder);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        thread::sleep(Duration::from_millis(10 + round * 7919 % (53 + round)));
        child.kill().expect("kills");
        child.wait().expect("ends");
        interrupted += usize::from(!trees.iter().any(|tree| matches(&read(&folder), tree)));
        for (path, text) in read(&folder) {
            let is_whole = trees.iter().any(|tree| tree.get(&path) == Some(&text));
            assert!(
                is_whole || path == "flake.lock" || path.starts_with(".hlc-tmp-"),
                "round {round}: {path}"
            );
        }
        let made = &trees[usize::try_from(round % 2).expect("is small")];
        write(&folder, made).unwrap_or_else(|error| panic!("round {round}: {error}"));
        assert!(matches(&read(&folder), made), "round {round}");
        assert_eq!(write(&folder, made).expect("builds").written.len(), 0);
    }
    assert!(interrupted > 0, "no kill came at a bad moment");
}

/// Whether the folder holds exactly `tree` and the user's file.
fn matches(found: &Files, tree: &Files) -> bool {
    let mut expected = tree.clone();
    expected.insert("flake.lock".to_owned(), "mine".to_owned());
    *found == expected
}
