//! `no-admin`: a host that nobody can look after.

use std::collections::BTreeSet;

use diagnostics::{Problem, declare_rule};

use crate::facts::{HostFact, Own};
use crate::lab::Lab;

declare_rule! { pub NO_ADMIN, "no-admin", warning, since "0.1", "a host where nobody can log in and become root", page "no_admin.md" }

/// Looks for hosts without a user who is in `wheel` and can log in. Accounts in `nixos` are nobody's business.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let admins: BTreeSet<&str> =
        lab.users.iter().filter(|user| user.is_admin).map(|user| user.name.as_str()).collect();
    let left_alone = lab.hosts.iter().filter(|_| lab.is_whole).filter(|host| {
        !host.own.contains(&Own::Users) && !host.users.iter().any(|user| admins.contains(user.as_str()))
    });
    left_alone.map(|host| no_admin(host)).collect()
}

/// None of the host's users can log in and become root.
fn no_admin(host: &HostFact) -> Problem {
    let message =
        format!("nobody can look after host '{}': none of its users can log in and become root", host.name);
    let help = if host.users.is_empty() {
        "add 'users' with one who has 'groups = [wheel]' and an SSH key or a password"
    } else {
        "give one of its 'users' both 'groups = [wheel]' and an SSH key or a password"
    };
    Problem::new(&NO_ADMIN, host.place.clone(), message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{machine, messages, options, user};
    use model::{Data, Entity};

    fn found(users: &[&str], groups: &[&str], keys: &[&str]) -> usize {
        let mut host = machine("a", "192.168.1.10");
        host.users = users.iter().map(|&user| user.to_owned()).collect();
        messages(&NO_ADMIN, &[user("ana", groups, keys), Entity::Host(Box::new(host))]).len()
    }

    #[test]
    fn somebody_looks_after_each_host() {
        assert_eq!(found(&["ana"], &["wheel"], &["ssh-ed25519 AAAA"]), 0);
        assert_eq!(found(&[], &["wheel"], &["ssh-ed25519 AAAA"]), 1);
        assert_eq!(found(&["ana"], &[], &["ssh-ed25519 AAAA"]), 1);
        assert_eq!(found(&["ana"], &["wheel"], &[]), 1);
    }

    #[test]
    fn accounts_of_nixos_are_fine() {
        let mut host = machine("a", "192.168.1.10");
        host.nixos = options(&[("users.users.ops.isNormalUser", Data::Bool(true))]);
        assert_eq!(messages(&NO_ADMIN, &[Entity::Host(Box::new(host))]), [""; 0]);
    }
}
