//! The disk of this machine.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::disk::Stamp;
use crate::shares::in_shares;
use crate::{Disk, Kind};

/// How long to wait for another run: longer than any build writes, shorter than patience.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);

/// So many files are synced one by one. Each waits for the disk; for more it is quicker to sync the whole file system
/// once, with what others have written to it.
#[cfg(target_os = "linux")]
const FEW: usize = 16;
/// So many threads wait for syncs at the same time.
const AT_ONCE: usize = 4;

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    type Lock = File;

    fn threads(&self) -> usize {
        crate::cores()
    }

    fn crowd(&self) -> usize {
        256
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        match fs::symlink_metadata(path) {
            Ok(meta) if meta.is_symlink() => Ok(Some(Kind::Link)),
            Ok(meta) if meta.is_dir() => Ok(Some(Kind::Directory)),
            Ok(meta) if meta.is_file() => Ok(Some(Kind::File)),
            Ok(_) => Ok(Some(Kind::Other)),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        Ok(stamp(&fs::symlink_metadata(path)?))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.file_name())).collect()
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        DirBuilder::new().create(path)
    }

    fn write_new(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
        options.open(path)?.write_all(content)
    }

    fn permit(&self, path: &Path, like: &Path) -> io::Result<()> {
        fs::set_permissions(path, fs::symlink_metadata(like)?.permissions())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn sync(&self, paths: &[PathBuf]) -> io::Result<()> {
        match paths {
            #[cfg(target_os = "linux")]
            [first, ..] if paths.len() > FEW => Ok(rustix::fs::syncfs(File::open(first)?)?),
            paths => sync_each(paths),
        }
    }

    /// Locks the directory itself, so that no lock file is left to commit or to go stale: the system lets go of the
    /// lock when the process ends, however it ends.
    fn lock(&self, path: &Path) -> io::Result<Option<File>> {
        let directory = File::open(path)?;
        let until = Instant::now() + PATIENCE;
        loop {
            match directory.try_lock() {
                Ok(()) => return Ok(Some(directory)),
                Err(TryLockError::WouldBlock) if Instant::now() < until => thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Ok(None),
                // NFS locks no directories. Two runs at once are rare and what they leave is repaired by the next
                // build, so building without a lock is better than not building.
                Err(TryLockError::Error(_)) => return Ok(Some(directory)),
            }
        }
    }
}

#[cfg(unix)]
fn stamp(meta: &fs::Metadata) -> Stamp {
    use std::os::unix::fs::MetadataExt;
    let time = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
    Stamp {
        kind: meta.mode(),
        length: meta.len(),
        modified: time(meta.mtime(), meta.mtime_nsec()),
        changed: time(meta.ctime(), meta.ctime_nsec()),
        number: meta.ino(),
    }
}

#[cfg(not(unix))]
fn stamp(meta: &fs::Metadata) -> Stamp {
    let since = |time: std::time::SystemTime| time.duration_since(std::time::UNIX_EPOCH).ok();
    let modified = meta.modified().ok().and_then(since).and_then(|time| i128::try_from(time.as_nanos()).ok());
    Stamp {
        kind: u32::from(meta.is_dir()),
        length: meta.len(),
        modified: modified.unwrap_or(i128::MAX),
        ..Stamp::default()
    }
}

/// Syncs some at a time: each waits for the disk, which does as well with several at once.
fn sync_each(paths: &[PathBuf]) -> io::Result<()> {
    let threads = if paths.len() > AT_ONCE { AT_ONCE } else { 1 };
    in_shares(threads, paths, |share| share.iter().try_for_each(|path| sync_one(path))).map(drop)
}

fn sync_one(path: &Path) -> io::Result<()> {
    match File::open(path)?.sync_all() {
        // Some file systems (of networks, of other systems) have no such operation for directories.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        result => result,
    }
}
