//! Tests of the pipeline as a whole.

mod backstop;
mod flags;
mod incremental;
mod recovery;
mod references;
mod support;
mod units;

/// What the labs of several tests begin with.
const BEGINNING: &str = r#"
lab home { domain = "home.example.net" }
network lan { cidr = 192.168.1.0/24, gateway = 192.168.1.1, dns = [192.168.1.1] }
user ana {
  groups   = [wheel]
  ssh-keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA ana@laptop"]
}
"#;
