//! Examples of kinds: declarations in the labs of the page on the standard library, which the tests run.

use std::ops::Range;

/// A declaration of a kind, first from its own section; with a field that is set there, if one is wanted.
pub(super) fn example(kind: &str, field: Option<&str>) -> Option<String> {
    let own = section(kind);
    let all = || [&stdlib::EXAMPLES[own.clone()], stdlib::EXAMPLES].into_iter().flat_map(labs);
    let sets = |item: &&str| {
        field.is_none_or(|field| {
            let starts = |line: &str| {
                let words = line.split(['{', ',']).map(str::trim_start);
                words.filter_map(|word| word.strip_prefix(field)).any(|rest| rest.starts_with([' ', '.']))
            };
            item.lines().any(starts)
        })
    };
    all().flat_map(|lab| items(lab, kind)).find(sets).map(|item| item.trim().to_owned())
}

/// The bytes of a kind's section.
fn section(kind: &str) -> Range<usize> {
    let page = stdlib::EXAMPLES;
    let heading = format!("\n### {kind}\n");
    let Some(start) = page.find(&heading).map(|at| at + heading.len()) else { return 0..0 };
    start..page[start..].find("\n### ").map_or(page.len(), |length| start + length)
}

/// The labs without problems in a part of the page.
fn labs(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((_, behind)) = rest.split_once("```hl") {
        let (about, code) = behind.split_once('\n').unwrap_or_default();
        let (lab, after) = code.split_once("\n```").unwrap_or((code, ""));
        if !about.contains("bad") && !about.contains("fragment") {
            found.push(lab);
        }
        rest = after;
    }
    found
}

/// The declarations of a kind in a lab, which may stand in others.
fn items<'l>(lab: &'l str, kind: &str) -> Vec<&'l str> {
    let cuts = syntax::cut(lab).into_iter().map(|cut| &lab[cut.range]);
    let is_one = |item: &&str| {
        let first = item.lines().find(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty());
        first.is_some_and(|line| line.split([' ', '{']).next() == Some(kind))
    };
    cuts.filter(is_one).collect()
}
