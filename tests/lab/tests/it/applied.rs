//! `hlc apply` deploys the whole reference lab, charts and all.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use driver::HelmChart;
use harness::charts::Charts;
use harness::control_plane::ControlPlane;
use harness::outcome::Outcome;
use harness::tools;
use model::ChartSource;

use crate::cluster::{give_addresses, nodes};
use crate::lab::{Written, session};
use crate::real::hlc_without_keys;

/// The lab as it is committed, beside a cluster, with the charts that it names.
struct Beside {
    written: Written,
    cluster: ControlPlane,
}

impl Beside {
    fn new() -> Option<Self> {
        let charts = Charts::serve()?;
        let beside = Self { written: Written::committed(), cluster: ControlPlane::start(&nodes()) };
        beside.cluster.offer_volumes("local-path");
        for release in session().deployment().iter().flat_map(|part| &part.releases) {
            let HelmChart::Of(chart) = &release.chart else { continue };
            if let ChartSource::Repository { url, version } = &chart.from.value {
                charts.keep(&beside.caches(), url, &chart.name, version);
            }
        }
        Some(beside)
    }

    fn caches(&self) -> std::path::PathBuf {
        self.written.folder().join("caches")
    }

    fn command(&self, kubeconfig: &Path, arguments: &[&str]) -> Command {
        let mut command = hlc_without_keys(self.written.folder());
        command.args(arguments).arg("--kubeconfig").arg(kubeconfig);
        command.env("SOPS_AGE_KEY_FILE", self.written.key.file());
        command.env("XDG_CACHE_HOME", self.caches()).env("PATH", tools::search_path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(&mut self.command(&self.cluster.kubeconfig(), arguments))
    }
}

/// Does something while load balancers get addresses. It must not panic: nobody would stop the other then.
fn with_addresses<T>(cluster: &ControlPlane, work: impl FnOnce() -> T) -> T {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| give_addresses(cluster, &stop));
        let done = work();
        stop.store(true, Ordering::Relaxed);
        done
    })
}

#[test]
fn the_whole_lab_is_applied_and_nothing_is_left_to_do() {
    let Some(whole) = Beside::new() else { return };
    with_addresses(&whole.cluster, || whole.run(&["apply", "--yes", "--timeout", "600"])).succeeded();
    let again = whole.run(&["plan", "--detailed-exitcode"]);
    again.succeeded();
    whole.run(&["status"]).succeeded();
}
