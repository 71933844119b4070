//! What is said of something.

use std::fmt::Write;

use driver::ClusterObject;
use ide::BuiltFrom;
use tower_lsp::ls_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position, Uri};

use crate::scene::Here;
use crate::virtual_documents::built_uri;

/// What is said of what stands at a position; and if they are wanted, the objects that it is deployed as.
pub(crate) fn hover(
    here: &Here<'_>,
    position: Position,
    wants_objects: bool,
) -> Option<(Hover, Vec<ClusterObject>)> {
    let said = ide::hover(here.session, &here.at(position))?;
    let built = said.built.as_ref().filter(|_| wants_objects);
    let objects = built.map(|built| ide::objects(here.session, built)).unwrap_or_default();
    let mut text = said.text;
    if let Some(uri) = said.built.and_then(|built| built_document(here, &built)) {
        let _ = write!(text, "\n\n[what it is built to]({})", uri.as_str());
    }
    if let Some(uri) = said.topic.and_then(|topic| here.scene.page(&topic.address())) {
        let _ = write!(text, "\n\n[in the documentation]({})", uri.as_str());
    }
    let range = (said.range.file == here.file).then(|| here.range(&said.range));
    Some((Hover { contents: HoverContents::Markup(markdown(text)), range }, objects))
}

/// Says behind all else how what is deployed is doing. What a cluster says is text, and no Markdown.
pub(crate) fn add_live(hover: &mut Hover, said: &str) {
    if let HoverContents::Markup(content) = &mut hover.contents {
        let _ = write!(content.value, "\n\nlive: {}", escaped(said));
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for one in text.chars() {
        if matches!(one, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '!' | '|' | '~' | '&') {
            out.push('\\');
        }
        out.push(if one.is_control() { ' ' } else { one });
    }
    out
}

/// The document of what a declaration is built to.
pub(crate) fn built_document(here: &Here<'_>, built: &BuiltFrom) -> Option<Uri> {
    built_uri(&here.scene.uri(&built.range.file)?, &built.head, built.language)
}

pub(crate) fn markdown(value: String) -> MarkupContent {
    MarkupContent { kind: MarkupKind::Markdown, value }
}
