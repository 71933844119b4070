//! Places in files, in bytes.

use smol_str::SmolStr;

/// A place between two bytes of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FilePosition {
    /// The file, as the lab names it: relative to its folder, or `std/…` of the library. Most names are short, and of
    /// places there are many.
    pub file: SmolStr,
    /// Bytes before it.
    pub offset: u32,
}

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileRange {
    /// The file, as the lab names it.
    pub file: SmolStr,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Puts a text where another stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileEdit {
    /// What is replaced; empty to insert.
    pub range: FileRange,
    /// What stands there afterwards.
    pub text: String,
}

impl FileRange {
    /// A part of a file.
    pub fn new(file: &str, start: u32, end: u32) -> Self {
        Self { file: file.into(), start, end }
    }

    /// Whether a byte is in it, or right behind it.
    pub fn touches(&self, offset: u32) -> bool {
        (self.start..=self.end).contains(&offset)
    }
}

impl FileEdit {
    /// Puts `text` where `range` is.
    pub fn new(range: FileRange, text: impl Into<String>) -> Self {
        Self { range, text: text.into() }
    }
}
