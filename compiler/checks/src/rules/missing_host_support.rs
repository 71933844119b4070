//! `missing-host-support`: a chart that needs something of the hosts.

use diagnostics::{Problem, declare_rule};
use model::providers::{Support, needs_of_hosts, needs_of_resource};
use source::Place;

use crate::facts::HostFact;
use crate::lab::Lab;

declare_rule! { pub MISSING_HOST_SUPPORT, "missing-host-support", warning, since "0.1", "a chart that needs something of the hosts", page "missing_host_support.md" }

/// Looks for storage whose volumes the hosts cannot mount. What a host's `local.nix` says is unknown here.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let hosts = lab.pod_hosts();
    let releases = lab.releases.iter().map(|release| {
        let needs = needs_of_hosts(&release.chart).collect();
        (format!("the volumes of {}", release.shown()), &release.placement.place, needs)
    });
    let volumes = lab.manifests.iter().filter(|manifest| manifest.is_nfs).map(|manifest| {
        (format!("the volume '{}'", manifest.name), &manifest.placement.place, vec![Support::Nfs])
    });
    let shares = lab.workloads.iter().flat_map(|work| {
        work.nfs
            .iter()
            .map(move |place| (format!("what {} has by NFS", work.shown()), place, vec![Support::Nfs]))
    });
    let wanting =
        releases.chain(volumes).chain(shares).filter_map(|(what, place, needs): (_, _, Vec<Support>)| {
            let lacks = |host: &HostFact| needs.iter().any(|need| !host.supports.contains(need));
            let lacking: Vec<&HostFact> = hosts.iter().filter(|host| lacks(host)).copied().collect();
            // What some of them have is not to be said again.
            let missing =
                needs.iter().filter(|need| lacking.iter().any(|host| !host.supports.contains(need)));
            let options: Vec<&str> = missing.map(|need| need.option()).collect();
            let names: Vec<&str> = lacking.iter().map(|host| host.name.as_str()).collect();
            (!names.is_empty()).then(|| missing_host_support(&what, place, &names, &options.join(", ")))
        });
    wanting.chain(cards(lab, &hosts)).collect()
}

/// What asks for cards of which no host that it may run on has the driver and what gives them to containers.
fn cards(lab: &Lab<'_>, hosts: &[&HostFact]) -> Vec<Problem> {
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
        let has_all = |host: &&&HostFact| needs.iter().all(|need| host.supports.contains(need));
        (!may_be.any(|host| has_all(&host))).then(|| no_card(&owner, resource, place, needs, pin))
    });
    wanting.collect()
}

/// No host can give out the card.
fn no_card(owner: &str, resource: &str, place: &Place, needs: &[Support], pin: Option<&str>) -> Problem {
    let host =
        pin.map_or_else(|| "no host of the cluster has".to_owned(), |pin| format!("host '{pin}' has not"));
    let message =
        format!("{owner} waits for '{resource}', and {host} the driver and what gives it to containers");
    let options: Vec<&str> = needs.iter().map(|need| need.option()).collect();
    Problem::new(&MISSING_HOST_SUPPORT, place.clone(), message)
        .help(format!("add 'nixos {{ {} }}' to the host with the card", options.join(", ")))
}

/// The hosts cannot mount the volumes.
fn missing_host_support(what: &str, place: &Place, lacking: &[&str], option: &str) -> Problem {
    let hosts = match lacking {
        [one] => format!("host '{one}'"),
        [one, other] => format!("hosts '{one}' and '{other}'"),
        [one, others @ ..] => format!("host '{one}' and {} others", others.len()),
        [] => String::new(),
    };
    let message = format!("{hosts} cannot mount {what}");
    Problem::new(&MISSING_HOST_SUPPORT, place.clone(), message)
        .help(format!("add 'nixos {{ {option} }}' to the hosts, or to the template that they start from"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, cluster, machine, manifest, options, problems, release};
    use model::{Data, Entity};

    const LINK: &str = "L+ /usr/local/bin - - - - /run/current-system/sw/bin/";

    fn found(chart: &str, set: &[(&str, Data)]) -> Vec<String> {
        let mut host = machine("a", "192.168.1.10");
        host.nixos = options(set);
        let lab = [
            Entity::Host(Box::new(host)),
            cluster(&["a"], &[]).into_entity(),
            release(chart, "storage", chart).into_entity(),
        ];
        let problems = problems(&MISSING_HOST_SUPPORT, &lab);
        problems
            .into_iter()
            .map(|problem| format!("{}: {}", problem.message, problem.help.unwrap()))
            .collect()
    }

    #[test]
    fn longhorn_finds_its_programs() {
        let (on, link) = (Data::Bool(true), Data::List(vec![Data::Text(LINK.to_owned())]));
        let iscsi = || ("services.openiscsi.enable", on.clone());
        let both = found("longhorn", &[]);
        assert!(both[0].starts_with("host 'a' cannot mount the volumes of release 'longhorn': add 'nixos {"));
        assert!(both[0].contains("openiscsi") && both[0].contains("/usr/local/bin"), "{both:?}");
        let one = found("longhorn", &[iscsi()]);
        assert!(!one[0].contains("openiscsi") && one[0].contains("/usr/local/bin"), "{one:?}");
        assert_eq!(found("longhorn", &[iscsi(), ("systemd.tmpfiles.rules", link)]), [""; 0]);
    }

    #[test]
    fn who_mounts_nfs_can_mount_nfs() {
        let chart = "csi-driver-nfs";
        let kind = |kind: &str| [("fileSystems./mnt/nas.fsType", Data::Text(kind.to_owned()))];
        assert_eq!(found(chart, &[]).len(), 1);
        assert_eq!(found(chart, &kind("ext4")).len(), 1);
        assert_eq!(found(chart, &kind("nfs4")), [""; 0]);
        assert_eq!(found(chart, &[("services.nfs.server.enable", Data::Bool(true))]), [""; 0]);
    }

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

    #[test]
    fn volumes_by_nfs_are_mounted_by_hosts() {
        let volume = |kind: &str| {
            let mut volume = manifest("films", "media", "v1", "PersistentVolume");
            volume.fields.insert("spec".into(), crate::testing::text(&[kind, "path"], "/films"));
            let mut with = machine("b", "192.168.1.11");
            with.nixos = options(&[("services.rpcbind.enable", Data::Bool(true))]);
            let lab = [
                Entity::Host(Box::new(machine("a", "192.168.1.10"))),
                Entity::Host(Box::new(with)),
                cluster(&["a"], &["b"]).into_entity(),
                volume.into_entity(),
            ];
            crate::testing::messages(&MISSING_HOST_SUPPORT, &lab)
        };
        assert_eq!(volume("nfs"), ["host 'a' cannot mount the volume 'films'"]);
        assert_eq!(volume("hostPath"), [""; 0]);
    }
}
