//! What the lab says, in the words of the protocol: a feature a file.

pub(crate) mod actions;
pub(crate) mod completion;
pub(crate) mod diagnostics;
pub(crate) mod folding;
pub(crate) mod hierarchies;
pub(crate) mod hover;
pub(crate) mod inlay_hints;
pub(crate) mod lenses;
pub(crate) mod links;
pub(crate) mod selection;
pub(crate) mod semantic_tokens;
pub(crate) mod signature;
pub(crate) mod symbols;
