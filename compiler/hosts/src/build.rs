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
                let path = self.build_at(host, Part::System, builder)?;
                builder.describe(&path)
            }
        }
    }

    /// Builds a part of a host's configuration, and says where it is.
    pub(crate) fn build_part(&self, host: &str, part: Part, builder: Builder<'_>) -> Result<String, Error> {
        match builder {
            Builder::Here => Ok(self.part_here(host, part)?.to_string_lossy().into_owned()),
            Builder::At(builder) => self.build_at(host, part, builder),
        }
    }

    fn part_here(&self, host: &str, part: Part) -> Result<PathBuf, Error> {
        let failed = |error: io::Error| Error::Build(error.to_string());
        std::fs::create_dir_all(&self.links).map_err(failed)?;
        let folder = std::path::absolute(&self.folder).map_err(failed)?;
        let link =
            std::path::absolute(self.links.join(format!("{host}{}", part.ending()))).map_err(failed)?;
        let mut command = Command::new("nix");
        command.args(FLAKES).args(["build", "--out-link"]).arg(&link);
        command.arg(part.of(&folder, host));
        let said = heard("nix", &mut command, &[], &self.stop)?;
        if !said.status.success() {
            return Err(Error::Build(last_lines(&said.err, LINES)));
        }
        std::fs::read_link(&link).map_err(failed)
    }

    fn build_here(&self, host: &str) -> Result<System, Error> {
        let system = self.part_here(host, Part::System)?;
        let mut command = Command::new("sh");
        command.args(["-s", "no", "describe"]).arg(system);
        let described = heard("sh", &mut command, ON_HOST.as_bytes(), &self.stop)?;
        if !described.status.success() {
            return Err(Error::Build(last_lines(&described.err, LINES)));
        }
        Ok(System::parse(&described.out))
    }

    /// Sends the folder to a host, and builds there. What was built stays linked in that user's cache.
    fn build_at(&self, host: &str, part: Part, builder: &Host) -> Result<String, Error> {
        let packed = self.packed()?;
        // The name of a host is one of DNS, and nothing to a shell.
        let script = format!(
            r#"set -e; d=${{XDG_CACHE_HOME:-$HOME/.cache}}/hlc/build/{host}; rm -rf "$d"; mkdir -p "$d/nixos"; \
               tar -x -f - -C "$d/nixos"; nix {} "{}" build --out-link "$d/system" "{}"; \
               readlink "$d/system""#,
            FLAKES[0],
            FLAKES[1],
            part.of(Path::new("$d/nixos"), host),
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
    copy_to(&to.store(is_root), system, from, to)
}

/// The same to a store of that machine.
pub(crate) fn copy_to(store: &str, system: &str, from: Builder<'_>, to: &Host) -> Result<(), Error> {
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
    command.arg("--to").arg(store).arg(system);
    command.env("NIX_SSHOPTS", options.unwrap_or_else(|| to.nix_options()));
    let said = to.heard("nix", &mut command, &[])?;
    if said.status.success() { Ok(()) } else { Err(Error::Copy(last_lines(&said.err, LINES))) }
}

/// A part of a host's configuration that is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Its system.
    System,
    /// The script of disko that erases its disks, formats and mounts them.
    Disks,
}

impl Part {
    /// What Nix calls it. The folder is taken as it is: what git does not know is seen, too.
    fn of(self, folder: &Path, host: &str) -> String {
        let attribute = if self == Self::System { "toplevel" } else { "diskoScript" };
        format!("path:{}#nixosConfigurations.{host}.config.system.build.{attribute}", folder.display())
    }

    /// What tells its link from others.
    const fn ending(self) -> &'static str {
        match self {
            Self::System => "",
            Self::Disks => ".disks",
        }
    }
}
