//! What leads to another file.

use ide::Link;
use serde_json::Value;
use tower_lsp::ls_types::{DocumentLink, Range};

use crate::scene::Here;

/// The links of a file. What is said of them is found when somebody points at one.
pub(crate) fn of_file(here: &Here<'_>, data: &Value) -> Vec<DocumentLink> {
    let link = |link: Link| DocumentLink {
        range: here.range(&link.range),
        target: here.scene.uri(&link.target),
        tooltip: None,
        data: Some(data.clone()),
    };
    ide::links(here.session, &here.file).into_iter().map(link).collect()
}

/// What is said of the link at a range.
pub(crate) fn tooltip(here: &Here<'_>, range: Range) -> Option<String> {
    let links = ide::links(here.session, &here.file).into_iter();
    let link = links.into_iter().find(|link| here.range(&link.range) == range)?;
    Some(ide::link_tooltip(here.session, &link))
}
