//! What needs what, and what is a sort of what.

use driver::Session;
use ide::{FilePosition, Symbol};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams,
    TypeHierarchyItem, TypeHierarchyPrepareParams, TypeHierarchySubtypesParams,
    TypeHierarchySupertypesParams,
};

use super::Backend;
use crate::convert::hierarchies;
use crate::scene::Here;

pub(super) async fn prepare_call_hierarchy(
    backend: &Backend,
    params: CallHierarchyPrepareParams,
) -> Result<Option<Vec<CallHierarchyItem>>> {
    let at = params.text_document_position_params;
    let question = move |here: &Here<'_>| {
        let node = ide::call_subject(here.session, &here.at(at.position))?;
        Some(vec![hierarchies::call_item(here, node)?])
    };
    Ok(backend.ask(at.text_document, question).await?.flatten())
}

pub(super) async fn incoming_calls(
    backend: &Backend,
    params: CallHierarchyIncomingCallsParams,
) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
    let CallHierarchyItem { uri, selection_range: name, .. } = params.item;
    let question = move |here: &Here<'_>| {
        let calls = ide::incoming_calls(here.session, &here.at(name.start)).into_iter();
        calls.filter_map(|call| hierarchies::incoming(here, call)).collect()
    };
    backend.desk.ask(uri, question).await
}

pub(super) async fn outgoing_calls(
    backend: &Backend,
    params: CallHierarchyOutgoingCallsParams,
) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
    let CallHierarchyItem { uri, selection_range: name, .. } = params.item;
    let question = move |here: &Here<'_>| {
        let calls = ide::outgoing_calls(here.session, &here.at(name.start)).into_iter();
        calls.filter_map(|call| hierarchies::outgoing(here, call)).collect()
    };
    backend.desk.ask(uri, question).await
}

pub(super) async fn prepare_type_hierarchy(
    backend: &Backend,
    params: TypeHierarchyPrepareParams,
) -> Result<Option<Vec<TypeHierarchyItem>>> {
    let at = params.text_document_position_params;
    let question = move |here: &Here<'_>| {
        let node = ide::type_subject(here.session, &here.at(at.position))?;
        Some(vec![hierarchies::type_item(here, node)?])
    };
    Ok(backend.ask(at.text_document, question).await?.flatten())
}

pub(super) async fn supertypes(
    backend: &Backend,
    params: TypeHierarchySupertypesParams,
) -> Result<Option<Vec<TypeHierarchyItem>>> {
    around(backend, params.item, ide::supertypes).await
}

pub(super) async fn subtypes(
    backend: &Backend,
    params: TypeHierarchySubtypesParams,
) -> Result<Option<Vec<TypeHierarchyItem>>> {
    around(backend, params.item, ide::subtypes).await
}

async fn around(
    backend: &Backend,
    item: TypeHierarchyItem,
    feature: fn(&Session, &FilePosition) -> Vec<Symbol>,
) -> Result<Option<Vec<TypeHierarchyItem>>> {
    let TypeHierarchyItem { uri, selection_range: name, .. } = item;
    let question = move |here: &Here<'_>| {
        let nodes = feature(here.session, &here.at(name.start)).into_iter();
        nodes.filter_map(|node| hierarchies::type_item(here, node)).collect()
    };
    backend.desk.ask(uri, question).await
}
