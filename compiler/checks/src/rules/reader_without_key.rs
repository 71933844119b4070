//! `reader-without-key`: secrets for somebody whom they cannot be encrypted to.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Problem, declare_rule};

use crate::facts::HostFact;
use crate::lab::Lab;

declare_rule! { pub READER_WITHOUT_KEY, "reader-without-key", warning, since "0.1", "secrets for somebody whom they cannot be encrypted to", page "reader_without_key.md" }

/// Looks for hosts with secrets and without a key, once there are values to be encrypted.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    if lab.known.is_none_or(|known| known.values.is_none()) {
        return Vec::new();
    }
    let nobody = lab.values().next().filter(|_| lab.recipients.is_empty()).map(|(_, value)| {
        Problem::new(
            &READER_WITHOUT_KEY,
            value.place.clone(),
            "no recipient is declared, so nobody can read the lab's secrets",
        )
        .help(
            "declare who may: 'recipient NAME = \"age1…\"', with the public key that 'age-keygen -o \
             ~/.config/sops/age/keys.txt' prints",
        )
    });
    // What was there and would go is another matter.
    let is_holder = |host: &HostFact| lab.known.is_some_and(|known| known.holders.contains(&host.name));
    let hosts = lab.hosts.iter().filter(|host| !host.has_key && !is_holder(host));
    nobody.into_iter().chain(hosts.filter_map(|host| reader_without_key(host, &secrets(lab, host)))).collect()
}

/// What is decrypted on a host.
pub(super) fn secrets(lab: &Lab<'_>, host: &HostFact) -> BTreeSet<String> {
    let passwords: BTreeMap<&str, &String> =
        lab.users.iter().filter_map(|user| Some((user.name.as_str(), user.password.as_ref()?))).collect();
    let passwords = host.users.iter().filter_map(|user| passwords.get(user.as_str()).copied());
    let mut all: BTreeSet<String> = passwords.chain(&host.secrets).cloned().collect();
    for cluster in &lab.clusters {
        let is_node = cluster.nodes().any(|node| node.name == host.name);
        all.extend(is_node.then(|| cluster.token.name.clone()));
    }
    all
}

/// The host has secrets, and no key.
fn reader_without_key(host: &HostFact, secrets: &BTreeSet<String>) -> Option<Problem> {
    let what = some_of(secrets)?;
    let message =
        format!("host '{}' has no 'host-key', so it cannot be given its secrets: {what}", host.name);
    let problem = Problem::new(&READER_WITHOUT_KEY, host.place.clone(), message);
    Some(problem.help(format!(
        "add 'host-key = \"ssh-ed25519 …\"', as 'ssh-keyscan -t ed25519 {}' prints it",
        host.address.value
    )))
}

/// The first of them, and how many more there are.
pub(super) fn some_of(secrets: &BTreeSet<String>) -> Option<String> {
    let (first, more) = (secrets.first()?, secrets.len() - 1);
    Some(if more == 0 { format!("'{first}'") } else { format!("'{first}' and {more} more") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        IntoEntity as _, KEY, at, cluster, host, machine, plain_secret, problems_knowing, recipient,
        secret_file, stored_names,
    };
    use domain::RecipientKey;
    use model::Entity;

    fn found(entities: &[Entity]) -> Vec<String> {
        let known = stored_names(&["a"]);
        let problems = problems_knowing(&READER_WITHOUT_KEY, entities, Some(&known)).into_iter();
        problems.map(|problem| problem.message).collect()
    }

    #[test]
    fn hosts_with_secrets_have_a_key() {
        let mut one = machine("a", "192.168.1.10");
        one.secrets = vec![secret_file("wifi")];
        let k3s = || cluster(&["a"], &["b"]).into_entity();
        let lab = |one: &model::Host| {
            [one.clone().into_entity(), host("b", "192.168.1.11"), host("c", "192.168.1.12"), k3s()]
        };
        assert_eq!(
            found(&lab(&one)),
            [
                "host 'a' has no 'host-key', so it cannot be given its secrets: 'k3s-token' and 1 more",
                "host 'b' has no 'host-key', so it cannot be given its secrets: 'k3s-token'",
            ]
        );
        one.host_key = Some(at(RecipientKey::parse(KEY).unwrap()));
        assert_eq!(found(&lab(&one)).len(), 1);
        assert_eq!(problems_knowing(&READER_WITHOUT_KEY, &lab(&one), None), []);
    }

    #[test]
    fn somebody_reads_all() {
        let nobody = "no recipient is declared, so nobody can read the lab's secrets";
        assert_eq!(found(&[plain_secret("a")]), [nobody]);
        assert_eq!(found(&[plain_secret("a"), recipient("laptop")]), [""; 0]);
        assert_eq!(found(&[]), [""; 0]);
    }
}
