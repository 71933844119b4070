//! `multicast-domain`: a domain that is not looked up by name servers.

use diagnostics::{Problem, declare_rule};
use domain::Hostname;
use model::At;

use crate::lab::Lab;

declare_rule! { pub MULTICAST_DOMAIN, "multicast-domain", warning, since "0.1", "a domain that name servers are not asked for", page "multicast_domain.md" }

/// Looks for a lab whose domain ends in `.local`.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let domains = lab.labs.iter().map(|lab| &lab.domain);
    let is_multicast = |domain: &&At<Hostname>| {
        let name = domain.to_string().to_ascii_lowercase();
        name.trim_end_matches('.').rsplit('.').next() == Some("local")
    };
    domains.filter(is_multicast).map(multicast_domain).collect()
}

/// Who is asked for the domain is everybody around, and not a name server.
fn multicast_domain(domain: &At<Hostname>) -> Problem {
    let message = format!("hosts do not ask their name servers for names in '{}'", domain.value);
    Problem::new(&MULTICAST_DOMAIN, domain.place.clone(), message)
        .label("'.local' belongs to multicast DNS")
        .help("take a name in a domain of your own, or 'home.arpa', which is made for this")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, lab, messages};
    use model::Entity;

    fn found(domain: &str) -> usize {
        let Entity::Lab(mut lab) = lab("home") else { unreachable!() };
        lab.domain = at(Hostname::parse(domain).unwrap());
        messages(&MULTICAST_DOMAIN, &[Entity::Lab(lab)]).len()
    }

    #[test]
    fn domains_are_asked_of_name_servers() {
        for (domain, problems) in
            [("home.local", 1), ("lab.home.local", 1), ("home.arpa", 0), ("local.example.net", 0)]
        {
            assert_eq!(found(domain), problems, "{domain}");
        }
    }
}
