//! foreign, to be filled
