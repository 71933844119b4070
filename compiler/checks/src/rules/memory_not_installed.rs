//! `memory-not-installed`: an app or job that asks for more memory than there is.

use diagnostics::{Problem, declare_rule};
use domain::Size;
use model::At;

use crate::facts::{HostFact, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub MEMORY_NOT_INSTALLED, "memory-not-installed", error, since "0.1", "an app or job that asks for more memory than there is", page "memory_not_installed.md" }

/// Looks for workloads of which no host that they may run on has the memory. What does not say its memory may have it.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let asking = lab.workloads.iter().filter_map(|work| Some((*work, work.memory.as_ref()?)));
    asking.filter_map(|(work, memory)| memory_not_installed(work, memory, largest(lab, work)?)).collect()
}

/// The host with the most memory of those that the workload may run on, if all of them say how much they have.
fn largest<'a>(lab: &Lab<'a>, work: &WorkloadFact) -> Option<(&'a HostFact, Size)> {
    let pin = work.pin().map(|pin| pin.host);
    let nodes: Vec<&str> = lab.nodes().collect();
    let may_run = |host: &&&HostFact| match pin {
        Some(pin) => host.name == pin,
        None => nodes.contains(&host.name.as_str()) && host.repels.is_none(),
    };
    let hosts = lab.hosts.iter().filter(may_run).map(|host| Some((*host, host.memory?)));
    let hosts: Option<Vec<_>> = hosts.collect();
    hosts?.into_iter().max_by_key(|(_, memory)| *memory)
}

/// The workload asks for more than the `largest` host has.
fn memory_not_installed(
    work: &WorkloadFact,
    memory: &At<Size>,
    (largest, installed): (&HostFact, Size),
) -> Option<Problem> {
    if memory.value <= installed {
        return None;
    }
    let host = match work.pin() {
        Some(_) => format!("host '{}', where it must run, has {installed}", largest.name),
        None => format!("no host has more than {installed}"),
    };
    let message = format!("{} asks for {} of memory, and {host}", work.shown(), memory.value);
    let problem = Problem::new(&MEMORY_NOT_INSTALLED, memory.place.clone(), message);
    Some(
        problem
            .also(largest.place.clone(), "how much it has is said here")
            .help("ask for less: what is asked for is kept for it alone, and hosts need some for themselves"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, cluster, machine, messages};
    use model::Entity;

    fn found(installed: [Option<u64>; 2], asked: u64, pin: Option<&str>) -> Vec<String> {
        let host = |name: &str, address: &str, gib: Option<u64>| {
            let mut host = machine(name, address);
            host.memory = gib.map(|gib| Size::from_bytes(gib << 30));
            Entity::Host(Box::new(host))
        };
        let mut app = app("music", "media");
        app.container.resources.memory = Some(at(Size::from_bytes(asked << 30)));
        app.container.host = pin.map(|pin| at(pin.into()));
        let hosts = [host("a", "192.168.1.10", installed[0]), host("b", "192.168.1.11", installed[1])];
        let lab: Vec<Entity> = hosts
            .into_iter()
            .chain([Entity::Cluster(Box::new(cluster(&["a"], &["b"]))), app.into_entity()])
            .collect();
        messages(&MEMORY_NOT_INSTALLED, &lab)
    }

    #[test]
    fn some_host_has_the_memory() {
        let none = "app 'music' asks for 12GiB of memory, and no host has more than 8GiB";
        assert_eq!(found([Some(4), Some(8)], 12, None), [none]);
        assert_eq!(found([Some(4), Some(16)], 12, None), [""; 0]);
        assert_eq!(found([Some(4), None], 12, None), [""; 0]);
    }

    #[test]
    fn the_host_that_it_must_run_on_has_the_memory() {
        let pinned = "app 'music' asks for 12GiB of memory, and host 'a', where it must run, has 4GiB";
        assert_eq!(found([Some(4), Some(16)], 12, Some("a")), [pinned]);
        assert_eq!(found([Some(4), Some(16)], 12, Some("b")), [""; 0]);
    }
}
