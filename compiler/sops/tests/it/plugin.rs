//! plugin, to be filled
