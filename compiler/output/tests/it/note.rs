//! Notes of builds that had nothing to do: what they save, and what they must not hide.

use std::path::Path;

use emit::Files;
use output::{Inputs, MemoryDisk, Note, RECORD, Report, SETTLED, note};

use crate::{files, target, write};

const NOTE: &str = "cache/hlc/note";
/// Later than anything that [`MemoryDisk`] says of times.
const LATER: i128 = i128::MAX / 2;

fn made() -> Files {
    files(&[("flake.nix", "a"), ("hosts/nas/default.nix", "b")])
}

fn inputs() -> Inputs {
    Inputs::default().with(b"lab").with(b"")
}

/// A disk where `made` is built and noted.
fn noted() -> MemoryDisk {
    let disk = MemoryDisk::new();
    write(&disk, &made()).expect("builds");
    put_note(&disk, LATER);
    disk
}

fn put_note(disk: &MemoryDisk, now: i128) {
    let (made, folder) = (made(), Path::new("nixos"));
    note(disk, Path::new(NOTE), (&inputs(), "all is well"), &[target(folder, &made)], now);
}

fn ask(disk: &MemoryDisk, inputs: &Inputs) -> Option<Vec<Report>> {
    read(disk, inputs)?.look(disk, &[Path::new("nixos")])
}

fn read(disk: &MemoryDisk, inputs: &Inputs) -> Option<Note> {
    Note::read(disk, Path::new(NOTE), inputs)
}

#[test]
fn what_is_noted_is_known_without_writing_anything() {
    let disk = noted();
    let changes = disk.changes();
    let reports = ask(&disk, &inputs()).expect("it is noted");
    assert_eq!(reports, [Report { folder: "nixos".into(), unchanged: 2, ..Report::default() }]);
    assert!(reports.iter().all(Report::is_nothing));
    assert_eq!(read(&disk, &inputs()).expect("it is noted").remark(), "all is well");
    assert_eq!(disk.changes(), changes);
}

type Change<'a> = (&'a str, &'a dyn Fn(&MemoryDisk));

#[test]
fn every_change_of_a_file_is_seen() {
    let changes: [Change; 8] = [
        ("edited", &|disk| disk.put("nixos/flake.nix", "b")),
        ("as long as before", &|disk| disk.put("nixos/hosts/nas/default.nix", "c")),
        ("gone", &|disk| disk.take("nixos/flake.nix")),
        ("gone with its directory", &|disk| disk.take("nixos/hosts")),
        ("a link", &|disk| disk.put_link("nixos/flake.nix")),
        ("a directory", &|disk| {
            disk.take("nixos/flake.nix");
            disk.put_dir("nixos/flake.nix");
        }),
        ("the record", &|disk| disk.take(&format!("nixos/{RECORD}"))),
        ("something left over", &|disk| disk.put("nixos/.hlc-tmp-1-0", "half")),
    ];
    for (what, change) in changes {
        let disk = noted();
        change(&disk);
        assert_eq!(ask(&disk, &inputs()), None, "{what}");
    }
}

#[test]
fn other_inputs_are_another_build() {
    let disk = noted();
    for (what, other) in [
        ("more", inputs().with(b"")),
        ("less", Inputs::default().with(b"lab")),
        ("cut elsewhere", Inputs::default().with(b"la").with(b"b")),
        ("none", Inputs::default()),
    ] {
        assert_eq!(ask(&disk, &other), None, "{what}");
    }
    assert!(ask(&disk, &inputs()).is_some());
}

#[test]
fn nothing_is_noted_while_files_are_young() {
    let disk = MemoryDisk::new();
    write(&disk, &made()).expect("builds");
    put_note(&disk, SETTLED);
    assert_eq!(ask(&disk, &inputs()), None);
    assert!(!disk.tree().contains_key(NOTE));
}

#[test]
fn half_a_note_is_none() {
    let disk = noted();
    let text = disk.tree()[NOTE].clone().expect("a file");
    for end in 0..text.len() - 1 {
        disk.put(NOTE, &text[..end]);
        assert_eq!(ask(&disk, &inputs()), None, "{end} bytes");
    }
    disk.put(NOTE, &text.replace("nas", "x y"));
    assert_eq!(ask(&disk, &inputs()), None);
}

#[test]
fn a_cache_that_cannot_be_written_is_no_error() {
    let disk = MemoryDisk::new();
    write(&disk, &made()).expect("builds");
    disk.put("cache", "a file");
    let before = disk.tree();
    put_note(&disk, LATER);
    assert_eq!(disk.tree(), before);
}
