//! Runs a page.

use std::collections::BTreeMap;
use std::fmt::Write;

use diagnostics::Located;
use driver::{Outputs, Session};

use crate::expect::{Expected, expected, is_expectation, written, written_whole};
use crate::fixes;
use crate::lab::{AROUND, Lab, built, evaluated, explained, labs};
use crate::page::{Block, Page};
use crate::reused::Reused;
use crate::{Group, built::contains};

/// What came of a page.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What is not so, each with its place.
    pub failures: Vec<String>,
    /// What is not so, and is right in `updated`.
    pub outdated: Vec<String>,
    /// The page as it would be right, if that can be said.
    pub updated: Option<String>,
}

/// Lines of a page that are to be replaced: where the block's lines begin, how many, and by what.
type Changes = BTreeMap<usize, (usize, Vec<String>)>;

/// Runs the labs of a page.
pub fn run(group: Group<'_>, page: &Page) -> Outcome {
    let only = std::env::var("SPEC").unwrap_or_default();
    let mut outcome = Outcome::default();
    let mut changes = Changes::new();
    let mut session = Reused::new();
    for section in &page.sections {
        let title = format!("{}: {}", page.name, section.heading);
        if !title.contains(&only) {
            continue;
        }
        let labs = labs(&section.blocks, page.around.as_ref());
        if let Group::Rule(rule) = group {
            let (bad, good) = (labs.iter().any(|lab| lab.is("bad")), labs.iter().any(|lab| lab.is("good")));
            if !bad || !good {
                outcome
                    .failures
                    .push(format!("{title}\n  the page of {rule} needs a bad lab and a good one"));
            }
        }
        for lab in labs {
            let mut run = Run { group, title: &title, page, outcome: &mut outcome, changes: &mut changes };
            run.lab(&lab, &mut session);
        }
    }
    if !changes.is_empty() {
        outcome.updated = Some(changed(page, &changes));
    }
    outcome
}

fn changed(page: &Page, changes: &Changes) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut at = 0;
    for (start, (count, new)) in changes {
        lines.extend(page.lines[at..*start].iter().map(String::as_str));
        lines.extend(new.iter().map(String::as_str));
        at = start + count;
    }
    lines.extend(page.lines[at..].iter().map(String::as_str));
    crate::joined(&lines)
}

struct Run<'a> {
    group: Group<'a>,
    title: &'a str,
    page: &'a Page,
    outcome: &'a mut Outcome,
    changes: &'a mut Changes,
}

impl Run<'_> {
    fn lab(&mut self, lab: &Lab<'_>, session: &mut Reused) {
        let files = lab.texts();
        session.know(lab.facts());
        session.read(&lab.data());
        let mut problems = session.open(&files).problems();
        let faults = fixes::faults(session, &files, &problems, self.group == Group::Specification);
        if let (false, Some((_, block))) = (faults.is_empty(), lab.files.first()) {
            self.fail(block, &faults.join("\n"));
        }
        if self.group == Group::Specification {
            problems.retain(|problem| !is_of_the_lab(problem));
        }
        self.problems(lab, &problems);
        let session = session.open(&files);
        let outputs = lab.asked.iter().any(|block| block.info[0] != "text").then(|| session.outputs());
        for block in &lab.asked {
            match &outputs {
                Some(outputs) if block.info[0] != "text" => self.file(block, outputs),
                _ => self.asked(block, session),
            }
        }
    }

    /// The problems of a lab must be the expected ones.
    fn problems(&mut self, lab: &Lab<'_>, problems: &[Located]) {
        let exact = matches!(self.group, Group::Specification | Group::Mistakes);
        if exact && lab.is("bad") {
            let own = || lab.files.iter().filter(|(name, _)| name != AROUND).chain(&lab.data);
            for (name, block) in own() {
                let here: Vec<&Located> =
                    problems.iter().filter(|problem| *problem.range.file == **name).collect();
                match self.group {
                    Group::Mistakes => self.wholly(block, &here),
                    _ => self.exactly(block, &here),
                }
            }
            let elsewhere = |problem: &&Located| !own().any(|(name, _)| *problem.range.file == **name);
            self.none_of(lab, problems.iter().filter(elsewhere));
        } else if lab.is("bad") {
            self.bad(lab, problems);
        } else {
            self.none_of(lab, problems.iter());
        }
    }

    fn fail(&mut self, block: &Block, message: &str) {
        let at = format!("{}:{}", self.page.name, block.start + 1);
        self.outcome.failures.push(format!("{} ({at})\n{message}", self.title));
    }

    /// What a block expects is not so; `lines` would be right.
    fn outdated(&mut self, block: &Block, message: &str, lines: Vec<String>) {
        self.fail(block, message);
        self.outcome.outdated.extend(self.outcome.failures.pop());
        self.changes.insert(block.start, (block.lines.len(), lines));
    }

    /// There must be none of these.
    fn none_of<'p>(&mut self, lab: &Lab<'_>, problems: impl Iterator<Item = &'p Located>) {
        let all: Vec<String> = problems.map(listed).collect();
        if let (false, Some((_, block))) = (all.is_empty(), lab.files.first()) {
            self.fail(block, &format!("  unexpected:\n{}", all.join("\n")));
        }
    }

    /// There must be some problem; on the page of a rule, that one.
    fn bad(&mut self, lab: &Lab<'_>, problems: &[Located]) {
        let Some((_, block)) = lab.files.first() else { return };
        if problems.is_empty() {
            self.fail(block, "  has no problem");
        } else if let Group::Rule(rule) = self.group {
            self.none_of(lab, problems.iter().filter(|problem| problem.rule.name != rule));
        }
    }

    /// The problems of a file must be those that its comments say.
    fn exactly(&mut self, block: &Block, problems: &[&Located]) {
        let mut expected = expected(&block.lines);
        let mut unexpected = Vec::new();
        for problem in problems {
            match expected.iter().position(|expected| expected.is(problem)) {
                Some(at) => drop(expected.remove(at)),
                None => unexpected.push(listed(problem)),
            }
        }
        if expected.is_empty() && unexpected.is_empty() {
            return;
        }
        let missing: Vec<String> = expected.iter().map(missed).collect();
        let mut message = String::new();
        for (what, all) in [("missing", missing), ("unexpected", unexpected)] {
            if !all.is_empty() {
                let _ = writeln!(message, "  {what}:\n{}", all.join("\n"));
            }
        }
        let lines = commented(block, problems, |problem| vec![written(problem)]);
        self.outdated(block, message.trim_end(), lines);
    }

    /// The problems of a file must say all that its comments say, and nothing else.
    fn wholly(&mut self, block: &Block, problems: &[&Located]) {
        let lines = commented(block, problems, written_whole);
        if lines == block.lines {
            return;
        }
        let only = |these: &[String], others: &[String]| {
            let only = these.iter().filter(|line| !others.contains(line));
            only.map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
        };
        let (missing, unexpected) = (only(&block.lines, &lines), only(&lines, &block.lines));
        self.outdated(block, &format!("  expected:\n{missing}\n  and there is:\n{unexpected}"), lines);
    }

    fn asked(&mut self, block: &Block, session: &Session) {
        let mut lines = Vec::new();
        let mut wrong = Vec::new();
        for line in &block.lines {
            let (question, wanted) = line.split_once("=>  ").map_or((line.as_str(), ""), |(q, w)| (q, w));
            let (question, blanks) = (question.trim(), question.len() - question.trim_end().len());
            if question.is_empty() {
                lines.push(line.clone());
                continue;
            }
            let found =
                if block.has("why") { explained(session, question) } else { evaluated(session, question) };
            if found != wanted.trim() {
                wrong.push(format!("    {question}  =>  {found}\n      and not {wanted}"));
            }
            lines.push(format!("{question}{}=>  {found}", " ".repeat(blanks.max(2))));
        }
        if !wrong.is_empty() {
            self.outdated(block, &wrong.join("\n"), lines);
        }
    }

    fn file(&mut self, block: &Block, outputs: &Outputs) {
        let path = &block.info[1];
        let Some(file) = built(outputs, path) else {
            let all: Vec<&str> = outputs.nixos.keys().chain(outputs.k8s.keys()).map(String::as_str).collect();
            self.fail(block, &format!("  {path} is not built, only\n    {}", all.join("\n    ")));
            return;
        };
        let lacks = block.has("lacks");
        if contains(file, &block.lines) == lacks {
            let what = if lacks { "has" } else { "has not" };
            self.fail(block, &format!("  {path} {what} these lines:\n{file}"));
        }
    }
}

/// The lines of a lab with comments for its problems, and without those that were there.
fn commented(block: &Block, problems: &[&Located], written: impl Fn(&Located) -> Vec<String>) -> Vec<String> {
    let mut lines = Vec::new();
    for (at, line) in block.lines.iter().filter(|line| !is_expectation(line)).enumerate() {
        lines.push(line.clone());
        let here = problems.iter().filter(|problem| problem.range.start.line as usize == at + 1);
        lines.extend(here.flat_map(|problem| written(problem)));
    }
    lines
}

/// Whether a problem is one between the declarations of a lab: those have pages of their own.
pub(crate) fn is_of_the_lab(problem: &Located) -> bool {
    driver::RULES.last().is_some_and(|rules| rules.contains(&problem.rule))
}

pub(crate) fn listed(problem: &Located) -> String {
    let range = &problem.range;
    let mut text = format!(
        "    {}:{}:{}-{}:{} {}: {}",
        range.file,
        range.start.line,
        range.start.column,
        range.end.line,
        range.end.column,
        problem.rule.name,
        problem.message
    );
    for label in &problem.labels {
        let range = &label.range;
        let _ = write!(text, "\n      also {}:{}: {}", range.file, range.start.line, label.message);
    }
    if let Some(help) = &problem.help {
        let _ = write!(text, "\n      help: {help}");
    }
    text
}

fn missed(expected: &Expected) -> String {
    let columns = expected.columns.map_or(String::new(), |(from, to)| format!(":{from}-{to}"));
    let also: Vec<String> = expected.also.iter().map(|text| format!("\n      also {text}")).collect();
    let also = also.concat();
    let help = expected.help.as_ref().map_or(String::new(), |text| format!("\n      help: {text}"));
    format!("    {}{columns} {}: {}{also}{help}", expected.line, expected.rule, expected.message)
}
