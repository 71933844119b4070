//! How a value came to be, in words.

use std::fmt::Write;

use diagnostics::render::plain;
use source::Place;
use types::{DeclRef, How, Value};
use values::{Reason, What, Why};

use crate::{Session, show};

/// Tells how values came to be.
#[derive(Clone, Copy)]
pub struct Story<'s> {
    /// The lab.
    pub session: &'s Session,
    /// A text in a style of terminals, by its number.
    pub paint: fn(&str, &str) -> String,
    /// What people call a file of the lab.
    pub path: &'s dyn Fn(&str) -> String,
}

impl Story<'_> {
    /// The value called `name`, what set it, and what that overrode.
    pub(super) fn field(&self, name: &str, why: &Why, next: Option<&(String, Why)>) -> String {
        let mut text = self.heading(name, &why.value);
        self.reasons(&mut text, why);
        if let Some((name, why)) = next {
            let _ = write!(text, "\n{}", self.heading(name, &why.value));
            self.reasons(&mut text, why);
        }
        text
    }

    /// A value that follows from a field.
    pub(super) fn computed(&self, name: &str, value: &Value, from: &str, why: &Why) -> String {
        let mut text = self.heading(name, value);
        let _ = write!(text, "  follows from {}\n\n", plain(from));
        text + &self.field(from, why, None)
    }

    /// A value that no declaration has.
    pub(super) fn constant(&self, name: &str, value: &Value, place: Option<Place>) -> String {
        let mut text = self.heading(name, value);
        match place {
            Some(place) => self.step(&mut text, &place, "defined here"),
            None => text.push_str("  is computed; nothing sets it\n"),
        }
        text
    }

    /// A declaration: where it is, what was set in it, and its defaults.
    pub(super) fn declaration(&self, decl: &DeclRef) -> String {
        let mut text = format!("{}\n", (self.paint)("1", &show::reference(decl)));
        self.step(&mut text, &self.session.head(decl), "declared here");
        let (mut set, mut defaults) = (Vec::new(), Vec::new());
        for (name, field) in self.session.fields(decl) {
            let why = self.session.why(decl, &name, &[]);
            let reason = why.as_ref().and_then(|why| why.reasons.last());
            let is_default = reason.is_none_or(|it| matches!(it.what, What::Default(_) | What::Derived(_)));
            let place = reason.map_or(&field.place, |reason| &reason.place).clone();
            let by = reason.map(|reason| by(&reason.what)).unwrap_or_default();
            let row = [name.to_string(), show::brief(&field.value), self.position(&place), by];
            if is_default { defaults.push(row) } else { set.push(row) }
        }
        self.table(&mut text, "set", &set);
        self.table(&mut text, "defaults", &defaults);
        text
    }

    fn table(&self, text: &mut String, title: &str, rows: &[[String; 4]]) {
        if rows.is_empty() {
            return;
        }
        let _ = writeln!(text, "\n{}", (self.paint)("1", title));
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (names, values) = (width(0), width(1).min(40));
        for [name, value, place, by] in rows {
            let place = (self.paint)("2", &format!("{place}{by}"));
            let _ = writeln!(text, "  {name:names$}  {value:values$}  {place}");
        }
    }

    fn heading(&self, name: &str, value: &Value) -> String {
        format!("{} = {}\n", (self.paint)("1", &plain(name)), show::value(value))
    }

    /// The reasons, the one that counts first.
    fn reasons(&self, text: &mut String, why: &Why) {
        // What was there before a line that adds, or that sets a part, still counts.
        let mut counts = true;
        let mut told = Vec::new();
        for reason in why.reasons.iter().rev() {
            let is_part = matches!(why.value, Value::Map(_)) && reason.value != why.value;
            let sentence = sentence(reason, counts, is_part, &why.value);
            // A line that sets several parts is told once.
            let step = (self.position(&reason.place), sentence);
            if !told.contains(&step) {
                self.step(text, &reason.place, &step.1);
                told.push(step);
            }
            counts &= reason.how == How::Append || is_part;
        }
    }

    fn step(&self, text: &mut String, place: &Place, sentence: &str) {
        let position = (self.paint)("36", &self.position(place));
        let _ = writeln!(text, "  {position}: {sentence}");
        if let Some(line) = self.session.line(place) {
            let _ = writeln!(text, "    {} {}", (self.paint)("2", "|"), plain(line.text.trim()));
        }
    }

    /// `homelab.hl:12`, relative to the working directory.
    fn position(&self, place: &Place) -> String {
        let line = self.session.line(place);
        let number = line.map_or(1, |line| line.number);
        format!("{}:{number}", plain(&(self.path)(place.item.file())))
    }
}

/// What a line did: whether its value `counts`, or something later took its place, and whether it `is_part` of the
/// whole.
fn sentence(reason: &Reason, counts: bool, is_part: bool, whole: &Value) -> String {
    let value = show::brief(&reason.value);
    let verb = if reason.how == How::Append { "added" } else { "set" };
    let what = match &reason.what {
        What::Own => format!("{verb} here"),
        What::Template(name) => format!("{verb} by template '{name}'"),
        What::Made(kind) => format!("{verb} by kind '{kind}', which makes this"),
        What::Default(kind) => format!("default of kind '{kind}'"),
        What::Derived(kind) => format!("kind '{kind}' computes it"),
    };
    match counts {
        true if is_part && !matches!(reason.value, Value::Map(_)) => format!("a part of it is {what}"),
        true if is_part || reason.value == *whole => what,
        true => format!("{what}: {value}"),
        false => format!("overridden: {value}, {what}"),
    }
}

/// What set a field, if not the declaration itself.
fn by(what: &What) -> String {
    match what {
        What::Template(name) => format!("  template '{name}'"),
        What::Made(kind) => format!("  made by kind '{kind}'"),
        What::Derived(_) => "  computed".to_owned(),
        What::Own | What::Default(_) => String::new(),
    }
}
