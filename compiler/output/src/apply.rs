//! Does what was planned, in an order that any moment may interrupt.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::build::Lock;
use crate::look::{Found, Tree};
use crate::plan::{Remove, Write};
use crate::shares::{in_shares, worth};
use crate::{Disk, Kind, OutputError, Plan, RECORD, Report, paths};

/// Does what `plan` says. `lock` is proof that nobody else does so at the same time.
///
/// When something stands in the way, nothing is done. Each file that is about to be replaced or removed is looked at once
/// more; when it is not as planned, it is left and the run ends. After an error every file is whole, old or new, and the
/// next build makes it right.
pub fn apply<D: Disk>(disk: &D, plan: &Plan, lock: &Lock<D::Lock>) -> Result<Report, OutputError> {
    let _ = lock;
    plan.permit()?;
    if plan.changes_anything() {
        let mut run = Run::new(disk, plan);
        let result = run.all();
        if result.is_err() {
            run.discard();
        }
        result?;
    }
    Ok(plan.report())
}

struct Run<'a, D> {
    tree: Tree<'a, D>,
    plan: &'a Plan,
    /// The names of the temporary files that are there.
    staged: BTreeSet<PathBuf>,
    /// The temporary directories that they are in.
    directories: Vec<PathBuf>,
    /// How many temporary names were given, each with the number of the process.
    names: usize,
    process: u32,
    /// Directories whose names changed.
    touched: BTreeSet<PathBuf>,
}

impl<'a, D: Disk> Run<'a, D> {
    fn new(disk: &'a D, plan: &'a Plan) -> Self {
        let tree = Tree::new(disk, &plan.folder);
        Self {
            tree,
            plan,
            staged: BTreeSet::new(),
            directories: Vec::new(),
            names: 0,
            process: std::process::id(),
            touched: BTreeSet::new(),
        }
    }

    fn all(&mut self) -> Result<(), OutputError> {
        let plan = self.plan;
        self.verify_record()?;
        for name in &plan.leftovers {
            match self.tree.kind(name)? {
                Some(Kind::Directory) => self.remove_dir(&self.tree.path(name))?,
                _ => self.remove_file(&self.tree.path(name))?,
            }
        }
        if !self.tree.exists()? {
            self.create_dir(&plan.folder)?;
            self.sync(&[above(&plan.folder)])?;
        }
        let contents = self.places()?;
        self.stage_all(&contents)?;
        let pending = plan.pending().map(|text| self.stage(text)).transpose()?;
        let concludes = pending.is_some() || plan.record.changes();
        let exact = plan.record.exact.as_ref().filter(|_| concludes);
        let exact = exact.map(|text| self.stage(text)).transpose()?;
        self.sync(&self.staged.iter().cloned().collect::<Vec<_>>())?;
        self.announce(pending.as_deref())?;
        self.clear_the_way()?;
        self.publish(&contents)?;
        self.remove(plan.remove.iter().filter(|remove| !remove.first))?;
        self.remove_emptied()?;
        let touched: Vec<PathBuf> = std::mem::take(&mut self.touched).into_iter().collect();
        self.sync(&touched)?;
        self.conclude(exact)
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

    /// A temporary path in the folder itself, where one look finds what is left over.
    fn temporary(&mut self) -> PathBuf {
        self.temporary_in(self.tree.folder)
    }

    fn temporary_in(&mut self, directory: &Path) -> PathBuf {
        let name = format!("{}{}-{}", paths::TEMPORARY, self.process, self.names);
        self.names += 1;
        directory.join(name)
    }

    /// Where each file is staged: in the folder, or in temporary directories of it where they are many.
    fn places(&mut self) -> Result<Vec<(PathBuf, &'a Write)>, OutputError> {
        let (disk, write) = (self.tree.disk, &self.plan.write);
        let mut places = Vec::with_capacity(write.len());
        for some in write.chunks(disk.crowd()) {
            let mut directory = self.tree.folder.to_owned();
            if some.len() < write.len() {
                directory = self.temporary();
                self.directories.push(directory.clone());
                disk.create_dir(&directory).map_err(OutputError::disk("create directory", &directory))?;
            }
            for write in some {
                let path = self.temporary_in(&directory);
                self.staged.insert(path.clone());
                places.push((path, write));
            }
        }
        Ok(places)
    }

    /// Writes `content` under a temporary name.
    fn stage(&mut self, content: &str) -> Result<PathBuf, OutputError> {
        let path = self.temporary();
        self.staged.insert(path.clone());
        write_new(self.tree.disk, &path, content)?;
        Ok(path)
    }

    /// Writes all contents under their temporary names.
    fn stage_all(&self, contents: &[(PathBuf, &Write)]) -> Result<(), OutputError> {
        let disk = self.tree.disk;
        in_shares(worth(disk.threads(), contents.len()), contents, |share| {
            share.iter().try_for_each(|(path, write)| write_new(disk, path, &write.content))
        })?;
        Ok(())
    }

    /// Makes every file that will change known in its old and its new state, before any changes.
    fn announce(&mut self, pending: Option<&Path>) -> Result<(), OutputError> {
        if let Some(pending) = pending {
            self.rename(pending, &self.tree.path(RECORD))?;
            self.sync(&[self.tree.folder.to_owned()])?;
        }
        Ok(())
    }

    /// Removes what is where a file or a directory will be.
    fn clear_the_way(&mut self) -> Result<(), OutputError> {
        let plan = self.plan;
        self.remove(plan.remove.iter().filter(|remove| remove.first))?;
        let in_the_way = plan.write.iter().any(|write| plan.emptied.contains(&write.path));
        if in_the_way || plan.remove.iter().any(|remove| remove.first) {
            self.remove_emptied()
        } else {
            Ok(())
        }
    }

    /// Gives the staged files their names.
    fn publish(&mut self, contents: &[(PathBuf, &Write)]) -> Result<(), OutputError> {
        let (disk, folder) = (self.tree.disk, self.tree.folder);
        let shares = in_shares(worth(disk.threads(), contents.len()), contents, |share| {
            let tree = Tree::new(disk, folder);
            let mut touched = BTreeSet::new();
            for (staged, write) in share {
                publish(&tree, staged, write, &mut touched)?;
            }
            Ok(touched)
        });
        for touched in shares? {
            self.touched.extend(touched);
        }
        for (staged, _) in contents {
            self.staged.remove(staged);
        }
        for directory in std::mem::take(&mut self.directories) {
            self.remove_dir(&directory)?;
        }
        Ok(())
    }

    fn remove(&mut self, files: impl Iterator<Item = &'a Remove>) -> Result<(), OutputError> {
        for remove in files {
            let path = self.tree.path(&remove.path);
            match self.tree.look(&remove.path)? {
                Found::Nothing => {}
                Found::File(hash) if hash == remove.found => self.remove_file(&path)?,
                Found::File(_) | Found::Obstacle(..) => return Err(OutputError::ChangedMeanwhile { path }),
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
            self.remove_dir(&self.tree.path(directory))?;
        }
        Ok(())
    }

    /// Removes a directory, unless there is something in it.
    fn remove_dir(&mut self, path: &Path) -> Result<(), OutputError> {
        match self.tree.disk.remove_dir(path) {
            Ok(()) => {
                self.touched.remove(path);
                self.touched.insert(above(path));
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(()),
            Err(error) => Err(OutputError::disk("remove directory", path)(error)),
        }
    }

    /// Writes down what is there now.
    fn conclude(&mut self, exact: Option<PathBuf>) -> Result<(), OutputError> {
        let path = self.tree.path(RECORD);
        if let Some(staged) = exact {
            self.rename(&staged, &path)?;
        } else if self.plan.record.exact.is_none() && self.plan.record.found.is_some() {
            self.remove_file(&path)?;
        }
        self.sync(&[self.tree.folder.to_owned()])?;
        if self.plan.record.exact.is_none() {
            // A folder in which nothing is left; what is not ours keeps it.
            let _ = self.tree.disk.remove_dir(self.tree.folder);
        }
        Ok(())
    }

    /// Removes what was staged, after an error. What cannot be removed is removed by the next run.
    fn discard(&self) {
        for path in &self.staged {
            let _ = self.tree.disk.remove_file(path);
        }
        for path in &self.directories {
            let _ = self.tree.disk.remove_dir(path);
        }
    }

    fn rename(&mut self, from: &Path, to: &Path) -> Result<(), OutputError> {
        self.tree.disk.rename(from, to).map_err(OutputError::disk("write", to))?;
        self.staged.remove(from);
        self.touched.insert(above(to));
        Ok(())
    }

    fn remove_file(&mut self, path: &Path) -> Result<(), OutputError> {
        self.tree.disk.remove_file(path).map_err(OutputError::disk("remove", path))?;
        self.touched.insert(above(path));
        Ok(())
    }

    fn create_dir(&mut self, path: &Path) -> Result<(), OutputError> {
        self.tree.disk.create_dir(path).map_err(OutputError::disk("create directory", path))?;
        self.touched.insert(above(path));
        Ok(())
    }

    fn sync(&self, paths: &[PathBuf]) -> Result<(), OutputError> {
        self.tree.disk.sync(paths).map_err(OutputError::disk("write", self.tree.folder))
    }
}

fn write_new<D: Disk>(disk: &D, path: &Path, content: &str) -> Result<(), OutputError> {
    disk.write_new(path, content.as_bytes()).map_err(OutputError::disk("write", path))
}

/// Gives a staged file its name, if what has it is as planned. `touched` are directories whose names changed.
fn publish<D: Disk>(
    tree: &Tree<'_, D>,
    staged: &Path,
    write: &Write,
    touched: &mut BTreeSet<PathBuf>,
) -> Result<(), OutputError> {
    tree.make_way(&write.path, &mut |made| {
        touched.insert(above(made));
    })?;
    let path = tree.path(&write.path);
    let as_planned = match tree.look(&write.path)? {
        Found::Nothing => true,
        Found::File(hash) => write.found == Some(hash),
        Found::Obstacle(..) => false,
    };
    if !as_planned {
        return Err(OutputError::ChangedMeanwhile { path });
    }
    tree.disk.rename(staged, &path).map_err(OutputError::disk("write", &path))?;
    touched.insert(above(&path));
    Ok(())
}

fn above(path: &Path) -> PathBuf {
    match path.parent() {
        Some(above) if !above.as_os_str().is_empty() => above.to_owned(),
        Some(_) => PathBuf::from("."),
        None => path.to_owned(),
    }
}
