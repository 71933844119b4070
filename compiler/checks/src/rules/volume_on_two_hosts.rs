//! `volume-on-two-hosts`: a volume of one host for pods on two.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Problem, declare_rule};
use model::Access;
use source::Place;

use super::collision;
use crate::facts::WorkloadFact;
use crate::lab::Lab;

declare_rule! { pub VOLUME_ON_TWO_HOSTS, "volume-on-two-hosts", error, since "0.1", "a volume of one host for pods on two", page "volume_on_two_hosts.md" }

/// A claim by its namespace and name.
type Key<'a> = (&'a str, &'a str);

/// Who mounts a claim, on which host.
type Mount<'a> = (&'a WorkloadFact, &'a str, &'a Place);

/// Looks for claims that only pods of one host can mount, and that are mounted on several.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let all = || {
        lab.workloads.iter().flat_map(|&work| {
            let key = |name| (work.placement.namespace.as_str(), name);
            work.claims.iter().map(move |claim| (key(claim.name.as_str()), work, claim))
        })
    };
    let narrow = all().filter(|(_, _, claim)| claim.own == Some(Access::OneHost));
    let narrow: BTreeSet<Key<'_>> = narrow.map(|(key, ..)| key).collect();
    let mut first: BTreeMap<Key<'_>, Mount<'_>> = BTreeMap::new();
    let mut problems = Vec::new();
    for (key, work, claim) in all().filter(|(key, ..)| narrow.contains(key)) {
        let Some(pin) = work.pin() else { continue };
        match first.get(&key) {
            Some((_, host, _)) if *host == pin.host => {}
            Some(first) => problems.push(volume_on_two_hosts(key.1, first, &(work, pin.host, &claim.place))),
            None => {
                first.insert(key, (work, pin.host, &claim.place));
            }
        }
    }
    problems
}

/// Both mount the claim, on different hosts.
fn volume_on_two_hosts(claim: &str, first: &Mount<'_>, later: &Mount<'_>) -> Problem {
    let message = format!(
        "{} mounts volume '{claim}' on host '{}', but it is on host '{}' with {}",
        later.0.shown(),
        later.1,
        first.1,
        first.0.shown()
    );
    collision(
        &VOLUME_ON_TWO_HOSTS,
        message,
        (first.2, format!("mounted on host '{}'", first.1)),
        (later.2, format!("mounted on host '{}'", later.1)),
    )
    .help("let both run on one host, or give the volume 'access = many-hosts' and a 'class' that can do that")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, claim, job, messages, shared};

    fn found(access: Access, host: Option<&str>) -> Vec<String> {
        let (mut one, mut two) = (app("one", "media"), job("two", "media"));
        one.container.volumes.insert("data".into(), claim(access));
        one.container.host = Some(at("a".into()));
        two.container.volumes.insert("data".into(), shared("one-data"));
        two.container.host = host.map(|host| at(host.to_owned()));
        messages(&VOLUME_ON_TWO_HOSTS, &[one.into_entity(), two.into_entity()])
    }

    #[test]
    fn a_volume_is_on_one_host() {
        assert_eq!(
            found(Access::OneHost, Some("b")),
            ["job 'two' mounts volume 'one-data' on host 'b', but it is on host 'a' with app 'one'"]
        );
        assert_eq!(found(Access::OneHost, Some("a")), [""; 0]);
        assert_eq!(found(Access::OneHost, None), [""; 0], "it goes where the volume is");
        assert_eq!(found(Access::ManyHosts, Some("b")), [""; 0]);
    }
}
