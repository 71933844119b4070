//! Systems: built by Nix, here or on a host, and copied to where they run.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use plan::hosts::System;

use crate::error::Error;
use crate::keys::configuration;
use crate::program::last_lines;
use crate::ssh::{Host, ON_HOST, heard};

/// What flakes need of Nix, which calls them an experiment.
const FLAKES: [&str; 2] = ["--extra-experimental-features", "nix-command flakes"];

/// How many lines of Nix are shown where something fails.
const LINES: usize = 20;

/// The folder that hosts are built from.
#[derive(Clone, Debug)]
pub struct Flake {
    /// `nixos/`, where the lab was built.
    pub folder: PathBuf,
    /// Where links to what was built are kept, so that Nix keeps it.
    pub links: PathBuf,
    /// Nothing is begun any more once this is true.
    pub stop: Arc<AtomicBool>,
}

/// Where a system is built.
#[derive(Clone, Copy, Debug)]
pub enum Builder<'a> {
    /// On this machine.
    Here,
    /// On a host.
    At(&'a Host),
}

impl Flake {
    /// Builds the system of a host, and says what it consists of.
    ///
    /// # Errors
    ///
    /// If Nix does not build it.
    pub fn build(&self, host: &str, builder: Builder<'_>) -> Result<System, Error> {
        match builder {
            Builder::Here => self.build_here(host),
            Builder::At(builder) => {
                let path = self.build_at(host, builder)?;
                builder.describe(&path)
            }
        }
    }

    fn build_here(&self, host: &str) -> Result<System, Error> {
        let failed = |error: io::Error| Error::Build(error.to_string());
        std::fs::create_dir_all(&self.links).map_err(failed)?;
        let folder = std::path::absolute(&self.folder).map_err(failed)?;
        let link = std::path::absolute(self.links.join(host)).map_err(failed)?;
        let mut command = Command::new("nix");
        command.args(FLAKES).args(["build", "--out-link"]).arg(&link);
        command.arg(system_of(&folder, host));
        let said = heard("nix", &mut command, &[], &self.stop)?;
        if !said.status.success() {
            return Err(Error::Build(last_lines(&said.err, LINES)));
        }
        let system = std::fs::read_link(&link).map_err(failed)?;
        let mut command = Command::new("sh");
        command.args(["-s", "no", "describe"]).arg(system);
        let described = heard("sh", &mut command, ON_HOST.as_bytes(), &self.stop)?;
        if !described.status.success() {
            return Err(Error::Build(last_lines(&described.err, LINES)));
        }
        Ok(System::parse(&described.out))
    }

    /// Sends the folder to a host, and builds there. What was built stays linked in that user's cache.
    fn build_at(&self, host: &str, builder: &Host) -> Result<String, Error> {
        let packed = self.packed()?;
        // The name of a host is one of DNS, and nothing to a shell.
        let script = format!(
            r#"set -e; d=${{XDG_CACHE_HOME:-$HOME/.cache}}/hlc/build/{host}; rm -rf "$d"; mkdir -p "$d/nixos"; \
               tar -x -f - -C "$d/nixos"; nix {} "{}" build --out-link "$d/system" "{}"; \
               readlink "$d/system""#,
            FLAKES[0],
            FLAKES[1],
            system_of(Path::new("$d/nixos"), host),
        );
        let said = builder.shell(&script.replace("\\\n", ""), &packed)?;
        if said.status.success() {
            return Ok(said.out.trim().to_owned());
        }
        let why = last_lines(&said.err, LINES);
        let (name, is_away) = (&builder.address.name, said.status.code() == Some(255));
        Err(if is_away { Error::Unreachable(why) } else { Error::Build(format!("on {name}: {why}")) })
    }

    /// The folder as one file. What is linked goes as what it links to.
    fn packed(&self) -> Result<Vec<u8>, Error> {
        let mut command = Command::new("tar");
        command.args(["-c", "-h", "-f", "-", "-C"]).arg(&self.folder).arg(".").stdin(Stdio::null());
        let packed = command.output().map_err(|error| Error::NoProgram("tar", error.to_string()))?;
        if packed.status.success() {
            return Ok(packed.stdout);
        }
        Err(Error::Build(last_lines(&String::from_utf8_lossy(&packed.stderr), LINES)))
    }
}

/// Copies a system with all that it needs to a host.
///
/// # Errors
///
/// If Nix does not copy it.
pub(crate) fn copy(system: &str, from: Builder<'_>, to: &Host, is_root: bool) -> Result<(), Error> {
    let mut command = Command::new("nix");
    command.args(FLAKES).args(["copy", "--substitute-on-destination"]);
    command.arg("--no-check-sigs");
    // Nix has one list of options for both, who are not to be taken for each other.
    let mut both = None;
    if let Builder::At(builder) = from {
        command.arg("--from").arg(builder.store(true));
        both = Some(configuration(&[builder, to]).map_err(|error| Error::Copy(error.to_string()))?);
    }
    let options = both.as_ref().map(|file| format!("-F {}", file.path().display()));
    command.arg("--to").arg(to.store(is_root)).arg(system);
    command.env("NIX_SSHOPTS", options.unwrap_or_else(|| to.nix_options()));
    let said = to.heard("nix", &mut command, &[])?;
    if said.status.success() { Ok(()) } else { Err(Error::Copy(last_lines(&said.err, LINES))) }
}

/// What Nix calls the system of a host. The folder is taken as it is: what git does not know is seen, too.
fn system_of(folder: &Path, host: &str) -> String {
    format!("path:{}#nixosConfigurations.{host}.config.system.build.toplevel", folder.display())
}
