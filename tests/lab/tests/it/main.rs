//! The reference lab at the root of the repository, through all of the compiler and all of the real tools.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests read the lab and write files for the tools to read"
)]

mod applied;
mod begun;
mod beside;
mod cluster;
mod committed;
mod delivered;
mod facts;
mod first_app;
mod flake;
mod growth;
mod handed_over;
mod lab;
mod left;
mod nixos;
mod real;
mod references;
mod rendered;
mod secrets;
mod stability;
mod validity;
mod values;
mod whole;
