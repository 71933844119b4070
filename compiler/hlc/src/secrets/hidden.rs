//! A file for an editor: in memory, for this user alone, and gone afterwards whatever happens.
//!
//! It is in a folder of its own, with a name that nobody can guess, which is locked for as long as the process lives. So
//! a folder that nobody locks is one that a process left which was killed; the next run removes it.

use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::rand::{GetRandomFlags, getrandom};
use workspace::read::reason;
use zeroize::Zeroizing;

/// How the names of folders begin.
const PREFIX: &str = "hlc-edit-";
/// What an editor makes is not larger.
const LARGEST: u64 = 16 << 20;
/// How deep folders are looked into that an editor left behind.
const DEEPEST: u32 = 8;

/// What is said where there is nowhere to put a file.
const NO_MEMORY: &str = "there is no folder in memory for the editor's file, and secrets are not written to a disk: \
                         neither XDG_RUNTIME_DIR nor /dev/shm is a tmpfs where nobody else can put something in its \
                         place\n  use 'hlc secrets set NAME' for one value, or 'hlc secrets import' for many; or mount \
                         a tmpfs that is yours, and name it with XDG_RUNTIME_DIR";

/// The file, and the folder around it.
pub(crate) struct Hidden {
    folder: PathBuf,
    /// Where the file is.
    pub(crate) file: PathBuf,
    _lock: File,
}

impl Hidden {
    /// Makes a file that is called so and has this text.
    pub(crate) fn new(text: &str, name: &str) -> Result<Self, String> {
        let memory = memory().next().ok_or(NO_MEMORY)?;
        let fault =
            |error: io::Error| format!("cannot make a folder in {}: {}", memory.display(), reason(&error));
        let (folder, lock) = own_folder(&memory).map_err(fault)?;
        let hidden = Self { file: folder.join(name), folder, _lock: lock };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        let mut file = options.open(&hidden.file).map_err(fault)?;
        // The umask may have taken something away.
        file.set_permissions(Permissions::from_mode(0o600)).map_err(fault)?;
        file.write_all(text.as_bytes()).map_err(fault)?;
        Ok(hidden)
    }

    /// What the file holds now. What an editor put in its place, and is none, is not waited for.
    pub(crate) fn text(&self) -> Result<Zeroizing<String>, String> {
        let cannot = |reason: &str| format!("cannot read what was edited: {reason}");
        let file = open_file(OpenOptions::new().read(true), &self.file);
        let (file, length) = file.map_err(|error| cannot(&reason(&error)))?;
        if length > LARGEST {
            return Err(cannot(&format!("it is larger than {} MiB", LARGEST >> 20)));
        }
        // It does not move while it grows, which would leave copies behind.
        let mut text = Zeroizing::new(String::with_capacity(usize::try_from(length).unwrap_or_default() + 1));
        file.take(LARGEST).read_to_string(&mut text).map_err(|error| cannot(&reason(&error)))?;
        Ok(text)
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        wipe(&self.folder, DEEPEST);
    }
}

/// Removes what earlier runs left that were killed.
pub(crate) fn sweep() {
    let folders = memory().filter_map(|memory| fs::read_dir(memory).ok()).flatten().flatten();
    let is_named = |name: &str| name.starts_with(PREFIX);
    for folder in folders.filter(|entry| is_named(&entry.file_name().to_string_lossy())) {
        let path = folder.path();
        let is_own = folder.metadata().is_ok_and(|about| about.is_dir() && about.uid() == own_number());
        if is_own && locked(&path).is_ok() {
            wipe(&path, DEEPEST);
        }
    }
}

/// A new folder that nobody else can look into, and its lock.
fn own_folder(memory: &Path) -> io::Result<(PathBuf, File)> {
    loop {
        let mut chance = [0; 16];
        getrandom(&mut chance, GetRandomFlags::empty())?;
        let folder = memory.join(format!("{PREFIX}{:032x}", u128::from_be_bytes(chance)));
        match DirBuilder::new().mode(0o700).create(&folder) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            made => made?,
        }
        // The umask may have taken something away.
        let locked =
            fs::set_permissions(&folder, Permissions::from_mode(0o700)).and_then(|()| locked(&folder));
        match locked {
            Ok(lock) if folder.is_dir() => return Ok((folder, lock)),
            // Another run took it for one that was left, and removed it.
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::WouldBlock) => {}
            Err(error) => {
                let _ = fs::remove_dir(&folder);
                return Err(error);
            }
        }
    }
}

/// The lock of a folder that no process has.
fn locked(folder: &Path) -> io::Result<File> {
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW;
    let folder = OpenOptions::new().read(true).custom_flags(number(flags)).open(folder)?;
    folder.try_lock().map_err(io::Error::from)?;
    Ok(folder)
}

/// Opens a file that is one: neither a link is followed, nor a pipe waited for. Returns its length, too.
fn open_file(options: &mut OpenOptions, path: &Path) -> io::Result<(File, u64)> {
    let file = options.custom_flags(number(OFlags::NOFOLLOW | OFlags::NONBLOCK)).open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(io::Error::other("it is not a file any more"));
    }
    Ok((file, about.len()))
}

fn number(flags: OFlags) -> i32 {
    flags.bits().cast_signed()
}

fn own_number() -> u32 {
    rustix::process::getuid().as_raw()
}

/// Overwrites all files of a folder, those that an editor left there, too, and removes it.
fn wipe(folder: &Path, depth: u32) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth > 0 => wipe(&entry.path(), depth - 1),
            Ok(kind) if kind.is_file() => drop(overwrite(&entry.path())),
            _ => {}
        }
    }
    // Links in it are removed, and not followed.
    let _ = fs::remove_dir_all(folder);
}

/// Puts zeros in the place of what a file holds, if it is in no other folder, too.
fn overwrite(path: &Path) -> io::Result<()> {
    let (mut file, length) = open_file(OpenOptions::new().write(true), path)?;
    if file.metadata()?.nlink() == 1 {
        io::copy(&mut io::repeat(0).take(length.min(LARGEST)), &mut file)?;
    }
    file.flush()
}

/// Folders whose files are in memory only, and in which nobody can put something in another's place.
fn memory() -> impl Iterator<Item = PathBuf> {
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let shared = PathBuf::from("/dev/shm");
    runtime.into_iter().chain([shared]).filter(|folder| is_memory(folder) && is_safe(folder))
}

/// Whether nobody else may write there, or only what is his own.
fn is_safe(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|about| about.mode() & 0o022 == 0 || about.mode() & 0o1000 != 0)
}

/// Whether a folder is on a disk that is memory: the last mount that is above it.
fn is_memory(folder: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else { return false };
    let Ok(mounts) = fs::read_to_string("/proc/self/mounts") else { return false };
    let mounts = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (_, place, kind) = (words.next()?, words.next()?, words.next()?);
        folder.starts_with(place).then_some((place.len(), matches!(kind, "tmpfs" | "ramfs")))
    });
    mounts.max_by_key(|(length, _)| *length).is_some_and(|(_, is_memory)| is_memory)
}
