//! What a file that is written is to be like.

use crate::error::{Error, Problem};
use crate::keys::Recipient;
use crate::keys::plugins::{NoPlugins, Plugins};
use crate::rule::Rule;
use crate::timestamp::Timestamp;

/// Whom a file is for, what time it is, and which values are encrypted.
#[derive(Clone)]
pub struct Settings<'a> {
    recipients: Vec<Recipient>,
    pub(crate) time: Timestamp,
    pub(crate) rule: Rule,
    pub(crate) may_stay_plain: bool,
    pub(crate) plugins: &'a dyn Plugins,
}

impl<'a> Settings<'a> {
    /// A file for these recipients, written now, of which every value is encrypted.
    ///
    /// SOPS has no rule that says "everything". Its default leaves values plain whose key ends in `_unencrypted`, so a
    /// tree with such a key is refused.
    pub fn new(recipients: impl IntoIterator<Item = Recipient>, now: Timestamp) -> Self {
        let mut unique: Vec<Recipient> = Vec::new();
        for recipient in recipients {
            if !unique.contains(&recipient) {
                unique.push(recipient);
            }
        }
        let rule = Rule::default();
        Self { recipients: unique, time: now, rule, may_stay_plain: false, plugins: &NoPlugins }
    }

    /// With this rule, and the values that it leaves plain.
    #[must_use]
    pub fn rule(self, rule: Rule) -> Self {
        Self { rule, may_stay_plain: true, ..self }
    }

    /// Plugins are used like this.
    #[must_use]
    pub fn plugins(self, plugins: &'a dyn Plugins) -> Self {
        Self { plugins, ..self }
    }

    /// Whom the file is for, each once.
    pub fn readers(&self) -> &[Recipient] {
        &self.recipients
    }

    /// Whom the file is for. Nobody is an error: the values would be lost.
    pub(crate) fn recipients(&self) -> Result<&[Recipient], Error> {
        if self.recipients.is_empty() { Err(Error::new(Problem::NoRecipients)) } else { Ok(&self.recipients) }
    }

    /// Recipients that do not keep secrets from quantum computers, in a file that has others which do: whoever keeps
    /// the file until then reads it by them.
    pub fn not_post_quantum(&self) -> Vec<&Recipient> {
        let says = |wanted| self.recipients.iter().filter(move |one| one.is_post_quantum() == Some(wanted));
        if says(true).next().is_none() { Vec::new() } else { says(false).collect() }
    }
}
