//! `hlc build`: writes what the lab says.

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;

use diagnostics::render;
use output::{Options, OutputError, RealDisk, Refusal, Report, Target};

use super::report::Summary;
use crate::args::Build;
use crate::exit::{Exit, Failure};
use crate::load::{Lab, has_errors};
use crate::noted::{Found, Noted};
use crate::secrets::delivered;
use crate::terminal::Terminal;

/// Writes both folders, or says what would be written.
pub(crate) fn run(lab: &Lab, build: &Build, terminal: &Terminal) -> Result<Exit, Failure> {
    let folder = build.out.as_ref().unwrap_or(&lab.folder);
    let (nixos, k8s): (PathBuf, PathBuf) = (folder.join("nixos"), folder.join("k8s"));
    let noted = (!build.check).then(|| Noted::new(lab, folder));
    let known = noted.as_ref().and_then(|noted| noted.known(lab));
    let folders = [nixos.as_path(), k8s.as_path()];
    if let Some(known) = &known
        && known.has_no_problem()
        && let Some(reports) = known.look(&folders)
    {
        return show(&reports, build, false, terminal).map(|()| Exit::Success);
    }
    let (reports, problems) = match known.filter(|known| !known.has_no_problem()) {
        Some(with_hints) => beside(|| with_hints.look(&folders), || lab.problems()),
        None => (None, lab.problems()),
    };
    let problems = problems?;
    terminal.problems(&problems, &lab.session.sources(), &|name| lab.path(name));
    if has_errors(&problems) {
        terminal.error(&format!("nothing was written: {}", render::summary(&problems)));
        return Err(Failure::Told);
    }
    if let Some(reports) = reports {
        return show(&reports, build, false, terminal).map(|()| Exit::Success);
    }
    let mut outputs = lab.outputs()?;
    let is_verified = delivered::add(lab, folder, &mut outputs, terminal)?;
    let targets = [
        Target { folder: &nixos, files: &outputs.nixos, is_protected: &is_the_users },
        Target { folder: &k8s, files: &outputs.k8s, is_protected: &|_| false },
    ];
    let options = Options { overwrite_edited: build.force };
    let Some(noted) = noted else { return check(&targets, options, build, terminal) };
    let reports = write(&targets, options, build, terminal)?;
    noted.note(&reports, &targets, Found { no_problem: problems.is_empty(), verified: is_verified });
    Ok(Exit::Success)
}

/// What both come to, the first on a thread of its own: it waits for the disk most of the time.
fn beside<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap_or_else(|panic| resume_unwind(panic)), second)
    })
}

fn write(
    targets: &[Target<'_>],
    options: Options,
    build: &Build,
    terminal: &Terminal,
) -> Result<Vec<Report>, Failure> {
    match output::build(&RealDisk, targets, options) {
        Ok(reports) => {
            show(&reports, build, false, terminal)?;
            Ok(reports)
        }
        Err(OutputError::Refused(refusal)) => {
            if build.json {
                terminal.result(&Summary::refused(&refusal).json())?;
            }
            Err(refused(&refusal))
        }
        Err(error) => Err(Failure::cannot(error.to_string())),
    }
}

fn check(
    targets: &[Target<'_>],
    options: Options,
    build: &Build,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let plans =
        output::check(&RealDisk, targets, options).map_err(|error| Failure::cannot(error.to_string()))?;
    let reports: Vec<Report> = plans.iter().map(output::Plan::report).collect();
    show(&reports, build, true, terminal)?;
    let mut refusal = Refusal::default();
    for plan in &plans {
        refusal.extend(plan.refusal());
    }
    if !refusal.is_empty() {
        return Err(refused(&refusal));
    }
    let changes = plans.iter().any(output::Plan::changes_anything);
    Ok(if changes { Exit::Problems } else { Exit::Success })
}

fn show(reports: &[Report], build: &Build, would: bool, terminal: &Terminal) -> Result<(), Failure> {
    let summary = Summary::new(reports);
    if build.json {
        terminal.result(&summary.json())?;
    } else {
        terminal.result(&summary.human(would))?;
    }
    Ok(())
}

/// Why nothing was written. Edits of an encrypted file cannot be moved into the lab as they are.
fn refused(refusal: &Refusal) -> Failure {
    let is_secret = |path: &PathBuf| path.components().any(|part| part.as_os_str() == "secrets");
    let mut reason = refusal.to_string();
    if refusal.edited_by_hand.iter().any(is_secret) {
        reason.push_str(
            "\n  values are changed with 'hlc secrets set'; 'hlc secrets check' says what is wrong",
        );
    }
    Failure::cannot(reason)
}

/// Whether a path under `nixos/` is one that NixOS' installer or the user writes beside a host's own files.
fn is_the_users(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), ["hosts", _, "hardware-configuration.nix" | "local.nix"] | ["flake.lock"])
}

#[cfg(test)]
mod tests {
    use super::is_the_users;

    #[test]
    fn some_files_of_hosts_are_the_users() {
        assert!(is_the_users("hosts/a/local.nix") && is_the_users("hosts/a/hardware-configuration.nix"));
        assert!(!is_the_users("hosts/a/default.nix") && !is_the_users("local.nix"));
    }
}
