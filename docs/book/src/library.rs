//! The reference of the library: a page of each kind, one of all types and one of all functions, as `hlc explain` tells
//! them.

use std::fmt::Write;

use driver::Session;
use driver::explain::{Reader, Topic, functions, kinds, summary, told, types};

/// A page of the book: its path, what it is called in the table of contents, and its text.
pub(crate) type Made = (String, String, String);

/// The page that all kinds are listed on, in the book.
pub(crate) const KINDS: &str = "kinds.md";

/// The list of all kinds.
pub(crate) fn list() -> String {
    let session = session();
    let mut text = "# Kinds\n\nWhat a lab can declare, as the library says it. `hlc explain NAME` shows these pages, too.\n\n\
                    | kind | |\n|---|---|\n"
        .to_owned();
    for kind in kinds(&session) {
        let topic = Topic::Kind(kind);
        let _ = writeln!(text, "| [`{}`]({}) | {} |", topic.name(), path(&topic), summary(&session, &topic));
    }
    text
}

/// The pages of all kinds.
pub(crate) fn kind_pages() -> Vec<Made> {
    let session = session();
    let page = |kind| {
        let topic = Topic::Kind(kind);
        (path(&topic), topic.name(), told(&session, &topic, Reader::Book))
    };
    kinds(&session).into_iter().map(page).collect()
}

/// The pages of types and functions.
pub(crate) fn others() -> [Made; 2] {
    let session = session();
    let all = |topics: Vec<Topic>| -> String {
        topics.iter().map(|topic| told(&session, topic, Reader::Book) + "\n").collect()
    };
    let types = all(types(&session).into_iter().map(Topic::Type).collect());
    let functions = all(functions(&session).into_iter().map(Topic::Function).collect());
    [("types", "Types", types), ("functions", "Functions", functions)]
        .map(|(file, title, text)| (format!("{file}.md"), title.to_owned(), format!("# {title}\n\n{text}")))
}

fn session() -> Session {
    Session::open(Vec::new())
}

fn path(topic: &Topic) -> String {
    topic.address().replace(".html", ".md")
}
