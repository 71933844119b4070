//! What is done to hosts, as people read it.

use std::fmt::Write;

use hosts::{Observed, Outcome};
use plan::hosts::{HostAction, HostStep, PackageChange, SystemChange, UnitChange};

use crate::changed;
use crate::terminal::{Terminal, paint, plain};

/// How many lines of what changes in a system are shown.
const MOST: usize = 40;

/// What is done to each host, and in a last line how much that is. Nothing in it acts on a terminal but the styles.
pub(crate) fn steps(observed: &[Observed], colour: bool) -> String {
    let mut out = String::new();
    for Observed { step, .. } in observed {
        if step.action != (HostAction::Nothing { reboot: None }) {
            self::step(&mut out, step, colour);
        }
    }
    out.push_str(&headline(observed.iter().map(|one| &one.step.action)));
    out.push('\n');
    out
}

fn step(out: &mut String, step: &HostStep, colour: bool) {
    let action = &step.action;
    let sign = match action {
        HostAction::Switch { .. } | HostAction::Save { .. } => ("~", "33"),
        HostAction::Nothing { .. } => ("=", ""),
        HostAction::Unknown { .. } | HostAction::Unbuilt { .. } | HostAction::Busy { .. } => ("!", "1;31"),
    };
    let name = format!("host {}", step.host);
    let _ = writeln!(out, "{}", changed::head(sign, &name, Some(&step.origin), colour));
    for cause in &step.causes {
        let from = cause.origin.as_ref().map_or_else(String::new, |origin| {
            let from = format!("{}: {}", origin.line, origin.declaration);
            format!("  {}", paint(colour, "2", &plain(&from)))
        });
        let _ = writeln!(out, "  {}{from}", plain(&cause.what));
        for detail in &cause.details {
            let _ = writeln!(out, "      {}", plain(detail));
        }
    }
    let mut line = |text: &str| {
        let _ = writeln!(out, "    {}", plain(text));
    };
    match action {
        HostAction::Switch { change, .. } => lines(change).iter().for_each(|text| line(text)),
        HostAction::Save { why, .. } => line(&format!("it runs that already, and {why}")),
        HostAction::Nothing { .. } => line("it runs and boots that already"),
        HostAction::Unknown { why } => format!("nothing is known of it: {why}").lines().for_each(line),
        HostAction::Unbuilt { why } | HostAction::Busy { why } => why.lines().for_each(line),
    }
    if action.restarts_k3s() {
        let _ = writeln!(out, "    {}", paint(colour, "33", "k3s is restarted"));
    }
    if let HostAction::Switch { reboot: Some(why), .. } | HostAction::Nothing { reboot: Some(why) } = action {
        let why = format!("it has to be started again for {why}; --reboot does that");
        let _ = writeln!(out, "    {}", paint(colour, "33", &plain(&why)));
    }
}

/// What changes in a system, a line each.
fn lines(change: &SystemChange) -> Vec<String> {
    let (packages, units) = (change.packages.iter().map(package), change.units.iter().map(unit));
    let mut lines: Vec<String> = packages.chain(units).collect();
    if lines.is_empty() {
        let (come, go) = change.paths;
        return vec![format!("no package and no unit; {come} files of the store come, {go} go")];
    }
    let more = lines.len().saturating_sub(MOST);
    if more > 1 {
        lines.truncate(MOST);
        lines.push(format!("and {more} more"));
    }
    lines
}

fn package(change: &PackageChange) -> String {
    let (name, old, new) = (&change.name, change.old.join(", "), change.new.join(", "));
    match (change.old.is_empty(), change.new.is_empty()) {
        (true, _) => format!("+ {name} {new}"),
        (_, true) => format!("- {name} {old}"),
        _ => format!("{name} {old} → {new}"),
    }
}

fn unit(change: &UnitChange) -> String {
    match change {
        UnitChange::Added(name) => format!("+ unit {name}"),
        UnitChange::Removed(name) => format!("- unit {name}"),
        UnitChange::Changed(name) => format!("unit {name} changes"),
    }
}

fn headline<'a>(actions: impl Iterator<Item = &'a HostAction>) -> String {
    let (mut switched, mut unknown, mut well) = (0, 0, 0);
    for action in actions {
        match action {
            HostAction::Switch { .. } | HostAction::Save { .. } => switched += 1,
            HostAction::Nothing { .. } => well += 1,
            _ => unknown += 1,
        }
    }
    let counts = [(switched, "to switch"), (unknown, "not to be planned"), (well, "as they are to be")];
    let said = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let said: Vec<String> = said.collect();
    if said.is_empty() { "no host is meant".to_owned() } else { format!("hosts: {}", said.join(", ")) }
}

/// Says what has become of each host.
pub(crate) fn outcomes(observed: &[Observed], outcomes: &[Outcome], terminal: &Terminal) {
    for (one, outcome) in observed.iter().zip(outcomes) {
        let name = &one.step.host;
        let trouble = match outcome {
            Outcome::Done if one.step.action.is_change() => {
                terminal.note(&format!("{name} runs and boots what the lab says"));
                continue;
            }
            Outcome::Done => continue,
            Outcome::ToRestart(why) => {
                terminal.note(&format!(
                    "{name} has to be started again for {why}; 'hlc apply --reboot {name}' does it"
                ));
                continue;
            }
            Outcome::Failed(error) => {
                let help = error.help().map_or_else(String::new, |help| format!("\n{help}"));
                format!("{error}{help}")
            }
            Outcome::Skipped(why) => format!("left as it is: {why}"),
            Outcome::Unplanned(why) => why.clone(),
        };
        terminal.error(&format!("{name}: {}", trouble.replace('\n', "\n  ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_is_told_in_a_line_each_and_not_without_end() {
        let package = |nth: usize| PackageChange {
            name: format!("p{nth}"),
            old: vec!["1".into()],
            new: if nth == 0 { Vec::new() } else { vec!["2".into()] },
        };
        let units = vec![UnitChange::Changed("k3s.service".into())];
        let change =
            SystemChange { packages: (0..2).map(package).collect(), units: units.clone(), paths: (3, 2) };
        assert_eq!(lines(&change), ["- p0 1", "p1 1 → 2", "unit k3s.service changes"]);
        let change = SystemChange { packages: (0..50).map(package).collect(), units, paths: (3, 2) };
        let lines = lines(&change);
        assert_eq!((lines.len(), lines[MOST].as_str()), (MOST + 1, "and 11 more"));
        let none = SystemChange { paths: (3, 2), ..SystemChange::default() };
        assert_eq!(super::lines(&none), ["no package and no unit; 3 files of the store come, 2 go"]);
    }

    #[test]
    fn hosts_are_counted_by_what_is_done() {
        let actions = [
            HostAction::Save { new: "/a".into(), why: "it would boot another".into() },
            HostAction::Unknown { why: "off".into() },
            HostAction::Nothing { reboot: None },
        ];
        let line = headline(actions.iter());
        assert_eq!(line, "hosts: 1 to switch, 1 not to be planned, 1 as they are to be");
        assert_eq!(headline([].into_iter()), "no host is meant");
    }
}
