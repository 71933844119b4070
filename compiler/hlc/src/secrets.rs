//! The edge that secrets need: whose keys are here, what is asked of a person, and the file of all values.

pub(crate) mod ask;
pub(crate) mod clock;
pub(crate) mod delivered;
pub(crate) mod editor;
mod index;
pub(crate) mod keys;
pub(crate) mod store;
