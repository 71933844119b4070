//! What changes in the outputs when the text changes.

use driver::Outputs;
use emit::Files;

use crate::lab::{build_edited, edit, outputs, text};

/// The declarations of a lab, each with the comments above it.
fn declarations(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut commented = false;
    for line in text.lines() {
        let comments = line.starts_with('#');
        let begins = !line.is_empty() && !line.starts_with([' ', '}']);
        // A blank line after a comment belongs to it.
        if begins && !commented {
            all.push(String::new());
        }
        commented = comments || (commented && line.is_empty());
        let last = all.last_mut().unwrap();
        last.push_str(line);
        last.push('\n');
    }
    all
}

/// The files that are not the same, as `folder/path`.
fn changed(one: &Outputs, other: &Outputs) -> Vec<String> {
    let differing = |folder: &str, one: &Files, other: &Files| {
        let mut paths: Vec<&String> = one.keys().chain(other.keys()).collect();
        paths.sort();
        paths.dedup();
        paths.retain(|path| one.get(*path) != other.get(*path));
        paths.into_iter().map(|path| format!("{folder}/{path}")).collect::<Vec<_>>()
    };
    let mut all = differing("nixos", &one.nixos, &other.nixos);
    all.extend(differing("k8s", &one.k8s, &other.k8s));
    if one.secrets != other.secrets {
        all.push("secrets".to_owned());
    }
    all
}

#[test]
fn the_order_of_declarations_is_of_no_matter() {
    let mut declared = declarations(text());
    assert!(declared.len() > 40, "{}", declared.len());
    declared.reverse();
    assert_eq!(changed(outputs(), &build_edited(&declared.concat())), ["nixos/lines.nix"]);
    declared.sort();
    assert_eq!(changed(outputs(), &build_edited(&declared.concat())), ["nixos/lines.nix"]);
}

#[test]
fn a_comment_changes_only_line_numbers() {
    let commented = format!("# A comment.\n{}", text());
    assert_eq!(changed(outputs(), &build_edited(&commented)), ["nixos/lines.nix"]);
    let at_the_end = format!("{}# A comment.\n", text());
    assert_eq!(changed(outputs(), &build_edited(&at_the_end)), [""; 0]);
}

#[test]
fn a_limit_is_in_one_file() {
    let more =
        edit(text(), "resources { cpu = 50m, memory = 64MiB }", "resources { cpu = 50m, memory = 96MiB }");
    let file = "k8s/10_apps/mosquitto/manifests/deployment-mosquitto.yaml";
    assert_eq!(changed(outputs(), &build_edited(&more)), [file]);
    let more = edit(text(), "memory = 16GiB", "memory = 20GiB");
    assert_eq!(changed(outputs(), &build_edited(&more)), ["k8s/10_apps/ollama/values/ollama.values.yaml"]);
}

#[test]
fn building_again_gives_the_same() {
    assert_eq!(build_edited(text()), *outputs());
}
