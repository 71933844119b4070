//! Probes of a container.
//!
//! The first answer may take a while (five minutes when not said), and only then the others begin: without a startup
//! probe, a slow start would be ended as if it were a hang.

use domain::Duration;
use model::{Health, Protocol};

use crate::names::container_port;
use crate::workload::Workload;
use yaml::{MapBuilder, Yaml};

/// Seconds between two tries while it starts.
const START_PERIOD: u64 = 5;
/// How long the first answer may take when the lab does not say.
const START: Duration = Duration::from_milliseconds(300_000);

/// Adds the probes to a container. There are none for a port that is not TCP: nothing tells whether it is open.
pub(crate) fn set_probes(container: MapBuilder, workload: &Workload<'_>) -> MapBuilder {
    let Some(health) = workload.health else { return container };
    let port = workload.ports.and_then(|ports| ports.get(&health.port));
    if port.is_none_or(|port| port.protocol != Protocol::Tcp) {
        return container;
    }
    let start = health.start.unwrap_or(START).seconds();
    let tries = i64::try_from(start.div_ceil(START_PERIOD).max(1)).unwrap_or(i64::MAX);
    container
        .set("startupProbe", probe(health, 5, Some(tries)))
        .set("readinessProbe", probe(health, 10, None))
        .set("livenessProbe", probe(health, 30, None))
}

/// A probe every `period` seconds that gives up after `tries`, or three.
fn probe(health: &Health, period: i64, tries: Option<i64>) -> Yaml {
    let port = container_port(&health.port);
    let probe = match &health.path {
        Some(path) => MapBuilder::new().set("httpGet", MapBuilder::new().set("path", path).set("port", port)),
        None => MapBuilder::new().set("tcpSocket", MapBuilder::new().set("port", port)),
    };
    probe.set("periodSeconds", period).set("timeoutSeconds", 5_i64).set_some("failureThreshold", tries).into()
}
