//! Documents to text.

use super::doc::{Bracket, Doc, Entry, Lead, List, Separator, width};
use crate::steps::step;

/// How wide lines are where there is a choice.
const WIDTH: usize = 100;
/// Where comments at the ends of lines stand, if there is room. Each line's by itself: no line changes for another.
const COMMENTS: usize = 56;
/// By how much what is in brackets is indented.
const INDENT: usize = 2;

/// Whether the lines of a group break.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Flat,
    Break,
}

/// What is still to be printed.
#[derive(Clone, Copy)]
enum Todo<'d, 'a> {
    Doc(usize, Mode, &'d Doc<'a>),
    Text(&'a str),
    Space,
    Newline(usize),
    Blank(usize),
    Own(usize, Lead<'a>),
    Trail(usize, &'a str),
}

/// A text being printed.
pub(super) struct Printer<'a> {
    /// What has been printed.
    out: String,
    /// The comment at the end of this line.
    trail: Option<&'a str>,
    column: usize,
    /// The indentation of this line.
    indent: usize,
    /// The indentation of the next line, if this one has ended.
    newline: Option<usize>,
    blank: bool,
    space: bool,
    /// Whether something was broken for want of room that counts as chosen from now on.
    grown: bool,
}

/// What has been printed.
pub(super) struct Printed {
    /// The text.
    pub(super) text: String,
    /// Whether it must be printed again: something was broken for want of room that counts as chosen.
    pub(super) again: bool,
}

/// Prints the items of a file.
pub(super) fn print(items: &List<'_>) -> Printed {
    let mut printer = Printer {
        out: String::new(),
        trail: None,
        column: 0,
        indent: 0,
        newline: None,
        blank: false,
        space: false,
        grown: false,
    };
    let mut todo = Vec::new();
    push_list(&mut todo, items, 0, Mode::Break);
    printer.run(&mut todo);
    printer.blank = false;
    if !printer.out.is_empty() && !printer.out.ends_with('\n') {
        printer.newline = Some(0);
        printer.flush();
    }
    Printed { text: printer.out, again: printer.grown }
}

impl<'a> Printer<'a> {
    fn run<'d>(&mut self, todo: &mut Vec<Todo<'d, 'a>>) {
        while let Some(next) = todo.pop() {
            step(1);
            match next {
                Todo::Doc(indent, mode, doc) => self.doc(todo, indent, mode, doc),
                Todo::Text(text) => self.text(text),
                Todo::Space => self.space = true,
                Todo::Newline(indent) => self.end_line(indent),
                Todo::Blank(indent) => {
                    self.end_line(indent);
                    self.blank = true;
                }
                Todo::Own(indent, lead) => self.own(indent, lead),
                Todo::Trail(indent, text) => self.trail(indent, text),
            }
        }
    }

    fn doc<'d>(&mut self, todo: &mut Vec<Todo<'d, 'a>>, indent: usize, mode: Mode, doc: &'d Doc<'a>) {
        match doc {
            Doc::Nothing => {}
            Doc::Text(text) => self.text(text),
            Doc::Space => self.space = true,
            Doc::Line if mode == Mode::Flat => self.space = true,
            Doc::Line => self.end_line(indent),
            Doc::Own(lead) => self.own(indent, *lead),
            Doc::Trail(text) => self.trail(indent, text),
            Doc::Concat(docs) => todo.extend(docs.iter().rev().map(|doc| Todo::Doc(indent, mode, doc))),
            Doc::Nest(doc) => todo.push(Todo::Doc(indent + INDENT, mode, doc)),
            Doc::Group(group) => {
                let flat = mode == Mode::Flat || (!group.broken && self.fits(todo, &group.doc));
                todo.push(Todo::Doc(indent, if flat { Mode::Flat } else { Mode::Break }, &group.doc));
            }
            Doc::Bracket(bracket) => {
                let flat = !bracket.broken.get() && (mode == Mode::Flat || self.fits(todo, doc));
                self.bracket(todo, bracket, flat);
            }
            Doc::Raw(text) => self.raw(text),
        }
    }

    fn bracket<'d>(&mut self, todo: &mut Vec<Todo<'d, 'a>>, bracket: &'d Bracket<'a>, flat: bool) {
        self.text(bracket.open);
        let base = self.indent;
        todo.push(Todo::Text(bracket.close));
        if flat {
            if bracket.spaced {
                todo.push(Todo::Space);
            }
            push_list(todo, &bracket.list, base, Mode::Flat);
            self.space = bracket.spaced;
            return;
        }
        if !bracket.broken.replace(true) {
            self.grown = true;
        }
        todo.push(Todo::Newline(base));
        push_list(todo, &bracket.list, base + INDENT, Mode::Break);
        todo.push(Todo::Newline(base + INDENT));
        if let Some(trail) = bracket.trail {
            todo.push(Todo::Trail(base + INDENT, trail));
        }
    }

    /// Whether `first` fits on this line together with what must follow it there. Brackets that are broken end a line
    /// and begin another, as wide as its indentation.
    fn fits<'d>(&self, rest: &[Todo<'d, 'a>], first: &'d Doc<'a>) -> bool {
        let mut room = Room {
            column: self.newline.unwrap_or(self.column),
            space: self.space && self.newline.is_none(),
            base: self.newline.unwrap_or(self.indent),
            todo: vec![Todo::Doc(0, Mode::Flat, first)],
        };
        let mut rest = rest.iter().rev();
        loop {
            step(1);
            let next = room.todo.pop().or_else(|| rest.next().copied());
            match next.map_or(Step::Ends, |next| room.step(next)) {
                Step::Fits => {}
                Step::Ends => return true,
                Step::Overflows => return false,
            }
        }
    }

    /// Ends a line that has ended, and prints a space that is due.
    fn flush(&mut self) {
        if let Some(indent) = self.newline.take() {
            if let Some(text) = self.trail.take() {
                let blanks = COMMENTS.saturating_sub(self.column).max(2);
                self.out.extend(std::iter::repeat_n(' ', blanks));
                self.out.push_str(text);
            }
            let lines = if self.out.is_empty() { 0 } else { 1 + usize::from(self.blank) };
            self.out.extend(std::iter::repeat_n('\n', lines));
            self.out.extend(std::iter::repeat_n(' ', indent));
            (self.column, self.indent) = (indent, indent);
        } else if self.space {
            self.out.push(' ');
            self.column += 1;
        }
        (self.blank, self.space) = (false, false);
    }

    fn text(&mut self, text: &str) {
        self.flush();
        let Some(last) = text.rfind('\n') else {
            self.out.push_str(text);
            self.column += width(text);
            return;
        };
        self.column = width(&text[last + 1..]);
        // A `\r` that does not only end its line is part of the text, and so is one that would then be at an end.
        if text.contains("\r\r\n") {
            self.out.push_str(text);
        } else {
            self.out.push_str(&text.replace("\r\n", "\n"));
        }
    }

    fn raw(&mut self, text: &str) {
        self.flush();
        self.out.push_str(text);
        self.column = width(text.rsplit('\n').next().unwrap_or_default());
        if text.ends_with('\n') {
            self.indent = 0;
        }
    }

    fn end_line(&mut self, indent: usize) {
        self.newline = Some(indent);
    }

    fn own(&mut self, indent: usize, lead: Lead<'a>) {
        self.end_line(indent);
        self.blank |= lead.blank;
        self.text(lead.text);
        self.end_line(indent);
    }

    fn trail(&mut self, indent: usize, text: &'a str) {
        if self.newline.is_some() || self.trail.is_some() {
            self.own(indent, Lead { text, blank: false });
        } else {
            self.trail = Some(text);
            self.end_line(indent);
        }
    }
}

/// A line on which room is looked for.
struct Room<'d, 'a> {
    column: usize,
    space: bool,
    /// The indentation of the line.
    base: usize,
    todo: Vec<Todo<'d, 'a>>,
}

/// What has become of a line.
enum Step {
    Fits,
    Ends,
    Overflows,
}

impl<'d, 'a> Room<'d, 'a> {
    fn step(&mut self, next: Todo<'d, 'a>) -> Step {
        match next {
            Todo::Doc(_, mode, doc) => return self.doc(mode, doc),
            Todo::Text(text) => return self.text(text),
            Todo::Space => self.space = true,
            _ => return Step::Ends,
        }
        Step::Fits
    }

    fn doc(&mut self, mode: Mode, doc: &'d Doc<'a>) -> Step {
        match doc {
            Doc::Text(text) => return self.text(text),
            Doc::Line if mode == Mode::Break => return Step::Ends,
            Doc::Space | Doc::Line => self.space = true,
            Doc::Concat(docs) => self.todo.extend(docs.iter().rev().map(|doc| Todo::Doc(0, mode, doc))),
            Doc::Nest(doc) => self.todo.push(Todo::Doc(0, mode, doc)),
            Doc::Group(group) => {
                let mode = if group.broken { Mode::Break } else { mode };
                self.todo.push(Todo::Doc(0, mode, &group.doc));
            }
            Doc::Bracket(bracket) => return self.bracket(mode, bracket),
            Doc::Nothing => {}
            Doc::Own(_) | Doc::Trail(_) | Doc::Raw(_) => return Step::Ends,
        }
        Step::Fits
    }

    fn bracket(&mut self, mode: Mode, bracket: &'d Bracket<'a>) -> Step {
        if matches!(self.text(bracket.open), Step::Overflows) {
            return Step::Overflows;
        }
        if mode == Mode::Break {
            return Step::Ends;
        }
        self.todo.push(Todo::Text(bracket.close));
        if bracket.broken.get() {
            self.column = self.base;
            return Step::Fits;
        }
        if bracket.spaced {
            self.todo.push(Todo::Space);
        }
        push_list(&mut self.todo, &bracket.list, 0, Mode::Flat);
        self.space = bracket.spaced;
        Step::Fits
    }

    fn text(&mut self, text: &str) -> Step {
        self.column += usize::from(std::mem::take(&mut self.space));
        match text.split_once('\n') {
            None => self.column += width(text),
            Some((first, _)) if self.column + width(first) > WIDTH => return Step::Overflows,
            Some((_, rest)) => self.column = width(rest.rsplit('\n').next().unwrap_or_default()),
        }
        if self.column > WIDTH { Step::Overflows } else { Step::Fits }
    }
}

/// Pushes what is in a list, in reverse.
fn push_list<'d, 'a>(todo: &mut Vec<Todo<'d, 'a>>, list: &'d List<'a>, indent: usize, mode: Mode) {
    for lead in list.rest.iter().rev() {
        todo.push(Todo::Own(indent, *lead));
    }
    let count = list.entries.len();
    for (nth, entry) in list.entries.iter().enumerate().rev() {
        if let Some(trail) = entry.trail {
            todo.push(Todo::Trail(indent, trail));
        }
        let comma = match (mode, list.separator) {
            (Mode::Flat, _) | (_, Separator::Arguments) => nth + 1 < count,
            (_, Separator::Elements) => true,
            (_, Separator::Statements) => false,
        };
        if mode == Mode::Flat && comma {
            todo.push(Todo::Space);
        }
        if comma {
            todo.push(Todo::Text(","));
        }
        push_entry(todo, entry, indent, mode);
    }
}

fn push_entry<'d, 'a>(todo: &mut Vec<Todo<'d, 'a>>, entry: &'d Entry<'a>, indent: usize, mode: Mode) {
    todo.push(Todo::Doc(indent, mode, &entry.doc));
    if mode == Mode::Break && !(entry.glued && entry.lead.is_empty()) {
        todo.push(if entry.blank { Todo::Blank(indent) } else { Todo::Newline(indent) });
    }
    for (nth, lead) in entry.lead.iter().enumerate().rev() {
        let glued = entry.glued && nth == 0;
        todo.push(if glued { Todo::Text(lead.text) } else { Todo::Own(indent, *lead) });
    }
}
