//! What could stand at a position.

use ide::Completion;
use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionItemTag, CompletionList,
    CompletionTextEdit, Documentation, InsertTextFormat, Position, TextEdit, Uri,
};
use types::CandidateSort;

use crate::convert::hover::markdown;
use crate::scene::Here;

/// What finds something again that was offered, to say more of it: where that was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Offered {
    pub(crate) document: Uri,
    pub(crate) position: Position,
}

impl Offered {
    /// As clients keep it, which goes with each of hundreds: `line:character:document`.
    fn written(&self) -> String {
        let Position { line, character } = self.position;
        format!("{line}:{character}:{}", self.document.as_str())
    }

    /// What was [written](Self::written) so.
    pub(crate) fn read(written: &str) -> Option<Self> {
        let (line, rest) = written.split_once(':')?;
        let (character, document) = rest.split_once(':')?;
        let position = Position::new(line.parse().ok()?, character.parse().ok()?);
        Some(Self { document: document.parse().ok()?, position })
    }
}

/// How what is offered is shown and taken.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    /// With places to be filled.
    pub(crate) snippets: bool,
    /// With characters that take it when they are typed.
    pub(crate) commits: bool,
    /// With types beside names.
    pub(crate) details: bool,
}

/// So many are offered at once: nobody reads on, and more is asked for when more is typed.
const MOST: usize = 400;

/// What could stand there, the likeliest first.
pub(crate) fn list(here: &Here<'_>, offered: &Offered, shown: Shown) -> CompletionList {
    let mut found = ide::completion(here.session, &here.at(offered.position));
    let is_incomplete = found.len() > MOST;
    found.truncate(MOST);
    let data = offered.written();
    let item = |(nth, completion): (usize, Completion)| {
        let mut item = item(here, completion, shown);
        item.sort_text = Some(format!("{nth:04}"));
        item.data = Some(data.clone().into());
        item
    };
    CompletionList { is_incomplete, items: found.into_iter().enumerate().map(item).collect() }
}

/// What is said of something that was offered.
pub(crate) fn documentation(here: &Here<'_>, position: Position, label: &str) -> Option<Documentation> {
    let found = ide::completion(here.session, &here.at(position));
    let symbol = found.into_iter().find(|completion| completion.label == label)?.symbol?;
    let said = ide::documentation(here.session, &symbol);
    (!said.is_empty()).then(|| Documentation::MarkupContent(markdown(said)))
}

fn item(here: &Here<'_>, completion: Completion, shown: Shown) -> CompletionItem {
    let snippets = shown.snippets;
    let is_snippet = completion.is_snippet && snippets;
    let is_plain = !completion.is_snippet || snippets;
    let text = if is_plain { completion.edit.text } else { completion.label.clone() };
    let commits = if shown.commits && !is_snippet { commits(completion.sort) } else { &[] };
    CompletionItem {
        kind: Some(kind(completion.sort)),
        label_details: shown
            .details
            .then(|| CompletionItemLabelDetails { detail: None, description: completion.detail.clone() }),
        detail: completion.detail,
        commit_characters: (!commits.is_empty()).then(|| commits.iter().map(|it| (*it).to_owned()).collect()),
        tags: completion.deprecated.then(|| vec![CompletionItemTag::DEPRECATED]),
        insert_text_format: is_snippet.then_some(InsertTextFormat::SNIPPET),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(here.range(&completion.edit.range), text))),
        label: completion.label,
        ..CompletionItem::default()
    }
}

/// What is typed behind something of this sort, and not in the middle of its name. There is nothing to be imported for a
/// name: the library is there without, and what a file declares is known to a lab that imports it.
fn commits(sort: CandidateSort) -> &'static [&'static str] {
    match sort {
        CandidateSort::Declaration | CandidateSort::Collection | CandidateSort::Local => {
            &[".", ",", "]", "}"]
        }
        CandidateSort::Constant | CandidateSort::Property | CandidateSort::Word => &[",", "]", "}"],
        CandidateSort::Function
        | CandidateSort::Field
        | CandidateSort::Required
        | CandidateSort::Kind
        | CandidateSort::Parameter
        | CandidateSort::Template
        | CandidateSort::File => &[],
    }
}

fn kind(sort: CandidateSort) -> CompletionItemKind {
    match sort {
        CandidateSort::Word => CompletionItemKind::ENUM_MEMBER,
        CandidateSort::Local | CandidateSort::Parameter => CompletionItemKind::VARIABLE,
        CandidateSort::Required | CandidateSort::Field => CompletionItemKind::FIELD,
        CandidateSort::Kind => CompletionItemKind::CLASS,
        CandidateSort::Declaration => CompletionItemKind::REFERENCE,
        CandidateSort::Constant => CompletionItemKind::CONSTANT,
        CandidateSort::Collection => CompletionItemKind::VALUE,
        CandidateSort::Property => CompletionItemKind::PROPERTY,
        CandidateSort::Function => CompletionItemKind::FUNCTION,
        CandidateSort::File => CompletionItemKind::FILE,
        CandidateSort::Template => CompletionItemKind::INTERFACE,
    }
}
