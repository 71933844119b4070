//! A slip of the hand spoils the declaration that it is in, and not the others.
//!
//! Over the whole reference lab: each token is deleted in turn, and each line. What is reported then must lie in the
//! item that was touched, in an item that cannot be worked out without it, or be a rule between parts of the lab that
//! says what the touched item has to do with it. In the item that was touched it is one problem, but for few.

use std::collections::BTreeSet;
use std::ops::Range;

use diagnostics::Located;
use driver::Session;
use source::ItemKey;

use crate::references::dependents;

const LAB: &str = include_str!("../../../../homelab.hl");
const FILE: &str = "homelab.hl";

/// The reference lab and what is known of it while it is whole.
struct Whole {
    /// Its items, with the bytes of each.
    items: Vec<(ItemKey, Range<usize>)>,
    dependents: std::collections::BTreeMap<ItemKey, BTreeSet<ItemKey>>,
}

impl Whole {
    fn new(session: &Session) -> Self {
        let db = session.db();
        let lab = names::items(db).filter(|item| !item.key(db).is_std());
        let bytes = |item: &names::Item<'_>| {
            let start = item.offset(db) as usize;
            start..start + item.text(db).len()
        };
        let items = lab.map(|item| (item.key(db).clone(), bytes(&item))).collect();
        Self { items, dependents: dependents(session) }
    }

    /// The item that a byte is in.
    fn item(&self, byte: usize) -> Option<&(ItemKey, Range<usize>)> {
        self.items.iter().find(|(_, bytes)| bytes.contains(&byte))
    }

    /// How many problems lie in the item itself when `gone` is deleted.
    fn own(&self, gone: &Range<usize>, problems: &[Located]) -> usize {
        let Some((_, bytes)) = self.item(gone.start) else { return 0 };
        let is_own = |problem: &&Located| {
            let start = whole(gone, problem.range.start.byte);
            bytes.contains(&start) || start == bytes.end
        };
        problems.iter().filter(is_own).count()
    }

    /// The problems that lie elsewhere when `gone` is deleted.
    fn strays<'p>(&self, gone: &Range<usize>, problems: &'p [Located]) -> Vec<&'p Located> {
        let Some((touched, bytes)) = self.item(gone.start) else { return problems.iter().collect() };
        let dependents = &self.dependents[touched];
        let is_near = |range: &diagnostics::Range| {
            let start = whole(gone, range.start.byte);
            let is_touched = bytes.contains(&start) || start == bytes.end;
            *range.file == *FILE
                && (is_touched || self.item(start).is_some_and(|(key, _)| dependents.contains(key)))
        };
        // What a rule misses stands nowhere: without the line that answers at addresses, whoever asks for one is told.
        let is_of_the_lab = |problem: &Located| {
            driver::RULES[3].contains(&problem.rule)
                && (problem.rule.name == "no-load-balancer"
                    || problem.labels.iter().any(|label| is_near(&label.range)))
        };
        problems.iter().filter(|problem| !is_near(&problem.range) && !is_of_the_lab(problem)).collect()
    }
}

/// A byte of the text without `gone`, in the whole text.
fn whole(gone: &Range<usize>, byte: u32) -> usize {
    let byte = byte as usize;
    if byte < gone.start { byte } else { byte + gone.len() }
}

/// The bytes of each token that is not just between others.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let ranges = syntax::tokens(text).map(|token| {
        let range = start..start + token.len as usize;
        start = range.end;
        (token.kind, range)
    });
    ranges.filter(|(kind, range)| !kind.is_trivia() && !range.is_empty()).map(|(_, range)| range).collect()
}

/// The bytes of each line that says something, with its end.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let ranges = text.split_inclusive('\n').map(|line| {
        let range = start..start + line.len();
        start = range.end;
        (line, range)
    });
    ranges
        .filter(|(line, _)| !line.trim().is_empty() && !line.trim().starts_with('#'))
        .map(|(_, range)| range)
        .collect()
}

/// What came of deleting pieces of the lab.
#[derive(Default)]
struct Deletions {
    /// What was reported elsewhere.
    leaks: Vec<String>,
    /// How many pieces brought more than one problem to the item that they were in.
    cascades: usize,
}

/// Deletes each of `pieces` in turn.
fn delete(pieces: &[Range<usize>]) -> Deletions {
    let mut session = Session::open(vec![(FILE.to_owned(), LAB.to_owned())]);
    assert_eq!(session.problems(), [], "the reference lab is clean");
    let whole = Whole::new(&session);
    let mut deletions = Deletions::default();
    for gone in pieces {
        let text = format!("{}{}", &LAB[..gone.start], &LAB[gone.end..]);
        session.set_text(FILE, &text);
        let problems = session.problems();
        deletions.cascades += usize::from(whole.own(gone, &problems) > 1);
        let strays = whole.strays(gone, &problems);
        if !strays.is_empty() {
            let line = LAB[..gone.start].lines().count().max(1);
            let listed: Vec<String> = strays
                .iter()
                .map(|problem| {
                    format!(
                        "    {}:{} {}: {}",
                        problem.range.start.line,
                        problem.range.start.column,
                        problem.rule.name,
                        problem.message
                    )
                })
                .collect();
            deletions.leaks.push(format!(
                "  without {:?} in line {line}:\n{}",
                &LAB[gone.clone()],
                listed.join("\n")
            ));
        }
    }
    deletions
}

#[test]
fn a_token_that_is_missing_spoils_its_item_only() {
    check(&tokens(LAB));
}

#[test]
fn a_line_that_is_missing_spoils_its_item_only() {
    check(&lines(LAB));
}

/// Without one of `pieces`, nothing elsewhere has a problem, and mostly there is one.
fn check(pieces: &[Range<usize>]) {
    let Deletions { leaks, cascades } = delete(pieces);
    assert!(leaks.is_empty(), "\n{}\n{} leak", leaks.join("\n"), leaks.len());
    assert!(cascades * 30 < pieces.len(), "{cascades} of {} bring more than one problem", pieces.len());
}
