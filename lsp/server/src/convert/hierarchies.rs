//! Nodes of hierarchies, and what lies between them.

use ide::{Call, FileRange, Symbol};
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyItem, CallHierarchyOutgoingCall, Location, Range,
    TypeHierarchyItem,
};

use crate::convert::symbols;
use crate::scene::Here;

/// A node of the graph of references.
pub(crate) fn call_item(here: &Here<'_>, node: Symbol) -> Option<CallHierarchyItem> {
    let (location, selection_range) = places(here, &node)?;
    Some(CallHierarchyItem {
        kind: symbols::kind(node.kind),
        name: node.name,
        tags: None,
        detail: node.detail,
        uri: location.uri,
        range: location.range,
        selection_range,
        data: None,
    })
}

/// The same, as a node above or below others.
pub(crate) fn type_item(here: &Here<'_>, node: Symbol) -> Option<TypeHierarchyItem> {
    let CallHierarchyItem { name, kind, detail, uri, range, selection_range, .. } = call_item(here, node)?;
    Some(TypeHierarchyItem { name, kind, tags: None, detail, uri, range, selection_range, data: None })
}

/// Who refers to something.
pub(crate) fn incoming(here: &Here<'_>, call: Call) -> Option<CallHierarchyIncomingCall> {
    let from_ranges = ranges(here, call.ranges);
    Some(CallHierarchyIncomingCall { from: call_item(here, call.node)?, from_ranges })
}

/// To what something refers. The places are in the file that is asked of.
pub(crate) fn outgoing(here: &Here<'_>, call: Call) -> Option<CallHierarchyOutgoingCall> {
    let from_ranges = ranges(here, call.ranges);
    Some(CallHierarchyOutgoingCall { to: call_item(here, call.node)?, from_ranges })
}

/// Where a node is, and where its name is in it.
fn places(here: &Here<'_>, node: &Symbol) -> Option<(Location, Range)> {
    let location = here.locator().location(&node.range)?;
    Some((location, here.locator().location(&node.name_range)?.range))
}

fn ranges(here: &Here<'_>, ranges: Vec<FileRange>) -> Vec<Range> {
    here.locations(ranges).into_iter().map(|location| location.range).collect()
}
