//! A cluster that is there already, in place of one that is started: what `tests/k3s` has the tests run against.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{ControlPlane, Node, flag};
use crate::outcome::Outcome;
use crate::tools;

/// The kubeconfig of the cluster that tests speak to.
const VARIABLE: &str = "HLC_TEST_CLUSTER";

/// What says in a cluster that it is there for tests: `tests/k3s` puts it there, and nowhere else.
const MARK: &str = "tests-of-hlc";

/// Whether a test of this process speaks to it.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);

impl ControlPlane {
    /// The cluster that `HLC_TEST_CLUSTER` names, if it names one.
    ///
    /// # Panics
    ///
    /// When it is none that tests may do to whatever they like, or another test is at it.
    #[track_caller]
    pub(super) fn given() -> Option<Self> {
        let kubeconfig = PathBuf::from(env::var_os(VARIABLE).filter(|path| !path.is_empty())?);
        assert!(
            !IS_TAKEN.swap(true, Ordering::SeqCst),
            "two tests at once on the one cluster of {VARIABLE}: tests/k3s runs them one by one"
        );
        let mut plane = Self::new();
        plane.is_given = true;
        // As one file, whatever files it names.
        let mut view = tools::command("kubectl");
        view.arg(flag("kubeconfig", kubeconfig)).args(["config", "view", "--raw", "--flatten", "--minify"]);
        let text = Outcome::of(view.args(["-o", "json"])).succeeded().stdout;
        fs::write(plane.kubeconfig(), text).expect("the kubeconfig can be written");
        assert!(
            plane.kubectl(&["get", "configmap", MARK, "--namespace", "kube-system"]).ok,
            "the cluster of {VARIABLE} is not there for tests: tests/k3s makes sure that it is empty, and says so in it"
        );
        Some(plane)
    }

    /// Fails a test that takes more than a cluster that is there already has.
    #[track_caller]
    pub(super) fn only_if_started(&self, what: &str) {
        assert!(
            !self.is_given,
            "this test takes {what}, which the cluster of {VARIABLE} has not: name it in tests/k3s among those that \
             are left out"
        );
    }

    /// Any node does where a test asks for one and says nothing about it but its name.
    #[track_caller]
    pub(super) fn only_plain(self, nodes: &[Node]) -> Self {
        if nodes.len() != 1 || !nodes[0].is_plain() {
            self.only_if_started("nodes of its own");
        }
        self
    }
}

impl Drop for ControlPlane {
    fn drop(&mut self) {
        if self.is_given {
            IS_TAKEN.store(false, Ordering::SeqCst);
        }
    }
}
