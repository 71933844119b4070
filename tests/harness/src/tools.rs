//! Where the tools are, and what is to be said when one is not.

use std::env;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

/// The folder that `tests/tools/install` fills.
pub fn folder() -> PathBuf {
    match env::var_os("HLC_TOOLS") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env::var_os("HOME").expect("HOME is set")).join(".cache/hlc-tools"),
    }
}

/// The path of one tool.
///
/// # Panics
///
/// When it is not installed: a test must not pass because its tool was not there.
#[track_caller]
pub fn path(name: &str) -> PathBuf {
    installed(&format!("bin/{name}"))
}

/// A file that `tests/tools/install` makes beside the tools.
#[track_caller]
pub fn installed(name: &str) -> PathBuf {
    let path = folder().join(name);
    assert!(path.exists(), "{} is missing: run tests/tools/install", path.display());
    path
}

/// One tool, ready for arguments, among the others on its `PATH`.
#[track_caller]
pub fn command(name: &str) -> Command {
    let mut command = Command::new(path(name));
    command.env("PATH", search_path()).env("HELM_PLUGINS", folder().join("helm-plugins"));
    // Clusters and keys of whoever runs the tests.
    command.env_remove("KUBECONFIG").env("HOME", folder().join("home")).env_remove("XDG_CONFIG_HOME");
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SOPS_")) {
        command.env_remove(name);
    }
    command
}

/// `PATH` with the tools before everything else.
pub fn search_path() -> OsString {
    let rest = env::var_os("PATH").unwrap_or_default();
    env::join_paths([folder().join("bin")].into_iter().chain(env::split_paths(&rest)))
        .expect("the tools' folder has no colon in its name")
}

/// A tool that `install` could not have here and wrote down, with the reason.
pub fn unavailable(name: &str) -> Option<String> {
    let left_out = std::fs::read_to_string(folder().join("left-out")).ok()?;
    left_out.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(": ")?.to_owned()))
}

/// The reference data that is not in the repository, or `None` after having written down that `what` is
/// left out.
///
/// ```ignore
/// let Some(data) = tools::test_data("evaluating the NixOS configuration") else { return };
/// ```
///
/// # Panics
///
/// In CI, where nothing is left out, and when `HLC_TEST_DATA` names a folder that does not exist.
#[track_caller]
pub fn test_data(what: &str) -> Option<PathBuf> {
    if let Some(folder) = env::var_os("HLC_TEST_DATA").filter(|folder| !folder.is_empty()) {
        let folder = PathBuf::from(folder);
        assert!(folder.is_dir(), "HLC_TEST_DATA is not a folder: {}", folder.display());
        return Some(folder);
    }
    assert!(env::var_os("CI").is_none(), "HLC_TEST_DATA must be set in CI; {what} needs it");
    leave_out(&format!("{what} (needs HLC_TEST_DATA)"));
    None
}

/// Writes down what a test could not test: on stderr and, for `tests/run` to show at its end, in the file
/// that `HLC_LEFT_OUT` names.
pub fn leave_out(what: &str) {
    eprintln!("left out: {what}");
    if let Some(list) = env::var_os("HLC_LEFT_OUT") {
        let list = OpenOptions::new().create(true).append(true).open(list);
        let written = list.and_then(|mut list| list.write_all(format!("{what}\n").as_bytes()));
        written.expect("the file of HLC_LEFT_OUT can be written");
    }
}
