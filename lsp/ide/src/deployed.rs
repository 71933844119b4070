//! What is deployed: which declarations are, what they are called for that, and as which objects of the cluster.

use std::collections::BTreeSet;

use driver::{ClusterObject, Session};
use names::{Item, parsed};
use syntax::ast::StatementKind;

use crate::here::{items, range_in};
use crate::{BuiltFrom, FileRange};

/// A declaration that something is deployed of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployed {
    /// Its head, above which something can be said.
    pub range: FileRange,
    /// What it is planned and applied by: hosts, and components such as `10_apps/n8n`.
    pub targets: Vec<String>,
}

/// The declarations of a file that something is deployed of, in the order written.
pub fn deployed(session: &Session, file: &str) -> Vec<Deployed> {
    let one = |item: Item<'_>| {
        let targets = session.targets_of(item.key(session.db()));
        (!targets.is_empty()).then(|| Deployed { range: head(session, item), targets })
    };
    items(session, file).filter_map(one).collect()
}

/// All that can be planned and applied of a lab by itself.
pub fn targets(session: &Session) -> BTreeSet<String> {
    let files = session.file_names();
    let items = files.iter().flat_map(|file| items(session, file));
    items.flat_map(|item| session.targets_of(item.key(session.db()))).collect()
}

/// The objects that a declaration is deployed as, but for what charts make. Values of secrets are not in them.
pub fn objects(session: &Session, built: &BuiltFrom) -> Vec<ClusterObject> {
    let db = session.db();
    let item = items(session, &built.range.file).find(|item| item.key(db).head() == built.head);
    item.map(|item| session.objects_of(item.key(db))).unwrap_or_default()
}

/// Where the name of a declaration stands, or the kind if it has none.
fn head(session: &Session, item: Item<'_>) -> FileRange {
    let statement = &parsed(session.db(), item).statement;
    let span = match &statement.kind {
        StatementKind::Declare(declared) => {
            let word = declared.name.as_ref().or(declared.kind.first());
            word.map_or(statement.span, |word| word.span)
        }
        _ => statement.span,
    };
    range_in(session, item, span)
}
