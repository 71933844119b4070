//! Whole labs that `check` accepts.
//!
//! ```text
//! a lab that is right ─ add declarations and fields by chance ─ check ─▶ none is an error: a lab
//!                                                                ▲ │
//!                                                                │ ▼ an error stands in a line
//!                                                 what the line is part of goes again
//! ```

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Located, Severity};
use driver::{Outputs, Session};
use robustness::Random;
use smol_str::SmolStr;

use crate::lab::{Declaration, Owner, Written, base};
use crate::maker::{Known, Maker};
use crate::schema::Schema;

/// Labs to begin with: one of little more than the core kinds, and one with everything of the library.
const BASES: [&str; 2] = [include_str!("bare.hl"), include_str!("full.hl")];

/// How often a lab is checked before it is given up.
const ROUNDS: usize = 200;

/// How many fields have their turn in a lab.
const OWED: usize = 7;

/// How often each thing was done.
pub type Counts = BTreeMap<String, usize>;

/// Makes labs.
pub struct Grower {
    schema: Schema,
    session: Session,
    bases: Vec<(Vec<Declaration>, Vec<Known>)>,
}

/// A lab that `check` accepts, and how it came to be.
#[derive(Clone, Debug)]
pub struct Grown {
    /// What it was made from.
    pub seed: u64,
    /// As a tree.
    pub lab: Vec<Declaration>,
    /// Its text.
    pub text: String,
    /// What is built from it.
    pub outputs: Outputs,
    /// How many declarations and fields were added.
    pub added: usize,
    /// Which rules refused something, and how often.
    pub refused: Counts,
}

impl Default for Grower {
    fn default() -> Self {
        Self::new()
    }
}

impl Grower {
    /// For the library as it is.
    pub fn new() -> Self {
        let bases = BASES.map(|text| (base(text), known(text)));
        Self { schema: Schema::of_library(), session: Session::open(Vec::new()), bases: bases.into() }
    }

    /// The lab of a seed. The same seed makes the same lab.
    pub fn grow(&mut self, seed: u64) -> Grown {
        // What a session keeps of labs before is of no more use after a while.
        if seed.is_multiple_of(50) {
            self.session = Session::open(Vec::new());
        }
        let mut random = Random::new(seed);
        let (base, known) = &self.bases[usize::from(random.below(5) < 2)];
        // Of numbers that follow each other, the streams of chance would be the same, one step further.
        let apart = random.below(usize::MAX) as u64;
        let mut maker = Maker::new(&self.schema, apart, known.clone());
        maker.owed = self.owed(seed);
        let mut lab = base.clone();
        for declaration in lab.iter_mut().filter(|one| !one.head.contains(" = ")) {
            let kind = declaration.kind.clone();
            // A field of a type that the lab has nothing of is left out with all behind it.
            let _ = maker.fill(declaration, &kind, &[]);
        }
        let kinds: Vec<SmolStr> =
            self.schema.kinds.iter().filter(|kind| !self.schema.shape(kind).single).cloned().collect();
        for nth in 0..5 + random.below(5) {
            // Each kind comes in its turn; the workloads more often.
            let kind = match nth {
                0 => "app".into(),
                1 => maker.one(&["job", "job", "manifest", "release", "host"]).into(),
                2 => kinds[usize::try_from(seed).unwrap_or_default() % kinds.len()].clone(),
                // So does each field.
                _ => match maker
                    .owed
                    .get((nth - 3 + usize::try_from(seed).unwrap_or_default()) % OWED)
                    .and_then(|field| field.split(['.', '#']).next())
                {
                    Some(kind) if kinds.iter().any(|one| one == kind) => kind.into(),
                    _ => maker.one(&kinds),
                },
            };
            lab.extend(maker.declaration(&kind));
        }
        self.accepted(seed, lab)
    }

    /// The fields whose turn it is.
    fn owed(&self, seed: u64) -> Vec<String> {
        let all: Vec<String> = self.schema.settable().into_iter().collect();
        let first = usize::try_from(seed).unwrap_or_default().wrapping_mul(OWED);
        (0..OWED).map(|nth| all[first.wrapping_add(nth) % all.len()].clone()).collect()
    }

    /// What `check` leaves of a lab.
    fn accepted(&mut self, seed: u64, mut lab: Vec<Declaration>) -> Grown {
        let added = size(&lab);
        let mut refused = Counts::new();
        for _ in 0..ROUNDS {
            let written = Written::of(&lab);
            self.session.set_text("homelab.hl", &written.text);
            let problems = self.session.problems();
            let errors: Vec<&Located> = problems.iter().filter(|problem| is_refusal(problem)).collect();
            if errors.is_empty() {
                let outputs = self.session.outputs();
                return Grown { seed, lab, text: written.text, outputs, added, refused };
            }
            let mut blamed = BTreeSet::new();
            for error in errors {
                *refused.entry(error.rule.name.to_owned()).or_default() += 1;
                blamed.extend(blame(error, &written, &lab));
            }
            if blamed.is_empty() {
                give_way(&mut lab);
            }
            remove(&mut lab, &blamed);
        }
        panic!("seed {seed}: after {ROUNDS} rounds it is not accepted:\n{}", Written::of(&lab).text);
    }
}

/// What is built from a lab of one file, if `check` accepts it.
pub fn built(text: &str) -> Option<Outputs> {
    let session = Session::open(vec![("homelab.hl".to_owned(), text.to_owned())]);
    (!session.problems().iter().any(is_refusal)).then(|| session.outputs())
}

/// Whether a lab with the problem is not built, or is none that a host can be made of as it is. An account that the lab
/// does not make is a warning, for `local.nix` may make it; there is none here, and sops-nix evaluates only with it. A
/// field that Kubernetes does not know is one, too, for a newer one may; that of the tests does not.
fn is_refusal(problem: &Located) -> bool {
    problem.severity() == Severity::Error
        || matches!(problem.rule.name, "secret-owner-unknown" | "unknown-pod-field")
}

/// What can be referred to in the lab that `text` is.
fn known(text: &str) -> Vec<Known> {
    let session = Session::open(vec![("homelab.hl".to_owned(), text.to_owned())]);
    let errors: Vec<Located> = session.problems().into_iter().filter(is_refusal).collect();
    assert!(errors.is_empty(), "a lab to begin with is right: {errors:#?}");
    let mut known = Vec::new();
    let db = session.db();
    for item in names::items(db) {
        if item.key(db).file().starts_with("std/") {
            continue;
        }
        let Some(node) = types::outline(db, item) else { continue };
        let place = base(item.text(db)).into_iter().find_map(|declaration| declaration.place);
        learn(node, &node.name, place.as_ref(), &mut known);
    }
    known
}

fn learn(node: &types::OutlineNode, path: &str, place: Option<&String>, known: &mut Vec<Known>) {
    known.push(Known { kind: node.kind.clone(), path: path.to_owned(), place: place.cloned() });
    for child in &node.children {
        learn(child, &format!("{path}.{}", child.name), place, known);
    }
}

/// How many declarations and fields were added.
pub(crate) fn size(lab: &[Declaration]) -> usize {
    let mut sum = 0;
    let mut count = |one: &Declaration| sum += one.settings.len() + usize::from(!one.is_base);
    for declaration in lab {
        declaration.visit(&mut count);
    }
    sum
}

/// What is to go so that an error may go: what it stands in, or what it points to.
fn blame(error: &Located, written: &Written, lab: &[Declaration]) -> Option<Owner> {
    let ranges = std::iter::once(&error.range).chain(error.labels.iter().map(|label| &label.range));
    let lines = ranges.filter(|range| &*range.file == "homelab.hl").map(|range| range.start.line as usize);
    let mut owners = lines.filter_map(|line| written.owners.get(line.checked_sub(1)?));
    owners.find_map(|owner| blamed(owner, lab))
}

/// A field that can be left out goes alone. Else something of the declaration goes that it can do without, or all of it.
fn blamed(owner: &Owner, lab: &[Declaration]) -> Option<Owner> {
    let mut one = lab.get(*owner.way.first()?)?;
    for at in &owner.way[1..] {
        one = one.children.get(*at)?;
    }
    let is_optional = |at: &usize| one.settings.get(*at).is_some_and(|setting| !setting.required);
    let setting = owner.setting.filter(is_optional);
    let setting = setting.or_else(|| (0..one.settings.len()).rev().find(is_optional));
    let way = owner.way.clone();
    match (setting, one.children.len().checked_sub(1)) {
        (Some(_), _) => Some(Owner { way, setting }),
        (None, Some(last)) => Some(Owner { way: [way, vec![last]].concat(), setting: None }),
        (None, None) if one.is_base => None,
        (None, None) => Some(Owner { way, setting: None }),
    }
}

fn remove(lab: &mut Vec<Declaration>, blamed: &BTreeSet<Owner>) {
    // From behind, so that what stands before keeps its place.
    for Owner { way, setting } in blamed.iter().rev() {
        let (last, before) = way.split_last().expect("a way has a beginning");
        let mut around = &mut *lab;
        for at in before {
            around = &mut around[*at].children;
        }
        match setting {
            Some(at) if *last < around.len() && *at < around[*last].settings.len() => {
                around[*last].settings.remove(*at);
            }
            None if *last < around.len() => {
                around.remove(*last);
            }
            _ => {}
        }
    }
}

/// Nobody is to blame, so what came last goes.
fn give_way(lab: &mut Vec<Declaration>) {
    if let Some(at) = lab.iter().rposition(|one| !one.is_base) {
        lab.remove(at);
    } else if let Some(one) =
        lab.iter_mut().rev().find(|one| !one.settings.is_empty() || !one.children.is_empty())
    {
        one.settings.clear();
        one.children.clear();
    }
}
