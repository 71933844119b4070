//! Whose keys are here: looked for where SOPS looks for them.
//!
//! All of these count, in this order: `SOPS_AGE_SSH_PRIVATE_KEY_FILE`, `SOPS_AGE_SSH_PRIVATE_KEY_CMD`,
//! `~/.ssh/id_ed25519` and `~/.ssh/id_rsa`, `SOPS_AGE_KEY`, `SOPS_AGE_KEY_FILE`, `SOPS_AGE_KEY_CMD`, and `sops/age/keys.txt` in the folder for configuration.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sops::keys::plugins::{Callbacks, Programs};
use sops::keys::{Access, Identities, SecretString};
use zeroize::Zeroizing;

use super::{ask, dumps};
use crate::paths::users_folder;

/// Private keys, and what could not be used.
pub(crate) struct Keys {
    identities: Identities,
    plugins: Programs<Talk>,
    faults: Vec<String>,
}

/// How plugins of age talk to the user.
#[derive(Clone)]
pub(crate) struct Talk;

impl Keys {
    /// Looks for keys.
    pub(crate) fn find() -> Self {
        dumps::refuse();
        let mut keys =
            Self { identities: Identities::new(), plugins: Programs::new(Talk), faults: Vec::new() };
        let home = env::var_os("HOME").map(PathBuf::from);
        if let Some(path) = env::var_os("SOPS_AGE_SSH_PRIVATE_KEY_FILE") {
            keys.file(Path::new(&path), true);
        }
        if let Ok(command) = env::var("SOPS_AGE_SSH_PRIVATE_KEY_CMD") {
            keys.command(&command, "SOPS_AGE_SSH_PRIVATE_KEY_CMD");
        }
        for name in ["id_ed25519", "id_rsa"] {
            if let Some(home) = &home {
                keys.file(&home.join(".ssh").join(name), false);
            }
        }
        if let Ok(text) = env::var("SOPS_AGE_KEY") {
            keys.add(Zeroizing::new(text).as_bytes(), "SOPS_AGE_KEY", true);
        }
        if let Some(path) = env::var_os("SOPS_AGE_KEY_FILE") {
            keys.file(Path::new(&path), true);
        }
        if let Ok(command) = env::var("SOPS_AGE_KEY_CMD") {
            keys.command(&command, "SOPS_AGE_KEY_CMD");
        }
        if let Some(folder) = users_folder("XDG_CONFIG_HOME", ".config") {
            keys.file(&folder.join("sops").join("age").join("keys.txt"), false);
        }
        keys
    }

    /// Those in one file, and no others.
    pub(crate) fn of(path: &Path) -> Self {
        let mut keys =
            Self { identities: Identities::new(), plugins: Programs::new(Talk), faults: Vec::new() };
        keys.file(path, true);
        keys
    }

    /// Whom they belong to, as far as that is known without asking anybody.
    pub(crate) fn recipients(&self) -> impl Iterator<Item = &str> {
        self.identities.recipients()
    }

    /// Whom those belong to that show others who wrote the file, without a passphrase.
    pub(crate) fn agreeing(&self) -> impl Iterator<Item = &str> {
        self.identities.agreeing()
    }

    /// Whether there are none at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.identities.is_empty()
    }

    /// What could not be used, each a sentence.
    pub(crate) fn faults(&self) -> impl Iterator<Item = String> {
        let skipped = self.identities.skipped().iter();
        let skipped = skipped.map(|skipped| format!("{}:{}: {}", skipped.source, skipped.line, skipped.why));
        self.faults.iter().cloned().chain(skipped)
    }

    /// What files are decrypted with, asking for passphrases and using plugins.
    pub(crate) fn access(&self) -> Access<'_> {
        Access::new(&self.identities).passphrases(&ask::passphrase).plugins(&self.plugins)
    }

    /// The same without asking anybody.
    pub(crate) fn quiet_access(&self) -> Access<'_> {
        Access::new(&self.identities)
    }

    /// How recipients that are plugins are encrypted to.
    pub(crate) fn plugins(&self) -> &Programs<Talk> {
        &self.plugins
    }

    fn file(&mut self, path: &Path, is_named: bool) {
        let source = path.to_string_lossy();
        match fs::read(path).map(Zeroizing::new) {
            Ok(bytes) => self.add(&bytes, &source, is_named),
            Err(error) if is_named => {
                self.faults.push(format!("{source}: {}", workspace::read::reason(&error)));
            }
            // Nobody said that it is there.
            Err(_) => {}
        }
    }

    fn add(&mut self, bytes: &[u8], source: &str, is_named: bool) {
        if let Err(error) = self.identities.add(bytes, source)
            && is_named
        {
            self.faults.push(format!("{source}: {error}"));
        }
    }

    /// What a command prints: split into words as a shell does, and started without one.
    fn command(&mut self, line: &str, said_by: &str) {
        let words = shlex::split(line).unwrap_or_default();
        let Some((program, arguments)) = words.split_first() else {
            self.faults.push(format!("{said_by}: it cannot be split into words"));
            return;
        };
        let run =
            Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit()).output();
        match run {
            Ok(output) if output.status.success() => {
                self.add(&Zeroizing::new(output.stdout), said_by, true);
            }
            Ok(output) => self.faults.push(format!("{said_by}: it ended with {}", output.status)),
            Err(error) => self.faults.push(format!("{said_by}: {}", workspace::read::reason(&error))),
        }
    }
}

impl Callbacks for Talk {
    fn display_message(&self, message: &str) {
        ask::say(message);
    }

    fn confirm(&self, message: &str, yes: &str, no: Option<&str>) -> Option<bool> {
        ask::confirm(message, yes, no)
    }

    fn request_public_string(&self, description: &str) -> Option<String> {
        ask::line(description)
    }

    fn request_passphrase(&self, description: &str) -> Option<SecretString> {
        ask::hidden(description).ok().map(|text| SecretString::from(text.as_str().to_owned()))
    }
}
