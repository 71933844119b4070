//! Whether a delivered file is what it should be.

use std::fmt;

use emit_secrets::Delivered;
use sops::{Document, Settings};

use crate::deliver::{format, own_key};
use crate::record::{Proven, Record};
use crate::resolve::resolve;
use crate::{Error, Fingerprint, Source};

/// Something about a delivered file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It cannot be decrypted, or somebody changed it.
    Damaged(sops::Error),
    /// It is not as hlc would have written it.
    Deviates(sops::Deviation),
    /// It holds other values than the lab has now.
    OldValues,
    /// It was made before the keys changed that it is encrypted with.
    OldKeys,
    /// It says the same as what hlc would write, in other letters: another reader may read something else.
    OtherForm,
    /// All is right but the copies of the data key, which are not those that hlc made.
    OtherEntries,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(error) => error.fmt(f),
            Self::Deviates(deviation) => deviation.fmt(f),
            Self::OldValues => f.write_str("it does not hold the values that the lab has now"),
            Self::OldKeys => f.write_str("it was made before the keys changed; 'hlc build' makes it anew"),
            Self::OtherForm => f.write_str("it is not written as hlc writes it, and others may read it otherwise"),
            Self::OtherEntries => f.write_str(
                "nothing shows that its copies of the data key are those that hlc made, so its readers may not be \
                 able to open it; 'hlc build' makes it anew",
            ),
        }
    }
}

/// What is not right about `text`, which should be `file`, and of which `record` is noted.
pub fn verify(
    file: &Delivered,
    text: &[u8],
    record: Option<&Record>,
    source: &Source,
    settings: &Settings<'_>,
) -> Result<Vec<Finding>, Error> {
    let wanted = resolve(file, source)?;
    let is_its = |record: &&Record| record.content == Fingerprint::of_content(text);
    let proven = record.filter(is_its).map_or(Proven::Not, |record| source.proven(&file.path, record));
    if proven == Proven::Before {
        return Ok(vec![Finding::OldKeys]);
    }
    let document = match Document::parse(text, format(file.format)) {
        Ok(document) => document,
        Err(error) => return Ok(vec![Finding::Damaged(error)]),
    };
    // First what is said exactly: the MAC only tells that something was changed.
    let mut findings: Vec<Finding> =
        document.deviations(&wanted.shape(), settings).into_iter().map(Finding::Deviates).collect();
    // A file for others has another key, so that it cannot be decrypted says nothing more.
    let is_for_others = findings.iter().any(is_about_readers);
    match document.decrypt(&own_key(file, source)?) {
        Ok(tree) if findings.is_empty() && tree != wanted => findings.push(Finding::OldValues),
        Ok(_) => {}
        Err(_) if is_for_others => {}
        Err(error) => findings.push(Finding::Damaged(error)),
    }
    if findings.is_empty() && !document.is_as_written(text, &wanted.shape(), settings) {
        findings.push(Finding::OtherForm);
    }
    if findings.is_empty() && proven == Proven::Not {
        findings.push(Finding::OtherEntries);
    }
    Ok(findings)
}

fn is_about_readers(finding: &Finding) -> bool {
    use sops::Deviation::{MissingRecipient, UnexpectedRecipient};
    matches!(finding, Finding::Deviates(MissingRecipient(_) | UnexpectedRecipient(_)))
}
