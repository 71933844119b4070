//! What `hlc install` can be told.

use std::path::PathBuf;

/// What `install` can be told.
#[derive(clap::Args)]
pub(crate) struct Install {
    /// The host
    #[arg(value_name = "HOST")]
    pub(crate) host: String,
    /// Where the installer is reached; where the host will be when left out
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) at: Option<String>,
    /// Who logs in to the installer, and is root or becomes it without a password
    #[arg(long, value_name = "USER", default_value = "root")]
    pub(crate) user: String,
    /// The port of the installer's SSH; what ssh makes of it when left out
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// The host key that the installer must show: `ssh-ed25519 AAAA…`; one that your ssh knows when left out
    #[arg(long, value_name = "KEY", value_parser = public_key)]
    pub(crate) installer_key: Option<String>,
    /// The private half of the host's key, where it is a pair that you have: a file, or `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) host_key: Option<PathBuf>,
    /// Erase this disk without asking; only if each disk of the host is named so, and no other
    #[arg(long, value_name = "DEVICE")]
    pub(crate) erase: Vec<String>,
    /// Take the machine's hardware-configuration.nix in the place of one that is there
    #[arg(long)]
    pub(crate) new_hardware: bool,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How long to wait until the host is back after its start, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: u64,
}

/// A key as a `.pub` file has it, without what is behind it.
fn public_key(text: &str) -> Result<String, String> {
    let mut words = text.split_whitespace();
    match (words.next(), words.next()) {
        (Some("ssh-ed25519"), Some(key)) => Ok(format!("ssh-ed25519 {key}")),
        _ => Err("it is not 'ssh-ed25519 AAAA…', as /etc/ssh/ssh_host_ed25519_key.pub is".to_owned()),
    }
}
