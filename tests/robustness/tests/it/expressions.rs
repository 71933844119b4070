//! Expressions over every type of value, in every place.

use robustness::Random;
use robustness::expressions::{Built, Case, Check, Checked, ask, build, scope, search};

#[test]
fn accepted_expressions_have_values_of_their_types() {
    let scope = scope();
    let found = search(&scope, 11, 30_000, &mut |_, _| {});
    eprintln!("{} of {}; missing {:?}", found.accepted, found.tried, found.covered.missing());
    for (expression, why) in &found.wrong {
        eprintln!("{expression}\n    {why}");
    }
    assert!(found.wrong.is_empty());
    assert_eq!(found.covered.missing(), std::collections::BTreeSet::new());
}

#[test]
fn accepted_expressions_are_built() {
    let scope = scope();
    let mut random = Random::new(5);
    let mut cases = Vec::new();
    let mut built = Built::default();
    let wanted = 24_000;
    let found = search(&scope, 23, wanted, &mut |good, _| {
        cases.extend(Case::of(&scope, good, cases.len(), &mut random));
    });
    for cases in cases.chunks(40) {
        build(cases, &mut built);
    }
    let accepted: usize = built.accepted.values().sum();
    eprintln!("{accepted} of {}; {:?}", found.accepted, built.accepted);
    for (lab, why) in &built.wrong {
        eprintln!("{lab}\n    {why}");
    }
    assert!(built.wrong.is_empty());
    assert!(accepted > 20_000, "{accepted} only");
}

#[test]
fn no_false_check_passes() {
    let scope = scope();
    let mut random = Random::new(7);
    let mut checks = Vec::new();
    let wanted = 3_000;
    search(&scope, 31, wanted, &mut |good, value| {
        let all: Vec<Check> = Check::all(good, value).collect();
        checks.push(all[random.below(all.len())].clone());
    });
    let mut checked = Checked::default();
    for checks in checks.chunks(100) {
        ask(checks, &mut checked);
    }
    eprintln!("{} fail; {:?}", checked.fail, checked.accepted);
    assert_eq!(checked.wrong, std::collections::BTreeSet::new());
}
