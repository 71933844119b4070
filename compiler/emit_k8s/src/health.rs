//! Probes of a container.
//!
//! The first answer may take a while (five minutes when not said), and only then the others begin: without a startup
//! probe, a slow start would be ended as if it were a hang.

use domain::Duration;
use model::{Health, Probe, Protocol, Question};

use crate::names::container_port;
use crate::workload::Workload;
use yaml::{MapBuilder, Yaml};

/// Between two tries while it starts.
const START_PERIOD: Duration = Duration::from_milliseconds(5_000);
/// How long the first answer may take when the lab does not say.
const START: Duration = Duration::from_milliseconds(300_000);
/// Between two questions whether it is ready, and whether it is alive.
const PERIODS: [Duration; 2] = [Duration::from_milliseconds(10_000), Duration::from_milliseconds(30_000)];
/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_milliseconds(5_000);

/// Adds the probes to a container. There are none for a port that is not TCP: nothing tells whether it is open.
pub(crate) fn set_probes(container: MapBuilder, workload: &Workload<'_>) -> MapBuilder {
    let Some(health) = workload.health else { return container };
    let port = health.port.as_ref().and_then(|port| workload.ports.and_then(|ports| ports.get(port)));
    let is_command = matches!(health.question, Question::Command(_));
    if !is_command && port.is_none_or(|port| port.protocol != Protocol::Tcp) {
        return container;
    }
    let start = health.start.unwrap_or(START).seconds();
    let tries = u32::try_from(start.div_ceil(START_PERIOD.seconds()).max(1)).unwrap_or(u32::MAX);
    let first = Probe { failures: Some(tries), ..Probe::default() };
    let [ready, alive] = PERIODS;
    container
        .set("startupProbe", probe(health, &first, START_PERIOD))
        .set_some("readinessProbe", health.ready.as_ref().map(|asked| probe(health, asked, ready)))
        .set_some("livenessProbe", health.alive.as_ref().map(|asked| probe(health, asked, alive)))
}

/// A probe every `period`, unless it says another one.
fn probe(health: &Health, asked: &Probe, period: Duration) -> Yaml {
    let port = health.port.as_deref().map(container_port);
    let probe = match asked.question.as_ref().unwrap_or(&health.question) {
        Question::Path(path) => {
            let get = MapBuilder::new().set("path", path).set_some("port", port);
            MapBuilder::new().set("httpGet", get)
        }
        Question::Port => MapBuilder::new().set("tcpSocket", MapBuilder::new().set_some("port", port)),
        Question::Command(command) => {
            MapBuilder::new().set("exec", MapBuilder::new().set("command", Yaml::texts(command)))
        }
    };
    probe
        .set("periodSeconds", seconds(asked.every.unwrap_or(period)))
        .set("timeoutSeconds", seconds(asked.timeout.unwrap_or(TIMEOUT)))
        .set_some("failureThreshold", asked.failures)
        .into()
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.seconds().max(1)).unwrap_or(i64::MAX)
}
