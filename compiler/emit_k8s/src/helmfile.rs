//! Helmfiles: one a component, and one for all of them.

use std::collections::BTreeMap;

use domain::Duration;
use emit::Files;
use model::{Chart, ChartSource};

use crate::header;
use crate::names::{folder, repository};
use crate::order::{ComponentOrder, stage_order};
use source::Place;
use yaml::{MapBuilder, Yaml};

/// Kinds that some charts look for before they write them; without a cluster, helm knows versions but no kinds, and
/// those charts fall back to versions that Kubernetes has dropped.
const KINDS: [&str; 4] = [
    "autoscaling/v2/HorizontalPodAutoscaler",
    "batch/v1/CronJob",
    "networking.k8s.io/v1/Ingress",
    "policy/v1/PodDisruptionBudget",
];

/// How long a release may take that says nothing else.
pub const TIMEOUT: Duration = Duration::from_milliseconds(600_000);

/// A release as a component's helmfile has it; paths are relative to the component.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HelmRelease {
    /// Its name.
    pub name: String,
    /// The namespace that it is installed in.
    pub namespace: String,
    /// Whether that exists without us.
    pub namespace_exists: bool,
    /// What is installed.
    pub chart: HelmChart,
    /// The file of its values, if it has any.
    pub values: Option<String>,
    /// What stands in it.
    pub plain: Option<Yaml>,
    /// The encrypted file of those that are secret, if it has any.
    pub secrets: Option<String>,
    /// Whether nobody waits until it is ready.
    pub no_wait: bool,
    /// Whether there are jobs in it that others wait for until they are done.
    pub wait_for_jobs: bool,
    /// How long it may take, if not as long as others.
    pub timeout: Option<Duration>,
    /// Releases of the same helmfile that come before: `namespace/name`.
    pub needs: Vec<String>,
    /// Where it is declared; `None` for the component's own chart, whose objects say where each is.
    pub place: Option<Place>,
}

/// Where a release's chart is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HelmChart {
    /// The component's own, beside the helmfile.
    #[default]
    Own,
    /// One that the lab names.
    Of(Chart),
}

impl HelmRelease {
    /// How long it may take, in seconds.
    pub fn seconds(&self) -> i64 {
        seconds(self.timeout.unwrap_or(TIMEOUT))
    }

    /// As `needs` has it.
    pub(crate) fn id(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    fn yaml(&self) -> Yaml {
        let (chart, version) = match &self.chart {
            HelmChart::Own => (".".to_owned(), None),
            HelmChart::Of(chart) => match &chart.from.value {
                ChartSource::Folder(path) => (format!("../../../{path}"), None),
                ChartSource::Repository { url, version } => {
                    (format!("{}/{}", repository(url), chart.name), Some(version))
                }
            },
        };
        MapBuilder::new()
            .set("name", &self.name)
            .set("namespace", &self.namespace)
            .set_some("createNamespace", self.namespace_exists.then_some(false))
            .set("chart", chart)
            .set_some("version", version)
            .set_some("wait", self.no_wait.then_some(false))
            .set_some("waitForJobs", (self.wait_for_jobs && !self.no_wait).then_some(true))
            .set_some("timeout", self.timeout.map(seconds))
            .set_filled("needs", Yaml::texts(&self.needs))
            .set_filled("values", Yaml::texts(&self.values))
            .set_filled("secrets", Yaml::texts(&self.secrets))
            .into()
    }
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.seconds().max(1)).unwrap_or(i64::MAX)
}

/// The helmfile of a component.
pub(crate) fn component(releases: &[HelmRelease], source: &str) -> String {
    let defaults = MapBuilder::new()
        .set("createNamespace", true)
        .set("takeOwnership", true)
        .set("timeout", seconds(TIMEOUT))
        .set("wait", true);
    let repositories = repositories(releases);
    let mut helmfile = MapBuilder::new();
    if !repositories.is_empty() {
        let kinds =
            Yaml::texts(KINDS).under("What any cluster has, for charts that are rendered without one.");
        helmfile = helmfile
            .set("repositories", Yaml::List(repositories).after_blank())
            .set("apiVersions", kinds.after_blank());
    }
    let releases = Yaml::List(releases.iter().map(HelmRelease::yaml).collect());
    let helmfile = helmfile
        .set("helmDefaults", Yaml::from(defaults).after_blank())
        .set("releases", releases.after_blank());
    Yaml::from(helmfile).under(header(source)).print()
}

/// The repositories that are used, by name.
fn repositories(releases: &[HelmRelease]) -> Vec<Yaml> {
    let remote = releases.iter().filter_map(|release| match &release.chart {
        HelmChart::Own => None,
        HelmChart::Of(chart) => match &chart.from.value {
            ChartSource::Folder(_) => None,
            ChartSource::Repository { url, .. } => Some((repository(url), url.as_str())),
        },
    });
    let used: BTreeMap<String, &str> = remote.collect();
    let repository = |(name, url): (String, &str)| {
        let oci = url.strip_prefix("oci://");
        MapBuilder::new()
            .set("name", name)
            .set("url", oci.unwrap_or(url).trim_end_matches('/'))
            .set_some("oci", oci.map(|_| true))
            .into()
    };
    used.into_iter().map(repository).collect()
}

/// `helmfile.yaml` with the helmfiles of all components in order; helmfile deploys one after the other.
pub fn emit_helmfile(components: &[ComponentOrder], source: &str) -> Files {
    let mut last_stage = None;
    let mut helmfiles = Vec::new();
    for ordered in stage_order(components) {
        let stage = ordered.component.stage.folder();
        let made = || format!("{}/helmfile.yaml", folder(&ordered.component));
        let path = ordered.file.as_ref().map_or_else(made, |file| format!("../{file}"));
        let entry = Yaml::from(MapBuilder::new().set("path", path));
        let is_new = last_stage.as_ref() != Some(&stage);
        let blank = is_new && last_stage.is_some();
        let entry = if is_new { entry.under(stage.replace('_', " ")) } else { entry };
        helmfiles.push(if blank { entry.after_blank() } else { entry });
        last_stage = Some(stage);
    }
    let helmfile = MapBuilder::new().set("helmfiles", Yaml::List(helmfiles).after_blank());
    Files::from([("helmfile.yaml".to_owned(), Yaml::from(helmfile).under(header(source)).print())])
}
