//! All pages of the project.
#![allow(clippy::disallowed_methods, reason = "tests look for pages")]

use diagnostics::Located;
use driver::Session;
use spec::{Group, Page, pages_in, project, run, run_files};

#[test]
fn the_specification() {
    run_files(Group::Specification, &pages_in(&project().join("tests/spec/language")));
}

#[test]
fn mistakes() {
    run_files(Group::Mistakes, &pages_in(&project().join("tests/spec/mistakes")));
}

#[test]
fn the_documentation() {
    let mut pages = pages_in(&project().join("docs"));
    pages.extend(Some(project().join("README.md")).filter(|page| page.exists()));
    run_files(Group::Documentation, &pages);
}

#[test]
fn every_rule_has_a_bad_lab_and_a_good_one() {
    let mut failures = Vec::new();
    for rule in driver::RULES.iter().copied().flatten() {
        let page = Page::parse(rule.name, &format!("# {}\n{}", rule.name, rule.page.trim_start_matches('#')));
        if page.sections.is_empty() {
            failures.push(format!("{} has no labs", rule.name));
        }
        let outcome = run(Group::Rule(rule.name), &page);
        failures.extend(outcome.failures.into_iter().chain(outcome.outdated));
    }
    assert!(failures.is_empty(), "\n\n{}\n\n{} failed", failures.join("\n\n"), failures.len());
}

#[test]
fn the_library_has_no_problems() {
    let session = Session::open(vec![(
        "homelab.hl".to_owned(),
        "lab home { domain = \"lab.example.net\" }\n".to_owned(),
    )]);
    let problems: Vec<String> = session.library_problems().iter().map(Located::sentence).collect();
    assert!(problems.is_empty(), "{problems:#?}");
}
