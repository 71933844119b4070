//! identities, to be filled
