//! Apps and jobs.

use domain::{Cron, Hostname};
use model::{
    App, At, Concurrency, Form, Ingress, Job, Map, Port, Protocol, Scale, Service, ServiceKind, Update,
};
use types::{DeclRef, Value};

use super::container::annotations;
use super::health::health;
use super::network::as_address;
use super::raw::raw;
use super::read::{Read, as_count, as_port, as_string, chosen, entry, entry_at, optional};
use crate::eval::{Evaluator, name_of};

const PROTOCOLS: &[(&str, Protocol)] = &[("tcp", Protocol::Tcp), ("udp", Protocol::Udp)];

const UPDATES: &[(&str, Option<Update>)] =
    &[("auto", None), ("rolling", Some(Update::Rolling)), ("recreate", Some(Update::Recreate))];

const CONCURRENCY: &[(&str, Concurrency)] =
    &[("allow", Concurrency::Allow), ("forbid", Concurrency::Forbid), ("replace", Concurrency::Replace)];

const SERVICE_KINDS: &[(&str, ServiceKind)] = &[
    ("cluster", ServiceKind::Cluster),
    ("load-balancer", ServiceKind::LoadBalancer),
    ("node-port", ServiceKind::NodePort),
];

impl Evaluator<'_> {
    pub(super) fn app(&mut self, decl: &DeclRef) -> Read<App> {
        let form = match (self.bool(decl, "everywhere")?, self.bool(decl, "numbered")?) {
            (true, _) => Form::DaemonSet,
            (false, true) => Form::StatefulSet,
            (false, false) => Form::Deployment,
        };
        let At { value, place } = self.get_at(decl, "scale", |value| optional(value, scale))?;
        Ok(App {
            form,
            scale: value.map(|scale| At::new(scale, place)),
            selector: self.texts_by_key(decl, "selector")?,
            placement: self.placement(decl)?,
            container: self.container(decl, "app")?,
            replicas: self.get_at(decl, "replicas", as_count)?,
            update: self.choice(decl, "update", UPDATES)?,
            ports: self.ports(decl)?,
            ingresses: self.ingresses(decl)?,
            service: self.record(decl, "service", service)?,
            health: self.record(decl, "health", |value| optional(value, health))?,
            deployment: self.record(decl, form.word(), raw)?,
        })
    }

    pub(super) fn job(&mut self, decl: &DeclRef) -> Read<Job> {
        let lab = types::only_declaration(self.db, names::word(self.db, "lab")).clone();
        let timezone = match lab {
            Some(lab) => self.text(&DeclRef::root(lab, None), "timezone")?,
            None => "UTC".to_owned(),
        };
        let own_timezone = self.get_if_at(decl, "timezone", as_string)?;
        Ok(Job {
            placement: self.placement(decl)?,
            container: self.container(decl, "job")?,
            schedule: self.get_if(decl, "schedule", |value| Cron::parse(value.as_text()?).ok())?,
            timezone: own_timezone.as_ref().map_or(timezone, |own| own.value.clone()),
            own_timezone,
            late: self.duration_if(decl, "late")?,
            keep: self.record(decl, "keep", keep)?,
            remove_after: self.duration_if(decl, "remove-after")?,
            completions: self.get(decl, "completions", as_count)?,
            parallel: self.get(decl, "parallel", as_count)?,
            indexed: self.bool(decl, "indexed")?,
            concurrency: self.choice(decl, "concurrency", CONCURRENCY)?,
            suspend: self.bool(decl, "suspend")?,
            time_limit: self.duration_if(decl, "time-limit")?,
            retries: self.get(decl, "retries", as_count)?,
            run_fields: self.record(decl, "job-spec", raw)?,
            schedule_fields: self.record(decl, "cron-spec", raw)?,
        })
    }

    fn ports(&mut self, decl: &DeclRef) -> Read<Map<String, Port>> {
        let inner = self.inner(decl, "app.port")?;
        let mut ports = Map::with_capacity(inner.len());
        for (name, port) in inner {
            let found = Port {
                number: self.get_at(&port, "number", as_port)?,
                protocol: self.choice(&port, "protocol", PROTOCOLS)?,
                host_port: self.get_if_at(&port, "host-port", as_port)?,
                service_port: self.get_if(&port, "service-port", as_port)?,
            };
            ports.insert(name, found);
        }
        Ok(ports)
    }

    fn ingresses(&mut self, decl: &DeclRef) -> Read<Map<String, Ingress>> {
        let inner = self.inner(decl, "app.ingress")?;
        let mut ingresses = Map::with_capacity(inner.len());
        for (name, ingress) in inner {
            let found = Ingress {
                host: self.parsed_at(&ingress, "host", Hostname::parse)?,
                path: self.text(&ingress, "path")?,
                port: name_of(&self.decl(&ingress, "to")?),
                class: self.text_if(&ingress, "class")?,
                tls: self.bool(&ingress, "tls")?,
                secret: self.text_if(&ingress, "secret")?,
                annotations: self.texts_by_key(&ingress, "all-annotations")?,
                fields: self.record(&ingress, "spec", raw)?,
            };
            ingresses.insert(name, found);
        }
        Ok(ingresses)
    }
}

fn scale(value: &Value) -> Option<Scale> {
    let count = |name| as_count(&entry(value, name)?.value);
    let share = |name| optional(&entry(value, name)?.value, as_count);
    Some(Scale { min: count("min")?, max: count("max")?, cpu: share("cpu")?, memory: share("memory")? })
}

fn keep(value: &Value) -> Option<(u32, u32)> {
    let count = |name| as_count(&entry(value, name)?.value);
    Some((count("succeeded")?, count("failed")?))
}

fn service(value: &Value) -> Option<Service> {
    Some(Service {
        kind: chosen(&entry(value, "kind")?.value, SERVICE_KINDS)?,
        address: entry_at(value, "address", as_address)?,
        annotations: annotations(value)?,
        fields: raw(&entry(value, "spec")?.value)?,
    })
}
