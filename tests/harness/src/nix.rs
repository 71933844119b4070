//! Nix: whether files parse, and what a NixOS configuration comes to.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::outcome::Outcome;
use crate::tools;

/// Parses a file with `nix-instantiate --parse`; an error is Nix's own message.
#[track_caller]
pub fn parse(path: &Path) -> Result<(), String> {
    parse_all(&[path])
}

/// Parses files, all in one process, which stops at the first that is none.
#[track_caller]
pub fn parse_all(paths: &[impl AsRef<Path>]) -> Result<(), String> {
    let paths = paths.iter().map(AsRef::as_ref);
    let outcome = Outcome::of(tools::command("nix-instantiate").arg("--parse").args(paths));
    if outcome.ok { Ok(()) } else { Err(outcome.stderr) }
}

/// Evaluates NixOS configurations with the real Nix, module system, sops-nix and disko, against the declared
/// options of NixOS.
pub struct NixosCheck {
    program: PathBuf,
}

impl NixosCheck {
    /// The checker, or a word that it is not here.
    #[track_caller]
    pub fn find() -> Option<Self> {
        let data = tools::test_data("evaluating NixOS configurations")?;
        Some(Self { program: data.join("tools/nixos-check/nixos-check") })
    }

    /// The values of attributes of one host of a flake, or of all that the flake defines when none are named,
    /// by name. An error is Nix's own message.
    #[track_caller]
    pub fn host(&self, flake: &Path, host: &str, attributes: &[&str]) -> Result<Value, String> {
        self.run(self.command().arg(flake).arg(host).args(attributes))
    }

    /// The same of a single module.
    #[track_caller]
    pub fn module(&self, module: &Path, attributes: &[&str]) -> Result<Value, String> {
        self.run(self.command().arg("--module").arg(module).args(attributes))
    }

    fn command(&self) -> Command {
        tools::path("nix-instantiate");
        let mut command = Command::new(&self.program);
        command.env("PATH", tools::search_path()).env("XDG_CACHE_HOME", tools::folder().join("cache"));
        command
    }

    #[track_caller]
    fn run(&self, command: &mut Command) -> Result<Value, String> {
        let outcome = Outcome::of(command);
        match outcome.code {
            Some(0) => Ok(serde_json::from_str(&outcome.stdout).expect("nixos-check prints JSON")),
            Some(1) => Err(outcome.stderr),
            _ => panic!("{} was used wrongly: {outcome}", self.program.display()),
        }
    }
}
