//! Random builds, edits and failures against a model that fits on a page.

use std::cell::Cell;
use std::collections::BTreeMap;

use emit::Files;
use output::{Fault, MemoryDisk, RECORD};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::{FOLDER, content, write_with};

const PATHS: [&str; 10] = ["a", "a/x", "b", "c/d", "c/e/f", "c/e", "c/i/j/k", "c/i/j/l", "g.nix", "h/local"];

#[derive(Clone, Debug)]
enum Step {
    Build { files: Files, force: bool, failure: Option<(usize, u64)> },
    Put(usize, String),
    Take(usize),
}

/// The folder as it should be.
#[derive(Default)]
struct Model {
    disk: BTreeMap<String, String>,
    /// What hlc wrote last.
    record: BTreeMap<String, String>,
}

fn conflicts(one: &str, other: &str) -> bool {
    one.starts_with(&format!("{other}/")) || other.starts_with(&format!("{one}/"))
}

impl Model {
    fn fits(&self, path: &str) -> bool {
        !self.disk.keys().any(|other| conflicts(path, other))
    }

    /// Builds; false when something stands in the way.
    fn build(&mut self, files: &Files, force: bool) -> bool {
        let is_ours =
            |path: &String| self.record.contains_key(path) && self.record.get(path) == self.disk.get(path);
        let gone = |path: &String| !files.contains_key(path) && is_ours(path);
        let stays = self.disk.keys().filter(|path| !gone(path));
        let may_be_written = |path: &String, content: &String| {
            let edited = self.record.contains_key(path);
            let free = self
                .disk
                .get(path)
                .is_none_or(|found| found == content || is_ours(path) || (edited && force));
            free && !stays.clone().any(|other| conflicts(path, other))
        };
        if !files.iter().all(|(path, content)| may_be_written(path, content)) {
            return false;
        }
        let left = self.record.iter().filter(|(path, _)| !files.contains_key(*path) && !is_ours(path));
        let mut record: BTreeMap<_, _> =
            left.filter(|(path, _)| self.disk.contains_key(*path)).map(clone).collect();
        record.extend(files.iter().map(clone));
        let mut disk: BTreeMap<_, _> = stays.map(|path| (path.clone(), self.disk[path].clone())).collect();
        disk.extend(files.iter().map(clone));
        (self.disk, self.record) = (disk, record);
        true
    }
}

fn clone((path, content): (&String, &String)) -> (String, String) {
    (path.clone(), content.clone())
}

fn text() -> impl Strategy<Value = String> {
    "[xyz]"
}

fn files() -> impl Strategy<Value = Files> {
    prop::collection::vec((0..PATHS.len(), text()), 0..6).prop_map(|pairs| {
        let mut files = Files::new();
        for (nth, content) in pairs {
            if !files.keys().any(|other| conflicts(PATHS[nth], other)) {
                files.insert(PATHS[nth].to_owned(), content);
            }
        }
        files
    })
}

fn step() -> impl Strategy<Value = Step> {
    let failure = prop::option::weighted(0.4, (0..120_usize, any::<u64>()));
    let build = (files(), prop::bool::weighted(0.3), failure);
    prop_oneof![
        4 => build.prop_map(|(files, force, failure)| Step::Build { files, force, failure }),
        2 => (0..PATHS.len(), text()).prop_map(|(nth, content)| Step::Put(nth, content)),
        1 => (0..PATHS.len()).prop_map(Step::Take),
    ]
}

fn run(steps: Vec<Step>) -> Result<MemoryDisk, TestCaseError> {
    let (disk, mut model) = (MemoryDisk::new(), Model::default());
    for step in steps {
        match step {
            Step::Put(nth, content) if model.fits(PATHS[nth]) => {
                disk.take(&format!("{FOLDER}/{}", PATHS[nth]));
                disk.put(&format!("{FOLDER}/{}", PATHS[nth]), &content);
                model.disk.insert(PATHS[nth].to_owned(), content);
            }
            Step::Take(nth) if model.fits(PATHS[nth]) => {
                disk.take(&format!("{FOLDER}/{}", PATHS[nth]));
                model.disk.remove(PATHS[nth]);
            }
            Step::Put(..) | Step::Take(_) => {}
            Step::Build { files, force, failure } => {
                if let Some((nth, choice)) = failure {
                    disk.fail(nth, Fault::PowerLoss(choice));
                    let _ = write_with(&disk, &files, force);
                    disk.recover();
                }
                let before = disk.tree();
                let built = write_with(&disk, &files, force);
                prop_assert_eq!(built.is_ok(), model.build(&files, force), "{:?}", built);
                if built.is_ok() {
                    prop_assert_eq!(write_with(&disk, &files, false).expect("builds").written.len(), 0);
                } else {
                    prop_assert_eq!(disk.tree(), before);
                }
                prop_assert_eq!(&content(&disk), &model.disk);
            }
        }
    }
    Ok(disk)
}

/// How many directories and files got their names on `disk`, of those that are there still.
fn named(disk: &MemoryDisk) -> [usize; 2] {
    let (tree, mut named) = (disk.tree(), [0; 2]);
    for path in disk.changes().iter().filter_map(|change| change.strip_prefix("rename ")) {
        if let Some(content) = tree.get(path).filter(|_| !path.ends_with(RECORD)) {
            named[usize::from(content.is_some())] += 1;
        }
    }
    named
}

#[test]
fn does_what_the_model_says() {
    let config = ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() };
    let (all, mixed) = (Cell::new(0), Cell::new(0));
    let result = TestRunner::new(config).run(&prop::collection::vec(step(), 1..14), |steps| {
        let [directories, files] = named(&run(steps)?);
        all.set(all.get() + 1);
        mixed.set(mixed.get() + usize::from(directories > 0 && files > 0));
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.expect_err("failed"));
    assert!(mixed.get() > all.get() / 10, "{} of {} have both", mixed.get(), all.get());
}
