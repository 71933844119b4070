//! age plugins: programs that hold keys, such as those of hardware.
//!
//! Plugins are the one thing here that starts programs, so nothing is done with them by itself: whoever wants them
//! hands in [`Programs`], or something of their own.

use std::fmt::Display;

use age::plugin::{self, IdentityPluginV1, RecipientPluginV1, ResolveError};

pub use age::{Callbacks, NoCallbacks};

/// A way to use plugins. The names of plugins come from recipients and identities, never from files.
pub trait Plugins {
    /// What encrypts for a recipient of the plugin of this name; or why that is not possible.
    fn recipient(&self, name: &str, recipient: &str) -> Result<Box<dyn age::Recipient>, String>;

    /// What decrypts with an identity of the plugin of this name; or why that is not possible.
    fn identity(&self, name: &str, identity: &str) -> Result<Box<dyn age::Identity>, String>;
}

/// No plugins.
#[derive(Clone, Copy, Debug)]
pub struct NoPlugins;

/// The programs `age-plugin-NAME` on the `PATH`. Finding and starting them is done by `age`.
#[derive(Clone, Debug)]
pub struct Programs<C> {
    callbacks: C,
}

impl<C: Callbacks> Programs<C> {
    /// Plugins talk to whoever uses them by these callbacks.
    pub fn new(callbacks: C) -> Self {
        Self { callbacks }
    }
}

impl Plugins for NoPlugins {
    fn recipient(&self, _: &str, _: &str) -> Result<Box<dyn age::Recipient>, String> {
        Err("plugins are not used here".to_owned())
    }

    fn identity(&self, _: &str, _: &str) -> Result<Box<dyn age::Identity>, String> {
        Err("plugins are not used here".to_owned())
    }
}

impl<C: Callbacks> Plugins for Programs<C> {
    fn recipient(&self, name: &str, recipient: &str) -> Result<Box<dyn age::Recipient>, String> {
        let recipient: plugin::Recipient = recipient.parse().map_err(str::to_owned)?;
        let plugin = RecipientPluginV1::new(name, &[recipient], &[], self.callbacks.clone());
        plugin.map(|plugin| Box::new(plugin) as Box<dyn age::Recipient>).map_err(|error| not_found(&error))
    }

    fn identity(&self, name: &str, identity: &str) -> Result<Box<dyn age::Identity>, String> {
        let identity: plugin::Identity = identity.parse().map_err(str::to_owned)?;
        let plugin = IdentityPluginV1::new(name, &[identity], self.callbacks.clone());
        plugin.map(|plugin| Box::new(plugin) as Box<dyn age::Identity>).map_err(|error| not_found(&error))
    }
}

fn not_found(error: &ResolveError) -> String {
    match error {
        ResolveError::MissingPlugin { .. } => "there is no such program on the PATH".to_owned(),
        error => said(error),
    }
}

/// What age says about a plugin, on one line, and without the marks that it puts around what it inserts.
pub(super) fn said(error: &impl Display) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().replace(['\u{2068}', '\u{2069}'], "")
}
