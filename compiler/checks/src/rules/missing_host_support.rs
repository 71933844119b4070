//! `missing-host-support`: a card that no host has the driver of.

use diagnostics::{Problem, declare_rule};
use model::providers::{Driver, needs_of_resource};
use source::Place;

use crate::facts::HostFact;
use crate::lab::Lab;

declare_rule! { pub MISSING_HOST_SUPPORT, "missing-host-support", warning, since "0.1", "a card that no host has the driver of", page "missing_host_support.md" }

/// Looks for what asks for cards of which no host that it may run on has the driver and what gives them to containers.
/// What a host's `local.nix` says is unknown here.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let hosts = lab.pod_hosts();
    let works = lab.workloads.iter().flat_map(|work| {
        let pin = work.pin().map(|pin| pin.host);
        work.extra.iter().map(move |one| (work.shown(), one.value.as_str(), &one.place, pin))
    });
    let releases = lab.releases.iter().flat_map(|release| {
        let place = &release.placement.place;
        release.extra.iter().map(move |name| (release.shown(), name.as_str(), place, None))
    });
    let wanting = works.chain(releases).filter_map(|(owner, resource, place, pin)| {
        let needs = needs_of_resource(resource);
        let mut may_be = hosts.iter().filter(|host| pin.is_none_or(|pin| host.name == pin)).peekable();
        may_be.peek()?;
        let has_all = |host: &&&HostFact| needs.iter().all(|need| host.drivers.contains(need));
        (!may_be.any(|host| has_all(&host))).then(|| no_card(&owner, resource, place, needs, pin))
    });
    wanting.collect()
}

/// No host can give out the card.
fn no_card(owner: &str, resource: &str, place: &Place, needs: &[Driver], pin: Option<&str>) -> Problem {
    let host =
        pin.map_or_else(|| "no host of the cluster has".to_owned(), |pin| format!("host '{pin}' has not"));
    let message =
        format!("{owner} waits for '{resource}', and {host} the driver and what gives it to containers");
    let options: Vec<&str> = needs.iter().map(|need| need.option()).collect();
    Problem::new(&MISSING_HOST_SUPPORT, place.clone(), message)
        .help(format!("add 'nixos {{ {} }}' to the host with the card", options.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, cluster, machine, options};
    use model::{Data, Entity};

    #[test]
    fn cards_have_drivers() {
        let lab = |set: &[(&str, Data)], pin: Option<&str>, resource: &str| {
            let mut with = machine("b", "192.168.1.11");
            with.nixos = options(set);
            let mut web = crate::testing::app("web", "media");
            web.container.resources.extra.insert(resource.into(), crate::testing::at(1));
            web.container.host = pin.map(|pin| crate::testing::at(pin.to_owned()));
            let lab = [
                Entity::Host(Box::new(machine("a", "192.168.1.10"))),
                Entity::Host(Box::new(with)),
                cluster(&["a"], &["b"]).into_entity(),
                web.into_entity(),
            ];
            crate::testing::messages(&MISSING_HOST_SUPPORT, &lab)
        };
        let driver = ("services.xserver.videoDrivers", Data::List(vec![Data::Text("nvidia".into())]));
        let toolkit = ("hardware.nvidia-container-toolkit.enable", Data::Bool(true));
        let both = [driver.clone(), toolkit];
        assert_eq!(
            lab(&[], None, "nvidia.com/gpu"),
            [
                "app 'web' waits for 'nvidia.com/gpu', and no host of the cluster has the driver and what gives it to containers"
            ]
        );
        assert_eq!(lab(&[driver], None, "nvidia.com/gpu").len(), 1, "half of it");
        assert_eq!(lab(&both, None, "nvidia.com/gpu"), [""; 0]);
        assert_eq!(lab(&both, Some("b"), "nvidia.com/gpu"), [""; 0]);
        assert_eq!(lab(&both, Some("a"), "nvidia.com/gpu").len(), 1, "the card is elsewhere");
        assert_eq!(lab(&[], None, "amd.com/gpu"), [""; 0], "the kernel has its driver");
    }
}
