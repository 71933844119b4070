//! What is made, kept, delivered and checked, from outside.

mod delivery;
mod fingerprints;
mod generators;
mod kept;
mod keys;
mod merged;
mod sealed;
