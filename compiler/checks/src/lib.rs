//! Mistakes between the layers of a lab, found before anything runs.
//!
//! A mistake of types is found where a declaration is evaluated. What is here needs the whole lab: an address that two
//! things have, an app on a host that lacks its device, a custom resource before its provider. To keep that cheap while
//! somebody types, each item is boiled down to its [`Facts`] first, which stay equal when something changes that no
//! check looks at, and only those are compared by [`check`]. What is wrong with a declaration by itself, since
//! Kubernetes would refuse it, is one of its facts.
//!
//! Each rule is a file of `rules`, with its page beside it. Everything is pure and the same on every run.

mod facts;
mod lab;
mod ranges;
mod rules;
#[cfg(test)]
mod testing;

pub use facts::{Facts, facts};
pub use rules::{Held, RULES};

use diagnostics::Problem;
use model::SecretFacts;

/// What is wrong between the items of a lab, whose facts come in the order of its text. `known` is what is known of
/// the values of secrets; where nobody has looked, nothing is said of them.
pub fn check(all: &[&Facts], known: Option<&SecretFacts>) -> Vec<Problem> {
    let lab = lab::Lab::new(all, known);
    let own = all.iter().flat_map(|facts| facts.own.iter().cloned());
    own.chain(rules::CHECKS.iter().flat_map(|rule| rule(&lab))).collect()
}

/// Who has which address in a lab, those that others refer to first.
pub fn held(all: &[&Facts]) -> Vec<Held> {
    rules::held(&lab::Lab::new(all, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, cluster, host, lab, network, port, stage, user};
    use model::Entity;

    /// A sane lab with that many apps, of which every tenth wants a port of the host.
    fn sane(apps: usize) -> Vec<Entity> {
        let mut one = testing::machine("one", "192.168.1.10");
        one.users = vec!["ana".into()];
        let mut entities = vec![
            lab("home"),
            network("lan").into_entity(),
            user(
                "ana",
                &["wheel"],
                &["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA"],
            ),
            Entity::Host(Box::new(one)),
            cluster(&["one"], &[]).into_entity(),
            stage(10, "apps").into_entity(),
        ];
        for number in 0..apps {
            let mut app = app(&format!("app-{number}"), "media");
            let host_port = (number % 10 == 0).then(|| u16::try_from(12_000 + number).unwrap());
            app.ports.insert("http".into(), port(8080, host_port));
            entities.push(app.into_entity());
        }
        entities
    }

    fn check_all(entities: &[Entity]) -> Vec<Problem> {
        let facts: Vec<Facts> =
            entities.iter().map(|entity| facts(std::slice::from_ref(entity), false)).collect();
        check(&facts.iter().collect::<Vec<_>>(), None)
    }

    #[test]
    fn a_sane_lab_has_no_problems() {
        assert_eq!(check_all(&sane(20)), []);
        assert_eq!(check_all(&[]), []);
    }

    #[test]
    fn what_a_broken_item_may_have_declared_is_not_missed() {
        let mut entities = sane(0);
        entities.retain(|entity| !matches!(entity, Entity::User(_)));
        assert_eq!(check_all(&entities).len(), 1, "nobody looks after the host");
        let known: Vec<Facts> =
            entities.iter().map(|entity| facts(std::slice::from_ref(entity), false)).collect();
        let broken = facts(&[], true);
        assert_eq!(check(&known.iter().chain([&broken]).collect::<Vec<_>>(), None), []);
    }

    #[test]
    fn the_same_lab_has_the_same_problems() {
        let mut entities = sane(10);
        entities.extend([host("two", "192.168.1.10"), host("three", "192.168.1.10")]);
        let problems = check_all(&entities);
        assert!(!problems.is_empty());
        assert_eq!(check_all(&entities), problems);
    }

    #[test]
    fn large_labs_are_fine_too() {
        assert_eq!(check_all(&sane(5_000)), []);
    }

    #[test]
    fn rules_have_a_page_with_examples() {
        for rule in RULES {
            let blocks = |kind: &str| rule.page.matches(&format!("```hl {kind}\n")).count();
            assert_eq!((blocks("bad"), blocks("good")), (1, 1), "{}", rule.name);
        }
        assert_eq!(RULES.len(), rules::CHECKS.len() + rules::OWN.len());
    }
}
