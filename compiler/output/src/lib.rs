//! Writes what was built.
