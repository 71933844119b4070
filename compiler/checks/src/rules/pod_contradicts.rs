//! `pod-contradicts`: something in Kubernetes' words that is said otherwise beside it.

mod beside;
mod container;
mod pod;
mod settings;

use diagnostics::{Problem, declare_rule};
use model::{At, Data, Entity, Raw};
use source::Place;

use crate::facts::{Pod, near};

declare_rule! { pub POD_CONTRADICTS, "pod-contradicts", error, since "0.1", "something in Kubernetes' words that is said otherwise beside it", page "pod_contradicts.md" }

/// Looks in `pod`, `container` and their like for what the words beside them say otherwise.
pub(crate) fn check(entity: &Entity) -> Vec<Problem> {
    let Some(of) = Pod::of(entity) else { return Vec::new() };
    let mut clashes = Clashes { of: &of, found: Vec::new() };
    container::compare(&of, &mut clashes);
    pod::compare(&of, &mut clashes);
    settings::compare(&of, &mut clashes);
    match entity {
        Entity::App(app) => beside::compare_app(app, &mut clashes),
        Entity::Job(job) => {
            beside::compare_job(job, &mut clashes);
            settings::compare_job(job, &mut clashes);
        }
        _ => {}
    }
    clashes.found
}

/// What was found of one app or job.
struct Clashes<'a> {
    of: &'a Pod<'a>,
    found: Vec<Problem>,
}

/// A word of the lab and what it says.
struct Word<'a> {
    /// The word: `image`.
    name: String,
    /// Where it is said, if that is known.
    place: Option<&'a Place>,
}

impl<'a> Word<'a> {
    /// One whose place nobody knows.
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), place: None }
    }

    fn at(name: &str, place: &'a Place) -> Self {
        Self { name: name.to_owned(), place: Some(place) }
    }
}

impl Clashes<'_> {
    /// `said`, if it is there, is what `word` says: `expected`.
    fn compare(&mut self, word: &Word<'_>, said: Option<&At<Raw>>, expected: &Data) {
        if let Some(said) = said
            && said.value.data() != *expected
        {
            self.add(word, said);
        }
    }

    /// What is said stands against `word`.
    fn add(&mut self, word: &Word<'_>, said: &At<Raw>) {
        let owner = &self.of.placement.place;
        let message = format!("this contradicts '{}' of {}", word.name, self.of.shown());
        let problem = Problem::new(&POD_CONTRADICTS, near(&said.place, owner), message);
        let problem = match word.place.map(|place| near(place, owner)) {
            Some(place) if place != near(&said.place, owner) => problem.also(place, "said here"),
            _ => problem,
        };
        self.found.push(problem.help(format!("say it in one place: keep '{}' or this", word.name)));
    }
}

fn text(text: impl ToString) -> Data {
    Data::Text(text.to_string())
}
