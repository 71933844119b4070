//! Commands that the server has, for lenses and whoever calls them.

use std::collections::BTreeMap;

use diagnostics::Registry;
use driver::Session;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, Location, MessageType, Position, ShowDocumentParams, Uri};
use workspace::LAB;

use super::Backend;
use crate::convert::hover;
use crate::scene::{Here, Scene};
use crate::virtual_documents::library_uri;

/// The page of a rule: `hlc.explain("unknown-name")`.
const EXPLAIN: &str = "hlc.explain";
/// Where it is shown what the declaration at a position is built to: `hlc.built(document, position)`.
const BUILT: &str = "hlc.built";
/// Where the value at a position comes from: `hlc.why(document, position)`.
const WHY: &str = "hlc.why";
/// Where the uses of something are: `hlc.showUses(document, position, places)`.
pub(super) const SHOW_USES: &str = "hlc.showUses";

/// Where the files of the library are: `hlc.library()`.
const LIBRARY: &str = "hlc.library";

/// Hosts and components of each lab that is open, by the URI of its file: `hlc.components()`.
const COMPONENTS: &str = "hlc.components";

/// All of them.
pub(crate) const COMMANDS: [&str; 6] = [EXPLAIN, BUILT, WHY, SHOW_USES, LIBRARY, COMPONENTS];

pub(super) async fn execute_command(
    backend: &Backend,
    params: ExecuteCommandParams,
) -> Result<Option<Value>> {
    let mut arguments = params.arguments.into_iter();
    match params.command.as_str() {
        EXPLAIN => Ok(Some(explain(argument(&mut arguments)?)?)),
        LIBRARY => Ok(Some(library())),
        COMPONENTS => Ok(Some(components(backend).await?)),
        BUILT => {
            let (document, position): (Uri, Position) =
                (argument(&mut arguments)?, argument(&mut arguments)?);
            let question = move |here: &Here<'_>| {
                let built = ide::built_from(here.session, &here.at(position))?;
                hover::built_document(here, &built)
            };
            let found = backend.desk.ask(document, question).await?.flatten();
            Ok(found.map(|uri| json!({ "uri": uri })))
        }
        WHY => {
            let (document, position): (Uri, Position) =
                (argument(&mut arguments)?, argument(&mut arguments)?);
            let question = move |here: &Here<'_>| ide::why(here.session, &here.at(position));
            Ok(backend.desk.ask(document, question).await?.flatten().map(Value::String))
        }
        SHOW_USES => {
            let _: (Uri, Position) = (argument(&mut arguments)?, argument(&mut arguments)?);
            show_uses(backend, argument(&mut arguments)?);
            Ok(None)
        }
        other => Err(Error::invalid_params(format!("there is no command '{other}'"))),
    }
}

fn argument<T: DeserializeOwned>(arguments: &mut impl Iterator<Item = Value>) -> Result<T> {
    let next = arguments.next().unwrap_or_default();
    serde_json::from_value(next).map_err(|error| Error::invalid_params(error.to_string()))
}

fn explain(rule: String) -> Result<Value> {
    let registry = Registry::new(driver::RULES);
    let missing = || Error::invalid_params(format!("there is no rule '{rule}'"));
    Ok(Value::String(registry.find(&rule).ok_or_else(missing)?.page.to_owned()))
}

fn library() -> Value {
    stdlib::FILES.iter().filter_map(|(file, _)| library_uri(file)).map(|uri| json!(uri)).collect()
}

async fn components(backend: &Backend) -> Result<Value> {
    let of_lab = |session: &Session, scene: &Scene| {
        let lab = scene.uri(LAB).filter(|_| session.has_file(LAB))?;
        Some((lab.as_str().to_owned(), ide::targets(session)))
    };
    let labs: BTreeMap<_, _> = backend.desk.ask_all(of_lab).await?.into_iter().flatten().collect();
    Ok(json!(labs))
}

/// Shows the only use of something; of several it is said where they are.
fn show_uses(backend: &Backend, places: Vec<Location>) {
    let client = backend.client.clone();
    let shows = backend.agreed().shows_documents;
    backend.pool.begin(async move {
        match places.as_slice() {
            [only] if shows => {
                let params = ShowDocumentParams {
                    uri: only.uri.clone(),
                    external: None,
                    take_focus: Some(true),
                    selection: Some(only.range),
                };
                let _ = client.show_document(params).await;
            }
            all => client.show_message(MessageType::INFO, said(all)).await,
        }
    });
}

fn said(places: &[Location]) -> String {
    let place = |at: &Location| {
        let path = at.uri.as_str().rsplit('/').next().unwrap_or_default().to_owned();
        format!("{path}:{}", at.range.start.line + 1)
    };
    let all: Vec<String> = places.iter().map(place).collect();
    if all.is_empty() { "nobody uses it".to_owned() } else { all.join(", ") }
}
