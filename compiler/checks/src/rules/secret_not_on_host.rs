//! `secret-not-on-host`: the file of a secret that a host does not have.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Problem, declare_rule};

use crate::facts::HostFact;
use crate::lab::Lab;

declare_rule! { pub SECRET_NOT_ON_HOST, "secret-not-on-host", error, since "0.1", "the file of a secret that a host does not have", page "secret_not_on_host.md" }

/// Looks for paths of secrets in the options of hosts that are not given them, and for files that are passwords.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let declared: BTreeSet<String> = lab
        .secrets
        .iter()
        .flat_map(|secret| {
            let keys = secret.named_values().map(|(secret, _)| secret.to_string());
            keys.chain([secret.name.clone()]).collect::<Vec<_>>()
        })
        .collect();
    let passwords: BTreeMap<&str, &str> =
        lab.users.iter().filter_map(|user| Some((user.name.as_str(), user.password.as_deref()?))).collect();
    lab.hosts
        .iter()
        .flat_map(|host| {
            let named = unknown_files(host, &declared);
            named.into_iter().chain(password_files(host, &passwords))
        })
        .collect()
}

/// The options name files that are not there.
fn unknown_files(host: &HostFact, declared: &BTreeSet<String>) -> Vec<Problem> {
    let is_missing =
        |name: &&model::At<String>| declared.contains(&name.value) && !host.secrets.contains(&name.value);
    let missing = host.secret_paths.iter().filter(is_missing);
    let problem = |name: &model::At<String>| {
        let message = format!("host '{}' does not have the file of secret '{}'", host.name, name.value);
        Problem::new(&SECRET_NOT_ON_HOST, name.place.clone(), message)
            .also(host.place.clone(), "the host is declared here")
            .help(format!("add it: 'secrets = [{}]' in the host or its template", name.value))
    };
    missing.map(problem).collect()
}

/// A password is decrypted before there are users, to another place.
fn password_files(host: &HostFact, passwords: &BTreeMap<&str, &str>) -> Vec<Problem> {
    let of_users = host.users.iter().filter_map(|user| Some((user, *passwords.get(user.as_str())?)));
    let both = of_users.filter(|(_, password)| host.secrets.contains(*password));
    let problem = |(user, password): (&String, &str)| {
        let message = format!(
            "secret '{password}' is the password of user '{user}' on host '{}', and cannot be a file there too",
            host.name
        );
        Problem::new(&SECRET_NOT_ON_HOST, host.place.clone(), message)
            .help("take it out of 'secrets', or declare another secret")
    };
    both.map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, machine, messages, options, plain_secret, secret_file, user};
    use model::{Data, Entity};

    fn lab(set: &[&str], path: &str) -> Vec<Entity> {
        let mut host = machine("a", "192.168.1.10");
        host.secrets = set.iter().map(|name| secret_file(name)).collect();
        host.users = vec!["ana".into()];
        host.nixos = options(&[("services.x.passwordFile", Data::Text(path.into()))]);
        let Entity::User(mut ana) = user("ana", &[], &[]) else { unreachable!() };
        ana.password = Some(secret_file("ana-password"));
        vec![host.into_entity(), plain_secret("backup"), plain_secret("ana-password"), Entity::User(ana)]
    }

    #[test]
    fn files_are_on_the_host_that_reads_them() {
        let found = |set: &[&str], path: &str| messages(&SECRET_NOT_ON_HOST, &lab(set, path));
        let missing = "host 'a' does not have the file of secret 'backup'";
        assert_eq!(found(&[], "/run/secrets/backup"), [missing]);
        assert_eq!(found(&[], "cat /run/secrets/backup, then"), [missing]);
        assert_eq!(found(&["backup"], "/run/secrets/backup"), [""; 0]);
        assert_eq!(found(&[], "/run/secrets/of-my-own"), [""; 0]);
    }

    #[test]
    fn passwords_are_no_files() {
        assert_eq!(
            messages(&SECRET_NOT_ON_HOST, &lab(&["ana-password"], "")),
            [
                "secret 'ana-password' is the password of user 'ana' on host 'a', and cannot be a file there too"
            ]
        );
    }
}
