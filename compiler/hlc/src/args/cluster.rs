//! What commands that ask hosts and the cluster can be told.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::ValueEnum;

/// What all who ask the cluster can be told.
#[derive(Clone, clap::Args)]
pub(crate) struct ClusterArgs {
    /// Only these: hosts, such as `homelab-0`, components, such as `n8n`, or stages, such as `10_apps`
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// Only this, as TARGET
    #[arg(long, value_name = "TARGET")]
    only: Vec<String>,
    /// Only what is in this stage, as TARGET
    #[arg(long, value_name = "STAGE")]
    stage: Vec<String>,
    /// Only hosts, or only what runs in the cluster
    #[arg(long, value_enum)]
    pub(crate) layer: Option<Layer>,
    /// The file that says where the cluster is; what KUBECONFIG says, or ~/.kube/config, when left out
    #[arg(long, value_name = "PATH")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// The context in it; the current one when left out
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
    /// How many questions and objects are on their way at once
    #[arg(long, value_name = "N", default_value = "8")]
    pub(crate) parallel: NonZeroUsize,
}

impl ClusterArgs {
    /// All that is named, in whatever way.
    pub(crate) fn targets(&self) -> Vec<String> {
        [&self.targets, &self.only, &self.stage].into_iter().flatten().cloned().collect()
    }

    /// The same for what is named here.
    pub(crate) fn naming(&self, targets: &[String]) -> Self {
        Self { targets: targets.to_vec(), only: Vec::new(), stage: Vec::new(), ..self.clone() }
    }
}

/// A layer of a lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Layer {
    /// Hosts
    Hosts,
    /// What runs in the cluster
    Cluster,
}

/// What `plan` can be told.
#[derive(clap::Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Say it as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Exit with 2 if anything would change
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    /// As apply would with the same
    #[arg(long)]
    pub(crate) delete_data: bool,
    /// Save it, for apply --plan
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// What `status` can be told.
#[derive(clap::Args)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Say it as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Look again and again, and say what is new, until stopped
    #[arg(long)]
    pub(crate) watch: bool,
}

/// What `apply` can be told.
#[derive(clap::Args)]
pub(crate) struct Apply {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) agreed: Agreed,
    /// Do what was planned and saved there, without asking, and nothing if that is not what would be done now
    #[arg(long, value_name = "FILE", conflicts_with_all = ["targets", "only", "stage", "layer", "delete_data", "dry_run"])]
    pub(crate) plan: Option<PathBuf>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How long to wait until everything of a stage is ready, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    pub(crate) timeout: i64,
    /// How long a host waits until it can be reached again, before it becomes what it was, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub(crate) confirm: u64,
    /// How long a host may take to become another system, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) activation: u64,
    /// Start hosts again that have to be, for a new kernel
    #[arg(long)]
    pub(crate) reboot: bool,
    /// Delete what takes data with it, too: volumes, namespaces and kinds that left the lab, and objects that can only be
    /// changed by making them anew
    #[arg(long)]
    pub(crate) delete_data: bool,
}

/// What nobody has to be asked.
#[derive(clap::Args)]
pub(crate) struct Agreed {
    /// Do not ask whether that is wanted
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Say that the cluster is the lab's, where nothing in it says so yet
    #[arg(long)]
    pub(crate) new_cluster: bool,
}
