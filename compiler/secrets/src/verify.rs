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
    let found = Document::parse(text, format(file.format)).and_then(|document| {
        let deviations = document.deviations(&wanted.shape(), settings);
        let key = match own_key(file, source, admins) {
            Some(key) => Ok(key),
            None => document.unwrap_key(access),
        };
        let opened = key.and_then(|key| Ok((document.decrypt(&key)?, key.mislabelled())));
        // A file for others has another key, so that it cannot be decrypted says nothing more.
        if opened.is_err() && deviations.iter().any(is_about_readers) {
            return Ok(deviations.into_iter().map(Finding::Deviates).collect());
        }
        let (tree, mislabelled) = opened?;
        let mut findings: Vec<Finding> =
            deviations.into_iter().chain(mislabelled).map(Finding::Deviates).collect();
        if findings.is_empty() && tree != wanted {
            findings.push(Finding::OldValues);
        }
        Ok(findings)
    });
    Ok(found.unwrap_or_else(|error| vec![Finding::Damaged(error)]))
}

fn is_about_readers(deviation: &sops::Deviation) -> bool {
    matches!(deviation, sops::Deviation::MissingRecipient(_) | sops::Deviation::UnexpectedRecipient(_))
}
