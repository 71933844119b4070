//! The page of something: its documentation, its fields, an example, and where it is declared.

use std::fmt::Write;

use smol_str::SmolStr;
use source::{ItemKey, Place, Span};
use syntax::ast::StatementKind;
use types::{ABOUT_TYPES, Builtin, FieldShape, Shape, about_function, last_segment, shape};

use super::declared::{alias, field as written_field, function, written};
use super::examples::example;
use super::topic::{Topic, is_builtin, record};
use crate::{Session, show};

/// Who reads a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Somebody at a terminal.
    Terminal,
    /// A browser, which is led to each field by its name.
    Book,
}

/// The page of a topic, in Markdown.
pub fn told(session: &Session, topic: &Topic, reader: Reader) -> String {
    let page = Page { session, reader, text: String::new() };
    match topic {
        Topic::Kind(kind) => page.kind(kind),
        Topic::Field(owner, name) => page.field(owner, name),
        Topic::Type(name) => page.ty(name),
        Topic::Function(name) => page.function(name),
    }
}

/// The first sentence of what is said of a topic.
pub fn summary(session: &Session, topic: &Topic) -> String {
    let doc = match topic {
        Topic::Kind(kind) => shape(session.db(), kind).and_then(|(shape, _)| shape.doc.clone()),
        Topic::Field(owner, name) => {
            shape(session.db(), owner).and_then(|(shape, _)| shape.field(name)?.doc.clone())
        }
        Topic::Type(name) => {
            doc_of(session, alias(session, name)).or_else(|| about_type(name).map(Into::into))
        }
        Topic::Function(name) => doc_of(session, function(session, name))
            .or_else(|| about_builtin(name).map(|about| about.0.into())),
    };
    let doc = doc.unwrap_or_default().replace('\n', " ");
    doc.split_inclusive(". ").next().unwrap_or_default().trim().to_owned()
}

fn doc_of(session: &Session, item: Option<&ItemKey>) -> Option<SmolStr> {
    written(session, item?)?.0.doc.clone()
}

fn about_type(name: &str) -> Option<&'static str> {
    ABOUT_TYPES.iter().find(|(other, ..)| *other == name).map(|(_, about, _)| *about)
}

fn about_builtin(name: &str) -> Option<(&'static str, &'static str)> {
    Builtin::named(name).map(|(function, _)| about_function(function))
}

struct Page<'s> {
    session: &'s Session,
    reader: Reader,
    text: String,
}

impl Page<'_> {
    fn kind(mut self, kind: &str) -> String {
        let Some((shape, item)) = shape(self.session.db(), kind) else { return self.text };
        self.title(kind, None);
        self.shape(shape, item, "");
        let top = kind.split('.').next().unwrap_or(kind);
        let inner = kind.rsplit_once('.').map(|(_, inner)| inner);
        self.example(example(top, inner));
        self.text
    }

    /// What a kind says of itself, its fields, and the kinds in it; `before` is what leads there from the page's kind.
    fn shape(&mut self, shape: &Shape, item: &ItemKey, before: &str) {
        self.doc(shape.doc.as_deref());
        let mut form = format!("{} NAME", last_segment(&shape.name));
        if let Some(place) = shape.place() {
            let _ = write!(form, " in {}", place.name.to_uppercase());
        }
        form.push_str(if shape.primary().is_some() { " = …" } else { " { … }" });
        let _ = writeln!(self.text, "Written `{form}`; declared in {}.\n", self.place(item, shape.span));
        self.fields(shape, item, before, "");
        for (name, full) in &shape.nested {
            let Some((inner, item)) = types::shape(self.session.db(), full) else { continue };
            let path = format!("{before}{name}");
            let mark = self.mark_of_heading(&path);
            let _ = writeln!(self.text, "\n## {path}{mark}\n");
            self.shape(inner, item, &format!("{path}."));
        }
    }

    fn fields(&mut self, shape: &Shape, item: &ItemKey, before: &str, indent: &str) {
        for field in shape.fields.iter().filter(|field| !field.place) {
            let path = format!("{before}{}", field.name);
            let mark =
                if self.reader == Reader::Book { format!("<a id=\"{path}\"></a>") } else { String::new() };
            let line = self.line(field, item, &path);
            let _ = writeln!(self.text, "{indent}- {mark}{line}");
            // A record type without a name of its own is explained where it is.
            let inner = record(&field.ty).filter(|name| !name.starts_with('#'));
            if let Some((inner, item)) = inner.and_then(|name| types::shape(self.session.db(), &name)) {
                self.fields(inner, item, &format!("{path}."), &format!("{indent}  "));
            }
        }
    }

    /// A field in a line: its type, its default, and what it is.
    fn line(&self, field: &FieldShape, item: &ItemKey, path: &str) -> String {
        let (ty, default) = self.written(field, item);
        let default = default.map(|default| format!(" = {default}")).unwrap_or_default();
        let state = match (field.derived, field.is_required()) {
            (true, _) => ", derived",
            (_, true) => ", required",
            _ => "",
        };
        let mut line =
            format!("`{path}: {ty}{default}`{state}. {}", one_line(field.doc.as_deref().unwrap_or_default()));
        if let Some(advice) = &field.deprecated {
            let _ = write!(line, " **Obsolete**: {advice}");
        }
        line.trim_end().to_owned()
    }

    /// The type and default of a field as the library writes them.
    fn written(&self, field: &FieldShape, item: &ItemKey) -> (String, Option<String>) {
        let found = written(self.session, item);
        let found = found.and_then(|(statement, text)| Some((written_field(statement, field.span)?, text)));
        let Some((field, text)) = found else { return (field.ty.to_string(), None) };
        let default = field.default.as_ref().map(|default| short(default.span.slice(text)));
        (short(field.ty.span.slice(text)), default)
    }

    fn field(mut self, owner: &str, name: &str) -> String {
        let Some((shape, item)) = shape(self.session.db(), owner) else { return self.text };
        let Some(field) = shape.field(name) else { return self.text };
        self.title(&Topic::Field(owner.into(), name.into()).name(), None);
        let line = self.line(field, item, name);
        let place = self.place(item, field.span);
        let _ = writeln!(self.text, "{line}\n\nA field of {}; declared in {place}.", shape.described());
        let inner = record(&field.ty).and_then(|name| types::shape(self.session.db(), &name));
        if let Some((inner, item)) = inner {
            self.text.push('\n');
            self.fields(inner, item, &format!("{name}."), "");
        }
        let kind = owner.split(['.', '#']).next().filter(|kind| !kind.is_empty());
        self.example(kind.and_then(|kind| example(kind, Some(name))));
        self.text
    }

    fn ty(mut self, name: &str) -> String {
        self.title(name, Some("a type"));
        let Some(item) = alias(self.session, name) else {
            let Some((_, about, examples)) = ABOUT_TYPES.iter().find(|(other, ..)| *other == name) else {
                return self.text;
            };
            let examples: Vec<String> = examples.iter().map(|example| format!("`{example}`")).collect();
            let _ = writeln!(
                self.text,
                "{about}\n\nFor example {}. A type of the language.",
                examples.join(", ")
            );
            return self.text;
        };
        let Some((statement, text)) = written(self.session, item) else { return self.text };
        self.doc(statement.doc.as_deref());
        let StatementKind::Alias(alias) = &statement.kind else { return self.text };
        let place = self.place(item, alias.name.span);
        if let Some((shape, item)) = types::shape(self.session.db(), &format!("#{name}")) {
            let _ = writeln!(self.text, "A record; declared in {place}.\n");
            self.fields(shape, item, &self.before(name), "");
        } else {
            let _ = writeln!(self.text, "`{}`; declared in {place}.", short(alias.ty.span.slice(text)));
        }
        self.text
    }

    /// What stands before fields of a record type with a name: on the page of all types, that name.
    fn before(&self, name: &str) -> String {
        if self.reader == Reader::Book { format!("{name}.") } else { String::new() }
    }

    fn function(mut self, name: &str) -> String {
        self.title(name, Some("a function"));
        if let Some((statement, text)) =
            function(self.session, name).and_then(|item| written(self.session, item))
        {
            let StatementKind::Function(called) = &statement.kind else { return self.text };
            let head = Span { start: statement.span.start, end: called.result.span.end };
            let place = function(self.session, name).map(|item| self.place(item, called.name.span));
            let _ = writeln!(self.text, "`{}`\n", one_line(head.slice(text)));
            self.doc(statement.doc.as_deref());
            let _ = writeln!(self.text, "Declared in {}.", place.unwrap_or_default());
        } else if is_builtin(name) {
            self.builtin(name);
        }
        self.text
    }

    fn builtin(&mut self, name: &str) {
        let Some((builtin, parameters)) = Builtin::named(name) else { return };
        let (about, example) = about_function(builtin);
        let parameter = |(at, name): (usize, &&str)| match builtin.parameter(at) {
            Some(ty) => format!("{name}: {ty}"),
            None => (*name).to_owned(),
        };
        let parameters: Vec<String> = parameters.iter().enumerate().map(parameter).collect();
        let _ = writeln!(
            self.text,
            "`{name}({})`\n\n{about} A function of the language.\n",
            parameters.join(", ")
        );
        let value = self.session.eval(example).ok().filter(|value| !matches!(value, types::Value::Error(_)));
        let value = value.map(|value| format!("  =>  {}", show::brief(&value))).unwrap_or_default();
        let _ = writeln!(self.text, "```text\n{example}{value}\n```");
    }

    fn title(&mut self, name: &str, what: Option<&str>) {
        let what = what.map(|what| format!(", {what}")).unwrap_or_default();
        // On a page of many, each has a heading of the second order.
        match self.reader {
            Reader::Book if !what.is_empty() => {
                let mark = self.mark_of_heading(name);
                let _ = writeln!(self.text, "## {name}{mark}\n");
            }
            _ => {
                let _ = writeln!(self.text, "# {name}{what}\n");
            }
        }
    }

    fn mark_of_heading(&self, name: &str) -> String {
        if self.reader == Reader::Book { format!(" {{#{name}}}") } else { String::new() }
    }

    fn doc(&mut self, doc: Option<&str>) {
        if let Some(doc) = doc {
            let _ = writeln!(self.text, "{doc}\n");
        }
    }

    fn example(&mut self, example: Option<String>) {
        if let Some(example) = example {
            let _ = write!(self.text, "\n## Example\n\n```hl\n{example}\n```\n");
        }
    }

    fn place(&self, item: &ItemKey, span: Span) -> String {
        let line = self.session.line(&Place::new(item, span));
        line.map(|line| format!("{}:{}", line.file, line.number)).unwrap_or_default()
    }
}

/// A type or value on one line, without what is long.
fn short(text: &str) -> String {
    let text = match (text.find('{'), text.rfind('}')) {
        (Some(open), Some(close)) if text[open..close].contains('\n') => {
            format!("{}{{ … }}{}", &text[..open], &text[close + 1..])
        }
        _ => text.to_owned(),
    };
    let text = one_line(&text);
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// So long a type or value may be.
const LONGEST: usize = 90;

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
