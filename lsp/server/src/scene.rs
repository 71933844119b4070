//! What a question is asked about, in the words of the client: documents, positions, ranges.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::str::FromStr;
use std::sync::Arc;

use diagnostics::Rule;
use driver::Session;
use ide::{FileEdit, FilePosition, FileRange};
use tower_lsp::ls_types::{Location, Position, Range, TextEdit, Uri, WorkspaceEdit};

use crate::documents::Document;
use crate::home::Home;
use crate::lines::{Encoding, Lines, Starts};
use crate::virtual_documents::rule_uri;

/// What the client and the owner agreed on, and what a lab's files are called by the client.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) encoding: Encoding,
    pub(crate) home: Home,
    /// What the client has open, by the names of files in the lab.
    pub(crate) open: BTreeMap<String, Opened>,
    /// Where the documentation begins that is linked; empty where none is.
    pub(crate) book: Arc<str>,
    /// What cannot be read.
    pub(crate) faults: Vec<String>,
}

/// A document that a client has open.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// How the client calls it.
    pub(crate) uri: Uri,
    /// Where the lines of its text begin.
    pub(crate) starts: Starts,
}

/// A lab, and the file in it that a question is about.
pub(crate) struct Here<'s> {
    pub(crate) session: &'s Session,
    pub(crate) scene: &'s Scene,
    pub(crate) file: String,
    lines: Lines<'s>,
    anywhere: Locator<'s>,
}

impl Opened {
    pub(crate) fn of(document: &Document) -> Self {
        Self { uri: document.uri.clone(), starts: document.starts.clone() }
    }
}

impl Scene {
    /// Where a file is.
    pub(crate) fn uri(&self, file: &str) -> Option<Uri> {
        self.open.get(file).map(|open| open.uri.clone()).or_else(|| self.home.uri(file))
    }

    /// The lines of a file with this text.
    fn lines<'t>(&self, file: &str, text: &'t str) -> Lines<'t> {
        let starts = self.open.get(file).map(|open| open.starts.clone());
        Lines::new(text, starts.unwrap_or_else(|| Starts::of(text)), self.encoding)
    }

    /// A page of the documentation, if that is linked.
    pub(crate) fn page(&self, address: &str) -> Option<Uri> {
        let book = self.book.trim_end_matches('/');
        (!book.is_empty()).then(|| Uri::from_str(&format!("{book}/{address}")).ok()).flatten()
    }
}

/// Finds parts of any files for the client. Where the lines of a file begin is looked for once.
pub(crate) struct Locator<'s> {
    session: &'s Session,
    scene: &'s Scene,
    known: RefCell<BTreeMap<String, Option<Known<'s>>>>,
}

/// A file that exists: what the client calls it, and its lines.
type Known<'s> = (Uri, Rc<Lines<'s>>);

impl<'s> Locator<'s> {
    pub(crate) fn new(session: &'s Session, scene: &'s Scene) -> Self {
        Self { session, scene, known: RefCell::default() }
    }

    /// Where the page of a rule is: in the documentation, or in the server.
    pub(crate) fn rule(&self, rule: &Rule) -> Option<Uri> {
        self.scene.page(&rule.address()).or_else(|| rule_uri(rule))
    }

    /// A part of a file, as clients say it; nothing where there is no such file.
    pub(crate) fn location(&self, range: &FileRange) -> Option<Location> {
        let (uri, lines) = self.file(&range.file)?;
        Some(Location::new(uri, lines.range(range.start, range.end)))
    }

    /// Edits of any files.
    #[allow(clippy::mutable_key_type, reason = "the type of the protocol")]
    pub(crate) fn workspace_edit(&self, edits: Vec<FileEdit>) -> WorkspaceEdit {
        let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
        for edit in edits {
            if let Some(Location { uri, range }) = self.location(&edit.range) {
                changes.entry(uri).or_default().push(TextEdit::new(range, edit.text));
            }
        }
        WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
    }

    fn file(&self, file: &str) -> Option<Known<'s>> {
        if let Some(known) = self.known.borrow().get(file) {
            return known.clone();
        }
        let text = self.session.text(file);
        let lines = text.map(|text| Rc::new(self.scene.lines(file, text)));
        let known = self.scene.uri(file).zip(lines);
        self.known.borrow_mut().insert(file.to_owned(), known.clone());
        known
    }
}

impl<'s> Here<'s> {
    /// The file that is called `file` in the lab; nothing where it is no part of it.
    pub(crate) fn new(session: &'s Session, scene: &'s Scene, file: &str) -> Option<Self> {
        let text: &'s Arc<str> = session.text(file)?;
        let lines = scene.lines(file, text);
        let anywhere = Locator::new(session, scene);
        Some(Self { session, scene, file: file.to_owned(), lines, anywhere })
    }

    /// What is in the file.
    pub(crate) fn text(&self) -> &'s str {
        self.session.text(&self.file).map_or("", |text| text)
    }

    pub(crate) fn at(&self, position: Position) -> FilePosition {
        FilePosition { file: self.file.as_str().into(), offset: self.offset(position) }
    }

    pub(crate) fn offset(&self, position: Position) -> u32 {
        u32::try_from(self.lines.offset(position)).unwrap_or(u32::MAX)
    }

    pub(crate) fn part(&self, range: Range) -> FileRange {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        FileRange::new(&self.file, start.min(end), start.max(end))
    }

    pub(crate) fn position(&self, offset: u32) -> Position {
        self.lines.position(offset)
    }

    /// A part of this file.
    pub(crate) fn range(&self, range: &FileRange) -> Range {
        self.lines.range(range.start, range.end)
    }

    /// What finds parts of any files.
    pub(crate) fn locator(&self) -> &Locator<'s> {
        &self.anywhere
    }

    /// Parts of any files.
    pub(crate) fn locations(&self, ranges: Vec<FileRange>) -> Vec<Location> {
        ranges.iter().filter_map(|range| self.anywhere.location(range)).collect()
    }

    /// Edits of this file.
    pub(crate) fn text_edits(&self, edits: Vec<FileEdit>) -> Vec<TextEdit> {
        let own = edits.into_iter().filter(|edit| edit.range.file == self.file);
        own.map(|edit| TextEdit::new(self.range(&edit.range), edit.text)).collect()
    }

    /// Edits of any files.
    pub(crate) fn workspace_edit(&self, edits: Vec<FileEdit>) -> WorkspaceEdit {
        self.anywhere.workspace_edit(edits)
    }
}
