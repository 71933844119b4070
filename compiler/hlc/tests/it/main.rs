//! Drives the real binary in temporary folders, as a shell would.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests run the program on real files"
)]

mod basics;
mod both_layers;
mod build;
mod check;
mod cluster;
mod cluster_cut;
mod cluster_nodes;
mod cluster_releases;
mod cluster_status;
mod cluster_turns;
mod cluster_watched;
mod cluster_whose;
mod diff;
mod explain;
mod files;
mod fix;
mod fmt;
mod hostile;
mod hosts;
mod hosts_between;
mod hosts_built;
mod hosts_faults;
mod hosts_lost;
mod hosts_power;
mod hosts_saved;
mod hosts_turns;
mod init;
mod install;
mod known_secrets;
mod lsp;
mod lsp_live;
mod noted;
mod people;
mod secrets_attacked;
mod secrets_build;
mod secrets_disk;
mod secrets_edit;
mod secrets_generate;
mod secrets_import;
mod secrets_kept;
mod secrets_kinds;
mod secrets_leaks;
mod secrets_merge;
mod secrets_mistakes;
mod secrets_objects;
mod secrets_pairs;
mod secrets_random;
mod secrets_readers;
mod secrets_renamed;
mod secrets_rotation;
mod secrets_tampered;
mod secrets_typed;
mod value;
mod vault;
mod watch;
mod why;
mod world;
