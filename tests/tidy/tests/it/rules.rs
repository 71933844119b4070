//! Every rule has a name of its own, and a page that shows what breaks it and what does not.

use std::collections::BTreeSet;

use diagnostics::Registry;
use tidy::{none, text_files};

#[test]
fn every_rule_has_a_name_of_its_own_and_a_page() {
    // Panics where two have the same name.
    let registry = Registry::new(driver::RULES);
    let mut wrong = Vec::new();
    for rule in registry.rules() {
        let fences: Vec<&str> = rule.page.lines().filter(|line| line.starts_with("```hl")).collect();
        for wanted in ["```hl bad", "```hl good"] {
            if !fences.iter().any(|fence| fence.starts_with(wanted)) {
                wrong.push(format!("the page of {} has no '{wanted}'", rule.name));
            }
        }
        let first = rule.page.lines().find(|line| !line.is_empty() && !line.starts_with('#'));
        if first.is_none_or(|line| line.starts_with("```")) {
            wrong.push(format!("the page of {} does not say what is wrong", rule.name));
        }
        if rule.summary.ends_with('.') || rule.summary.starts_with(char::is_uppercase) {
            wrong.push(format!("the summary of {} is a few words, no sentence", rule.name));
        }
    }
    none(&wrong, "rules and their pages");
}

#[test]
fn every_rule_that_is_declared_is_known_to_the_driver() {
    let registry = Registry::new(driver::RULES);
    let known: BTreeSet<&str> = registry.rules().iter().map(|rule| rule.name).collect();
    let mut wrong = Vec::new();
    // `diagnostics` declares rules for its own tests.
    let files = text_files().into_iter().filter(|file| file.path.starts_with("compiler/"));
    let files = files.filter(|file| file.is("rs") && !file.path.contains("/diagnostics/"));
    for file in files {
        for declared in file.text.split("declare_rule! {").skip(1) {
            let name = declared.split('"').nth(1).unwrap_or_default();
            if !known.contains(name) {
                wrong.push(format!("{}: '{name}' is in no RULES", file.path));
            }
        }
    }
    none(&wrong, "rules that 'hlc explain' does not know");
}
