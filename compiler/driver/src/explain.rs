//! What kinds, fields, types and functions are, in words: for `hlc explain`, editors and the book of the documentation.

mod declared;
mod examples;
mod told;
mod topic;

pub use self::declared::{functions, kinds, types};
pub use self::told::{Reader, summary, told};
pub use self::topic::Topic;
