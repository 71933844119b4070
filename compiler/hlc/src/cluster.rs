//! What a lab wants of its cluster, and the way there: what `plan`, `apply` and `status` have in common.

mod saved;
mod shown;
mod values;
mod wanted;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use apply::{Access, Cluster, Desired, Live, Observed};

use crate::args::ClusterArgs;
use crate::exit::Failure;
use crate::load::Lab;
use crate::terminal::Terminal;

pub(crate) use saved::Saved;
pub(crate) use shown::plan as shown;
use wanted::Wants;

/// A lab beside its cluster.
pub(crate) struct Beside {
    /// The way to the cluster.
    pub(crate) cluster: Cluster,
    /// What the lab wants.
    pub(crate) desired: Desired,
    /// What would be done.
    pub(crate) observed: Observed,
    /// Components that have what only helmfile deploys.
    pub(crate) left: Vec<String>,
}

/// Looks at a lab beside its cluster. Nothing is asked of the cluster any more once `stop` is true.
pub(crate) fn look(
    lab: &Lab,
    args: &ClusterArgs,
    consent: bool,
    stop: Arc<AtomicBool>,
    terminal: &Terminal,
) -> Result<Beside, Failure> {
    let (Wants { mut desired, left }, cluster) = wanted(lab, args, stop, terminal)?;
    let observed = apply::plan(&cluster, &mut desired, consent).map_err(|error| failure(&error))?;
    Ok(Beside { cluster, desired, observed, left })
}

/// Looks at what there is of a lab.
pub(crate) fn live(
    lab: &Lab,
    args: &ClusterArgs,
    stop: Arc<AtomicBool>,
    terminal: &Terminal,
) -> Result<Live, Failure> {
    let (Wants { mut desired, .. }, cluster) = wanted(lab, args, stop, terminal)?;
    apply::live(&cluster, &mut desired).map_err(|error| failure(&error))
}

/// What a lab wants, and of which cluster.
fn wanted(
    lab: &Lab,
    args: &ClusterArgs,
    stop: Arc<AtomicBool>,
    terminal: &Terminal,
) -> Result<(Wants, Cluster), Failure> {
    let wants = wanted::wants(lab, &args.targets, terminal)?;
    let access = Access { kubeconfig: args.kubeconfig.clone(), context: args.context.clone() };
    let cluster = Cluster::find(&access, stop).map_err(|error| failure(&error))?;
    terminal.detail(&format!("asking {}", cluster.server));
    Ok((wants, cluster))
}

impl Beside {
    /// Says what is not looked at.
    pub(crate) fn tell_left(&self, terminal: &Terminal) {
        if !self.left.is_empty() {
            let all = self.left.join(", ");
            terminal.note(&format!(
                "not looked at: helmfiles and folders that are no charts, which helmfile deploys, in {all}"
            ));
        }
    }
}

/// Why a cluster did not do what it was asked to.
pub(crate) fn failure(error: &apply::Error) -> Failure {
    let help = match error {
        apply::Error::NoAccess(_) => {
            "\n  k3s writes one to /etc/rancher/k3s/k3s.yaml on its first server; copy it to ~/.kube/config, with the \
             server's address in it, or name it with --kubeconfig"
        }
        _ => "",
    };
    Failure::cannot(format!("{error}{help}"))
}
