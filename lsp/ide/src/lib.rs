//! What an editor asks of a lab: one feature a file, each a plain function over a [`driver::Session`].
//!
//! ```text
//! file, byte ─▶ feature ─▶ plain data: files, bytes, texts
//! ```
//!
//! Nothing here knows LSP, waits, or reads a file: whoever speaks to an editor converts.

mod assists;
mod built;
mod call_hierarchy;
mod completion;
mod data_paths;
mod definition;
mod deployed;
mod file_renames;
mod fixes;
mod folding;
mod format;
mod here;
mod hover;
mod implementation;
mod inlay_hints;
mod kubernetes_fields;
mod lenses;
mod linked_editing;
mod links;
mod organize_imports;
mod range;
mod raw_keys;
mod references;
mod rename;
mod selection;
mod semantic_tokens;
mod signature_help;
mod subject;
mod symbols;
mod tree;
mod type_hierarchy;
mod why;
mod workspace_symbols;

pub use assists::{Assist, AssistSort, assists};
pub use built::{BuiltFrom, built, built_from};
pub use call_hierarchy::{Call, call_subject, incoming_calls, outgoing_calls};
pub use completion::{Completion, completion, documentation};
pub use definition::{definition, type_definition};
pub use deployed::{Deployed, deployed, objects, targets};
pub use file_renames::rename_files;
pub use fixes::{OfferedFix, fix_all, fixes};
pub use folding::{Fold, FoldSort, folds};
pub use format::{format, format_on_type, format_range};
pub use hover::{Hover, hover};
pub use implementation::implementation;
pub use inlay_hints::{HintSort, InlayHint, hint_tooltip, inlay_hints};
pub use lenses::{Lens, lens, lens_places};
pub use linked_editing::linked_editing;
pub use links::{Link, link_tooltip, links};
pub use organize_imports::organize_imports;
pub use range::{FileEdit, FilePosition, FileRange};
pub use references::{highlight, references};
pub use rename::{prepare_rename, rename};
pub use selection::selections;
pub use semantic_tokens::{SemanticToken, TokenSort, semantic_tokens};
pub use signature_help::{SignatureHelp, signature_help};
pub use symbols::{Symbol, SymbolKind, document_symbols};
pub use type_hierarchy::{subtypes, supertypes, type_subject};
pub use why::why;
pub use workspace_symbols::workspace_symbols;
