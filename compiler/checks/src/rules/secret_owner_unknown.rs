//! `secret-owner-unknown`: a file of a secret that belongs to nobody on its host.

use diagnostics::{Problem, declare_rule};

use crate::facts::{HostFact, Stranger};
use crate::lab::Lab;

declare_rule! { pub SECRET_OWNER_UNKNOWN, "secret-owner-unknown", warning, since "0.1", "the file of a secret that belongs to nobody on its host", page "secret_owner_unknown.md" }

/// Looks for owners of files who have no account on the host, as far as the lab says. What `local.nix` says is unknown
/// here.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let all = lab.hosts.iter().flat_map(|host| host.strangers.iter().map(move |stranger| (*host, stranger)));
    let strange =
        all.filter(|(host, stranger)| !(stranger.is_group && is_group_of_users(lab, host, stranger)));
    strange.map(|(host, stranger)| secret_owner_unknown(lab, host, stranger)).collect()
}

/// Whether users of the host are in the group, or it is that of one of them.
fn is_group_of_users(lab: &Lab<'_>, host: &HostFact, stranger: &Stranger) -> bool {
    let users = lab.users.iter().filter(|user| host.users.contains(&user.name));
    let mut groups = users.flat_map(|user| &user.groups);
    groups.any(|group| *group == stranger.name)
}

/// There is no such account.
fn secret_owner_unknown(lab: &Lab<'_>, host: &HostFact, stranger: &Stranger) -> Problem {
    let Stranger { secret, name, is_group } = stranger;
    let (whom, what) = if *is_group { ("group ", "a group") } else { ("", "an account") };
    let message = format!(
        "secret '{secret}' is to belong to {whom}'{name}' on host '{}', where nothing makes such {what}",
        host.name
    );
    let declared = lab.secrets.iter().find(|one| one.name == *secret);
    let place = declared.map_or(&host.place, |secret| &secret.place);
    let is_user = !is_group && lab.users.iter().any(|user| user.name == *name);
    let help = if is_user {
        format!("add '{name}' to 'users' of the host")
    } else {
        let option = if *is_group { "groups" } else { "users" };
        format!("enable the service that has it, or declare it: 'nixos {{ users.{option}.{name} {{ … }} }}'")
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

    #[test]
    fn groups_are_there() {
        let found = |group: &str, option: &str| {
            let mut host = machine("a", "192.168.1.10");
            host.users = vec!["ana".into()];
            host.secrets = vec![SecretFile { group: Some(group.into()), ..secret_file("key") }];
            host.nixos = options(&[(option, Data::Bool(true))]);
            let lab = [user("ana", &["backup"], &[]), plain_secret("key"), Entity::Host(Box::new(host))];
            messages(&SECRET_OWNER_UNKNOWN, &lab)
        };
        assert_eq!(found("wheel", "x"), [""; 0]);
        assert_eq!(found("backup", "x"), [""; 0], "ana is in it");
        assert_eq!(found("grafana", "services.grafana.enable"), [""; 0]);
        assert_eq!(
            found("grafana", "x"),
            ["secret 'key' is to belong to group 'grafana' on host 'a', where nothing makes such a group"]
        );
    }
}
