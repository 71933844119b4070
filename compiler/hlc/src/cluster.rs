//! What a lab wants of its cluster, and the way there: what `plan`, `apply` and `status` have in common.

mod home;
mod passing;
mod runner;
mod saved;
mod shown;
mod values;
mod wanted;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use apply::{Access, Cluster, Desired, Live, Observed};
use plan::lease::Turn;

use crate::args::ClusterArgs;
use crate::causes::Marks;
use crate::exit::Failure;
use crate::load::Lab;
use crate::terminal::Terminal;

pub(crate) use home::{claimed, doubts, of as home};
pub(crate) use passing::Glances;
pub(crate) use runner::{queued, who};
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
    /// The turn of this run, if it is to do what is planned.
    pub(crate) turn: Option<Turn>,
}

/// What a lab is looked at for.
pub(crate) struct Purpose {
    /// Whether it is done, so that nobody else is to do it meanwhile.
    pub(crate) is_done: bool,
    /// Whether objects may go that take data with them.
    pub(crate) consent: bool,
    /// Nothing is asked of the cluster any more once this is true.
    pub(crate) stop: Arc<AtomicBool>,
    /// Hosts that are not well: what only runs there is left as it is.
    pub(crate) without: BTreeSet<String>,
}

/// Looks at a lab beside its cluster.
pub(crate) fn look(
    lab: &Lab,
    args: &ClusterArgs,
    purpose: Purpose,
    terminal: &Terminal,
) -> Result<Beside, Failure> {
    let (Wants { mut desired, left }, cluster) = wanted(lab, args, purpose.stop, terminal)?;
    let (wanted, without) = desired.wanted.without_hosts(&purpose.without);
    if let [_, ..] = without[..] {
        desired.wanted = wanted;
        let (parts, hosts) =
            (without.join(", "), purpose.without.iter().cloned().collect::<Vec<_>>().join(", "));
        terminal.note(&format!("left as it is, since it needs {hosts}: {parts}"));
    }
    let turn = purpose.is_done.then(|| runner::turn(&cluster, &desired, terminal)).transpose()?;
    let mut observed =
        apply::plan(&cluster, &mut desired, purpose.consent).map_err(|error| failure(&error))?;
    if observed.plan.has_changes() {
        Marks::of(lab).mark_plan(&mut observed.plan);
    }
    Ok(Beside { cluster, desired, observed, left, turn })
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
    let wants = wanted::wants(lab, &args.targets(), terminal)?;
    let access = access(args);
    let mut cluster = Cluster::find(&access, stop).map_err(|error| failure(&error))?;
    cluster.at_once = args.parallel;
    terminal.detail(&format!("asking {}", cluster.server));
    Ok((wants, cluster))
}

/// How the cluster is found.
pub(crate) fn access(args: &ClusterArgs) -> Access {
    Access { kubeconfig: args.kubeconfig.clone(), context: args.context.clone() }
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
    let help = error.help().map_or_else(String::new, |help| format!("\n  {help}"));
    Failure::cannot(format!("{error}{help}"))
}
