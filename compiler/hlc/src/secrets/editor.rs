//! Secrets in the user's editor.

use std::env;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::Duration;

use workspace::read::reason;
use zeroize::Zeroizing;

use super::hidden::Hidden;
use super::signals::Held;

/// How often it is looked whether the editor is done.
const PAUSE: Duration = Duration::from_millis(20);

/// Shows `text` in the editor that `SOPS_EDITOR`, `VISUAL` or `EDITOR` names, and returns what it is then.
pub(crate) fn edit(text: &str, name: &str) -> Result<Zeroizing<String>, String> {
    // From here on no signal ends the process before the text is gone.
    let held = Held::back();
    let hidden = Hidden::new(text, name)?;
    let mut editor = start(&hidden.file)?;
    let status = wait(&mut editor, &held)?;
    if held.came() {
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
fn wait(editor: &mut Child, held: &Held) -> Result<ExitStatus, String> {
    loop {
        if let Some(status) = editor.try_wait().map_err(|error| reason(&error))? {
            return Ok(status);
        }
        if held.came() {
            let _ = editor.kill();
        }
        thread::sleep(PAUSE);
    }
}
