//! What a delivered file is made of, without any value: so that a build without a key knows whether it is up to date.
//!
//! In the place of each value stands what it is encrypted to in the file of all values. That changes when the value
//! does, and tells nobody anything about it: the same value is encrypted to something else each time.

use std::fmt;

use emit_secrets::{Delivered, Format};
use model::{Data, SecretPart, SecretRef};
use sha2::{Digest, Sha256};

use crate::source::DELIVERY;

/// What a delivered file is made of, as a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Fingerprint {
    /// Of what a file holds: its SHA-256.
    pub fn of_content(content: &[u8]) -> Self {
        Self(crate::generate::hex(&Sha256::digest(content)).to_string())
    }

    /// As it was noted somewhere.
    pub fn noted(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// In hexadecimal.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The fingerprint of a file; nothing where a value is not there. `sealed` says what a value is encrypted to.
pub fn fingerprint(file: &Delivered, sealed: &dyn Fn(&SecretRef) -> Option<String>) -> Option<Fingerprint> {
    let mut hash = Hash::of_file("hlc delivered 2", file);
    hash.text(&sealed(&SecretRef::whole(DELIVERY)).unwrap_or_default());
    hash.data(&file.tree, sealed)?;
    Some(Fingerprint(hash.finish()))
}

/// SHA-256 over texts and numbers, so that no two lists of them are alike.
#[derive(Clone)]
pub(crate) struct Hash(Sha256);

impl Hash {
    /// For `purpose`, over which file it is: its path, format and readers.
    pub(crate) fn of_file(purpose: &str, file: &Delivered) -> Self {
        let mut hash = Self::new(purpose);
        hash.text(&file.path);
        hash.text(match file.format {
            Format::Yaml => "yaml",
            Format::Binary => "binary",
        });
        hash.number(file.readers.len());
        file.readers.iter().for_each(|reader| hash.text(&reader.to_string()));
        hash
    }

    /// A hash for one purpose, which is like no hash for another.
    pub(crate) fn new(purpose: &str) -> Self {
        let mut hash = Self(Sha256::new());
        hash.text(purpose);
        hash
    }

    /// What it comes to, in hexadecimal.
    pub(crate) fn finish(self) -> String {
        crate::generate::hex(&self.0.finalize()).to_string()
    }

    pub(crate) fn number(&mut self, number: usize) {
        self.0.update((number as u64).to_be_bytes());
    }

    /// With its length before it.
    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.update(text.as_bytes());
    }

    fn data(&mut self, data: &Data, sealed: &dyn Fn(&SecretRef) -> Option<String>) -> Option<()> {
        match data {
            Data::Null => self.text("null"),
            Data::Bool(value) => self.text(if *value { "true" } else { "false" }),
            Data::Int(number) => self.text(&format!("int {number}")),
            Data::Float(number) => self.text(&format!("float {}", number.0)),
            Data::Text(text) | Data::Nix(text) => {
                self.text("text");
                self.text(text);
            }
            Data::Secret(text) => {
                self.text("secret");
                self.number(text.parts.len());
                for part in &text.parts {
                    match part {
                        SecretPart::Plain(plain) => {
                            self.text("plain");
                            self.text(plain);
                        }
                        SecretPart::Secret(secret) | SecretPart::Bytes(secret) => {
                            self.text("value");
                            self.text(&sealed(secret)?);
                        }
                    }
                }
            }
            Data::List(items) => {
                self.text("list");
                self.number(items.len());
                items.iter().try_for_each(|item| self.data(item, sealed))?;
            }
            Data::Map(entries) => {
                self.text("map");
                self.number(entries.len());
                for (key, entry) in entries {
                    self.text(key);
                    self.data(entry, sealed)?;
                }
            }
        }
        Some(())
    }
}
