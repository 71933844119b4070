//! `port-taken-on-host`: a port of a host that something else has.

mod nodes;

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Problem, declare_rule};
use model::{Form, Protocol};

use super::collision;
use crate::facts::{PortFact, WorkloadFact};
use crate::lab::Lab;
use nodes::Taken;

declare_rule! { pub PORT_TAKEN_ON_HOST, "port-taken-on-host", error, since "0.1", "a port of a host that something else has already", page "port_taken_on_host.md" }

/// A port and its protocol.
type Key = (u16, Protocol);

/// Looks for apps that take a port of their host where the host itself or another app has it.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let mut taken = nodes::taken(lab);
    let nodes: BTreeSet<&str> = lab.nodes().collect();
    let mut problems = nodes::balancers_in_the_way(lab);
    let takers =
        || lab.workloads.iter().flat_map(|&work| work.host_ports.iter().map(move |port| (work, port)));
    // What must run on one host is sure to be there; the rest goes where there is room left.
    for (work, port) in takers() {
        let Some(pin) = work.pin() else { continue };
        let Some(first) = taken.get(&(pin.host, key(port))) else {
            problems.extend((work.replicas > 1).then(|| too_few_hosts(work, port, 1, None)));
            taken.insert((pin.host, key(port)), Taken::by_app(work, port));
            continue;
        };
        problems.push(port_taken(first, work, port, pin.host));
    }
    let mut pods: BTreeMap<Key, u64> = BTreeMap::new();
    for (work, port) in takers().filter(|(work, _)| work.pin().is_none()) {
        let firsts = nodes.iter().filter_map(|host| Some((*host, taken.get(&(*host, key(port)))?)));
        let (apps, others): (Vec<_>, Vec<_>) = firsts.partition(|(_, first)| first.is_app);
        if let Some((host, first)) = others.first() {
            problems.push(port_taken(first, work, port, host));
            continue;
        }
        let room = nodes.len().saturating_sub(apps.len()) as u64;
        let wanted = pods.entry(key(port)).or_default();
        *wanted += pods_of(work, nodes.len());
        if lab.clusters.len() == 1 && *wanted > room {
            problems.push(too_few_hosts(work, port, nodes.len(), apps.first().map(|(_, first)| *first)));
        }
    }
    problems
}

/// On how many of the `nodes` it takes its ports.
fn pods_of(work: &WorkloadFact, nodes: usize) -> u64 {
    let asks_for_none = work.where_to.arch.is_none() && work.where_to.features.is_empty();
    match work.form {
        Form::DaemonSet if asks_for_none => nodes as u64,
        // It passes over hosts that are not made for it.
        Form::DaemonSet => 1,
        Form::Deployment | Form::StatefulSet => work.replicas.into(),
    }
}

fn key(port: &PortFact) -> Key {
    (port.port, port.protocol)
}

fn shown(port: &PortFact) -> String {
    format!("{} port {}", if port.protocol == Protocol::Tcp { "TCP" } else { "UDP" }, port.port)
}

/// `work` takes a port of `host` that something has.
fn port_taken(first: &Taken<'_>, work: &WorkloadFact, port: &PortFact, host: &str) -> Problem {
    let message = match work.pin() {
        Some(_) => {
            format!("{} takes {} of host '{host}', which {} has", work.shown(), shown(port), first.owner)
        }
        None => format!(
            "{} can run on host '{host}', where {} has its {}",
            work.shown(),
            first.owner,
            shown(port)
        ),
    };
    collision(
        &PORT_TAKEN_ON_HOST,
        message,
        (first.place, format!("{} has it", first.owner)),
        (&port.place, format!("{} takes it", work.shown())),
    )
    .help("take another 'host-port', or leave it out and use an ingress or a load balancer")
}

/// There are more pods that take the port than hosts.
fn too_few_hosts(work: &WorkloadFact, port: &PortFact, hosts: usize, other: Option<&Taken<'_>>) -> Problem {
    let message = format!(
        "{} finds no host with {} free: there are more pods that take it than {}",
        work.shown(),
        shown(port),
        match work.pin() {
            Some(pin) => format!("the one host '{}'", pin.host),
            None => format!("the cluster's {hosts} {}", if hosts == 1 { "host" } else { "hosts" }),
        }
    );
    if work.replicas > 1 && work.form != Form::DaemonSet && other.is_none() {
        return pods_of_one(work, port, hosts);
    }
    let problem = Problem::new(&PORT_TAKEN_ON_HOST, port.place.clone(), message)
        .help("take another 'host-port', or leave it out and use an ingress or a load balancer");
    match other {
        Some(first) => problem.also(first.place.clone(), format!("{} has it", first.owner)),
        None => problem,
    }
}

/// The pods of `work` are in each other's way: each takes the port of the host that it runs on.
fn pods_of_one(work: &WorkloadFact, port: &PortFact, hosts: usize) -> Problem {
    let all = match (work.pin(), hosts) {
        (Some(pin), _) => format!("'{}' is the only one that it can run on", pin.host),
        (None, 1) => "the cluster has one host".to_owned(),
        (None, hosts) => format!("the cluster has {hosts} hosts"),
    };
    let message = format!(
        "{} has {} pods, and each takes {} of a host of its own: {all}",
        work.shown(),
        work.replicas,
        shown(port)
    );
    let (at, help) = match &work.shares_network {
        Some(at) => {
            (at, "with 'host-network', the ports of a pod are its host's: leave it out, or run fewer pods")
        }
        None => {
            (&port.place, "leave 'host-port' out and use an ingress or a load balancer, or run fewer pods")
        }
    };
    let problem = Problem::new(&PORT_TAKEN_ON_HOST, at.clone(), message)
        .label(format!("each pod takes {}", shown(port)))
        .help(help);
    match &work.replicas_at {
        Some(replicas) => problem.also(replicas.clone(), format!("{} pods", work.replicas)),
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, cluster, host, machine, messages, options, port};
    use model::{Data, Entity, ServiceKind};

    fn taker(name: &str, number: u16, host: Option<&str>) -> model::App {
        let mut app = app(name, "media");
        app.ports.insert("web".into(), port(8080, Some(number)));
        app.container.host = host.map(|host| at(host.to_owned()));
        app
    }

    fn quiet(servers: &[&str], agents: &[&str]) -> Entity {
        let mut k3s = cluster(servers, agents);
        k3s.disable = vec!["traefik".into(), "servicelb".into()];
        k3s.into_entity()
    }

    fn found(entities: &[Entity]) -> Vec<String> {
        messages(&PORT_TAKEN_ON_HOST, entities)
    }

    #[test]
    fn hosts_have_ports_of_their_own() {
        let mut listening = machine("b", "192.168.1.11");
        listening.nixos = options(&[
            ("services.prometheus.exporters.node.enable", Data::Bool(true)),
            ("services.prometheus.exporters.node.port", Data::Int(9200)),
        ]);
        let lab = [
            host("a", "192.168.1.10"),
            Entity::Host(Box::new(listening)),
            quiet(&["a"], &["b"]),
            taker("ssh", 22, Some("b")).into_entity(),
            taker("api", 6443, Some("b")).into_entity(),
            taker("metrics", 9200, None).into_entity(),
            taker("kubelet", 10250, Some("a")).into_entity(),
        ];
        assert_eq!(
            found(&lab),
            [
                "app 'ssh' takes TCP port 22 of host 'b', which its SSH server has",
                "app 'kubelet' takes TCP port 10250 of host 'a', which k3s has",
                "app 'metrics' can run on host 'b', where services.prometheus.exporters.node has its TCP port 9200",
            ]
        );
    }

    #[test]
    fn services_answer_where_they_are_told() {
        let found = |set: &[(&str, Data)], number: u16| {
            let mut listening = machine("a", "192.168.1.10");
            listening.nixos = options(set);
            found(&[
                Entity::Host(Box::new(listening)),
                quiet(&["a"], &[]),
                taker("dns", number, Some("a")).into_entity(),
            ])
            .len()
        };
        let on = ("services.dnsmasq.enable", Data::Bool(true));
        assert_eq!(found(std::slice::from_ref(&on), 53), 1);
        for (port, taken) in [(0, 0), (5353, 5353)] {
            let set = [on.clone(), ("services.dnsmasq.settings.port", Data::Int(port))];
            assert_eq!(found(&set, 53), 0, "{port}");
            assert_eq!(found(&set, taken), usize::from(taken != 0), "{port}");
        }
    }

    #[test]
    fn pods_take_a_port_once_a_host() {
        let mut lab = vec![quiet(&["a"], &["b"]), taker("one", 8000, Some("a")).into_entity()];
        lab.push(taker("two", 8000, Some("a")).into_entity());
        assert_eq!(found(&lab), ["app 'two' takes TCP port 8000 of host 'a', which app 'one' has"]);
        lab[2] = taker("two", 8000, None).into_entity();
        assert_eq!(found(&lab), [""; 0], "there is another host");
        lab.push(taker("three", 8000, None).into_entity());
        assert_eq!(
            found(&lab),
            [
                "app 'three' finds no host with TCP port 8000 free: there are more pods that take it than the cluster's 2 hosts"
            ]
        );
    }

    #[test]
    fn one_host_has_room_for_one_pod() {
        let mut twice = taker("twice", 8000, Some("a"));
        twice.replicas.value = 2;
        assert_eq!(
            found(&[quiet(&["a"], &["b"]), twice.clone().into_entity()]),
            [
                "app 'twice' has 2 pods, and each takes TCP port 8000 of a host of its own: 'a' is the only one that it can run on"
            ]
        );
        twice.replicas.value = 0;
        let other = taker("other", 8000, Some("a")).into_entity();
        assert_eq!(
            found(&[quiet(&["a"], &["b"]), twice.into_entity(), other]),
            [""; 0],
            "no pod takes no port"
        );
    }

    #[test]
    fn what_runs_everywhere_takes_a_port_of_each_host() {
        let mut agent = taker("agent", 9100, None);
        agent.form = model::Form::DaemonSet;
        let two = || quiet(&["a"], &["b"]);
        assert_eq!(found(&[quiet(&["a"], &[]), agent.clone().into_entity()]), [""; 0], "one host");
        assert_eq!(found(&[two(), agent.clone().into_entity()]), [""; 0], "two hosts");
        let other = taker("other", 9100, None).into_entity();
        assert_eq!(
            found(&[two(), agent.into_entity(), other]),
            [
                "app 'other' finds no host with TCP port 9100 free: there are more pods that take it than the cluster's 2 hosts"
            ]
        );
    }

    #[test]
    fn the_load_balancer_of_k3s_takes_ports_too() {
        let web = || taker("web", 80, Some("a")).into_entity();
        let lab = [cluster(&["a"], &[]).into_entity(), web()];
        assert_eq!(found(&lab), ["app 'web' takes TCP port 80 of host 'a', which k3s' Traefik has"]);
        assert_eq!(found(&[quiet(&["a"], &[]), web()]), [""; 0]);
        let mut served = app("served", "media");
        served.service.kind = ServiceKind::LoadBalancer;
        served.ports.insert("web".into(), port(443, None));
        let lab = [cluster(&["a"], &[]).into_entity(), served.into_entity()];
        assert_eq!(
            found(&lab),
            ["app 'served' is a load balancer with TCP port 443, which k3s' Traefik has on every host"]
        );
    }
}
