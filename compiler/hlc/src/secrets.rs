//! The edge that secrets need: whose keys are here, what is asked of a person, and the file of all values.

pub(crate) mod ask;
pub(crate) mod copies;
mod dumps;
pub(crate) mod editor;
pub(crate) mod hidden;
pub(crate) mod keys;
pub(crate) mod seen;
mod signals;
pub(crate) mod store;
