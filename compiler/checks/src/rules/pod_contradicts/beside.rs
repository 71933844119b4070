//! What is said of what stands around the pod: the Deployment, the Service, Ingresses, claims, runs and their schedule.

use domain::Size;
use model::{App, Concurrency, Data, Health, Job, Question, Raw, ServiceKind, Update, VolumeSource};

use super::container::protocol;
use super::{Clashes, Word, text};

/// The fields of a probe of which it has one.
const HANDLERS: [&str; 4] = ["exec", "grpc", "httpGet", "tcpSocket"];

pub(super) fn compare_app(app: &App, clashes: &mut Clashes<'_>) {
    match (&app.scale, app.deployment.at(&["replicas"])) {
        (Some(scale), Some(said)) => clashes.add(&Word::at("scale", &scale.place), said),
        (_, said) => {
            let replicas = Word::at("replicas", &app.replicas.place);
            clashes.compare(&replicas, said, &Data::Int(app.replicas.value.into()));
        }
    }
    // It never changes, and Services find pods by it.
    if let Some(said) = app.deployment.at(&["selector"]) {
        clashes.add(&Word::new("selector"), said);
    }
    if let Some(update) = app.update {
        let kind = if update == Update::Recreate { "Recreate" } else { "RollingUpdate" };
        let said = app.deployment.at(&["strategy", "type"]);
        clashes.compare(&Word::new("update"), said, &text(kind));
        if let (Update::Recreate, Some(said)) = (update, app.deployment.at(&["strategy", "rollingUpdate"])) {
            clashes.add(&Word::new("update"), said);
        }
    }
    ports(app, clashes);
    probes(app, clashes);
    service(app, clashes);
    for (name, ingress) in &app.ingresses {
        let host = Word { name: format!("{name}.host"), place: Some(&ingress.host.place) };
        // They would take the place of what is made.
        if let Some(rules) = ingress.fields.at(&["rules"]) {
            clashes.add(&host, rules);
        }
        if let Some(class) = &ingress.class {
            let word = Word::new(&format!("{name}.class"));
            clashes.compare(&word, ingress.fields.at(&["ingressClassName"]), &text(class));
        }
    }
    claims(&app.container, clashes);
}

pub(super) fn compare_job(job: &Job, clashes: &mut Clashes<'_>) {
    let (run, schedule) = (&job.run_fields, &job.schedule_fields);
    if let Some(limit) = job.time_limit {
        let seconds = i64::try_from(limit.seconds()).unwrap_or(i64::MAX);
        clashes.compare(&Word::new("time-limit"), run.at(&["activeDeadlineSeconds"]), &Data::Int(seconds));
    }
    let times = Word::new("schedule");
    match &job.schedule {
        Some(cron) => clashes.compare(&times, schedule.at(&["schedule"]), &text(cron)),
        // What runs once has none of it.
        None => {
            for (_, said) in schedule.entries() {
                clashes.add(&times, said);
            }
        }
    }
    if job.suspend {
        clashes.compare(&Word::new("suspend"), schedule.at(&["suspend"]), &Data::Bool(true));
    }
    let policy = match job.concurrency {
        Concurrency::Forbid => None,
        Concurrency::Allow => Some("Allow"),
        Concurrency::Replace => Some("Replace"),
    };
    if let Some(policy) = policy {
        let said = schedule.at(&["concurrencyPolicy"]);
        clashes.compare(&Word::new("concurrency"), said, &text(policy));
    }
    claims(&job.container, clashes);
}

fn ports(app: &App, clashes: &mut Clashes<'_>) {
    if let Some(said) = app.container.pod.at(&["hostNetwork"]).filter(|said| said.value.bool() == Some(true))
    {
        // In the host's network, a port is the host's of that number.
        let is_other =
            |port: &&model::Port| port.host_port.as_ref().is_some_and(|host| host.value != port.number.value);
        if let Some(host) = app.ports.values().find(is_other).and_then(|port| port.host_port.as_ref()) {
            clashes.add(&Word::at("host-port", &host.place), said);
        }
    }
    for item in app.container.fields.items_at(&["ports"]) {
        let number = item.value.at(&["containerPort"]).and_then(|number| number.value.int());
        for (name, port) in &app.ports {
            let word = Word { name: format!("port {name}"), place: Some(&port.number.place) };
            let is_same =
                number == Some(port.number.value.into()) && protocol(&item.value) == Some(port.protocol);
            if is_same {
                if let Some(host) = &port.host_port {
                    let said = item.value.at(&["hostPort"]);
                    clashes.compare(&word, said, &Data::Int(host.value.into()));
                }
                // The Service finds it by its name.
                if let Some(said) = item.value.at(&["name"])
                    && said.value.text() != Some(name)
                {
                    clashes.add(&word, said);
                }
            } else if item.value.text_at(&["name"]) == Some(name) {
                clashes.add(&word, item);
            }
        }
    }
}

/// More may be said of a probe, but not that it is another one.
fn probes(app: &App, clashes: &mut Clashes<'_>) {
    one_health(app.health.as_ref(), &app.container.fields, clashes);
    for side in &app.container.beside {
        one_health(side.health.as_ref(), &side.container.fields, clashes);
    }
}

fn one_health(health: Option<&Health>, said: &Raw, clashes: &mut Clashes<'_>) {
    let Some(health) = health else { return };
    let probes = [
        ("startupProbe", health.started.as_ref()),
        ("readinessProbe", health.ready.as_ref()),
        ("livenessProbe", health.alive.as_ref()),
    ];
    for (probe, asked) in probes {
        let question = asked.and_then(|asked| asked.question.as_ref()).unwrap_or(&health.question);
        let made = match question {
            Question::Path(_) | Question::SecurePath(_) => "httpGet",
            Question::Port => "tcpSocket",
            Question::Command(_) => "exec",
        };
        let handlers = HANDLERS.iter().filter_map(|handler| Some((*handler, said.at(&[probe, handler])?)));
        for (handler, said) in handlers {
            let word = Word::new("health");
            if handler != made {
                clashes.add(&word, said);
            } else if let Question::Path(path) | Question::SecurePath(path) = question {
                clashes.compare(&word, said.value.at(&["path"]), &text(path));
            }
        }
    }
}

fn service(app: &App, clashes: &mut Clashes<'_>) {
    let said = &app.service.fields;
    let kind = match app.service.kind {
        ServiceKind::Cluster => "ClusterIP",
        ServiceKind::LoadBalancer => "LoadBalancer",
        ServiceKind::NodePort => "NodePort",
    };
    clashes.compare(&Word::new("service.kind"), said.at(&["type"]), &text(kind));
    if let Some(address) = &app.service.address {
        let word = Word::at("service.address", &address.place);
        clashes.compare(&word, said.at(&["loadBalancerIP"]), &text(address.value));
    }
}

fn claims(container: &model::Container, clashes: &mut Clashes<'_>) {
    for (name, volume) in &container.volumes {
        let VolumeSource::Claim { size, class, .. } = &volume.source else { continue };
        let said = &volume.claim;
        if let Some(class) = class {
            let word = Word { name: format!("{name}.class"), place: Some(&volume.place) };
            clashes.compare(&word, said.at(&["storageClassName"]), &text(class));
        }
        let asked = said.at(&["resources", "requests", "storage"]);
        let amount = |said: &Raw| Size::parse(said.text()?).ok();
        if let Some(asked) = asked.filter(|asked| amount(&asked.value) != Some(*size)) {
            clashes.add(&Word { name: format!("{name}.size"), place: Some(&volume.place) }, asked);
        }
    }
}
