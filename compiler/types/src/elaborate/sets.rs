//! What a block sets: paths, each once, and what becomes of what they hold already.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use source::Span;
use syntax::ast::{self, ExprKind, Name};

use crate::{Core, How, SetCore};

/// What `x = only(value)` begins with.
pub(super) const ONLY: &str = "only";

/// What a body has set.
#[derive(Default)]
pub(super) struct Seen {
    /// The paths, and where each is written.
    paths: FxHashMap<Vec<SmolStr>, Span>,
    /// What they lead through.
    through: FxHashMap<Vec<SmolStr>, Span>,
}

impl Seen {
    /// Notes that `path` is set at `span`; gives where it, a part of it or something that it is a part of was set
    /// before.
    pub(super) fn insert(&mut self, path: Vec<SmolStr>, span: Span) -> Option<Span> {
        let starts = (1..path.len()).map(|len| &path[..len]);
        let around = starts.clone().find_map(|start| self.paths.get(start));
        let before = around.or_else(|| self.through.get(&path)).or_else(|| self.paths.get(&path)).copied();
        for start in starts {
            self.through.entry(start.to_vec()).or_insert(span);
        }
        self.paths.entry(path).or_insert(span);
        before
    }
}

/// The value that is set, and what becomes of what is there already: `only(value)` replaces it.
pub(super) fn how_to_set(set: &ast::Set) -> (&ast::Expr, How) {
    let how = if set.append { How::Append } else { How::Join };
    let ExprKind::Call(call) = &set.value.kind else { return (&set.value, how) };
    match (&call.callee.kind, call.arguments.as_slice()) {
        (ExprKind::Name(name), [argument]) if name == ONLY && argument.name.is_none() && !set.append => {
            (&argument.value, How::Replace)
        }
        _ => (&set.value, how),
    }
}

/// That `path` is set to `value`.
pub(super) fn set_core(path: &[Name], how: How, value: Core) -> SetCore {
    let span = path[0].span.to(path[path.len() - 1].span);
    SetCore { path: path.iter().map(|name| name.text.clone()).collect(), span, how, value }
}

/// A path in a record that is reached by the path `before`.
pub(super) fn whole_path<'a>(before: &[Name], path: &'a [Name]) -> Cow<'a, [Name]> {
    if before.is_empty() { Cow::Borrowed(path) } else { before.iter().chain(path).cloned().collect() }
}
