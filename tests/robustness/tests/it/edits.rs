//! After any edits, a lab that is open comes to what it comes to when it is opened as it is.

use proptest::prelude::*;
use robustness::{Random, mutate, seeds, versions};

/// What somebody does to a file.
#[derive(Clone, Debug)]
enum Edit {
    /// Inserts, deletes, repeats, moves or renames something.
    Change { seed: u64, times: usize },
    /// Goes back to a version before.
    Back { by: usize },
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => (any::<u64>(), 1..4usize).prop_map(|(seed, times)| Edit::Change { seed, times }),
        1 => (1..4usize).prop_map(|by| Edit::Back { by }),
    ]
}

/// The versions of a file that edits make of its first.
fn made(first: &str, edits: &[Edit]) -> Vec<String> {
    let mut all = vec![first.to_owned()];
    for edit in edits {
        let last = &all[all.len() - 1];
        all.push(match edit {
            Edit::Back { by } => all[all.len() - (*by).min(all.len())].clone(),
            Edit::Change { seed, times } => {
                let mut random = Random::new(*seed);
                (0..*times).fold(last.clone(), |text, _| mutate(&text, &mut random))
            }
        });
    }
    all.remove(0);
    all
}

/// A lab with a little of most kinds.
const SMALL: &str = include_str!("small.hl");

/// The first half of the items of a lab, and the second half.
fn halves(text: &str) -> (String, String) {
    let half = text[text.len() / 2..].find("\n\n").map_or(text.len(), |at| text.len() / 2 + at);
    (format!("import \"./more.hl\"\n{}", &text[..half]), text[half..].to_owned())
}

#[test]
fn the_small_lab_is_built() {
    let session = driver::Session::open(vec![("homelab.hl".into(), SMALL.into())]);
    let errors = session
        .problems()
        .into_iter()
        .filter(|problem| problem.rule.severity == diagnostics::Severity::Error);
    assert_eq!(errors.collect::<Vec<_>>(), []);
    assert!(session.outputs().k8s.len() > 10 && session.outputs().nixos.len() > 5);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_a_small_lab(edits in prop::collection::vec(edit(), 1..8)) {
        let later: Vec<_> = made(SMALL, &edits).into_iter().map(|text| ("homelab.hl", text)).collect();
        versions(&[("homelab.hl", SMALL.to_owned())], &later);
    }

    #[test]
    fn of_two_files(edits in prop::collection::vec((any::<bool>(), edit()), 1..8)) {
        let (first, second) = halves(SMALL);
        let of = |which: bool| edits.iter().filter(move |edit| edit.0 == which).map(|edit| edit.1.clone());
        let mut texts = [(false, &first), (true, &second)]
            .map(|(which, text)| made(text, &of(which).collect::<Vec<_>>()).into_iter());
        let later = edits.iter().map(|(which, _)| {
            let [first, second] = &mut texts;
            if *which { ("more.hl", second.next()) } else { ("homelab.hl", first.next()) }
        });
        let later: Vec<_> = later.filter_map(|(file, text)| Some((file, text?))).collect();
        versions(&[("homelab.hl", first), ("more.hl", second)], &later);
    }

    #[test]
    fn of_labs_in_pages(text in prop::sample::select(seeds()), edits in prop::collection::vec(edit(), 1..5)) {
        let later: Vec<_> = made(&text, &edits).into_iter().map(|text| ("homelab.hl", text)).collect();
        versions(&[("homelab.hl", text)], &later);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_the_reference_lab(edits in prop::collection::vec(edit(), 1..5)) {
        let text = seeds().swap_remove(0);
        let later: Vec<_> = made(&text, &edits).into_iter().map(|text| ("homelab.hl", text)).collect();
        versions(&[("homelab.hl", text)], &later);
    }
}
