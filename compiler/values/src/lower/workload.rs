//! Apps and jobs.

use domain::{Cron, Hostname};
use model::{App, At, Concurrency, Health, Ingress, Job, Map, Port, Protocol, Service, ServiceKind};
use types::{DeclRef, Value};

use super::container::annotations;
use super::network::as_address;
use super::read::{as_duration, as_port, entry, entry_at, optional};
use crate::eval::{Evaluator, name_of};

impl Evaluator<'_> {
    pub(super) fn app(&mut self, decl: &DeclRef) -> Option<App> {
        Some(App {
            placement: self.placement(decl)?,
            container: self.container(decl, "app")?,
            replicas: u32::try_from(self.int(decl, "replicas")?).ok()?,
            ports: self.ports(decl)?,
            ingresses: self.ingresses(decl)?,
            service: self.read(decl, "service", |field| service(&field.value))?,
            health: self.read_if(decl, "health", health)?,
        })
    }

    pub(super) fn job(&mut self, decl: &DeclRef) -> Option<Job> {
        let schedule = self.text_if(decl, "schedule")?;
        let lab = types::only_declaration(self.db, names::word(self.db, "lab")).clone();
        let timezone = match lab {
            Some(lab) => self.text(&DeclRef::root(lab, None), "timezone")?,
            None => "UTC".to_owned(),
        };
        Some(Job {
            placement: self.placement(decl)?,
            container: self.container(decl, "job")?,
            schedule: match schedule {
                Some(line) => Some(Cron::parse(&line).ok()?),
                None => None,
            },
            timezone,
            concurrency: match self.text(decl, "concurrency")?.as_str() {
                "allow" => Concurrency::Allow,
                "replace" => Concurrency::Replace,
                _ => Concurrency::Forbid,
            },
            suspend: self.bool(decl, "suspend")?,
            time_limit: self.duration_if(decl, "time-limit")?,
            retries: u32::try_from(self.int(decl, "retries")?).ok()?,
        })
    }

    fn ports(&mut self, decl: &DeclRef) -> Option<Map<String, Port>> {
        let inner = self.inner(decl, "app.port");
        let mut ports = Map::with_capacity(inner.len());
        for (name, port) in inner {
            let number = self.field(&port, "number");
            let host_port = self.field(&port, "host-port");
            let found = Port {
                number: At::new(as_port(&number.value)?, number.place),
                protocol: if self.text(&port, "protocol")? == "udp" { Protocol::Udp } else { Protocol::Tcp },
                host_port: optional(&host_port.value, as_port)?.map(|port| At::new(port, host_port.place)),
                service_port: self.read_if(&port, "service-port", as_port)?,
            };
            ports.insert(name, found);
        }
        Some(ports)
    }

    fn ingresses(&mut self, decl: &DeclRef) -> Option<Map<String, Ingress>> {
        let inner = self.inner(decl, "app.ingress");
        let mut ingresses = Map::with_capacity(inner.len());
        for (name, ingress) in inner {
            let host = self.parsed(&ingress, "host", Hostname::parse)?;
            let found = Ingress {
                host: At::new(host, self.place_of(&ingress, "host")),
                path: self.text(&ingress, "path")?,
                port: name_of(&self.decl(&ingress, "to")?),
                class: self.text_if(&ingress, "class")?,
                tls: self.bool(&ingress, "tls")?,
                annotations: self.texts_by_key(&ingress, "annotations")?,
            };
            ingresses.insert(name, found);
        }
        Some(ingresses)
    }
}

fn service(value: &Value) -> Option<Service> {
    Some(Service {
        kind: match entry(value, "kind")?.value.as_text()? {
            "load-balancer" => ServiceKind::LoadBalancer,
            "node-port" => ServiceKind::NodePort,
            _ => ServiceKind::Cluster,
        },
        address: entry_at(value, "address", as_address)?,
        annotations: annotations(value)?,
    })
}

fn health(value: &Value) -> Option<Health> {
    let Value::Decl(port) = &entry(value, "port")?.value else { return None };
    Some(Health {
        path: optional(&entry(value, "path")?.value, |value| value.as_text().map(str::to_owned))?,
        port: name_of(port),
        start: optional(&entry(value, "start")?.value, as_duration)?,
    })
}
