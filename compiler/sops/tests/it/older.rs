//! older, to be filled
