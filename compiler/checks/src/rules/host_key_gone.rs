//! `host-key-gone`: a host that has secrets, and could not be given them any more.

use diagnostics::{Problem, declare_rule};

use super::reader_without_key::{secrets, some_of};
use crate::facts::HostFact;
use crate::lab::Lab;

declare_rule! { pub HOST_KEY_GONE, "host-key-gone", error, since "0.1", "a host that has secrets, and could not be given them any more", page "host_key_gone.md" }

/// Looks for hosts without a key that an earlier build gave secrets to: the next one would take them away.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let Some(known) = lab.known.filter(|known| known.values.is_some()) else { return Vec::new() };
    let hosts = lab.hosts.iter().filter(|host| !host.has_key && known.holders.contains(&host.name));
    hosts.filter_map(|host| Some(host_key_gone(host, &some_of(&secrets(lab, host))?))).collect()
}

fn host_key_gone(host: &HostFact, what: &str) -> Problem {
    let name = &host.name;
    let message =
        format!("host '{name}' has no 'host-key' any more, and a build would take away its secrets: {what}");
    Problem::new(&HOST_KEY_GONE, host.place.clone(), message).help(format!(
        "put its 'host-key' back, or the one that it has now; if it is to have none for a while, remove \
         'nixos/secrets/{name}.yaml' and 'nixos/secrets/{name}/' first"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, KEY, at, machine, problems_knowing, secret_file, stored_names};
    use domain::RecipientKey;
    use model::SecretFacts;

    fn found(host: &model::Host, known: &SecretFacts) -> Vec<String> {
        let entities = [host.clone().into_entity()];
        let problems = problems_knowing(&HOST_KEY_GONE, &entities, Some(known)).into_iter();
        problems.map(|problem| problem.message).collect()
    }

    #[test]
    fn what_a_host_has_is_not_taken_away() {
        let mut host = machine("a", "192.168.1.10");
        let mut known = stored_names(&["wifi"]);
        known.holders = ["a".to_owned(), "gone".to_owned()].into();
        assert_eq!(found(&host, &known), [""; 0], "it needs nothing any more");
        host.secrets = vec![secret_file("wifi")];
        assert_eq!(
            found(&host, &known),
            ["host 'a' has no 'host-key' any more, and a build would take away its secrets: 'wifi'"]
        );
        let new = stored_names(&["wifi"]);
        assert_eq!(found(&host, &new), [""; 0], "it was given nothing yet");
        let lost = SecretFacts { values: None, ..known.clone() };
        assert_eq!(found(&host, &lost), [""; 0], "there is no file of values, which is said elsewhere");
        host.host_key = Some(at(RecipientKey::parse(KEY).unwrap()));
        assert_eq!(found(&host, &known), [""; 0]);
    }
}
