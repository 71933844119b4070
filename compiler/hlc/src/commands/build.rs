//! `hlc build`: writes what the lab says.

mod claims;

use std::path::PathBuf;

use diagnostics::render;
use driver::Outputs;
use output::{Options, OutputError, RealDisk, Refusal, Report, Target};

use super::report::Summary;
use crate::args::Build;
use crate::exit::{Exit, Failure};
use crate::load::{Lab, has_errors};
use crate::noted::Noted;
use crate::secrets::copies;
use crate::terminal::Terminal;
use crate::waiting;

/// Writes both folders, or says what would be written.
///
/// ```text
/// lab ─ check ─▶ no errors ─ outputs ─▶ files ─ secrets ─▶ files, encrypted ones among them ─ write ─▶ folders
///  └─ noted: an earlier build of the same had nothing to do ─▶ nothing to do
/// ```
pub(crate) fn run(lab: &Lab, build: &Build, terminal: &Terminal) -> Result<Exit, Failure> {
    run_with(lab, build, terminal, &Lab::outputs)
}

/// As [`run`], with what there is to write made by `make`.
fn run_with(
    lab: &Lab,
    build: &Build,
    terminal: &Terminal,
    make: &dyn Fn(&Lab) -> Result<Outputs, Failure>,
) -> Result<Exit, Failure> {
    let folder = build.out.as_ref().unwrap_or(&lab.folder);
    let (nixos, k8s): (PathBuf, PathBuf) = (folder.join("nixos"), folder.join("k8s"));
    let noted = (!build.check).then(|| Noted::new(lab, folder));
    if let Some(reports) = noted.as_ref().and_then(|noted| noted.nothing_to_do(lab, &[&nixos, &k8s])) {
        return show(&reports, build, false, terminal).map(|()| Exit::Success);
    }
    let has_no_problem = check(lab, terminal)?;
    let mut outputs = make(lab)?;
    claims::must_be_kept(&outputs.k8s, &k8s)?;
    let is_verified = copies::add(lab, folder, &mut outputs, terminal)?;
    let targets = [
        Target { folder: &nixos, files: &outputs.nixos, is_protected: &is_the_users },
        Target { folder: &k8s, files: &outputs.k8s, is_protected: &|_| false },
    ];
    let options = Options { overwrite_edited: build.force };
    let Some(noted) = noted else { return compare(&targets, options, build, terminal) };
    let reports = write(&targets, options, build, terminal)?;
    if has_no_problem {
        noted.note(&reports, &targets, is_verified);
    }
    Ok(Exit::Success)
}

/// Whether `nixos/` is what the lab builds to. Meaningful where no problem is an error.
pub(crate) fn is_built(lab: &Lab, terminal: &Terminal) -> Result<bool, Failure> {
    let mut outputs = lab.outputs()?;
    copies::add(lab, &lab.folder, &mut outputs, terminal)?;
    let folder = lab.folder.join("nixos");
    let target = Target { folder: &folder, files: &outputs.nixos, is_protected: &is_the_users };
    let plans = output::check(&RealDisk, &[target], Options { overwrite_edited: true })
        .map_err(|error| Failure::cannot(error.to_string()))?;
    Ok(!plans.iter().any(output::Plan::changes_anything))
}

/// Shows all problems; whether there is none, or a failure if one is an error.
fn check(lab: &Lab, terminal: &Terminal) -> Result<bool, Failure> {
    let problems = lab.problems()?;
    terminal.problems(&problems, &lab.session.sources(), &|name| lab.path(name));
    if has_errors(&problems) {
        terminal.error(&format!("nothing was written: {}", render::summary(&problems)));
        return Err(Failure::Told);
    }
    Ok(problems.is_empty())
}

/// Writes the files, and says what was done.
fn write(
    targets: &[Target<'_>],
    options: Options,
    build: &Build,
    terminal: &Terminal,
) -> Result<Vec<Report>, Failure> {
    for target in targets.iter().take(1) {
        waiting::announce(target.folder.parent().unwrap_or(target.folder), terminal);
    }
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

/// Says what would be written.
fn compare(
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

/// What is in a host's folder that is not made of the lab.
const YOURS: [&str; 3] = ["hardware-configuration.nix", "local.nix", "ssh_host_ed25519_key.sops"];

/// Whether a path under `nixos/` is one that NixOS' installer or the user writes beside a host's own files.
fn is_the_users(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), ["hosts", _, file] if YOURS.contains(file)) || path == "flake.lock"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    use crate::args::Colour;
    use crate::terminal::Verbosity;

    const LAB: &str = include_str!("../../tests/it/good.hl");

    #[test]
    fn what_would_not_be_built_whole_is_not_built() {
        let root = tempfile::TempDir::new().expect("a temporary folder");
        let file = root.path().join("homelab.hl");
        fs::write(&file, LAB).expect("a lab");
        let terminal = Terminal::new(Colour::Never, Verbosity::Quiet);
        let lab = Lab::open(Some(&file), &terminal).expect("it can be read");
        let build = Build { out: None, force: false, check: false, json: false };
        let whole = lab.outputs().expect("all is there");
        let mut lost = 0;
        for path in whole.nixos.keys().chain(whole.k8s.keys()) {
            let less = |lab: &Lab| {
                let mut outputs = whole.clone();
                outputs.nixos.remove(path);
                outputs.k8s.remove(path);
                lab.whole(outputs)
            };
            if less(&lab).is_ok() {
                // Not the only file of what it is about.
                continue;
            }
            lost += 1;
            let failure = run_with(&lab, &build, &terminal, &less).expect_err("something is not there");
            assert_eq!(failure.exit(Exit::Problems).code(), 2, "without {path}");
            let message = failure.message().expect("a reason");
            assert!(message.contains("a fault of hlc") && message.contains("homelab.hl:"), "{message}");
            let written: Vec<_> = fs::read_dir(root.path()).expect("a folder").collect();
            assert_eq!(written.len(), 1, "only the lab is there, without {path}: {written:?}");
        }
        assert!(lost > 3, "{lost}");
    }

    #[test]
    fn some_files_of_hosts_are_the_users() {
        assert!(is_the_users("hosts/a/local.nix") && is_the_users("hosts/a/hardware-configuration.nix"));
        assert!(is_the_users("hosts/a/ssh_host_ed25519_key.sops") && is_the_users("flake.lock"));
        assert!(!is_the_users("hosts/a/default.nix") && !is_the_users("local.nix"));
    }
}
