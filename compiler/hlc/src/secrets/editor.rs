//! Secrets in the user's editor: in memory, for him alone, and gone afterwards whatever happens.

use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use zeroize::Zeroizing;

use crate::read::reason;

/// How often it is looked whether the editor is done.
const PAUSE: Duration = Duration::from_millis(20);

/// Shows `text` in the editor that `SOPS_EDITOR`, `VISUAL` or `EDITOR` names, and returns what it is then.
pub(crate) fn edit(text: &str, name: &str) -> Result<Zeroizing<String>, String> {
    // From here on no signal ends the process before the text is gone.
    let stopped = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
        signal_hook::flag::register(signal, Arc::clone(&stopped)).map_err(|error| reason(&error))?;
    }
    let hidden = Hidden::new(text, name)?;
    let mut editor = start(&hidden.file)?;
    let status = wait(&mut editor, &stopped)?;
    if stopped.load(Ordering::Relaxed) {
        return Err("it was interrupted; nothing was changed".to_owned());
    }
    if !status.success() {
        return Err(format!("the editor ended with {status}; nothing was changed"));
    }
    hidden.text()
}

fn start(file: &Path) -> Result<Child, String> {
    let line = ["SOPS_EDITOR", "VISUAL", "EDITOR"].iter().find_map(|name| env::var(name).ok());
    let line = line.filter(|line| !line.trim().is_empty()).unwrap_or_else(|| "vi".to_owned());
    let words = shlex::split(&line).unwrap_or_default();
    let Some((program, arguments)) = words.split_first() else {
        return Err(format!("'{line}', the editor, cannot be split into words"));
    };
    // Who edits values has no use for the key that decrypts them all.
    let started = Command::new(program).args(arguments).arg(file).env_remove("SOPS_AGE_KEY").spawn();
    started.map_err(|error| format!("cannot start the editor '{program}': {}; set EDITOR", reason(&error)))
}

/// Waits for the editor. Ctrl-C is for it, too; other signals end it.
fn wait(editor: &mut Child, stopped: &AtomicBool) -> Result<ExitStatus, String> {
    loop {
        if let Some(status) = editor.try_wait().map_err(|error| reason(&error))? {
            return Ok(status);
        }
        if stopped.load(Ordering::Relaxed) {
            let _ = editor.kill();
        }
        thread::sleep(PAUSE);
    }
}

/// A file that only this user can read, on a disk that is memory.
struct Hidden {
    folder: PathBuf,
    file: PathBuf,
}

impl Hidden {
    fn new(text: &str, name: &str) -> Result<Self, String> {
        let folder = memory()?.join(format!("hlc-{}", std::process::id()));
        let fault = |error: std::io::Error| format!("cannot make {}: {}", folder.display(), reason(&error));
        DirBuilder::new().mode(0o700).create(&folder).map_err(fault)?;
        let hidden = Self { file: folder.join(name), folder: folder.clone() };
        // The umask may have taken something away.
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).map_err(fault)?;
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&hidden.file).map_err(fault)?;
        file.set_permissions(Permissions::from_mode(0o600)).map_err(fault)?;
        file.write_all(text.as_bytes()).map_err(fault)?;
        Ok(hidden)
    }

    fn text(&self) -> Result<Zeroizing<String>, String> {
        let mut text = Zeroizing::new(String::new());
        let read = File::open(&self.file).and_then(|mut file| file.read_to_string(&mut text));
        read.map_err(|error| format!("cannot read what was edited: {}", reason(&error)))?;
        Ok(text)
    }
}

impl Drop for Hidden {
    /// Overwrites all that is in the folder, what the editor left there, too, and removes it.
    fn drop(&mut self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if let Ok(mut file) = OpenOptions::new().write(true).open(&path) {
                let length = file.metadata().map_or(0, |about| about.len());
                let zeros = vec![0; usize::try_from(length).unwrap_or(0)];
                let _ = file.seek(SeekFrom::Start(0)).and_then(|_| file.write_all(&zeros));
            }
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A folder whose files are in memory only.
fn memory() -> Result<PathBuf, String> {
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let shared = PathBuf::from("/dev/shm");
    runtime.into_iter().chain([shared]).find(|folder| is_memory(folder)).ok_or_else(|| {
        "there is no folder in memory (XDG_RUNTIME_DIR, /dev/shm), and secrets are not written to a disk: use \
         'hlc secrets set' instead"
            .to_owned()
    })
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
