//! Labs, gathered from blocks, and what is asked of them.

use domain::Date;
use driver::{Outputs, Session};
use model::{SecretFacts, SecretRef};
use smol_str::SmolStr;
use types::Value;
use values::{Reason, What};

use crate::page::Block;
use crate::shown::shown;

/// A lab's files: their names and texts.
pub(crate) type Files = Vec<(String, String)>;

/// The name of a lab's own file.
pub(crate) const MAIN: &str = "homelab.hl";

/// The name of the file that holds the values of a lab's secrets.
const SECRETS: &str = "homelab.secrets.yaml";

/// The name of the file that may be around the labs of a page.
pub(crate) const AROUND: &str = "around.hl";

/// A lab: its files, and the blocks that ask something of it.
pub(crate) struct Lab<'a> {
    /// Its files: the page's blocks.
    pub files: Vec<(String, &'a Block)>,
    /// The files that it reads as data.
    pub data: Vec<(String, &'a Block)>,
    /// The file that holds the values of its secrets.
    pub secrets: Option<(&'a str, &'a Block)>,
    /// What is asked of it.
    pub asked: Vec<&'a Block>,
}

/// The labs of a section. A block with `file=` belongs to the lab of the block before, if that has such a file not; so
/// does the file `around`.
pub(crate) fn labs<'a>(blocks: &'a [Block], around: Option<&'a Block>) -> Vec<Lab<'a>> {
    let mut found: Vec<Lab<'_>> = Vec::new();
    for block in blocks.iter().filter(|block| !block.has("fragment")) {
        if block.is_lab() {
            let name = block.file().unwrap_or(MAIN);
            match found.last_mut() {
                Some(lab) if name != MAIN && lab.asked.is_empty() => {
                    lab.files.push((name.to_owned(), block));
                }
                _ => found.push(Lab {
                    files: vec![(name.to_owned(), block)],
                    data: Vec::new(),
                    secrets: None,
                    asked: Vec::new(),
                }),
            }
        } else if let Some((name, lab)) = block.file().zip(found.last_mut()) {
            match name {
                SECRETS => lab.secrets = Some((name, block)),
                _ => lab.data.push((name.to_owned(), block)),
            }
        } else if let Some(lab) = found.last_mut()
            && asks(block)
        {
            lab.asked.push(block);
        }
    }
    for lab in found.iter_mut().filter(|lab| !lab.is("alone") && !lab.is("around")) {
        lab.files.extend(around.map(|block| (AROUND.to_owned(), block)));
    }
    found
}

fn asks(block: &Block) -> bool {
    match block.info.first().map(String::as_str) {
        Some("text") => block.has("eval") || block.has("why"),
        Some("yaml" | "nix") => block.info.len() > 1,
        _ => false,
    }
}

impl Lab<'_> {
    /// The text of each of its files.
    pub(crate) fn texts(&self) -> Files {
        self.files.iter().map(|(name, block)| (name.clone(), block.text())).collect()
    }

    /// The text of each file that it reads as data.
    pub(crate) fn data(&self) -> Files {
        self.data.iter().map(|(name, block)| (name.clone(), block.text())).collect()
    }

    /// What is known of its secrets' values, if its page says anything of them.
    pub(crate) fn facts(&self) -> Option<SecretFacts> {
        let (name, block) = self.secrets?;
        let mut facts = driver::stored_secrets(name, &block.text()).expect("the values can be read");
        facts.holders = block.word("holders=").into_iter().map(str::to_owned).collect();
        if let (Some(name), Some(values)) = (block.word("other-half="), &mut facts.values)
            && let Some(value) = values.get_mut(&SecretRef::whole(name))
        {
            value.has_other_half = true;
        }
        facts.today = block.word("today=").map(|day| Date::parse(day).expect("today is a day"));
        Some(facts)
    }

    /// Whether it is marked `word`.
    pub(crate) fn is(&self, word: &str) -> bool {
        self.files.iter().any(|(_, block)| block.has(word))
    }
}

/// What an expression comes to, or what is wrong with it.
pub fn evaluated(session: &Session, expression: &str) -> String {
    match session.eval(expression) {
        Ok(value) => shown(&value),
        Err(problems) => {
            let all: Vec<String> = problems
                .iter()
                .map(|problem| format!("error {}: {}", problem.rule.name, problem.message))
                .collect();
            all.join("; ")
        }
    }
}

/// How the field that `question` names (`app.n8n resources.memory`) came to be.
pub(crate) fn explained(session: &Session, question: &str) -> String {
    let Some((declaration, path)) = question.split_once(' ') else {
        return "a declaration and a field".to_owned();
    };
    let Ok(Value::Decl(decl)) = session.eval(declaration) else { return "no declaration".to_owned() };
    let mut path = path.trim().split('.').map(SmolStr::new);
    let Some(field) = path.next() else { return "no field".to_owned() };
    let Some(why) = session.why(&decl, &field, &path.collect::<Vec<_>>()) else {
        return "no such field".to_owned();
    };
    let reasons: Vec<String> = why.reasons.iter().map(reason).collect();
    format!("{}: {}", shown(&why.value), reasons.join(", "))
}

fn reason(reason: &Reason) -> String {
    let what = match &reason.what {
        What::Default(kind) => format!("default of {kind}"),
        What::Derived(kind) => format!("derived by {kind}"),
        What::Template(name) => format!("template {name}"),
        What::Made(kind) => format!("made by {kind}"),
        What::Own => "own".to_owned(),
    };
    let sign = if reason.how == types::How::Append { "+" } else { "" };
    format!("{sign}{} ({what})", shown(&reason.value))
}

/// The built file at `path`.
pub(crate) fn built<'o>(outputs: &'o Outputs, path: &str) -> Option<&'o String> {
    let (folder, rest) = path.split_once('/')?;
    let files = match folder {
        "nixos" => &outputs.nixos,
        "k8s" => &outputs.k8s,
        _ => return None,
    };
    files.get(rest).or_else(|| files.get(path))
}
