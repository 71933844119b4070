//! The paths that a block sets, each once.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use source::Span;

/// What a block has set.
#[derive(Default)]
pub struct Seen {
    /// The paths, and where each is written.
    paths: FxHashMap<Vec<SmolStr>, Span>,
    /// What they lead through.
    through: FxHashMap<Vec<SmolStr>, Span>,
}

impl Seen {
    /// Notes that `path` is set at `span`; gives where it, a part of it or something that it is a part of was set
    /// before.
    pub fn insert(&mut self, path: Vec<SmolStr>, span: Span) -> Option<Span> {
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
