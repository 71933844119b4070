//! What the real tools make of labs that `check` accepts.

use std::collections::BTreeMap;

use driver::Outputs;
use labs::{Grown, built, shrink};
use robustness::{Random, mutate, seeds};

use crate::charts::RealCharts;
use crate::helm::Helm;
use crate::tools::{Kubernetes, Nix, Nixos, Readers, Tool};
use crate::whole::{labs, many};

/// How many labs are shown to a tool at once.
const BATCH: usize = 50;

/// How many faults are made as small as they get.
const SHRUNK: usize = 4;

/// Puts labs made by chance to a tool, `one` of so many.
fn put_to(tool: impl Tool, one: u64) {
    let some = labs().iter().filter(|lab| lab.seed.is_multiple_of(one));
    let shown = some.map(|Grown { seed, text, outputs, .. }| Shown { seed: *seed, text, outputs });
    show_to(tool, &shown.collect::<Vec<_>>());
}

/// A lab that `check` accepts.
struct Shown<'a> {
    seed: u64,
    text: &'a str,
    outputs: &'a Outputs,
}

/// Whatever a tool has against labs is shown, of each sort one, as small as it gets.
fn show_to(mut tool: impl Tool, labs: &[Shown<'_>]) {
    let start = std::time::Instant::now();
    let mut found: BTreeMap<String, (&Shown<'_>, String, usize)> = BTreeMap::new();
    for labs in labs.chunks(BATCH) {
        let outputs: Vec<&Outputs> = labs.iter().map(|lab| lab.outputs).collect();
        for (at, message) in tool.complaints(&outputs) {
            let sort = sort(&message);
            found.entry(sort).or_insert_with(|| (&labs[at], message, 0)).2 += 1;
        }
    }
    for (nth, (sort, (lab, message, times))) in found.iter().enumerate() {
        eprintln!("\n{times} times, first with seed {}: {message}", lab.seed);
        if nth < SHRUNK {
            let is_same = |text: &str| {
                let Some(outputs) = built(text) else { return false };
                tool.complaints(&[&outputs]).iter().any(|(_, message)| self::sort(message) == *sort)
            };
            eprintln!("{}", shrink(lab.text, 300, is_same));
        }
    }
    assert!(found.is_empty(), "{} has something against labs that were accepted", tool.name());
    eprintln!("{}: {} labs in {:?}", tool.name(), labs.len(), start.elapsed());
}

/// A message without what differs from lab to lab: names in quotes, numbers, and the path in front.
fn sort(message: &str) -> String {
    let mut quoted = None;
    let mut out = String::new();
    let message = message.split_once(".yaml: ").map_or(message, |(_, message)| message);
    for char in message.chars() {
        match quoted {
            Some(quote) if char == quote => quoted = None,
            Some(_) => {}
            None if matches!(char, '"' | '`') => quoted = Some(char),
            None if char.is_ascii_digit() => {}
            None => out.push(char),
        }
    }
    out.chars().take(160).collect()
}

#[test]
fn both_sorts_of_yaml_readers_agree() {
    put_to(Readers::default(), 1);
}

#[test]
fn nix_parses_all() {
    put_to(Nix::default(), 1);
}

#[test]
fn nixos_evaluates_hosts() {
    if let Some(nixos) = Nixos::find() {
        put_to(nixos, 6);
    }
}

#[test]
fn an_api_server_takes_all() {
    put_to(Kubernetes::start(), 1);
}

#[test]
fn helm_gives_back_what_manifests_say() {
    put_to(Helm::new(Kubernetes::start()), 1);
}

/// What somebody gives a chart beyond what its kind has is theirs.
#[test]
fn real_charts_take_what_kinds_give_them() {
    let Some(charts) = RealCharts::find() else { return };
    let own = labs().iter().filter(|lab| lab.seed.is_multiple_of(3) && !lab.text.contains("values"));
    let shown = own.map(|Grown { seed, text, outputs, .. }| Shown { seed: *seed, text, outputs });
    show_to(charts, &shown.collect::<Vec<_>>());
}

/// What people wrote for tests and pages, with a few lines, words and items changed, as far as `check` accepts it. What
/// stands in objects of their own is theirs.
#[test]
fn labs_of_people_with_mistakes() {
    let seeds = seeds().into_iter().filter(|text| is_deployed(text) && built(text).is_some());
    let seeds: Vec<String> = seeds.collect();
    let mut random = Random::new(3);
    let mut accepted: BTreeMap<String, Outputs> = BTreeMap::new();
    let mut tried = 0_u64;
    while tried < 10 * many() && (accepted.len() as u64) < many() / 3 {
        tried += 1;
        let seed = seeds[random.below(seeds.len())].clone();
        let text = (0..=random.below(2)).fold(seed, |text, _| mutate(&text, &mut random));
        if is_deployed(&text)
            && let Some(outputs) = built(&text)
        {
            accepted.insert(text, outputs);
        }
    }
    eprintln!("{} of {tried} accepted", accepted.len());
    assert!(accepted.len() as u64 == many() / 3, "{} of {tried} only", accepted.len());
    let shown = accepted.iter().zip(0..).map(|((text, outputs), seed)| Shown { seed, text, outputs });
    let shown: Vec<Shown<'_>> = shown.collect();
    show_to(Readers::default(), &shown);
    show_to(Nix::default(), &shown);
    show_to(Kubernetes::start(), &shown);
}

/// Whether something is deployed, and nothing of it is an object as somebody wrote it.
fn is_deployed(text: &str) -> bool {
    ["app ", "job "].iter().any(|word| text.contains(word)) && !text.contains("manifest")
}
