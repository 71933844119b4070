//! written, to be filled
