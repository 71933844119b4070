//! What the cluster has to do with hosts that are switched: nodes are emptied before, where the lab asks for that, and
//! waited for afterwards.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use apply::{Access, Before, Nodes};
use hosts::{Around, Observed};
use plan::Wanted;
use plan::hosts::{HostStep, Role};

use crate::cluster::{home, who};
use crate::load::Lab;

use super::Progress;

/// The lab's cluster, as far as its hosts need it.
pub(crate) struct Cluster<'a> {
    /// `None` if there is none yet, or nothing says that it is the lab's; why.
    nodes: Result<Nodes, String>,
    /// How nodes were before their hosts were switched.
    before: Mutex<BTreeMap<String, Before>>,
    /// How long something may take, in seconds.
    patience: u64,
    progress: &'a Progress<'a>,
}

impl<'a> Cluster<'a> {
    /// The cluster that is found so. It is only asked where k3s is restarted on a node.
    pub(crate) fn of(
        lab: &Lab,
        observed: &[Observed],
        access: Access,
        patience: u64,
        stop: &Arc<AtomicBool>,
        progress: &'a Progress<'a>,
    ) -> Self {
        let is_concerned = |one: &Observed| one.wanted.role != Role::Alone && one.step.action.restarts_k3s();
        let nodes = if observed.iter().any(is_concerned) {
            let (lab, home) = (lab.session.lab_name(), home(&lab.session));
            let wanted = Wanted { lab, home, ..Wanted::default() };
            match Nodes::find(access, wanted, who(), Arc::clone(stop)) {
                Ok(Some(nodes)) => Ok(nodes),
                Ok(None) => Err("nothing says that the cluster of the kubeconfig is the lab's".to_owned()),
                Err(error) => Err(error.to_string()),
            }
        } else {
            Err("k3s is not restarted".to_owned())
        };
        Self { nodes, before: Mutex::default(), patience, progress }
    }
}

impl Around for Cluster<'_> {
    fn before(&self, step: &HostStep, drains: bool) -> Result<(), String> {
        if !step.action.restarts_k3s() {
            return Ok(());
        }
        let nodes = match &self.nodes {
            Ok(nodes) => nodes,
            Err(why) if drains => return Err(format!("its pods are to move away first, and cannot: {why}")),
            // Where there is no cluster yet, nobody has to wait for one.
            Err(_) => return Ok(()),
        };
        let host = &step.host;
        if drains {
            self.progress.say(&format!("{host}: its pods move away"));
            nodes.drain(host, self.patience).map_err(|error| error.to_string())?;
        }
        // A node that has not joined yet is waited for by nobody.
        if let Ok(before) = nodes.before(host) {
            let mut all = self.before.lock().unwrap_or_else(PoisonError::into_inner);
            all.insert(host.clone(), before);
        }
        Ok(())
    }

    fn after(&self, step: &HostStep, _: bool) -> Result<(), String> {
        let before = self.before.lock().unwrap_or_else(PoisonError::into_inner).remove(&step.host);
        let (Some(before), Ok(nodes)) = (before, &self.nodes) else { return Ok(()) };
        self.progress.say(&format!("{}: waiting until its node is back", step.host));
        nodes.back(&step.host, &before, self.patience).map_err(|error| error.to_string())
    }
}
