//! Settings: they are asked for in the beginning, and whenever they have changed.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tower_lsp::Client;
use tower_lsp::ls_types::{ConfigurationItem, DidChangeConfigurationParams};

use super::Backend;
use super::agreed::Agreed;
use crate::owner::Message;
use crate::question::Desk;
use crate::settings::Settings;

/// What was chosen may be sent along, or is to be asked for.
pub(super) async fn did_change_configuration(backend: &Backend, params: DidChangeConfigurationParams) {
    match params.settings {
        Value::Object(mut sections) if sections.contains_key(Settings::SECTION) => {
            take(backend, sections.remove(Settings::SECTION).unwrap_or_default());
            backend.pool.begin(refresh(backend.client.clone(), backend.agreed()));
        }
        _ => ask(backend),
    }
}

/// Takes what was chosen; what cannot be read leaves all as it was.
pub(super) fn take(backend: &Backend, chosen: Value) {
    keep(&backend.settings, &backend.desk, chosen);
}

/// Asks the client what was chosen.
pub(super) fn ask(backend: &Backend) {
    let agreed = backend.agreed();
    if !agreed.has_settings {
        return;
    }
    let (client, settings) = (backend.client.clone(), Arc::clone(&backend.settings));
    let desk = backend.desk.clone();
    backend.pool.begin(async move {
        let section = Some(Settings::SECTION.to_owned());
        let Ok(answer) = client.configuration(vec![ConfigurationItem { scope_uri: None, section }]).await
        else {
            return;
        };
        if let Some(chosen) = answer.into_iter().next()
            && keep(&settings, &desk, chosen)
        {
            refresh(client, agreed).await;
        }
    });
}

/// Keeps what was chosen; whether that is something else than before.
fn keep(settings: &Mutex<Settings>, desk: &Desk, chosen: Value) -> bool {
    let Ok(chosen) = serde_json::from_value::<Settings>(chosen) else { return false };
    let before = {
        let mut settings = settings.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *settings, chosen.clone())
    };
    if before.docs != chosen.docs {
        desk.tell(Message::Book(chosen.docs.url.clone()));
        desk.settle();
    }
    before != chosen
}

/// Has the client ask again for what depends on settings.
async fn refresh(client: Client, agreed: Agreed) {
    if agreed.refreshes_hints {
        let _ = client.inlay_hint_refresh().await;
    }
    if agreed.refreshes_lenses {
        let _ = client.code_lens_refresh().await;
    }
}
