//! Whether a delivered file is what it should be.

use std::fmt;

use domain::RecipientKey;
use emit_secrets::Delivered;
use sops::keys::Access;
use sops::{Document, Settings};

use crate::deliver::{format, own_key};
use crate::resolve::resolve;
use crate::{Error, Source};

/// Something about a delivered file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It cannot be decrypted, or somebody changed it.
    Damaged(sops::Error),
    /// It is not as hlc would have written it.
    Deviates(sops::Deviation),
    /// It holds other values than the lab has now.
    OldValues,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(error) => error.fmt(f),
            Self::Deviates(deviation) => deviation.fmt(f),
            Self::OldValues => f.write_str("it does not hold the values that the lab has now"),
        }
    }
}

/// What is not right about `text`, which should be `file`.
pub fn verify(
    file: &Delivered,
    text: &[u8],
    source: &Source,
    admins: &[RecipientKey],
    access: &Access<'_>,
    settings: &Settings<'_>,
) -> Result<Vec<Finding>, Error> {
    let wanted = resolve(file, source)?;
    let document = match Document::parse(text, format(file.format)) {
        Ok(document) => document,
        Err(error) => return Ok(vec![Finding::Damaged(error)]),
    };
    // First what is said exactly: the MAC only tells that something was changed.
    let mut findings: Vec<Finding> =
        document.deviations(&wanted.shape(), settings).into_iter().map(Finding::Deviates).collect();
    let key = match own_key(file, source, admins) {
        Some(key) => Ok(key),
        None => document.unwrap_key(access),
    };
    findings.extend(key.iter().filter_map(sops::DataKey::mislabelled).map(Finding::Deviates));
    // A file for others has another key, so that it cannot be decrypted says nothing more.
    let is_for_others = findings.iter().any(is_about_readers);
    match key.and_then(|key| document.decrypt(&key)) {
        Ok(tree) if findings.is_empty() && tree != wanted => findings.push(Finding::OldValues),
        Ok(_) => {}
        Err(_) if is_for_others => {}
        Err(error) => findings.push(Finding::Damaged(error)),
    }
    Ok(findings)
}

fn is_about_readers(finding: &Finding) -> bool {
    use sops::Deviation::{MissingRecipient, UnexpectedRecipient};
    matches!(finding, Finding::Deviates(MissingRecipient(_) | UnexpectedRecipient(_)))
}
