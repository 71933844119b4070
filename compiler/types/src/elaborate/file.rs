//! Files of the lab that are read as data: which is known before anything is worked out.

use source::{Span, relative_to};
use syntax::ast::{Expr, ExprKind, TextPart};

use super::{Elaborator, Typed};
use crate::problems::wrong_arguments::{computed_path, no_files_here, wrong_arguments};
use crate::{Builtin, Core, CoreKind, Value};

impl Elaborator<'_> {
    /// A call of a function that reads a file. What it is given comes to the path relative to the lab's folder.
    pub(super) fn file_read(&mut self, builtin: Builtin, written: &str, path: &Expr, span: Span) -> Typed {
        let place = self.place(path.span);
        let problem = match literal(path) {
            _ if self.item.is_std() => no_files_here(place, written),
            Some("") => wrong_arguments(place, "this names no file", written),
            Some(text) => {
                let path = Core {
                    kind: CoreKind::Const(Value::text(relative_to(self.item.file(), text))),
                    span: path.span,
                };
                return Typed::plain(
                    CoreKind::Builtin(builtin, vec![path]),
                    span,
                    builtin.result(&[]).unwrap_or(crate::Ty::Error),
                );
            }
            None => computed_path(place, written),
        };
        self.only_note(path);
        let reported = self.report(problem);
        Typed::error(span, reported)
    }
}

/// A text that has no values in it.
fn literal(path: &Expr) -> Option<&str> {
    let ExprKind::Text(parts) = &path.kind else { return None };
    match parts.as_slice() {
        [] => Some(""),
        [TextPart::Text(text)] => Some(text),
        _ => None,
    }
}
