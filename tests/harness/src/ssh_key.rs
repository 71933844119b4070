//! SSH host keys, and what age and SOPS need to read with them what hosts read.

use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bech32::{Bech32, Hrp};
use sha2::{Digest, Sha512};

use crate::outcome::Outcome;

/// An Ed25519 host key of one test, as OpenSSH makes it when a host starts for the first time.
pub struct HostKey {
    private: String,
    public: String,
}

impl HostKey {
    /// A new one.
    #[track_caller]
    pub fn generate() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("ssh_host_ed25519_key");
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-q", "-t", "ed25519", "-N", "", "-C", "root@host", "-f"]).arg(&file);
        Outcome::of(&mut keygen).succeeded();
        let read = |name: &str| std::fs::read_to_string(file.with_extension(name)).expect("a key was made");
        Self { private: read(""), public: read("pub").trim().to_owned() }
    }

    /// The private half, as OpenSSH keeps it.
    pub fn private(&self) -> &str {
        &self.private
    }

    /// The line for `host-key`.
    pub fn public(&self) -> &str {
        &self.public
    }

    /// The identity of age that sops-nix makes of the key when the host starts: the Ed25519 seed, hashed, is a key of
    /// X25519.
    #[track_caller]
    pub fn age_identity(&self) -> String {
        let body: String = self.private.lines().filter(|line| !line.starts_with("-----")).collect();
        let private = BASE64_STANDARD.decode(body).expect("an OpenSSH key is Base64");
        let public = self.public.split(' ').nth(1).expect("a public key has three words");
        let public = BASE64_STANDARD.decode(public).expect("a public key is Base64");
        // The private half stands directly before the public one, the second time that it is there.
        let point = &public[public.len() - 32..];
        let at = private.windows(32).rposition(|window| window == point).expect("both halves are there");
        let key = &Sha512::digest(&private[at - 32..at])[..32];
        let prefix = Hrp::parse("age-secret-key-").expect("a prefix");
        bech32::encode::<Bech32>(prefix, key).expect("a key is short").to_uppercase()
    }
}
