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
    let start = health.start.unwrap_or(START).seconds();
    let tries = u32::try_from(start.div_ceil(START_PERIOD.seconds()).max(1)).unwrap_or(u32::MAX);
    let started = health.started.as_ref().map(|asked| {
        let failures = Some(asked.failures.unwrap_or(tries));
        Probe { failures, ..asked.clone() }
    });
    let [ready, alive] = PERIODS;
    let probe = |asked: Option<&Probe>, period| probe(workload, health, asked?, period);
    container
        .set_some("startupProbe", probe(started.as_ref(), START_PERIOD))
        .set_some("readinessProbe", probe(health.ready.as_ref(), ready))
        .set_some("livenessProbe", probe(health.alive.as_ref(), alive))
}

/// A probe every `period`, unless it says another one; none where nothing can answer.
fn probe(workload: &Workload<'_>, health: &Health, asked: &Probe, period: Duration) -> Option<Yaml> {
    let port = || port(workload, asked.port.as_ref().or(health.port.as_ref())?);
    let get = |path: &str, scheme: Option<&str>| -> Option<MapBuilder> {
        let get = MapBuilder::new().set("path", path).set("port", port()?).set_some("scheme", scheme);
        Some(MapBuilder::new().set("httpGet", get))
    };
    let probe = match asked.question.as_ref().unwrap_or(&health.question) {
        Question::Path(path) => get(path, None)?,
        Question::SecurePath(path) => get(path, Some("HTTPS"))?,
        Question::Port => MapBuilder::new().set("tcpSocket", MapBuilder::new().set("port", port()?)),
        Question::Command(command) => {
            MapBuilder::new().set("exec", MapBuilder::new().set("command", Yaml::texts(command)))
        }
    };
    let probe = probe
        .set_some("initialDelaySeconds", asked.delay.map(seconds))
        .set("periodSeconds", seconds(asked.every.unwrap_or(period)))
        .set("timeoutSeconds", seconds(asked.timeout.unwrap_or(TIMEOUT)))
        .set_some("failureThreshold", asked.failures)
        .set_some("successThreshold", asked.successes);
    Some(probe.into())
}

/// A port by its name where the container has it under that name, or else by its number.
fn port(workload: &Workload<'_>, name: &str) -> Option<Yaml> {
    let port = workload.ports?.get(name).filter(|port| port.protocol == Protocol::Tcp)?;
    let is_own = workload.own_ports().any(|(own, _)| own == name);
    Some(if is_own { Yaml::text(container_port(name)) } else { i64::from(port.number.value).into() })
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.seconds().max(1)).unwrap_or(i64::MAX)
}
