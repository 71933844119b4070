//! Collections by indentation.

use std::collections::BTreeSet;

use super::cursor::Cursor;
use super::resolve::resolve;
use super::scalar::{Context, LOST};
use crate::error::{Error, Problem};
use crate::store::Reading;
use crate::tree::{DEEPEST, Node};
use crate::value::{Tree, Value};

/// A key of a map, and whether it was in quotes.
struct Key {
    text: String,
    is_plain: bool,
}

impl Cursor<'_> {
    /// The document that begins here.
    pub(super) fn document(&mut self) -> Result<Tree, Error> {
        if self.peek() == Some('%') {
            return Err(self.error(Problem::Unsupported("directives of YAML have no use here")));
        }
        let line = self.line();
        let node = self.block_node(0, 0)?;
        self.skip_blank()?;
        if !self.is_at_end() {
            return Err(self.syntax("the indentation fits nothing before it"));
        }
        match node {
            Node::Map(tree) => Ok(tree),
            Node::Leaf(Value::Null) => Ok(Tree::new()),
            _ => Err(Error::at_line(Problem::NoMap, line)),
        }
    }

    /// A node that begins here, at the first thing of its line or behind a `-`. What continues it on further lines
    /// stands at column `least` or behind.
    fn block_node(&mut self, least: usize, depth: usize) -> Result<Node<Value>, Error> {
        if depth > DEEPEST {
            return Err(self.error(Problem::TooDeep));
        }
        if self.is_at_dash() {
            return self.block_list(depth);
        }
        let mark = self.mark();
        if self.block_key()?.is_some() {
            self.return_to(mark);
            return self.block_map(depth);
        }
        self.return_to(mark);
        self.inline_node(least, depth)
    }

    fn is_at_dash(&self) -> bool {
        self.peek() == Some('-') && Self::is_before_blank(self.peek_second())
    }

    fn block_list(&mut self, depth: usize) -> Result<Node<Value>, Error> {
        let indent = self.column();
        let mut items = Vec::new();
        while self.column() == indent && self.is_at_dash() && !self.is_at_end() {
            self.take();
            self.take_while(|char| char == ' ');
            if self.peek() == Some('\t') {
                return Err(self.syntax("a tab cannot indent"));
            }
            if self.is_at_line_end() {
                self.skip_blank()?;
                let is_inside = !self.is_at_end() && self.column() > indent;
                let item =
                    if is_inside { self.block_node(indent + 1, depth + 1)? } else { Value::Null.into() };
                items.push(item);
            } else {
                items.push(self.block_node(indent + 1, depth + 1)?);
            }
            self.skip_blank()?;
        }
        self.refuse_deeper_than(indent)?;
        Ok(Node::List(items))
    }

    fn block_map(&mut self, depth: usize) -> Result<Node<Value>, Error> {
        let indent = self.column();
        let (mut map, mut keys) = (Tree::new(), BTreeSet::new());
        while self.column() == indent && !self.is_at_dash() && !self.is_at_end() {
            let line = self.line();
            let key = self.block_key()?.ok_or_else(|| self.syntax("a key with a ':' is expected"))?;
            let key = Self::text_of(key, line)?;
            if !keys.insert(key.clone()) {
                return Err(Error::at_line(Problem::DuplicateKey, line));
            }
            let value = self.value_behind_key(indent, depth)?;
            map.push(key, value);
            self.skip_blank()?;
        }
        self.refuse_deeper_than(indent)?;
        Ok(Node::Map(map))
    }

    fn refuse_deeper_than(&self, indent: usize) -> Result<(), Error> {
        if !self.is_at_end() && self.column() > indent {
            return Err(self.syntax("the indentation fits nothing before it"));
        }
        Ok(())
    }

    fn value_behind_key(&mut self, indent: usize, depth: usize) -> Result<Node<Value>, Error> {
        self.skip_spaces();
        if self.reading() == Reading::Typed && self.peek() == Some('#') {
            return Err(self.syntax(LOST));
        }
        if !self.is_at_line_end() {
            if self.is_at_dash() {
                return Err(self.syntax("a list begins on a line of its own"));
            }
            return self.inline_node(indent + 1, depth + 1);
        }
        self.skip_blank()?;
        if self.is_at_end() || self.column() < indent {
            return Ok(Value::Null.into());
        }
        if self.column() == indent {
            // A list may stand as far to the left as the key that it belongs to.
            return if self.is_at_dash() { self.block_list(depth + 1) } else { Ok(Value::Null.into()) };
        }
        self.block_node(indent + 1, depth + 1)
    }

    /// A node that is no collection by indentation.
    fn inline_node(&mut self, least: usize, depth: usize) -> Result<Node<Value>, Error> {
        let node = match self.peek() {
            Some('[' | '{') => self.flow_value(depth)?,
            Some('|' | '>') => return self.block_text(least),
            _ => self.scalar(Context::Block { least })?.into(),
        };
        self.finish_line()?;
        Ok(node)
    }

    /// Lines behind a `|` or `>`. Who types that and nothing more means the character.
    fn block_text(&mut self, least: usize) -> Result<Node<Value>, Error> {
        let line = self.line();
        let text = self.block_scalar(least)?;
        if self.reading() == Reading::Typed && text.is_empty() {
            let what = "no line follows the value, which begins with a character that has a meaning; put it in quotes";
            return Err(Error::at_line(Problem::Syntax(what), line));
        }
        Ok(Value::Str(text.into()).into())
    }

    /// A collection in brackets. Who types values into an editor means the brackets, but for `{}`, which is a file without
    /// any.
    fn flow_value(&mut self, depth: usize) -> Result<Node<Value>, Error> {
        let line = self.line();
        let node = self.flow_node(depth)?;
        let is_empty = match &node {
            Node::Map(map) => map.is_empty() && depth == 0,
            _ => false,
        };
        if self.reading() == Reading::Typed && !is_empty {
            let what = "the value begins with a bracket, which has a meaning; put it in quotes";
            return Err(Error::at_line(Problem::Syntax(what), line));
        }
        Ok(node)
    }

    /// The key that begins here, with its `:`; nothing if what is here is no key.
    fn block_key(&mut self) -> Result<Option<Key>, Error> {
        let is_plain = match self.peek() {
            Some('?') if Self::is_before_blank(self.peek_second()) => {
                return Err(self.error(Problem::Unsupported("keys with a '?' have no use here")));
            }
            Some('[' | '{' | '|' | '>') => return Ok(None),
            Some('"' | '\'') => false,
            _ => true,
        };
        let Some(text) = self.key_text()? else { return Ok(None) };
        self.skip_spaces();
        if self.peek() == Some(':') && Self::is_before_blank(self.peek_second()) {
            self.take();
            return Ok(Some(Key { text: text.as_str().to_owned(), is_plain }));
        }
        Ok(None)
    }

    fn text_of(key: Key, line: usize) -> Result<String, Error> {
        if key.is_plain {
            Self::refuse_odd_key(&key.text, line)?;
        }
        Ok(key.text)
    }

    /// Refuses a plain key that is no text, as SOPS does, or that would merge another map in.
    pub(super) fn refuse_odd_key(key: &str, line: usize) -> Result<(), Error> {
        if key == "<<" {
            return Err(Error::at_line(Problem::Unsupported("merges of maps ('<<') have no use here"), line));
        }
        match resolve(key) {
            Ok(Value::Str(_)) => Ok(()),
            _ => Err(Error::at_line(Problem::Syntax("the key is no text; put it in quotes"), line)),
        }
    }
}
