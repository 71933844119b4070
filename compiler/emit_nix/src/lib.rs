//! NixOS configurations of a lab's hosts, as a flake.
//!
//! ```text
//! flake.nix                     the hosts and what they are built from
//! lines.nix                     where the options of `nixos` blocks stand
//! modules/common.nix            what all hosts have in common
//! modules/k3s.nix               what all nodes of the cluster have in common
//! modules/k3s-server.nix        what its servers have in common
//! modules/users/<user>.nix      an account
//! hosts/<host>/default.nix      a host
//! hosts/<host>/disks.nix        its disks, as disko has them
//! hosts/<host>/nixos.nix        its `nixos` blocks
//! ```
//!
//! Each function makes the files of one thing from that thing and the few others that it names, so that a change
//! makes few files anew. All paths are relative to the folder of the flake.
//!
//! Who wins, from strong to weak: `local.nix` with `lib.mkForce`; `nixos` blocks and `local.nix`; what is derived
//! here, as far as it is `lib.mkDefault`. Facts that other machines rely on (names, addresses, the cluster's flags)
//! are no defaults: a second opinion on them is a conflict, which Nix reports with the lines of both.
//!
//! This crate knows no syntax and does no IO.

mod blocks;
mod boot;
mod cluster;
mod common;
mod disks;
mod firewall;
mod flake;
mod host;
mod network;
pub mod nix;
mod support;
mod user;

pub use blocks::{block_keys, emit_lines};
pub use cluster::emit_cluster;
pub use flake::emit_flake;
pub use host::{HostInput, emit_host};
pub use user::emit_user;
