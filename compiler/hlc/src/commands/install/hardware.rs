//! What a machine's hardware is, kept beside the host.

use std::io::ErrorKind;

use super::{Run, failed};
use crate::exit::Failure;
use crate::replace::replace;
use crate::terminal::shown;

impl Run<'_> {
    /// Brings `hardware-configuration.nix` back. One that is there is the user's, and stays.
    pub(super) fn hardware(&self) -> Result<(), Failure> {
        let step = "bring back what its hardware is";
        let found = self.installer.hardware().map_err(|error| failed(self.args, step, &error))?;
        let folder = self.lab.folder.join("nixos/hosts").join(&self.host.name);
        let path = folder.join("hardware-configuration.nix");
        let cannot = |what: &str, error: &std::io::Error| {
            Failure::cannot(format!("cannot {what} {}: {}", shown(&path), workspace::read::reason(error)))
        };
        let host = &self.args.host;
        match workspace::read::bytes(&path) {
            Ok(kept) if kept == found.as_bytes() => return Ok(()),
            Ok(_) if !self.args.new_hardware => {
                let path = shown(&path);
                self.terminal.note(&format!(
                    "{host}: {path} differs from what the machine says, and is kept; --new-hardware takes the machine's"
                ));
                return Ok(());
            }
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(cannot("read", &error)),
            _ => {}
        }
        if self.args.dry_run {
            self.terminal.note(&format!("{host}: would write {}", shown(&path)));
            return Ok(());
        }
        let written = std::fs::create_dir_all(&folder).and_then(|()| replace(&path, &found));
        written.map_err(|error| cannot("write", &error))?;
        self.terminal.note(&format!("{host}: wrote {}", shown(&path)));
        Ok(())
    }
}
