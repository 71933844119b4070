//! What is known of the values of secrets without a key: what the file says that holds them, and the records of what was
//! made of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::Date;
use driver::stored_secrets;
use emit_secrets::secrets_file;
use model::SecretFacts;
use sops::{Document, Format};

use crate::texts::{Texts, Unread};

/// The file that holds all values, and what it says in the open.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// What it says.
    pub facts: SecretFacts,
    /// Its text, if there is one.
    pub text: Option<Arc<str>>,
    /// What it is to SOPS, if it is anything.
    pub document: Option<Arc<Document>>,
}

impl Stored {
    /// Reads that of the lab whose own file is `lab`; in messages it is called `shown`. Why it cannot be read is a whole
    /// sentence.
    pub fn read(lab: &str, texts: &dyn Texts, shown: &str, today: Option<Date>) -> Result<Self, String> {
        let text = match texts.text(&secrets_file(lab)) {
            Ok(text) => text,
            Err(Unread { is_there: false, .. }) => {
                let facts = SecretFacts { file: shown.to_owned(), today, ..SecretFacts::default() };
                return Ok(Self { facts, ..Self::default() });
            }
            Err(Unread { reason, .. }) => return Err(format!("cannot read {shown}: {reason}")),
        };
        let document = Document::parse(text.as_bytes(), Format::Yaml).ok().map(Arc::new);
        let facts = match &document {
            Some(document) => secrets::facts(shown, document),
            // What is none of SOPS' may have values in plain, which must be said.
            None => stored_secrets(shown, &text).map_err(|invalid| {
                let help = invalid.help.map_or_else(String::new, |help| format!("; {help}"));
                format!("{}{help}", invalid.reason)
            })?,
        };
        let holders = if facts.values.is_some() { holders(texts) } else { facts.holders.clone() };
        Ok(Self { facts: SecretFacts { today, holders, ..facts }, text: Some(text), document })
    }
}

/// The hosts that there are copies for, whatever is noted of these.
fn holders(texts: &dyn Texts) -> BTreeSet<String> {
    let holder = |name: String| match name.strip_suffix(".yaml") {
        Some(host) => Some(host.to_owned()),
        // Bytes are in a file each.
        None => (!texts.beside(&format!("nixos/secrets/{name}/of.bin")).is_empty()).then_some(name),
    };
    texts.beside("nixos/secrets/of.yaml").into_iter().filter_map(holder).collect()
}
