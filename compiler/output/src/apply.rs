//! Does what was planned, in an order that any moment may interrupt.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::PathBuf;

use crate::build::{Lock, directory_above};
use crate::look::{Found, Tree};
use crate::plan::Remove;
use crate::publish::publish;
use crate::stage::{Stage, create_dir};
use crate::{Disk, Kind, OutputError, Plan, RECORD, Report, paths};

/// Does what `plan` says. `lock` is proof that nobody else does so at the same time.
///
/// When something stands in the way, nothing is done. Each file that is about to be replaced or removed is looked at once
/// more; when it is not as planned, it is left and the run ends. After an error every file is whole, old or new, and the
/// next build makes it right.
pub fn apply<D: Disk>(disk: &D, plan: &Plan<'_>, lock: &Lock<D::Lock>) -> Result<Report, OutputError> {
    let _ = lock;
    plan.permit()?;
    if plan.changes_anything() {
        let mut run = Run::new(disk, plan);
        let result = run.all();
        if result.is_err() {
            run.stage.discard();
        }
        result?;
    }
    Ok(plan.report())
}

struct Run<'a, D> {
    tree: Tree<'a, D>,
    plan: &'a Plan<'a>,
    stage: Stage<'a, D>,
    /// Directories whose names changed.
    touched: BTreeSet<String>,
}

impl<'a, D: Disk> Run<'a, D> {
    fn new(disk: &'a D, plan: &'a Plan<'a>) -> Self {
        let (tree, stage) = (Tree::new(disk, plan.folder), Stage::new(disk, plan.folder));
        Self { tree, plan, stage, touched: BTreeSet::new() }
    }

    fn all(&mut self) -> Result<(), OutputError> {
        let plan = self.plan;
        self.verify_record()?;
        self.clean_up()?;
        let mut new = self.make_folder()?;
        new.extend(self.stage.files(&plan.write)?);
        let pending = plan.pending().map(|text| self.stage.text(text)).transpose()?;
        let exact = plan.exact().map(|text| self.stage.text(text)).transpose()?;
        new.extend([&pending, &exact].into_iter().flatten().map(|name| self.tree.path(name)));
        self.sync(&new)?;
        self.announce(pending.as_deref())?;
        self.clear_the_way()?;
        self.publish()?;
        self.remove(plan.remove.iter().filter(|remove| !remove.first))?;
        self.remove_emptied()?;
        self.conclude(exact.as_deref())
    }

    /// Fails when another run came between planning and locking.
    fn verify_record(&self) -> Result<(), OutputError> {
        let path = self.tree.path(RECORD);
        let found = match self.tree.kind(RECORD)? {
            Some(Kind::File) => Some(self.tree.disk.read(&path).map_err(OutputError::disk("read", &path))?),
            _ => None,
        };
        if found == self.plan.record.found { Ok(()) } else { Err(OutputError::ChangedMeanwhile { path }) }
    }

    /// Removes what a run left that did not end well.
    fn clean_up(&mut self) -> Result<(), OutputError> {
        for name in &self.plan.leftovers {
            match self.tree.kind(name)? {
                Some(Kind::Directory) => self.remove_dir(name)?,
                _ => self.remove_file(name)?,
            }
        }
        Ok(())
    }

    /// Makes the folder, when it is not there; returns the directory that is to be synced then.
    fn make_folder(&self) -> Result<Vec<PathBuf>, OutputError> {
        if self.tree.exists()? {
            return Ok(Vec::new());
        }
        create_dir(self.tree.disk, self.tree.folder)?;
        Ok(vec![directory_above(self.tree.folder)])
    }

    /// Makes every file that will change known in its old and its new state, before any changes.
    fn announce(&mut self, pending: Option<&str>) -> Result<(), OutputError> {
        if let Some(pending) = pending {
            self.rename(pending, RECORD)?;
            self.sync_touched()?;
        }
        Ok(())
    }

    /// Removes what is where a file or a directory will be.
    fn clear_the_way(&mut self) -> Result<(), OutputError> {
        let plan = self.plan;
        self.remove(plan.remove.iter().filter(|remove| remove.first))?;
        let emptied: BTreeSet<&str> = plan.emptied.iter().map(String::as_str).collect();
        let in_the_way = plan.write.iter().any(|write| emptied.contains(write.path));
        if in_the_way || plan.remove.iter().any(|remove| remove.first) {
            self.remove_emptied()
        } else {
            Ok(())
        }
    }

    /// Gives what is staged its names.
    fn publish(&mut self) -> Result<(), OutputError> {
        self.touched.extend(publish(self.tree.disk, self.tree.folder, &self.stage.pieces)?);
        for crowd in std::mem::take(&mut self.stage.crowds) {
            self.remove_dir(&crowd)?;
        }
        Ok(())
    }

    fn remove(&mut self, files: impl Iterator<Item = &'a Remove>) -> Result<(), OutputError> {
        for remove in files {
            match self.tree.look(&remove.path)? {
                Found::Nothing | Found::NoDirectory(_) => {}
                Found::File(hash) if hash == remove.found => self.remove_file(&remove.path)?,
                Found::File(_) | Found::Obstacle(..) => {
                    return Err(OutputError::ChangedMeanwhile { path: self.tree.path(&remove.path) });
                }
            }
        }
        Ok(())
    }

    /// Removes the directories that hold nothing any more.
    fn remove_emptied(&mut self) -> Result<(), OutputError> {
        for directory in &self.plan.emptied {
            if !self.tree.is_dir(directory)?
                || self.tree.list(directory)?.is_none_or(|names| !names.is_empty())
            {
                continue;
            }
            self.remove_dir(directory)?;
        }
        Ok(())
    }

    /// Removes a directory, unless there is something in it.
    fn remove_dir(&mut self, path: &str) -> Result<(), OutputError> {
        let directory = self.tree.path(path);
        match self.tree.disk.remove_dir(&directory) {
            Ok(()) => {
                self.touched.remove(path);
                self.touched.insert(paths::above(path).to_owned());
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(()),
            Err(error) => Err(OutputError::disk("remove directory", &directory)(error)),
        }
    }

    /// Writes down what is there now.
    fn conclude(&mut self, exact: Option<&str>) -> Result<(), OutputError> {
        let record = &self.plan.record;
        let goes = record.exact.is_none() && record.found.is_some();
        if exact.is_some() || goes {
            // What the record says must be so before it says it.
            self.sync_touched()?;
        }
        if let Some(exact) = exact {
            self.rename(exact, RECORD)?;
        } else if goes {
            self.remove_file(RECORD)?;
        }
        self.sync_touched()?;
        if record.exact.is_none() {
            // A folder in which nothing is left; what is not ours keeps it.
            let _ = self.tree.disk.remove_dir(self.tree.folder);
        }
        Ok(())
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), OutputError> {
        let (from, path) = (self.tree.path(from), self.tree.path(to));
        self.tree.disk.rename(&from, &path).map_err(OutputError::disk("write", &path))?;
        self.touched.insert(paths::above(to).to_owned());
        Ok(())
    }

    fn remove_file(&mut self, path: &str) -> Result<(), OutputError> {
        let file = self.tree.path(path);
        self.tree.disk.remove_file(&file).map_err(OutputError::disk("remove", &file))?;
        self.touched.insert(paths::above(path).to_owned());
        Ok(())
    }

    /// Puts what changed in directories onto the disk.
    fn sync_touched(&mut self) -> Result<(), OutputError> {
        let touched: Vec<PathBuf> = self.touched.iter().map(|path| self.tree.path(path)).collect();
        self.touched.clear();
        self.sync(&touched)
    }

    fn sync(&self, paths: &[PathBuf]) -> Result<(), OutputError> {
        self.tree.disk.sync(paths).map_err(OutputError::disk("write", self.tree.folder))
    }
}
