//! The SOPS file format with age: secrets files that are read, verified, written and stably re-encrypted.
//!
//! ```
//! use sops::keys::{Access, Identities};
//! use sops::{Document, Format, Outcome, Settings, Timestamp, Tree, Value, encrypt};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use age::secrecy::ExposeSecret;
//! # let key = age::x25519::Identity::generate();
//! # let (recipient, identity) = (key.to_public().to_string(), key.to_string().expose_secret().to_owned());
//! let mut tree = Tree::new();
//! tree.insert("password", Value::str("correct horse")).expect("a new name");
//! let settings = Settings::new([recipient.parse()?], Timestamp::from_unix(1_779_480_983));
//! let file = encrypt(&tree, Format::Yaml, &settings)?;
//!
//! let document = Document::parse(file.as_bytes(), Format::Yaml)?;
//! let mut identities = Identities::new();
//! identities.add(identity.as_bytes(), "keys.txt")?;
//! let key = document.unwrap_key(&Access::new(&identities))?;
//! assert!(document.decrypt(&key)? == tree);
//! assert!(document.verify(&key, &tree.shape(), &settings).is_ok());
//! assert!(matches!(document.update(&key, &tree, &settings)?, Outcome::Untouched));
//! # Ok(())
//! # }
//! ```
//!
//! A file is read in three steps that can be told apart: [`Document::parse`] knows its form, [`Document::unwrap_key`]
//! who can read it, and [`Document::decrypt`] gives out values, after the MAC has shown that none was added, removed,
//! changed or moved. [`Document::verify`] finds, besides, what SOPS itself overlooks. [`Document::update`] changes as
//! little as is safe: an IV is kept for the value that it was made for, and for nothing else.
//!
//! Everything here is a function from bytes to bytes: no files, no environment, no clock. There are two exceptions. Keys
//! and IVs come from the operating system's randomness, and age plugins are programs, which are started only for those
//! who hand in [`keys::plugins::Programs`].
//!
//! Values in the clear, data keys and identities are wiped from memory when they are dropped, print as dots, and cannot
//! be cloned. Names of values, types, and the lengths of values are no secrets in this format.

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
pub use encrypt::{encrypt, encrypt_for, encrypt_with, unwrapped, wrapped};
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
