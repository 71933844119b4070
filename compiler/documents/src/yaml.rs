//! YAML, as Kubernetes' tools read it, with the bytes of each value.

use std::collections::{BTreeMap, HashMap};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};
use source::Span;

use crate::tree::{Entry, MOST_NESTED, MOST_NODES, Malformed, Node, Tree};
use crate::words::plain;

/// The documents of a YAML text, in the order written. One that is empty is null.
pub fn yaml(text: &str) -> Result<Vec<Node>, Malformed> {
    let mut reader = Reader::new(text);
    let mut parser = Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    while let Some(event) = parser.next_event() {
        let (event, at) = event.map_err(|error| reader.malformed(&error))?;
        let span = reader.bytes.span(&at);
        reader.take(event, span)?;
    }
    Ok(reader.documents)
}

/// Where characters are in bytes.
struct Bytes<'t> {
    text: &'t str,
    /// How many bytes are before the text that the parser sees.
    before: usize,
    /// The byte of each character whose number is a multiple of [`STEP`]; none where all are bytes.
    marks: Vec<usize>,
}

const STEP: usize = 64;

impl<'t> Bytes<'t> {
    fn new(text: &'t str) -> Self {
        let seen = text.strip_prefix('\u{feff}').unwrap_or(text);
        let marks = if seen.is_ascii() {
            Vec::new()
        } else {
            seen.char_indices().step_by(STEP).map(|(at, _)| at).collect()
        };
        Self { text: seen, before: text.len() - seen.len(), marks }
    }

    fn byte(&self, char: usize) -> usize {
        if self.marks.is_empty() {
            return char.min(self.text.len());
        }
        let start = self.marks.get(char / STEP).copied().unwrap_or(self.text.len());
        let rest = self.text[start..].char_indices().nth(char % STEP);
        rest.map_or(self.text.len(), |(at, _)| start + at)
    }

    fn at(&self, byte: usize) -> u32 {
        u32::try_from(self.before + byte).unwrap_or(u32::MAX)
    }

    /// The bytes of what an event is of, without blanks and line ends behind it.
    fn span(&self, span: &saphyr_parser::Span) -> Span {
        let (start, end) = (self.byte(span.start.index()), self.byte(span.end.index()));
        let written = self.text.get(start..end).unwrap_or_default();
        Span::new(self.at(start), self.at(start + written.trim_end().len()))
    }

    /// As [`Self::span`], of a text in quotes: the parser counts a comment behind it in.
    fn quoted(&self, span: Span) -> Span {
        let before = u32::try_from(self.before).unwrap_or_default();
        let (start, end) = ((span.start - before) as usize, (span.end - before) as usize);
        let written = self.text.get(start..end).unwrap_or_default();
        let Some(quote) = written.chars().next() else { return span };
        let mut is_escaped = false;
        let mut chars = written.char_indices().skip(1).peekable();
        while let Some((at, char)) = chars.next() {
            if char == quote && !is_escaped {
                if quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == quote) {
                    chars.next();
                    continue;
                }
                return Span::new(span.start, self.at(start + at + 1));
            }
            is_escaped = quote == '"' && char == '\\' && !is_escaped;
        }
        span
    }

    /// The character at a place, or the last one before it where there is none in its line.
    fn one(&self, marker: &Marker) -> Span {
        let byte = self.byte(marker.index());
        let rest = self.text[byte..].chars().next();
        if let Some(char) = rest.filter(|char| !char.is_whitespace()) {
            return Span::new(self.at(byte), self.at(byte + char.len_utf8()));
        }
        let before = self.text[..byte].trim_end();
        let last = before.chars().next_back().map_or(0, char::len_utf8);
        Span::new(self.at(before.len() - last), self.at(before.len()))
    }
}

/// What is being read.
enum Frame {
    List { start: Span, anchor: usize, items: Vec<Node> },
    Map(Box<OpenMap>),
}

struct OpenMap {
    start: Span,
    anchor: usize,
    entries: Vec<Entry>,
    known: BTreeMap<String, Span>,
    /// The key whose value comes next.
    key: Option<(String, Span)>,
    /// What `<<` takes in.
    merged: Vec<Node>,
}

struct Reader<'t> {
    bytes: Bytes<'t>,
    documents: Vec<Node>,
    frames: Vec<Frame>,
    /// What `&name` stands for, by the number that the parser gives it.
    anchors: HashMap<usize, Node>,
    count: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            bytes: Bytes::new(text),
            documents: Vec::new(),
            frames: Vec::new(),
            anchors: HashMap::new(),
            count: 0,
        }
    }

    fn malformed(&self, error: &ScanError) -> Malformed {
        let at = self.bytes.one(error.marker());
        let problem = Malformed::new(at, format!("this is no YAML: {}", error.info()));
        // Mostly it is a bracket that is not closed.
        let starts = self.frames.iter().rev().map(|frame| match frame {
            Frame::List { start, .. } => *start,
            Frame::Map(map) => map.start,
        });
        let open = starts.map(|start| Span::new(start.start, start.start + 1)).find(|span| {
            let at = (span.start as usize).saturating_sub(self.bytes.before);
            matches!(self.bytes.text.as_bytes().get(at), Some(b'[' | b'{'))
        });
        match open.filter(|open| open.start < at.start) {
            Some(open) => Malformed { also: Some((open, "in what begins here")), ..problem },
            None => problem,
        }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Malformed> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
                let span = if is_quoted { self.bytes.quoted(span) } else { span };
                if self.is_key_next() && tag.is_none() {
                    // Keys are texts, whatever they would be as values.
                    return self.key(text.into_owned(), span);
                }
                let tree = scalar(text.into_owned(), style, tag.as_deref(), span)?;
                self.put(Node { span, tree }, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                known_tag(tag.as_deref(), "seq", span)?;
                self.open(Frame::List { start: span, anchor, items: Vec::new() }, span)
            }
            Event::MappingStart(anchor, tag) => {
                known_tag(tag.as_deref(), "map", span)?;
                let map = OpenMap {
                    start: span,
                    anchor,
                    entries: Vec::new(),
                    known: BTreeMap::new(),
                    key: None,
                    merged: Vec::new(),
                };
                self.open(Frame::Map(Box::new(map)), span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => {
                let Some(known) = self.anchors.get(&anchor) else {
                    return Err(Malformed::new(span, "this stands in what it refers to"));
                };
                if known.levels() + self.frames.len() > MOST_NESTED {
                    return Err(Malformed::too_deep(span));
                }
                // Counted before it is copied: a few lines can name more than there is room for.
                self.count += known.count();
                if self.count > MOST_NODES {
                    return Err(Malformed::too_many(span));
                }
                let node = Node { span, ..known.clone() };
                self.put(node, 0)
            }
            Event::DocumentEnd => {
                self.anchors.clear();
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => Ok(()),
        }
    }

    fn is_key_next(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Map(map)) if map.key.is_none())
    }

    fn key(&mut self, key: String, at: Span) -> Result<(), Malformed> {
        let Some(Frame::Map(map)) = self.frames.last_mut() else { return Ok(()) };
        if let Some(first) = map.known.insert(key.clone(), at) {
            return Err(Malformed::twice(&key, at, first));
        }
        map.key = Some((key, at));
        Ok(())
    }

    fn open(&mut self, frame: Frame, span: Span) -> Result<(), Malformed> {
        if self.is_key_next() {
            return Err(no_key(span));
        }
        if self.frames.len() >= MOST_NESTED {
            return Err(Malformed::too_deep(span));
        }
        self.frames.push(frame);
        Ok(())
    }

    fn close(&mut self, end: Span) -> Result<(), Malformed> {
        match self.frames.pop() {
            Some(Frame::List { start, anchor, items }) => {
                let last = items.last().map_or(start, |item| item.span);
                self.put(Node { span: start.to(last).to(end_of(end, last)), tree: Tree::List(items) }, anchor)
            }
            Some(Frame::Map(map)) => {
                let OpenMap { start, anchor, mut entries, known, merged, .. } = *map;
                let last = entries.last().map_or(start, |entry| entry.at.to(entry.value.span));
                for entry in merged.into_iter().flat_map(taken_in) {
                    // What is said itself counts, and of what is taken in, the first.
                    let is_new = !known.contains_key(&entry.key)
                        && !entries.iter().any(|other| other.key == entry.key);
                    if is_new {
                        entries.push(entry);
                    }
                }
                let span = start.to(last).to(end_of(end, last));
                self.put(Node { span, tree: Tree::Map(entries) }, anchor)
            }
            None => Ok(()),
        }
    }

    fn put(&mut self, node: Node, anchor: usize) -> Result<(), Malformed> {
        self.count += 1;
        if self.count > MOST_NODES {
            return Err(Malformed::too_many(node.span));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.frames.last_mut() {
            None => self.documents.push(node),
            Some(Frame::List { items, .. }) => items.push(node),
            Some(Frame::Map(map)) => match map.key.take() {
                Some((key, _)) if key == "<<" => {
                    if !is_map_or_maps(&node) {
                        return Err(Malformed::new(node.span, "'<<' takes in a map, or a list of maps"));
                    }
                    map.known.remove(&key);
                    map.merged.push(node);
                }
                Some((key, at)) => map.entries.push(Entry { key, at, value: node }),
                None => match node.tree {
                    Tree::Text(key) => return self.key(key, node.span),
                    _ => return Err(no_key(node.span)),
                },
            },
        }
        Ok(())
    }
}

/// The closing bracket of what has one; nothing of what ends by its indentation, where the parser is further on.
fn end_of(end: Span, last: Span) -> Span {
    if end.is_empty() { last } else { end }
}

fn no_key(span: Span) -> Malformed {
    Malformed::new(span, "a key is a text").help("put it in quotes if it is meant as one")
}

fn is_map_or_maps(node: &Node) -> bool {
    let is_map = |node: &Node| matches!(node.tree, Tree::Map(_));
    is_map(node) || matches!(&node.tree, Tree::List(items) if items.iter().all(is_map))
}

fn taken_in(node: Node) -> Vec<Entry> {
    match node.tree {
        Tree::Map(entries) => entries,
        Tree::List(items) => items.into_iter().flat_map(taken_in).collect(),
        _ => Vec::new(),
    }
}

fn known_tag(tag: Option<&Tag>, expected: &str, span: Span) -> Result<(), Malformed> {
    match tag {
        Some(tag) if !(is_core(tag) && tag.suffix == expected) && tag.suffix != "!" => {
            Err(unknown_tag(tag, span))
        }
        _ => Ok(()),
    }
}

fn is_core(tag: &Tag) -> bool {
    tag.is_yaml_core_schema() || tag.handle == "!!"
}

fn unknown_tag(tag: &Tag, span: Span) -> Malformed {
    let problem = Malformed::new(span, format!("the tag '{tag}' means nothing here"));
    problem.help("only !!str, !!int, !!float, !!bool and !!null say what a value is")
}

fn scalar(text: String, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Result<Tree, Malformed> {
    let no_number = || {
        Malformed::new(span, "this number is none that a cluster can take")
            .help("put it in quotes if it is meant as a text")
    };
    let Some(tag) = tag else {
        return match style {
            ScalarStyle::Plain => plain(&text).ok_or_else(no_number),
            _ => Ok(Tree::Text(text)),
        };
    };
    if !is_core(tag) {
        // `! 12` is a text, by its lonely mark.
        return if tag.handle.is_empty() && tag.suffix == "!" {
            Ok(Tree::Text(text))
        } else {
            Err(unknown_tag(tag, span))
        };
    }
    let read = plain(&text).ok_or_else(no_number)?;
    let wrong = || Malformed::new(span, format!("this is not what its tag '!!{}' says", tag.suffix));
    match (tag.suffix.as_str(), read) {
        ("str", _) => Ok(Tree::Text(text)),
        ("int", read @ Tree::Int(_)) | ("bool", read @ Tree::Bool(_)) | ("null", read @ Tree::Null) => {
            Ok(read)
        }
        ("float", read @ (Tree::Int(_) | Tree::Float(_))) => Ok(read),
        ("int" | "bool" | "null" | "float", _) => Err(wrong()),
        _ => Err(unknown_tag(tag, span)),
    }
}
