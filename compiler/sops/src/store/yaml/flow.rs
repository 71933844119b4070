//! Collections in brackets, which have JSON in them.

use std::collections::BTreeSet;

use super::cursor::Cursor;
use super::scalar::Context;
use crate::error::{Error, Problem};
use crate::tree::{DEEPEST, Node};
use crate::value::{Tree, Value};

impl Cursor<'_> {
    /// The collection in brackets that begins here.
    pub(super) fn flow_node(&mut self, depth: usize) -> Result<Node<Value>, Error> {
        if depth > DEEPEST {
            return Err(self.error(Problem::TooDeep));
        }
        match self.peek() {
            Some('[') => self.flow_list(depth),
            Some('{') => self.flow_map(depth),
            _ => Ok(self.scalar(Context::Flow)?.into()),
        }
    }

    fn flow_list(&mut self, depth: usize) -> Result<Node<Value>, Error> {
        let mut items = Vec::new();
        self.take();
        self.skip_flow_blank()?;
        while self.peek() != Some(']') {
            items.push(self.flow_node(depth + 1)?);
            self.skip_flow_blank()?;
            if self.peek() == Some(':') {
                return Err(self.error(Problem::Unsupported("a pair in a list has no use here")));
            }
            self.take_comma(']')?;
        }
        self.take();
        Ok(Node::List(items))
    }

    fn flow_map(&mut self, depth: usize) -> Result<Node<Value>, Error> {
        let (mut map, mut keys) = (Tree::new(), BTreeSet::new());
        self.take();
        self.skip_flow_blank()?;
        while self.peek() != Some('}') {
            let line = self.line();
            let key = self.flow_key()?;
            if !keys.insert(key.clone()) {
                return Err(Error::at_line(Problem::DuplicateKey, line));
            }
            self.skip_flow_blank()?;
            let mut value = Node::Leaf(Value::Null);
            if self.peek() == Some(':') {
                if self.line() > line {
                    return Err(self.syntax("a key and its ':' stand on one line"));
                }
                self.take();
                self.skip_flow_blank()?;
                if !matches!(self.peek(), Some(',' | '}')) {
                    value = self.flow_node(depth + 1)?;
                    self.skip_flow_blank()?;
                }
            }
            map.push(key, value);
            self.take_comma('}')?;
        }
        self.take();
        Ok(Node::Map(map))
    }

    fn flow_key(&mut self) -> Result<String, Error> {
        let line = self.line();
        let is_plain = !matches!(self.peek(), Some('"' | '\''));
        if matches!(self.peek(), Some('[' | '{')) {
            return Err(self.syntax("a key is a text"));
        }
        let text = self.flow_text()?;
        if is_plain {
            Self::refuse_odd_key(text.as_str(), line)?;
        }
        Ok(text.as_str().to_owned())
    }

    fn take_comma(&mut self, close: char) -> Result<(), Error> {
        match self.peek() {
            Some(',') => {
                self.take();
                self.skip_flow_blank()
            }
            Some(char) if char == close => Ok(()),
            _ => Err(self.syntax("a ',' or the closing bracket is missing")),
        }
    }

    /// Skips what is white, comments and ends of lines.
    fn skip_flow_blank(&mut self) -> Result<(), Error> {
        loop {
            self.skip_spaces();
            if !self.is_at_line_end() {
                return Ok(());
            }
            self.finish_line()?;
            if self.take().is_none() || self.is_at_end() {
                return Err(self.syntax("a bracket is not closed"));
            }
        }
    }
}
