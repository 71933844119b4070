//! The SOPS file format with age: secrets files that are read, verified, written and stably re-encrypted.

mod data_key;
mod difference;
mod document;
mod encrypt;
mod error;
mod format;
mod mac;
mod metadata;
mod path;
mod random;
mod rule;
mod sealed;
mod settings;
mod shown;
mod store;
mod text;
mod timestamp;
mod tree;
mod update;
mod value;
mod verify;
mod visible;

pub mod keys;

pub use data_key::{DataKey, Opened};
pub use document::Document;
pub use encrypt::{encrypt, encrypt_with};
pub use error::{Error, Place, Problem};
pub use format::Format;
pub use metadata::{Entry, Group, Metadata};
pub use path::Path;
pub use rule::{Pattern, Rule};
pub use settings::Settings;
pub use store::LARGEST;
pub use timestamp::Timestamp;
pub use tree::{DEEPEST, Map, Node};
pub use update::{Outcome, Rewritten};
pub use value::{Kind, Secret, Tree, Value};
pub use verify::{Deviation, Shape};
pub use visible::Visible;
