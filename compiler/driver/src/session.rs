//! A lab that is open: its files, and what can be asked of it.

mod files;
pub(crate) mod places;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use diagnostics::{Located, Problem, Severity, Sources, locate};
use model::{Recipient, Secret, SecretFacts};
use names::{DataFiles, SourceFile, Workspace};
use salsa::{Durability, Setter};
use source::Place;
use syntax::Cuts;
use values::problems::no_lab::NO_LAB;
use values::problems::no_such_value::NO_SUCH_VALUE;
use values::{Fault, KnownSecrets};

use crate::emitted::{self, ComponentKey};
use crate::locate::Files;
use crate::queries::{self, ImportFaults, checked, item_facts, lab_items, work_order};
use crate::{Database, Outputs, backstop, deliveries, library, order, outputs};

/// A lab that is open.
///
/// A clone shares all that is computed, for another thread to compute with; whoever sets a text waits until all are
/// gone.
#[derive(Clone)]
pub struct Session {
    db: Database,
}

impl Session {
    /// Opens a lab. `files` are paths relative to the lab's folder and texts, the lab's own file first.
    pub fn open(files: Vec<(String, String)>) -> Self {
        Self::with(Database::new(), files)
    }

    /// Opens a lab in `db`, which must be empty.
    pub fn with(db: Database, files: Vec<(String, String)>) -> Self {
        let cut = |(path, text): (String, String)| {
            let cuts = syntax::cut_whole(&text);
            (path, text.into(), cuts)
        };
        Self::with_durability(db, files.into_iter().map(cut), Durability::MEDIUM)
    }

    /// Opens a lab whose files, given with how their texts are cut, stay as they are: nothing notes what depends on them,
    /// and no text can be set.
    pub fn frozen(files: Vec<(String, Arc<str>, Cuts)>) -> Self {
        Self::with_durability(Database::new(), files, Durability::NEVER_CHANGE)
    }

    fn with_durability(
        db: Database,
        files: impl IntoIterator<Item = (String, Arc<str>, Cuts)>,
        durability: Durability,
    ) -> Self {
        let of_std = durability.max(Durability::HIGH);
        let std = stdlib::FILES
            .iter()
            .zip(library())
            .map(|((path, text), cuts)| SourceFile::open(&db, path, (*text).into(), cuts.clone(), of_std))
            .collect();
        let lab = files
            .into_iter()
            .map(|(path, text, cuts)| SourceFile::open(&db, &path, text, cuts, durability))
            .collect();
        // The only one of its kind: found again by `Workspace::get`.
        let any = if durability == Durability::MEDIUM { Durability::LOW } else { durability };
        let _ = Workspace::builder(lab, std, ()).durability(durability).any_durability(any).new(&db);
        let _ = ImportFaults::builder(BTreeMap::new()).durability(Durability::LOW).new(&db);
        DataFiles::open(&db);
        let _ = KnownSecrets::builder(None).durability(Durability::LOW).new(&db);
        Self { db }
    }

    /// Says what is known of the secrets' values without any of them: see [`crate::stored_secrets`]. As long as
    /// that is nothing, nothing is said about values.
    pub fn set_secret_facts(&mut self, facts: impl Into<Option<SecretFacts>>) {
        let (known, facts) = (KnownSecrets::get(&self.db), facts.into());
        if *known.facts(&self.db) != facts {
            known.set_facts(&mut self.db).to(facts);
        }
    }

    /// The declared secrets, in the order written. Meaningful where no problem is an error.
    pub fn secrets(&self) -> Vec<&Secret> {
        deliveries::secrets(&self.db)
    }

    /// Who reads every secret, in the order written.
    pub fn recipients(&self) -> Vec<&Recipient> {
        deliveries::recipients(&self.db)
    }

    /// All problems of the lab, in the order of files and of text.
    pub fn problems(&self) -> Vec<Located> {
        if let Some(unknown) = types::unknown_edition(&self.db) {
            return self.locate(std::slice::from_ref(unknown));
        }
        if order::matters(self.item_count()) {
            for item in work_order(&self.db) {
                values::evaluated(&self.db, *item);
            }
        }
        let of_items: Vec<&Problem> =
            lab_items(&self.db).flat_map(|item| &values::evaluated(&self.db, item).problems).collect();
        // What is wrong in an item is wrong between items, too, and is one mistake.
        let errors = of_items.iter().filter(|problem| problem.rule.severity == Severity::Error);
        let known: BTreeSet<&Place> = errors.map(|problem| &problem.place).collect();
        let between = checked(&self.db).iter().filter(|problem| !known.contains(&problem.place));
        // What is not declared is one mistake, however many need it.
        let mut needed = BTreeSet::new();
        let is_first = |problem: &&Problem| problem.rule != &NO_LAB || needed.insert(problem.help.clone());
        let imports = self.import_problems();
        let all = of_items.into_iter().chain(between).chain(&imports).filter(is_first);
        let all: Vec<&Problem> = all.collect();
        locate(once(&all), &self.files())
    }

    /// The same by file: of each of the lab's, also where there is none, and of others that some are in.
    pub fn problems_by_file(&self) -> BTreeMap<String, Vec<Located>> {
        let mut all: BTreeMap<String, Vec<Located>> =
            self.file_names().into_iter().map(|file| (file, Vec::new())).collect();
        for problem in self.problems() {
            match all.get_mut(&*problem.range.file) {
                Some(known) => known.push(problem),
                None => drop(all.insert(problem.range.file.to_string(), vec![problem])),
            }
        }
        all
    }

    /// The problems of one file.
    pub fn problems_of(&self, file: &str) -> Vec<Located> {
        let mut problems = self.problems();
        problems.retain(|problem| *problem.range.file == *file);
        problems
    }

    /// What is a fault of `hlc` and none of the lab: what cannot happen and did, and what is declared and not built; each
    /// with the line that it concerns. Meaningful where no problem is an error.
    pub fn faults(&self) -> Vec<String> {
        self.said(backstop::faults(&self.db))
    }

    /// As [`Session::faults`], of what is declared and stands in no file of `outputs`.
    pub fn missing(&self, outputs: &Outputs) -> Vec<String> {
        self.said(backstop::missing(&self.db, outputs))
    }

    fn said(&self, faults: Vec<Fault>) -> Vec<String> {
        let said = |fault: Fault| format!("{}: {}", self.line_of(&fault.place), fault.what);
        faults.into_iter().map(said).collect()
    }

    /// How many items the lab has, for [`Session::evaluate`].
    pub fn item_count(&self) -> usize {
        Workspace::get(&self.db).lab(&self.db).iter().map(|file| file.pieces(&self.db).len()).sum()
    }

    /// Computes what some of the lab's items mention, where there are so many that they are worked out in the order which
    /// follows from that.
    pub fn mentions(&self, items: Range<usize>) {
        if order::matters(self.item_count()) {
            for item in lab_items(&self.db).skip(items.start).take(items.len()) {
                queries::mentions(&self.db, item);
            }
        }
    }

    /// How many directories there are under `k8s/`, for [`Session::emit`].
    pub fn component_count(&self) -> usize {
        queries::components(&self.db).len()
    }

    /// Computes what kinds of declarations some of the lab's items make, which takes reading them: whoever asks for all
    /// declarations of a kind asks that of all items, one by one.
    pub fn outline(&self, items: Range<usize>) {
        for item in work_order(&self.db).iter().take(items.end).skip(items.start) {
            types::item_kinds(&self.db, *item);
        }
    }

    /// Computes what some of the lab's items come to, so that whoever asks finds it done.
    pub fn evaluate(&self, items: Range<usize>) {
        for item in work_order(&self.db).iter().take(items.end).skip(items.start) {
            item_facts(&self.db, *item);
        }
    }

    /// Computes the files of some directories under `k8s/`, so that whoever asks finds them done.
    pub fn emit(&self, components: Range<usize>) {
        for component in queries::components(&self.db).keys().take(components.end).skip(components.start) {
            emitted::component_files(&self.db, ComponentKey::new(&self.db, component.clone()));
        }
    }

    /// The problems of the standard library itself, for its own tests.
    pub fn library_problems(&self) -> Vec<Located> {
        let workspace = Workspace::get(&self.db);
        let files = workspace.std(&self.db).iter();
        let items = files.flat_map(|file| names::file_items(&self.db, *file)).copied();
        let problems: Vec<Problem> =
            items.flat_map(|item| &values::evaluated(&self.db, item).problems).cloned().collect();
        self.locate(&problems)
    }

    /// Problems with the bytes, lines and columns that they concern.
    pub fn locate(&self, problems: &[Problem]) -> Vec<Located> {
        locate(problems, &self.files())
    }

    /// The texts that problems are shown in.
    pub fn sources(&self) -> impl Sources + '_ {
        self.files()
    }

    /// The texts that problems of an expression are shown in: the lab's, and the expression itself as `<eval>`.
    pub fn sources_with<'s>(&'s self, expression: &'s str) -> impl Sources + 's {
        Files { db: &self.db, expression: Some(expression) }
    }

    /// Problems of an expression with the bytes, lines and columns that they concern.
    pub fn locate_with(&self, problems: &[Problem], expression: &str) -> Vec<Located> {
        locate(problems, &self.sources_with(expression))
    }

    fn files(&self) -> Files<'_> {
        Files { db: &self.db, expression: None }
    }

    /// All that is built. Meaningful where no problem is an error.
    pub fn outputs(&self) -> Outputs {
        let lines: Vec<(String, String)> = outputs::block_keys(&self.db)
            .into_iter()
            .map(|(key, place)| (key, self.line_of(&place)))
            .collect();
        outputs::outputs(&self.db, &lines)
    }

    /// The database, to ask queries of.
    pub fn db(&self) -> &Database {
        &self.db
    }

    /// The database, to change it.
    pub(crate) fn db_mut(&mut self) -> &mut Database {
        &mut self.db
    }
}

/// Problems without those that say again what another does: of each of several that are made of one text, and in the
/// library where it takes what is wrong in the lab.
fn once<'p>(problems: &[&'p Problem]) -> impl Iterator<Item = &'p Problem> {
    let mut said: BTreeSet<(&str, &Place, Vec<&Place>)> = BTreeSet::new();
    let others = problems.iter().filter(|problem| problem.is_error() && problem.rule != &NO_SUCH_VALUE);
    let wrong: BTreeSet<&Place> = others.map(|problem| &problem.place).collect();
    problems.iter().copied().filter(move |problem| {
        let others: Vec<&Place> = problem.labels.iter().map(|label| &label.place).collect();
        let is_taken = others.iter().any(|place| place.item.is_std()) && wrong.contains(&problem.place);
        let follows = is_taken && problem.rule == &NO_SUCH_VALUE;
        !follows && said.insert((problem.rule.name, &problem.place, others))
    })
}
