//! Drives the real binary in temporary folders, as a shell would.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests run the program on real files"
)]

mod basics;
mod build;
mod check;
mod explain;
mod files;
mod fmt;
mod init;
mod known_secrets;
mod value;
mod why;
mod world;
