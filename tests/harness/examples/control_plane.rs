//! A control plane for scripts: starts it, prints the path of its kubeconfig, and ends it when standard input does.
//!
//! ```text
//! cargo run -p harness --example control_plane -- [NODES [PODS]]     one node of 110 pods, if nothing is said
//! ```
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "it speaks to whoever starts it")]

use std::io::Read;

use harness::control_plane::{ControlPlane, Node};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let nodes: usize = arguments.next().map_or(1, |nodes| nodes.parse().expect("a number of nodes"));
    let pods = arguments.next().unwrap_or_else(|| "110".to_owned());
    let node = |nth: usize| Node::new(&format!("node-{nth}")).allocatable("pods", &pods);
    let nodes: Vec<Node> = (0..nodes).map(node).collect();
    let plane = ControlPlane::start(&nodes);
    println!("{}", plane.kubeconfig().display());
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
