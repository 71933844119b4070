//! The newest file of values that this machine has seen, so that an older one in its place is noticed also where all that
//! the repository says was put back with it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use output::Inputs;
use workspace::read;

use crate::paths::users_folder;

/// How often the newest had been written that was seen at this place; 0 where there was none.
pub(crate) fn newest(file: &Path) -> u64 {
    let text = place(file).and_then(|place| read::found(&place).ok());
    text.and_then(|text| text.trim().parse().ok()).unwrap_or_default()
}

/// Notes that one was seen. That this cannot be noted is no reason to stop.
pub(crate) fn note(file: &Path, generation: u64) {
    let Some(place) = place(file).filter(|_| generation > newest(file)) else { return };
    if let Some(folder) = place.parent() {
        let _ = fs::create_dir_all(folder).and_then(|()| fs::write(&place, format!("{generation}\n")));
    }
}

/// Where that is noted: where programs keep what they know of their last runs.
fn place(file: &Path) -> Option<PathBuf> {
    let states = users_folder("XDG_STATE_HOME", ".local/state")?;
    let file = env::current_dir().ok()?.join(file);
    // However the folder is reached, it is one.
    let folder = fs::canonicalize(file.parent()?).ok()?;
    let name = Inputs::default().with(folder.join(file.file_name()?).as_os_str().as_encoded_bytes()).name();
    states.is_absolute().then(|| states.join("hlc").join("seen").join(name))
}
