//! What of an item can say what could stand at the cursor: of what stands beside it, what is set and not to what. So an
//! item may be long, and all its values are not elaborated for a word in one of them.

use syntax::ast::{Body, Content, Expr, ExprKind, Statement, StatementKind};

/// Leaves out the values that are set beside `cursor`, a byte of the item: each becomes one that could not be read.
pub(super) fn keep_around(statement: &mut Statement, cursor: u32) {
    match &mut statement.kind {
        StatementKind::Set(set) => in_value(&mut set.value, cursor),
        StatementKind::Record(record) => in_body(&mut record.body, cursor),
        StatementKind::Declare(declare) => {
            if let Content::Body(body) = &mut declare.content {
                in_body(body, cursor);
            }
        }
        StatementKind::Template(template) => in_body(&mut template.body, cursor),
        StatementKind::Kind(kind) => in_body(&mut kind.body, cursor),
        StatementKind::Make(body) => in_body(body, cursor),
        _ => {}
    }
}

fn in_body(body: &mut Body, cursor: u32) {
    for statement in &mut body.statements {
        let is_around = (statement.span.start..=statement.span.end).contains(&cursor);
        match &mut statement.kind {
            StatementKind::Set(set) if !is_around => set.value.kind = ExprKind::Error,
            _ => keep_around(statement, cursor),
        }
    }
}

fn in_value(value: &mut Expr, cursor: u32) {
    match &mut value.kind {
        ExprKind::Record(body) => in_body(body, cursor),
        ExprKind::List(elements) => {
            for element in elements {
                in_value(element, cursor);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use driver::Session;
    use syntax::TokenKind;
    use types::CURSOR;

    use super::*;

    /// Whatever name of a lab somebody types: what could stand there is the same with all values and without.
    #[test]
    fn what_stands_beside_does_not_say_what_could_stand_there() {
        const MAIN: &str = "homelab.hl";
        let text = include_str!("../../tests/it/other.hl");
        let session = Session::open(vec![(MAIN.to_owned(), text.to_owned())]);
        let (mut start, mut is_left_out) = (0, false);
        for token in syntax::tokens(text) {
            let end = start + token.len as usize;
            let cursor = text.floor_char_boundary((start + 2).min(end));
            if token.kind == TokenKind::Word {
                let marked = format!("{}{CURSOR}{}", &text[..cursor], &text[end..]);
                let (key, range) = crate::completion::item_around(&session, MAIN, &marked, cursor).unwrap();
                let whole = syntax::parse(&key, &marked[range.clone()]).statement;
                let mut around = whole.clone();
                keep_around(&mut around, u32::try_from(cursor - range.start).unwrap());
                let asked = |tree: &Statement| types::cursor_notes(session.db(), &key, tree).asked;
                assert_eq!(asked(&whole), asked(&around), "{}", &marked[range]);
                is_left_out |= whole != around;
            }
            start = end;
        }
        assert!(is_left_out);
    }
}
