//! The operations that writing needs of a disk.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// What stands under a name. A link is a link, whatever it points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A socket, a pipe, a device.
    Other,
}

/// How a file or directory looks without opening it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// What it is and who may do what with it, as the system counts that.
    pub kind: u32,
    /// How many bytes it has.
    pub length: u64,
    /// When its content last changed, in nanoseconds since 1970.
    pub modified: i128,
    /// When anything of it last changed.
    pub changed: i128,
    /// The number that the file system knows it by.
    pub number: u64,
}

impl Stamp {
    /// When it last changed.
    pub fn latest(&self) -> i128 {
        self.modified.max(self.changed)
    }
}

/// A disk: the real one, or one in memory that fails when told to.
///
/// No operation follows a link in the last part of its path.
pub trait Disk: Sync {
    /// Holds the lock of a directory for as long as it lives.
    type Lock;

    /// How many threads may work on it at the same time.
    fn threads(&self) -> usize {
        1
    }

    /// How many new names to put into one temporary directory: where threads make more, they wait for each other.
    fn crowd(&self) -> usize;

    /// What stands at `path`; `None` when nothing does.
    fn kind(&self, path: &Path) -> io::Result<Option<Kind>>;

    /// How what stands at `path` looks; an error when nothing does.
    fn stamp(&self, path: &Path) -> io::Result<Stamp>;

    /// The content of the file at `path`.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The names in directory `path`, in no order.
    fn list(&self, path: &Path) -> io::Result<Vec<OsString>>;

    /// Makes directory `path`; its parent is there.
    fn create_dir(&self, path: &Path) -> io::Result<()>;

    /// Writes a new file with mode 0644 (less the umask). Its content is on the disk after [`Disk::sync`] of it.
    /// Fails when something stands at `path`. A failure may leave a part of the file.
    fn write_new(&self, path: &Path, content: &[u8]) -> io::Result<()>;

    /// Lets everybody do with the file at `path` what they may do with the one at `like`.
    fn permit(&self, path: &Path, like: &Path) -> io::Result<()>;

    /// Gives the file at `from` the name `to` in one step, in place of the file that had it; or the directory at `from`,
    /// with all that is in it, where nothing has that name. An empty directory may be replaced, any other never is.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes the file at `path`.
    fn remove_file(&self, path: &Path) -> io::Result<()>;

    /// Removes directory `path`; fails with [`io::ErrorKind::DirectoryNotEmpty`] when it is not empty.
    fn remove_dir(&self, path: &Path) -> io::Result<()>;

    /// Returns when the contents of the files and the names in the directories at `paths`, which are all on one file
    /// system, are on the disk.
    fn sync(&self, paths: &[PathBuf]) -> io::Result<()>;

    /// Takes the lock of directory `path`; `None` when another process keeps it.
    fn lock(&self, path: &Path) -> io::Result<Option<Self::Lock>>;
}
