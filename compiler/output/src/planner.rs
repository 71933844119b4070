//! Finds out what a build would do to a folder.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::hash::Hash;
use crate::look::{Found, Looked, Tree};
use crate::plan::{Plan, RecordPlan, Remove, Write};
use crate::record::Record;
use crate::shares::{in_shares, worth};
use crate::{Disk, Kind, Obstacle, Options, OutputError, Target, paths};

/// Finds out what writing `target` would do. Reads only.
///
/// What stands in the way is in the plan ([`Plan::refusal`]); what makes planning impossible is an error.
pub fn plan<'a, D: Disk>(disk: &D, target: &Target<'a>, options: Options) -> Result<Plan<'a>, OutputError> {
    paths::validate(target.folder, target.files)?;
    if let Some(path) = target.files.keys().find(|path| (target.is_protected)(path)) {
        let (folder, path) = (target.folder.to_owned(), path.clone());
        return Err(OutputError::BadPath {
            folder,
            path,
            reason: "is a name kept for files of the user".into(),
        });
    }
    let tree = Tree::new(disk, target.folder);
    let (exists, (mut record, text)) = (tree.exists()?, Record::load(disk, target.folder)?);
    record.0.retain(|path, _| !(target.is_protected)(path));
    let mut planner = Planner::new(tree, *target, record, options);
    planner.plan.record.found = text;
    if exists {
        planner.plan.leftovers = planner.tree.leftovers()?;
    }
    planner.orphans()?;
    let looked = look_at_all(disk, target, exists)?;
    let mut hashes = Vec::with_capacity(looked.len());
    for ((path, content), (looked, hash)) in target.files.iter().zip(looked) {
        planner.file(path, content, hash, looked)?;
        hashes.push(hash);
    }
    planner.find_emptied()?;
    Ok(planner.finish(hashes))
}

/// What stands where each file of `target` is made, whose folder `exists` or does not, and the hash of what is made.
fn look_at_all<D: Disk>(
    disk: &D,
    target: &Target<'_>,
    exists: bool,
) -> Result<Vec<(Looked, Hash)>, OutputError> {
    let files: Vec<(&String, &String)> = target.files.iter().collect();
    let shares = in_shares(worth(disk.threads(), files.len()), &files, |share| {
        let tree = Tree::new(disk, target.folder);
        let look = |(path, content): &(&String, &String)| {
            let looked = if exists { tree.look_for(path, content)? } else { Looked::nowhere(path) };
            Ok((looked, Hash::of(content.as_bytes())))
        };
        share.iter().map(look).collect::<Result<Vec<_>, _>>()
    });
    Ok(shares?.into_iter().flatten().collect())
}

struct Planner<'d, 'a, D> {
    tree: Tree<'d, D>,
    target: Target<'a>,
    record: Record,
    /// Names that are made, as a file system sees them that does not tell cases apart; of use where files go.
    folded: BTreeMap<Cow<'a, str>, &'a str>,
    /// Files that are made, with those that hlc wrote and that are the same where cases are not told apart.
    twins: BTreeMap<&'a str, Vec<String>>,
    /// Files that are made and whose twins are removed: what is found under their name may go with them.
    respelled: BTreeSet<&'a str>,
    /// Directories that stand where a file will be, with those in them; they hold nothing that stays.
    in_the_way: BTreeSet<String>,
    plan: Plan<'a>,
}

impl<'d, 'a, D: Disk> Planner<'d, 'a, D> {
    fn new(tree: Tree<'d, D>, target: Target<'a>, record: Record, options: Options) -> Self {
        let plan = Plan {
            folder: target.folder,
            write: Vec::new(),
            remove: Vec::new(),
            unchanged: 0,
            edited_by_hand: Vec::new(),
            foreign: Vec::new(),
            obstacles: Vec::new(),
            left: Vec::new(),
            emptied: Vec::new(),
            leftovers: Vec::new(),
            record: RecordPlan { found: None, pending: String::new(), exact: None },
            overwrite_edited: options.overwrite_edited,
        };
        let has_orphans = record.0.keys().any(|path| !target.files.contains_key(path));
        let folded = target.files.keys().filter(|_| has_orphans);
        let folded = folded.map(|path| (paths::fold(path), path.as_str())).collect();
        let (twins, respelled, in_the_way) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        Self { tree, target, record, folded, twins, respelled, in_the_way, plan }
    }

    /// Files that hlc wrote and no longer makes.
    fn orphans(&mut self) -> Result<(), OutputError> {
        for path in self.record.0.keys().filter(|path| !self.target.files.contains_key(*path)) {
            let twin = self.folded.get(&paths::fold(path)).copied();
            if let Some(twin) = twin {
                self.twins.entry(twin).or_default().push(path.clone());
            }
            match self.tree.look(path)? {
                Found::File(found) => {
                    if self.knows(path, found) || twin.is_some_and(|twin| self.knows(twin, found)) {
                        self.respelled.extend(twin);
                        self.plan.remove.push(Remove { path: path.clone(), found, first: twin.is_some() });
                    } else {
                        self.plan.left.push(path.clone());
                    }
                }
                // What hlc wrote is gone; what is there instead is the user's.
                Found::Nothing | Found::NoDirectory(_) | Found::Obstacle(..) => {}
            }
        }
        Ok(())
    }

    /// A file that is made with `content`, where `looked` was found.
    fn file(
        &mut self,
        path: &'a str,
        content: &'a str,
        hash: Hash,
        looked: Looked,
    ) -> Result<(), OutputError> {
        let mut new = path.len();
        let found = match looked {
            Looked::AsMade if !self.respelled.contains(path) => {
                self.plan.unchanged += 1;
                return Ok(());
            }
            Looked::AsMade => Some(hash),
            Looked::Else(Found::Nothing) => None,
            Looked::Else(Found::NoDirectory(topmost)) => {
                new = topmost;
                None
            }
            Looked::Else(Found::File(found)) => Some(found),
            Looked::Else(Found::Obstacle(at, kind)) if self.clears_away(&at, kind)? => None,
            Looked::Else(Found::Obstacle(at, kind)) => {
                let obstacle = Obstacle { path: self.tree.path(&at), kind };
                if !self.plan.obstacles.contains(&obstacle) {
                    self.plan.obstacles.push(obstacle);
                }
                return Ok(());
            }
        };
        let write = Write { path, content, found, new };
        if found.is_none_or(|found| self.is_ours(path, found)) {
            self.plan.write.push(write);
        } else if self.record.0.contains_key(path) {
            self.plan.edited_by_hand.push(path.to_owned());
            if self.plan.overwrite_edited {
                self.plan.write.push(write);
            }
        } else {
            self.plan.foreign.push(path.to_owned());
        }
        Ok(())
    }

    fn is_ours(&self, path: &str, found: Hash) -> bool {
        let mut twins = self.twins.get(path).into_iter().flatten();
        self.knows(path, found) || twins.any(|twin| self.knows(twin, found))
    }

    fn knows(&self, path: &str, found: Hash) -> bool {
        self.record.knows(path, found)
    }

    /// Whether what stands at `path`, where it cannot stay, is all removed by this plan, and then first.
    fn clears_away(&mut self, path: &str, kind: Kind) -> Result<bool, OutputError> {
        let mut directories = Vec::new();
        let clears = match kind {
            Kind::File => self.is_removed(path),
            Kind::Directory => self.holds_nothing_that_stays(path, &mut directories)?,
            Kind::Link | Kind::Other => false,
        };
        if clears {
            self.in_the_way.extend(directories);
            let below = format!("{path}/");
            for remove in &mut self.plan.remove {
                remove.first |= remove.path == path || remove.path.starts_with(&below);
            }
        }
        Ok(clears)
    }

    fn holds_nothing_that_stays(
        &self,
        path: &str,
        directories: &mut Vec<String>,
    ) -> Result<bool, OutputError> {
        directories.push(path.to_owned());
        let Some(content) = self.tree.list(path)? else { return Ok(false) };
        for path in content {
            let goes = match self.tree.kind(&path)? {
                None => true,
                Some(Kind::File) => self.is_removed(&path),
                Some(Kind::Directory) => self.holds_nothing_that_stays(&path, directories)?,
                Some(Kind::Link | Kind::Other) => false,
            };
            if !goes {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn is_removed(&self, path: &str) -> bool {
        self.plan.remove.iter().any(|remove| remove.path == path)
    }

    /// Directories of files that hlc wrote and no longer makes. Also of files that are gone already, because a run that
    /// did not end well may have removed the file and not the directory.
    fn find_emptied(&mut self) -> Result<(), OutputError> {
        let orphans = self.record.0.keys().filter(|path| !self.target.files.contains_key(*path));
        let mut candidates: BTreeSet<&str> = orphans.flat_map(|path| paths::parents(path)).collect();
        if !candidates.is_empty() {
            for needed in self.target.files.keys().flat_map(|path| paths::parents(path)) {
                candidates.remove(needed);
            }
        }
        let mut emptied: BTreeSet<String> = self.in_the_way.clone();
        for path in candidates {
            if self.tree.is_dir(path)? {
                emptied.insert(path.to_owned());
            }
        }
        self.plan.emptied = emptied.into_iter().collect();
        self.plan.emptied.sort_by_key(|path| Reverse(path.matches('/').count()));
        Ok(())
    }

    /// The plan. `hashes` are those of what is made, in the order of files.
    fn finish(mut self, hashes: Vec<Hash>) -> Plan<'a> {
        let left = self.plan.left.iter().map(|path| (path.clone(), self.record.0[path].clone()));
        let made = self.target.files.keys().zip(hashes);
        let made = made.map(|(path, hash)| (path.clone(), BTreeSet::from([hash])));
        let exact = Record(left.chain(made).collect());
        self.plan.record.exact = (!exact.0.is_empty()).then(|| exact.text());
        if !self.plan.write.is_empty() {
            self.plan.record.pending = match &self.plan.record.exact {
                Some(text) if exact.knows_all_of(&self.record) => text.clone(),
                _ => {
                    let mut pending = self.record;
                    for (path, hashes) in exact.0 {
                        pending.0.entry(path).or_default().extend(hashes);
                    }
                    pending.text()
                }
            };
        }
        self.plan
    }
}
