//! What a person can choose: the section `hlc` of a client's settings.

use serde::Deserialize;

/// What is chosen; what is not said is as usual.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Settings {
    /// The documentation as pages.
    pub(crate) docs: Docs,
    /// Which words are shown in a text that do not stand in it.
    pub(crate) inlay_hints: InlayHints,
    /// Whether it is said above a declaration who uses it.
    pub(crate) lenses: bool,
    /// Whether what is deployed can be planned and applied from above its declaration.
    pub(crate) plan_lenses: bool,
    /// What is said where somebody points at something.
    pub(crate) hover: Hover,
    /// Whether a document is brought into its usual form before it is saved.
    pub(crate) format_on_save: bool,
}

/// The documentation as pages: the book that `docs/book` makes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Docs {
    /// Where it begins, on the web or on a disk; nothing is linked where that is empty.
    pub(crate) url: String,
}

/// Sorts of hints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct InlayHints {
    /// Types of variables.
    pub(crate) types: bool,
    /// What declarations come to: addresses of ports, URLs.
    pub(crate) values: bool,
}

/// What is said where somebody points at something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Hover {
    /// How what is deployed is doing.
    pub(crate) live: bool,
}

impl Settings {
    /// The name of the section.
    pub(crate) const SECTION: &str = "hlc";
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            docs: Docs::default(),
            inlay_hints: InlayHints::default(),
            lenses: true,
            plan_lenses: true,
            hover: Hover::default(),
            format_on_save: false,
        }
    }
}

impl Default for Hover {
    fn default() -> Self {
        Self { live: true }
    }
}

impl Default for InlayHints {
    fn default() -> Self {
        Self { types: true, values: true }
    }
}
