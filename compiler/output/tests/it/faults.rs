//! A failure of every kind at every operation, and the builds after it.

use std::collections::BTreeMap;
use std::path::Path;

use emit::Files;
use output::{Disk, Fault, MemoryDisk};

use crate::{content, files, write, write_with};

type Tree = BTreeMap<String, Option<String>>;

fn before() -> Files {
    files(&[
        ("flake.nix", "old flake"),
        ("hosts/nas/default.nix", "old nas"),
        ("hosts/old/default.nix", "old host"),
        ("hosts/old/deep/er.nix", "old host"),
        ("same.nix", "same"),
        ("was-file", "old file"),
        ("was-dir/in/x", "old x"),
    ])
}

fn after() -> Files {
    files(&[
        ("flake.nix", "new flake"),
        ("hosts/nas/default.nix", "new nas"),
        ("fresh/one/two/x.nix", "new x"),
        ("fresh/y.nix", "new y"),
        ("hosts/new/default.nix", "new host"),
        ("hosts/newer/deep/er.nix", "new host"),
        ("hosts/newer/default.nix", "new host"),
        ("same.nix", "same"),
        ("was-file/x/y", "new y"),
        ("was-dir", "new file"),
    ])
}

/// `before`, built, and what the user did since.
fn start() -> MemoryDisk {
    let disk = MemoryDisk::new();
    let mut made = before();
    made.insert("manifests/gone.yaml".to_owned(), "old manifest".to_owned());
    write(&disk, &made).expect("builds");
    disk.put("nixos/hosts/nas/local.nix", "mine");
    disk.put("nixos/hosts/old/hardware-configuration.nix", "mine");
    disk.put("nixos/flake.lock", "mine");
    disk.put("nixos/manifests/gone.yaml", "mine, once of hlc");
    disk.put("notes", "mine");
    disk
}

/// The tree after building `made` without any failure.
fn undisturbed(start: &MemoryDisk, made: &[Files]) -> Tree {
    let disk = start.clone();
    for made in made {
        write(&disk, made).expect("builds");
    }
    disk.tree()
}

/// `before`, with a file in a directory that is there, and directories that are not.
fn grown() -> Files {
    let mut files = before();
    files.extend(after().into_iter().filter(|(path, _)| path.contains("new") || path.contains("fresh")));
    files.insert("hosts/nas/more.nix".to_owned(), "new nas".to_owned());
    files
}

/// Every file is whole: as one of `made`, or as the user left it.
fn assert_whole(disk: &MemoryDisk, made: &[&Files], context: &str) {
    for (path, text) in content(disk) {
        let is_it = |(one, content): (&String, &String)| one.eq_ignore_ascii_case(&path) && *content == text;
        let known = made.iter().any(|files| files.iter().any(is_it)) || text.starts_with("mine");
        assert!(known || path.starts_with(".hlc-tmp-"), "{context}: {path} holds {text:?}");
    }
}

/// The user's files are as at the start.
fn assert_users_files(disk: &MemoryDisk, start: &MemoryDisk, context: &str) {
    let users = |disk: &MemoryDisk| -> Tree {
        let is_users = |text: &Option<String>| text.as_ref().is_some_and(|text| text.starts_with("mine"));
        disk.tree().into_iter().filter(|(_, text)| is_users(text)).collect()
    };
    assert_eq!(users(disk), users(start), "{context}");
}

/// Fails building `made` with `fault` at every operation, and builds `made`, and then `back`, after it; or `back` at once.
/// Returns how many operations there are.
fn fail_everywhere(start: &MemoryDisk, made: &Files, back: &Files, fault: Fault) -> usize {
    let new = undisturbed(start, std::slice::from_ref(made));
    let old = undisturbed(start, std::slice::from_ref(back));
    for nth in 0.. {
        let context = format!("{fault:?} at operation {nth}");
        let interrupted = || {
            let disk = start.clone();
            disk.fail(nth, fault);
            let result = write(&disk, made);
            let came_about = disk.recover();
            assert_whole(&disk, &[made, back, &after()], &context);
            assert_users_files(&disk, start, &context);
            (disk, result, came_about)
        };
        let build = |disk: &MemoryDisk, files: &Files, expected: &Tree| {
            write(disk, files).unwrap_or_else(|error| panic!("{context}: {error}"));
            assert_eq!(&disk.tree(), expected, "{context}");
        };
        let (disk, result, came_about) = interrupted();
        if !came_about {
            assert_eq!(disk.tree(), new, "nothing failed");
            return nth;
        }
        if fault == Fault::Full && result.is_err() {
            assert!(
                !disk.tree().keys().any(|path| path.contains(".hlc-tmp-")),
                "{context}: {:?}",
                disk.tree()
            );
        }
        build(&disk, made, &new);
        build(&disk, back, &old);
        build(&interrupted().0, back, &old);
    }
    unreachable!("a build comes to its end")
}

fn faults() -> impl Iterator<Item = Fault> {
    let losses = (0..6).map(|seed| Fault::PowerLoss(seed * 7_919));
    [Fault::Full, Fault::Denied, Fault::Crash, Fault::Torn].into_iter().chain(losses)
}

#[test]
fn a_build_over_another_survives_everything() {
    for fault in faults() {
        let operations = fail_everywhere(&start(), &after(), &before(), fault);
        assert!(operations > 150, "{operations}");
    }
}

#[test]
fn a_first_build_survives_everything() {
    for fault in faults() {
        let disk = MemoryDisk::new();
        disk.put("lab/notes", "mine");
        fail_everywhere(&disk, &after(), &before(), fault);
    }
}

#[test]
fn a_build_that_only_adds_survives_everything() {
    let disk = MemoryDisk::new();
    write(&disk, &before()).expect("builds");
    for fault in faults() {
        fail_everywhere(&disk, &grown(), &before(), fault);
    }
}

/// What the tests above interrupt.
#[test]
fn builds_name_whole_directories_and_single_files() {
    let expect = |disk: &MemoryDisk, made: &Files, expected: &[&str]| {
        let disk = disk.clone();
        let before = disk.changes().len();
        write(&disk, made).expect("builds");
        let changes = disk.changes().split_off(before);
        let named: Vec<_> =
            changes.iter().filter_map(|change| change.strip_prefix("rename nixos/")).collect();
        assert_eq!(named, expected);
    };
    let record = ".hlc.json";
    let first = [record, "flake.nix", "fresh", "hosts", "same.nix", "was-dir", "was-file"];
    expect(&MemoryDisk::new(), &after(), &first);
    let files = ["was-dir", "was-file/x/y", record];
    let directories = ["hosts/nas/default.nix", "hosts/new", "hosts/newer"];
    let over = [&[record, "flake.nix", "fresh"][..], &directories, &files].concat();
    expect(&start(), &after(), &over);
    let disk = MemoryDisk::new();
    write(&disk, &before()).expect("builds");
    expect(&disk, &grown(), &[record, "fresh", "hosts/nas/more.nix", "hosts/new", "hosts/newer"]);
}

#[test]
fn what_was_built_is_on_the_disk_when_the_build_ends() {
    let old = MemoryDisk::new();
    write(&old, &before()).expect("builds");
    let mut one_more = before();
    one_more.insert("hosts/nas/more.nix".to_owned(), "new nas".to_owned());
    let over_old = [grown(), one_more, after()].map(|made| (old.clone(), made));
    for (start, made) in [(MemoryDisk::new(), after()), (start(), after())].iter().chain(&over_old) {
        for seed in 0..20 {
            let disk = start.clone();
            write(&disk, made).expect("builds");
            let built = disk.tree();
            disk.fail(0, Fault::PowerLoss(seed * 7_919));
            disk.kind(Path::new("nixos")).expect_err("the power is gone");
            assert_eq!(disk.tree(), built, "{seed}");
        }
    }
}

#[test]
fn a_build_of_nothing_survives_everything() {
    for fault in faults() {
        let disk = MemoryDisk::new();
        write(&disk, &after()).expect("builds");
        disk.put("nixos/hosts/nas/local.nix", "mine");
        fail_everywhere(&disk, &Files::new(), &before(), fault);
    }
}

#[test]
fn a_disk_without_case_survives_everything() {
    for fault in faults() {
        let disk = MemoryDisk::ignoring_case();
        write(&disk, &files(&[("hosts/nas/a", "1"), ("hosts/nas/b", "1")])).expect("builds");
        let made = files(&[("hosts/NAS/a", "2"), ("hosts/NAS/b", "1")]);
        let back = files(&[("hosts/nas/a", "1"), ("hosts/nas/b", "1")]);
        fail_everywhere(&disk, &made, &back, fault);
    }
}

/// A second failure in the build that mends the first.
#[test]
fn failures_in_a_row_are_survived() {
    let start = &start();
    let new = undisturbed(start, &[after()]);
    for (first, second) in
        (0..180).step_by(5).flat_map(|first| (0..180).step_by(11).map(move |second| (first, second)))
    {
        let disk = start.clone();
        for (nth, made) in [(first, after()), (second, before()), (second, after())] {
            disk.fail(nth, Fault::PowerLoss(nth as u64));
            let _ = write(&disk, &made);
            disk.recover();
            assert_whole(&disk, &[&before(), &after()], &format!("{first}, {second}"));
        }
        write(&disk, &after()).unwrap_or_else(|error| panic!("{first}, {second}: {error}"));
        assert_eq!(disk.tree(), new, "{first}, {second}");
    }
}

/// Whatever happens while an edit is being overwritten, it is there whole, or what hlc makes is.
#[test]
fn overwriting_an_edit_survives_everything() {
    let start = MemoryDisk::new();
    write(&start, &before()).expect("builds");
    start.put("nixos/flake.nix", "mine, edited");
    for fault in faults() {
        for nth in 0.. {
            let disk = start.clone();
            disk.fail(nth, fault);
            let _ = write_with(&disk, &after(), true);
            if !disk.recover() {
                break;
            }
            let is_edited = content(&disk)["flake.nix"] == "mine, edited";
            assert_eq!(write(&disk, &after()).is_err(), is_edited, "{fault:?} at {nth}");
            write_with(&disk, &after(), true).expect("builds");
            assert_eq!(content(&disk), after(), "{fault:?} at {nth}");
        }
    }
}

#[test]
fn a_disk_that_is_full_from_the_start_changes_nothing() {
    let disk = start();
    let before = disk.tree();
    disk.fail(0, Fault::Full);
    let error = write(&disk, &after()).expect_err("is full").to_string();
    assert!(error.contains("the disk is full"), "{error}");
    disk.recover();
    assert_eq!(disk.tree(), before);
}
