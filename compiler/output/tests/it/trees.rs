//! Directories that are not there yet: they get their names whole, or not at all.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use output::{Disk, Fault, Kind, MemoryDisk, Options, OutputError, Report, Stamp, apply, build, lock, plan};

use crate::{FOLDER, content, files, target, write};

const MADE: [(&str, &str); 4] =
    [("flake.nix", "1"), ("hosts/nas/a", "1"), ("hosts/nas/b/c", "1"), ("hosts/pi/a", "1")];

/// A disk on which somebody does something just before a name is given.
struct Meddled<'a> {
    disk: &'a MemoryDisk,
    before: &'a Path,
    meddle: &'a (dyn Fn(&MemoryDisk) + Sync),
}

impl Disk for Meddled<'_> {
    type Lock = ();

    fn crowd(&self) -> usize {
        self.disk.crowd()
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        self.disk.kind(path)
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.disk.stamp(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.disk.read(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        self.disk.list(path)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.disk.create_dir(path)
    }

    fn write_new(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.disk.write_new(path, content)
    }

    fn permit(&self, path: &Path, like: &Path) -> io::Result<()> {
        self.disk.permit(path, like)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        if to == self.before {
            (self.meddle)(self.disk);
        }
        self.disk.rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.disk.remove_file(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.disk.remove_dir(path)
    }

    fn sync(&self, paths: &[PathBuf]) -> io::Result<()> {
        self.disk.sync(paths)
    }

    fn lock(&self, path: &Path) -> io::Result<Option<()>> {
        self.disk.lock(path)
    }
}

/// Plans to make `made`, and does so after `meddle`.
fn write_after(disk: &MemoryDisk, made: &[(&str, &str)], meddle: &dyn Fn()) -> Result<Report, OutputError> {
    let made = files(made);
    let one = target(Path::new(FOLDER), &made);
    let planned = plan(disk, &one, Options::default()).expect("plans");
    meddle();
    apply(disk, &planned, &lock(disk, &[one]).expect("locks"))
}

fn has_temporary(disk: &MemoryDisk) -> bool {
    disk.tree().keys().any(|path| path.contains(".hlc-tmp-"))
}

/// What somebody may do in the place of `hosts`, and what of theirs there is then that must stay.
type Meddling = (fn(&MemoryDisk), &'static [&'static str]);

fn meddlings() -> [Meddling; 4] {
    [
        (|disk| disk.put_dir("nixos/hosts"), &[]),
        (|disk| disk.put("nixos/hosts/local.nix", "mine"), &["nixos/hosts/local.nix"]),
        (|disk| disk.put("nixos/hosts", "mine"), &["nixos/hosts"]),
        (|disk| disk.put_link("nixos/hosts"), &["nixos/hosts"]),
    ]
}

#[test]
fn a_missing_directory_is_named_once() {
    let disk = MemoryDisk::new();
    let named = |before: usize| -> Vec<String> {
        let changes = disk.changes().split_off(before);
        changes.iter().filter_map(|change| change.strip_prefix("rename nixos/").map(str::to_owned)).collect()
    };
    write(&disk, &files(&MADE)).expect("builds");
    assert_eq!(named(0), [".hlc.json", "flake.nix", "hosts"]);
    assert_eq!(content(&disk), files(&MADE));
    let before = disk.changes().len();
    let more = [&MADE[..], &[("hosts/a/b/c", "1"), ("hosts/a/b/d", "1"), ("hosts/nas/e", "1")]].concat();
    write(&disk, &files(&more)).expect("builds");
    assert_eq!(named(before), [".hlc.json", "hosts/a", "hosts/nas/e"]);
    assert_eq!(content(&disk), files(&more));
}

#[test]
fn what_appears_in_the_place_of_a_directory_is_left() {
    for (meddle, theirs) in meddlings() {
        let disk = MemoryDisk::new();
        let result = write_after(&disk, &MADE, &|| meddle(&disk));
        let Err(OutputError::ChangedMeanwhile { path }) = result else { panic!("{result:?}") };
        assert_eq!(path, Path::new("nixos/hosts"));
        assert!(!has_temporary(&disk), "{:?}", disk.tree());
        let tree = disk.tree();
        assert!(tree.contains_key("nixos/hosts") && !tree.keys().any(|path| path.contains("hosts/nas")));
        assert!(theirs.iter().all(|path| tree[*path].is_some()));
        let is_in_the_way = theirs.contains(&"nixos/hosts");
        assert_eq!(write(&disk, &files(&MADE)).is_err(), is_in_the_way);
        assert!(theirs.iter().all(|path| disk.tree()[*path] == tree[*path]));
    }
}

/// Later than that there is no look. An empty directory is lost then, and nothing with it.
#[test]
fn what_appears_at_the_last_moment_is_left_too() {
    for (meddle, theirs) in meddlings() {
        let disk = MemoryDisk::new();
        let meddled = Meddled { disk: &disk, before: Path::new("nixos/hosts"), meddle: &meddle };
        let made = files(&MADE);
        let result = build(&meddled, &[target(Path::new(FOLDER), &made)], Options::default());
        assert_eq!(result.is_ok(), theirs.is_empty(), "{result:?}");
        assert!(!has_temporary(&disk), "{:?}", disk.tree());
        assert!(theirs.iter().all(|path| disk.tree()[*path].as_deref().is_some_and(|text| text != "1")));
        if disk.tree().contains_key("nixos/hosts/local.nix") {
            assert!(matches!(result, Err(OutputError::ChangedMeanwhile { .. })));
        }
    }
}

/// What is made above a directory after planning is no hindrance, and what is gone is made again.
#[test]
fn directories_above_may_come_and_go() {
    let disk = MemoryDisk::new();
    write(&disk, &files(&[("hosts/nas/a", "1")])).expect("builds");
    let more = [("hosts/nas/a", "1"), ("hosts/pi/a", "1"), ("hosts/pi/b/c", "1")];
    write_after(&disk, &more, &|| disk.take("nixos/hosts")).expect("builds");
    assert_eq!(content(&disk), files(&more[1..]));
    write(&disk, &files(&more)).expect("builds");
    assert_eq!(content(&disk), files(&more));
}

#[test]
fn trees_that_a_run_left_are_removed_by_the_next() {
    let (mut left, next) = (0, [files(&[]), files(&MADE[..1])]);
    for nth in 0.. {
        let disk = MemoryDisk::new();
        disk.fail(nth, Fault::Torn);
        let _ = write(&disk, &files(&MADE));
        if !disk.recover() {
            break;
        }
        let in_trees = |path: &String| path.contains(".hlc-tmp-") && path.contains("/nas/");
        left += usize::from(disk.tree().keys().any(in_trees));
        write(&disk, &next[nth % 2]).expect("builds");
        assert!(!has_temporary(&disk), "{nth}: {:?}", disk.tree());
    }
    assert!(left > 5, "{left}");
}

#[test]
fn what_hlc_cannot_have_made_stays_in_what_a_run_left() {
    let disk = MemoryDisk::new();
    for path in [".hlc-tmp-1-0/nas/a", ".hlc-tmp-1-0/pi/b", ".hlc-tmp-1-1/.hlc-tmp-1-2/a/b"] {
        disk.put(&format!("nixos/{path}"), "ours");
    }
    disk.put_link("nixos/.hlc-tmp-1-0/pi/link");
    disk.put_link("nixos/.hlc-tmp-1-3");
    disk.put("nixos/.hlc-tmp-mine/a", "mine");
    disk.put("nixos/mine/.hlc-tmp-1-0/a", "mine");
    write(&disk, &files(&MADE)).expect("builds");
    let mut left = disk.tree();
    left.retain(|path, content| path.contains(".hlc-tmp-") && content.is_some());
    let left: Vec<_> = left.into_keys().collect();
    let links = ["nixos/.hlc-tmp-1-0/pi/link", "nixos/.hlc-tmp-1-3"];
    assert_eq!(left, [&links[..], &["nixos/.hlc-tmp-mine/a", "nixos/mine/.hlc-tmp-1-0/a"]].concat());
    let changes = disk.changes();
    write(&disk, &files(&MADE)).expect("builds");
    assert_eq!(disk.changes(), changes, "what stays is nothing to do");
}
