//! Whether the cluster is the lab's.

use std::collections::BTreeSet;
use std::fmt::Write;

use driver::Session;
use plan::{Home, Whose};

use super::Beside;
use crate::args::Apply;
use crate::exit::Failure;
use crate::terminal::{Terminal, can_ask};

/// What a lab says of its cluster.
pub(crate) fn of(session: &Session) -> Home {
    let (hosts, clusters) = session.hosts_and_clusters();
    let mut endpoints = BTreeSet::new();
    for cluster in &clusters {
        endpoints.extend(cluster.api.iter().map(|api| api.value.to_string()));
        endpoints.extend(cluster.sans.iter().cloned());
        for node in &cluster.servers {
            let node = &node.value;
            endpoints.extend([node.address.to_string(), node.name.clone(), node.fqdn.clone()]);
        }
    }
    let nodes = clusters.iter().flat_map(|cluster| cluster.nodes()).map(|node| node.name.clone());
    Home {
        domain: session.lab().map(|lab| lab.domain.value.to_string()).unwrap_or_default(),
        endpoints,
        hosts: hosts.iter().map(|host| host.name.clone()).chain(nodes).collect(),
    }
}

/// Why a cluster may not be the lab's; `None` if it is.
pub(crate) fn doubts(beside: &Beside) -> Option<String> {
    let cluster = &beside.cluster;
    let mut said = format!("nothing says that the cluster at {} is the lab's", cluster.server);
    if !cluster.context.is_empty() {
        let _ = write!(said, " (context '{}')", cluster.context);
    }
    let lab = &beside.observed.plan.lab;
    match &beside.observed.whose {
        Whose::Ours => return None,
        Whose::Another { domain } => {
            let _ = write!(
                said,
                ":\n  what is in it is of a lab that is called '{lab}', too, of the domain {domain}"
            );
        }
        Whose::Unknown { why } => {
            let _ = write!(said, ":\n  {}", why.join("\n  "));
        }
    }
    Some(said)
}

/// Whether the cluster is the lab's, or a person says so. `--yes` does not: it is about what is done, and not where.
pub(crate) fn claimed(beside: &Beside, args: &Apply, terminal: &Terminal) -> Result<bool, Failure> {
    let Some(doubts) = doubts(beside) else { return Ok(true) };
    if args.dry_run {
        terminal.note(&doubts);
        return Ok(true);
    }
    if args.agreed.yes || !can_ask() {
        let help = "if it is, --new-cluster says so; if not, --kubeconfig and --context name another one";
        return Err(Failure::cannot(format!("nothing was changed: {doubts}\n  {help}")));
    }
    terminal.note(&doubts);
    terminal.agrees("is it the lab's?")
}
