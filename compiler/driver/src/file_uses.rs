//! Which files a file of the lab reads as data.

use names::{Db, Piece, SourceFile};
use source::{Place, Span, relative_to};
use syntax::TokenKind;
use types::Builtin;

/// A file or folder that is read as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileUse {
    /// Which, relative to the lab's folder; may be outside of it.
    pub path: String,
    /// What is written.
    pub written: String,
    /// By what.
    pub reader: Builtin,
    /// Where the path is written, with its quotes.
    pub place: Place,
}

/// What of a text reads a file: the function, the path as it is written, and where.
fn uses(text: &str) -> Vec<(Builtin, String, Span)> {
    // Most texts read none, and are not looked at.
    let may_read = |(at, _): (usize, &str)| {
        let before = text[..at].trim_end_matches([' ', '\t']);
        ["file", "files", "documents"].iter().any(|word| before.ends_with(word))
    };
    if !text.match_indices('(').any(may_read) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    // The function whose '(' or path comes next.
    let (mut called, mut opened) = (None, None);
    for token in syntax::tokens(text) {
        let span = Span::new(at, at + token.len);
        at += token.len;
        if token.kind.is_trivia() {
            continue;
        }
        let reader = match token.kind {
            TokenKind::Word => Builtin::named(span.slice(text)).map(|(builtin, _)| builtin),
            _ => None,
        };
        match (token.kind, called, opened) {
            (TokenKind::LeftParen, Some(reader), _) => opened = Some(reader),
            (TokenKind::Text, _, Some(reader)) => {
                found.extend(syntax::plain_text(span.slice(text)).map(|path| (reader, path, span)));
                opened = None;
            }
            _ => opened = None,
        }
        called = reader.filter(|builtin| builtin.reads_a_file());
    }
    found
}

/// The files that a file at `path` with this text reads, relative to the lab's folder, and by what.
///
/// Asks no database, so that the lab can be opened when all its files are known.
pub fn files_read(path: &str, text: &str) -> Vec<(String, Builtin)> {
    let uses = uses(text).into_iter();
    uses.map(|(reader, written, _)| (relative_to(path, &written), reader)).collect()
}

/// What an item reads.
#[salsa::tracked]
pub(crate) fn piece_uses(db: &dyn Db, piece: Piece) -> Vec<FileUse> {
    let key = piece.key(db);
    let uses = uses(piece.text(db)).into_iter();
    uses.map(|(reader, written, span)| FileUse {
        path: relative_to(key.file(), &written),
        written,
        reader,
        place: Place::new(key, span),
    })
    .collect()
}

/// What a file reads, in the order written. It need not be a part of the lab.
#[salsa::tracked]
pub(crate) fn file_uses(db: &dyn Db, file: SourceFile) -> Vec<FileUse> {
    file.pieces(db).iter().flat_map(|piece| piece_uses(db, *piece)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_are_found_by_their_tokens() {
        let text = "app a in b {\n  file \"/x.json\" = file(\"./x.json\") # file(\"no\")\n  env { A = \"${file( \
                    \"../y\" )}\" }\n  values = yaml-file (\"a/b.yaml\") + json(file) + file(x) + file(\"${z}\")\n}\n\
                    fn of() -> any = documents(\"./crds\")\n";
        let found = files_read("m/homelab.hl", text);
        let found: Vec<(&str, Builtin)> =
            found.iter().map(|(path, reader)| (path.as_str(), *reader)).collect();
        assert_eq!(
            found,
            [
                ("m/x.json", Builtin::File),
                ("y", Builtin::File),
                ("m/a/b.yaml", Builtin::YamlFile),
                ("m/crds", Builtin::Documents)
            ]
        );
    }
}
