//! What is written, removed, left and refused.

use std::path::Path;

use output::{MemoryDisk, Options, OutputError, RECORD, Target, apply, build, check, lock, plan};

use crate::{FOLDER, content, files, target, write, write_with};

fn refusal(disk: &MemoryDisk, made: &[(&str, &str)]) -> String {
    let before = disk.tree();
    let error = write(disk, &files(made)).expect_err("refuses").to_string();
    assert_eq!(disk.tree(), before, "a refusal changes nothing");
    error
}

#[test]
fn a_second_build_changes_nothing() {
    let (disk, made) = (MemoryDisk::new(), files(&[("flake.nix", "1"), ("hosts/nas/default.nix", "2")]));
    assert_eq!(write(&disk, &made).expect("builds").written, ["flake.nix", "hosts/nas/default.nix"]);
    assert_eq!(content(&disk), made);
    let changes = disk.changes();
    let report = write(&disk, &made).expect("builds");
    assert_eq!((report.written.len(), report.unchanged), (0, 2));
    assert_eq!(disk.changes(), changes);
    let plans = check(&disk, &[target(Path::new(FOLDER), &made)], Options::default()).expect("plans");
    assert!(!plans[0].changes_anything());
}

#[test]
fn one_changed_file_is_one_file_and_the_record() {
    let disk = MemoryDisk::new();
    write(&disk, &files(&[("a", "1"), ("b", "1"), ("c/d", "1")])).expect("builds");
    let before = disk.changes().len();
    write(&disk, &files(&[("a", "1"), ("b", "2"), ("c/d", "1")])).expect("builds");
    let changes = disk.changes().split_off(before);
    let renamed: Vec<_> = changes.iter().filter(|change| !change.starts_with("write ")).collect();
    assert_eq!(renamed, ["rename nixos/.hlc.json", "rename nixos/b", "rename nixos/.hlc.json"]);
    assert_eq!(changes.len(), 6);
}

#[test]
fn checking_changes_nothing_and_says_what_would() {
    let (disk, made) = (MemoryDisk::new(), files(&[("a", "1")]));
    let plans = check(&disk, &[target(Path::new("new/nixos"), &made)], Options::default()).expect("plans");
    assert!(plans[0].changes_anything());
    assert_eq!(plans[0].report().written, ["a"]);
    assert!(disk.changes().is_empty() && disk.tree().is_empty());
}

#[test]
fn what_is_no_longer_made_goes_with_its_directories() {
    let disk = MemoryDisk::new();
    write(&disk, &files(&[("a", "1"), ("x/y/z", "1"), ("x/w", "1"), ("h/default.nix", "1")]))
        .expect("builds");
    disk.put("nixos/h/local.nix", "mine");
    disk.put_dir("nixos/mine/empty");
    let report = write(&disk, &files(&[("a", "1")])).expect("builds");
    assert_eq!(report.removed, ["h/default.nix", "x/w", "x/y/z"]);
    let tree: Vec<_> = disk.tree().into_keys().collect();
    let stays = [
        "nixos",
        "nixos/.hlc.json",
        "nixos/a",
        "nixos/h",
        "nixos/h/local.nix",
        "nixos/mine",
        "nixos/mine/empty",
    ];
    assert_eq!(tree, stays);
}

#[test]
fn a_folder_without_files_is_not_made_and_not_kept() {
    let disk = MemoryDisk::new();
    write(&disk, &files(&[])).expect("builds");
    assert!(disk.tree().is_empty());
    write(&disk, &files(&[("a/b", "1")])).expect("builds");
    write(&disk, &files(&[])).expect("builds");
    assert!(disk.tree().is_empty(), "{:?}", disk.tree());
}

#[test]
fn edited_files_stop_the_build_unless_told_otherwise() {
    let disk = MemoryDisk::new();
    write(&disk, &files(&[("a", "1"), ("b", "1")])).expect("builds");
    disk.put("nixos/a", "mine");
    for made in [[("a", "1"), ("b", "2")], [("a", "2"), ("b", "2")]] {
        assert!(refusal(&disk, &made).contains("nixos/a"));
    }
    let made = files(&[("a", "2"), ("b", "2")]);
    let plans = check(&disk, &[target(Path::new(FOLDER), &made)], Options::default()).expect("plans");
    assert_eq!(plans[0].report().edited_by_hand, ["a"]);
    let report = write_with(&disk, &made, true).expect("builds");
    assert_eq!(
        (report.written, report.edited_by_hand),
        (vec!["a".to_owned(), "b".to_owned()], vec!["a".to_owned()])
    );
    assert_eq!(content(&disk), made);
}

#[test]
fn an_edit_that_the_build_comes_to_as_well_is_adopted() {
    let disk = MemoryDisk::new();
    write(&disk, &files(&[("a", "1")])).expect("builds");
    disk.put("nixos/a", "2");
    let report = write(&disk, &files(&[("a", "2")])).expect("builds");
    assert_eq!((report.unchanged, report.edited_by_hand.len()), (1, 0));
    write(&disk, &files(&[("a", "3")])).expect("it is known as ours");
}

#[test]
fn an_edited_file_that_is_no_longer_made_is_left_and_named_until_it_goes() {
    let disk = MemoryDisk::new();
    write(&disk, &files(&[("a", "1"), ("m/b", "1")])).expect("builds");
    disk.put("nixos/m/b", "mine");
    for overwrite in [false, true, false] {
        let report = write_with(&disk, &files(&[("a", "1")]), overwrite).expect("builds");
        assert_eq!((report.left, report.removed.len()), (vec!["m/b".to_owned()], 0));
    }
    assert!(refusal(&disk, &[("m/b", "1")]).contains("nixos/m/b"), "made again, it is still an edited file");
    disk.take("nixos/m/b");
    assert!(write(&disk, &files(&[("a", "1")])).expect("builds").left.is_empty());
    assert!(!disk.tree().contains_key("nixos/m"));
}

#[test]
fn a_file_that_was_deleted_by_hand_is_made_again() {
    let disk = MemoryDisk::new();
    let made = files(&[("a", "1"), ("d/b", "1")]);
    write(&disk, &made).expect("builds");
    disk.take("nixos/d");
    assert_eq!(write(&disk, &made).expect("builds").written, ["d/b"]);
    assert_eq!(content(&disk), made);
}

#[test]
fn foreign_files_are_overwritten_never_and_adopted_when_identical() {
    let disk = MemoryDisk::new();
    disk.put("nixos/a", "mine");
    disk.put("nixos/b", "1");
    disk.put("nixos/flake.lock", "mine");
    assert!(refusal(&disk, &[("a", "1"), ("b", "1"), ("c", "1")]).contains("nixos/a"));
    assert!(write_with(&disk, &files(&[("a", "1")]), true).is_err());
    assert_eq!(write(&disk, &files(&[("b", "1")])).expect("builds").unchanged, 1);
    assert_eq!(write(&disk, &files(&[("b", "2")])).expect("builds").written, ["b"]);
    write(&disk, &files(&[])).expect("builds");
    assert_eq!(content(&disk), files(&[("a", "mine"), ("flake.lock", "mine")]));
}

#[test]
fn all_folders_are_written_or_none() {
    let (disk, made) = (MemoryDisk::new(), files(&[("a", "1")]));
    disk.put("k8s/a", "mine");
    let targets = [target(Path::new("nixos"), &made), target(Path::new("k8s"), &made)];
    let error = build(&disk, &targets, Options::default()).expect_err("refuses").to_string();
    assert!(error.contains("k8s/a") && !disk.tree().contains_key("nixos"), "{error}");
    disk.take("k8s/a");
    assert_eq!(build(&disk, &targets, Options::default()).expect("builds").len(), 2);
}

#[test]
fn protected_files_are_neither_made_nor_removed() {
    let disk = MemoryDisk::new();
    let all = |_: &str| false;
    let (made, folder) = (files(&[("a", "1"), ("secrets/nas.yaml", "1")]), Path::new(FOLDER));
    let open = Target { folder, files: &made, is_protected: &all };
    build(&disk, &[open], Options::default()).expect("builds");
    assert!(write(&disk, &made).is_err());
    write(&disk, &files(&[("a", "1")])).expect("builds");
    assert!(content(&disk).contains_key("secrets/nas.yaml"));
}

#[test]
fn links_and_directories_in_the_way_are_named_and_left() {
    for (path, made) in [("nixos/a", "a"), ("nixos/hosts", "hosts/nas"), ("nixos/x/y", "x/y/z")] {
        let disk = MemoryDisk::new();
        disk.put_link(path);
        let error = refusal(&disk, &[(made, "1"), ("b", "1")]);
        assert!(error.contains(&format!("{path} is a symbolic link")), "{error}");
        assert!(write_with(&disk, &files(&[(made, "1")]), true).is_err());
    }
    let disk = MemoryDisk::new();
    disk.put("nixos/a/mine", "mine");
    assert!(refusal(&disk, &[("a", "1")]).contains("nixos/a is a directory"));
    disk.put("nixos/f", "mine");
    assert!(refusal(&disk, &[("f/x", "1")]).contains("nixos/f is a file"));
}

#[test]
fn a_folder_that_is_a_link_is_not_written_through() {
    let disk = MemoryDisk::new();
    disk.put_link("nixos");
    assert!(refusal(&disk, &[("a", "1")]).contains("nixos is a symbolic link"));
}

#[test]
fn what_hlc_wrote_is_not_removed_through_a_link() {
    let disk = MemoryDisk::new();
    write(&disk, &files(&[("a", "1"), ("h/b", "1")])).expect("builds");
    disk.take("nixos/h");
    disk.put_link("nixos/h");
    let report = write(&disk, &files(&[("a", "1")])).expect("builds");
    assert!(report.removed.is_empty());
    assert!(disk.tree().contains_key("nixos/h"));
}

#[test]
fn files_and_directories_change_places() {
    let disk = MemoryDisk::new();
    let (one, other) = (files(&[("a", "1"), ("b/c/d", "1")]), files(&[("a/x", "2"), ("b", "2")]));
    for made in [&one, &other, &one] {
        write(&disk, made).expect("builds");
        assert_eq!(&content(&disk), made);
    }
    disk.put("nixos/b/c/mine", "mine");
    assert!(refusal(&disk, &[("b", "2")]).contains("nixos/b is a directory"));
}

#[test]
fn a_name_may_change_its_case_where_cases_are_not_told_apart() {
    for disk in [MemoryDisk::ignoring_case(), MemoryDisk::new()] {
        for (path, text) in
            [("hosts/NAS/a", "1"), ("hosts/nas/a", "1"), ("Hosts/nas/a", "2"), ("Hosts/nas/A", "2")]
        {
            write(&disk, &files(&[(path, text)])).expect("builds");
            let found: Vec<_> =
                content(&disk).into_iter().map(|(path, text)| (path.to_lowercase(), text)).collect();
            assert_eq!(found, [("hosts/nas/a".to_owned(), text.to_owned())]);
        }
    }
}

#[test]
fn a_record_that_cannot_be_read_stops_the_build() {
    let disk = MemoryDisk::new();
    let made = [("a", "1")];
    write(&disk, &files(&made)).expect("builds");
    let record = format!("{FOLDER}/{RECORD}");
    for text in [
        "",
        "<<<<<<< HEAD\n",
        "{}",
        "{\"version\": 1}",
        "{\"version\": 1, \"files\": {\"a\": \"1\"}}",
        "\u{0}",
    ] {
        disk.put(&record, text);
        let error = refusal(&disk, &made);
        assert!(error.contains("nixos/.hlc.json cannot be read"), "{error}");
    }
    disk.put(&record, "{\"version\": 2, \"files\": []}");
    assert!(refusal(&disk, &made).contains("newer hlc"));
    disk.take(&record);
    disk.put_link(&record);
    assert!(refusal(&disk, &made).contains("symbolic link"));
    disk.take(&record);
    assert_eq!(write(&disk, &files(&made)).expect("builds").unchanged, 1);
}

#[test]
fn another_run_is_not_disturbed() {
    let disk = MemoryDisk::new();
    disk.keep_locked(true);
    assert!(refusal(&disk, &[("a", "1")]).contains("another hlc"));
    disk.keep_locked(false);
    let (made, later) = (files(&[("a", "1")]), files(&[("a", "2")]));
    let one = target(Path::new(FOLDER), &made);
    let planned = plan(&disk, &one, Options::default()).expect("plans");
    write(&disk, &later).expect("builds");
    let lock = lock(&disk, &[one]).expect("locks");
    assert!(matches!(apply(&disk, &planned, &lock), Err(OutputError::ChangedMeanwhile { .. })));
    assert_eq!(content(&disk), later);
    let planned = plan(&disk, &one, Options::default()).expect("plans");
    write(&disk, &files(&[("a", "2"), ("z", "1")])).expect("builds");
    assert!(apply(&disk, &planned, &lock).is_err(), "the record would forget z");
    assert!(write(&disk, &later).expect("builds").removed == ["z"]);
}

#[test]
fn an_edit_between_planning_and_writing_is_kept() {
    let disk = MemoryDisk::new();
    write(&disk, &files(&[("a", "1"), ("b", "1"), ("c", "1")])).expect("builds");
    for path in ["a", "b", "c"] {
        let made = files(&[("a", "2"), ("b", "2")]);
        let one = target(Path::new(FOLDER), &made);
        let planned = plan(&disk, &one, Options::default()).expect("plans");
        let before = disk.tree()[&format!("{FOLDER}/{path}")].clone().expect("is a file");
        disk.put(&format!("{FOLDER}/{path}"), "mine");
        let lock = lock(&disk, &[one]).expect("locks");
        assert!(apply(&disk, &planned, &lock).is_err());
        assert_eq!(content(&disk)[path], "mine");
        assert!(!disk.tree().keys().any(|path| path.contains(".hlc-tmp-")));
        disk.put(&format!("{FOLDER}/{path}"), &before);
    }
}

#[test]
fn a_read_only_folder_is_an_error_that_loses_nothing() {
    let disk = MemoryDisk::new();
    write(&disk, &files(&[("a", "1")])).expect("builds");
    disk.make_read_only(FOLDER);
    let error = refusal(&disk, &[("a", "2")]);
    assert!(error.contains("permission denied"), "{error}");
}

#[test]
fn only_temporary_files_of_hlc_are_cleaned_up() {
    let (disk, made) = (MemoryDisk::new(), files(&[("a", "1")]));
    write(&disk, &made).expect("builds");
    for name in [".hlc-tmp-1-2", ".hlc-tmp-notes", ".hlc-tmp-1", "x/.hlc-tmp-1-2"] {
        disk.put(&format!("nixos/{name}"), "?");
    }
    write(&disk, &made).expect("builds");
    let left: Vec<_> = content(&disk).into_keys().collect();
    assert_eq!(left, [".hlc-tmp-1", ".hlc-tmp-notes", "a", "x/.hlc-tmp-1-2"]);
}
