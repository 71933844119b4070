//! `secret-owner-unknown`: a file of a secret that belongs to nobody on its host.

use diagnostics::{Problem, declare_rule};

use crate::facts::HostFact;
use crate::lab::Lab;

declare_rule! { pub SECRET_OWNER_UNKNOWN, "secret-owner-unknown", warning, since "0.1", "the file of a secret that belongs to nobody on its host", page "secret_owner_unknown.md" }

/// Looks for owners of files who have no account on the host, as far as the lab says. What `local.nix` says is unknown
/// here.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let owned = lab.hosts.iter().flat_map(|host| host.strangers.iter().map(move |owned| (host, owned)));
    owned.map(|(host, (secret, owner))| secret_owner_unknown(lab, host, secret, owner)).collect()
}

/// There is no such account.
fn secret_owner_unknown(lab: &Lab<'_>, host: &HostFact, secret: &str, owner: &str) -> Problem {
    let message = format!(
        "secret '{secret}' is to belong to '{owner}' on host '{}', where nothing makes such an account",
        host.name
    );
    let declared = lab.secrets.iter().find(|one| one.name == secret);
    let place = declared.map_or(&host.place, |secret| &secret.place);
    let help = if lab.users.iter().any(|user| user.name == owner) {
        format!("add '{owner}' to 'users' of the host")
    } else {
        format!(
            "enable the service that has it, or declare the account: 'nixos {{ users.users.{owner} {{ … }} }}'"
        )
    };
    let problem = Problem::new(&SECRET_OWNER_UNKNOWN, place.clone(), message).help(help);
    if place == &host.place { problem } else { problem.also(host.place.clone(), "this host has the file") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{machine, messages, options, plain_secret, secret_file, user};
    use model::{Data, Entity, SecretFile};

    fn found(owner: &str, option: &str) -> usize {
        let mut host = machine("a", "192.168.1.10");
        host.users = vec!["ana".into()];
        host.secrets = vec![SecretFile { owner: Some(owner.into()), ..secret_file("key") }];
        host.nixos = options(&[(option, Data::Bool(true))]);
        let lab =
            [user("ana", &[], &[]), user("rui", &[], &[]), plain_secret("key"), Entity::Host(Box::new(host))];
        messages(&SECRET_OWNER_UNKNOWN, &lab).len()
    }

    #[test]
    fn files_belong_to_somebody() {
        for (owner, option, problems) in [
            ("ana", "x", 0),
            ("root", "x", 0),
            ("systemd-network", "x", 0),
            ("rui", "x", 1),
            ("grafana", "x", 1),
            ("grafana", "services.grafana.enable", 0),
            ("postgres", "services.postgresql.enable", 0),
            ("backup", "users.users.backup.isSystemUser", 0),
            ("backup", "users.groups.backups", 1),
        ] {
            assert_eq!(found(owner, option), problems, "{owner}, {option}");
        }
    }
}
