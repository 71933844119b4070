//! `unusable-ssh-key`: a public key with which nobody can log in.

use diagnostics::{Problem, declare_rule};
use domain::Invalid;
use model::At;

use crate::lab::Lab;

declare_rule! { pub UNUSABLE_SSH_KEY, "unusable-ssh-key", error, since "0.1", "a public key with which nobody can log in", page "unusable_ssh_key.md" }

/// Looks for keys of users that are none, or not all of one.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let keys = lab.users.iter().flat_map(|user| &user.unusable_keys);
    keys.map(unusable_ssh_key).collect()
}

/// OpenSSH would not take the key.
fn unusable_ssh_key(key: &At<Invalid>) -> Problem {
    let problem = Problem::new(&UNUSABLE_SSH_KEY, key.place.clone(), key.reason.clone());
    match &key.help {
        Some(help) => problem.help(help.clone()),
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{messages, user};

    #[test]
    fn keys_are_whole() {
        let key =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA ana@laptop";
        let found = |key: &str| messages(&UNUSABLE_SSH_KEY, &[user("ana", &["wheel"], &[key])]);
        assert_eq!(found(key), [""; 0]);
        for broken in [&key[..70], "ssh-ed25519 hello", &key.replace("ssh-ed25519", "ssh-rsa")] {
            assert_eq!(found(broken).len(), 1, "{broken}");
        }
    }
}
