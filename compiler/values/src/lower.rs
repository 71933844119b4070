//! Primitive declarations as entities of the model.
//!
//! Everything here has been checked: a field that is missing or wrong has a problem already, and its declaration
//! is left out of the model.
//!
//! A field that may be left out reads as `Option<Option<T>>`: nothing where it is wrong, `Some(None)` where it is
//! left out.
#![allow(clippy::option_option, reason = "what is wrong and what is left out are two things")]

mod cluster;
mod container;
mod host;
mod network;
mod read;
mod release;
mod secret;
mod workload;

use model::{At, Component, Entity, Lab, Namespace, Placement, Stage};
use source::Place;
use types::{DeclRef, Value};

use crate::eval::{Evaluator, kind_of, name_of};

impl Evaluator<'_> {
    /// The entity that a declaration is lowered to; nothing for kinds that only make others.
    pub(crate) fn lower(&mut self, decl: &DeclRef) -> Option<Entity> {
        // A kind of the user's with a primitive's name is his own.
        let is_primitive = self.instance(decl)?.of_kind.item.is_std();
        if !is_primitive || kind_of(decl).contains('.') {
            return None;
        }
        Some(match kind_of(decl) {
            "lab" => Entity::Lab(self.lab(decl)?),
            "recipient" => Entity::Recipient(self.recipient(decl)?),
            "network" => Entity::Network(self.network(decl)?),
            "user" => Entity::User(self.user(decl)?),
            "host" => Entity::Host(Box::new(self.host(decl)?)),
            "cluster" => Entity::Cluster(Box::new(self.cluster(decl)?)),
            "stage" => Entity::Stage(self.stage(decl)?),
            "namespace" => Entity::Namespace(self.namespace(decl)?),
            "secret" => Entity::Secret(self.secret(decl)?),
            "app" => Entity::App(Box::new(self.app(decl)?)),
            "job" => Entity::Job(Box::new(self.job(decl)?)),
            "release" => Entity::Release(Box::new(self.release(decl)?)),
            "manifest" => Entity::Manifest(Box::new(self.manifest(decl)?)),
            "device-plugin" => Entity::DevicePlugin(self.device_plugin(decl)?),
            _ => return None,
        })
    }

    fn lab(&mut self, decl: &DeclRef) -> Option<Lab> {
        let nixpkgs = self.text(decl, "nixpkgs")?;
        Some(Lab {
            name: name_of(decl),
            domain: At::new(
                self.parsed(decl, "domain", domain::Hostname::parse)?,
                self.place_of(decl, "domain"),
            ),
            timezone: At::new(self.text(decl, "timezone")?, self.place_of(decl, "timezone")),
            nixpkgs: if nixpkgs.starts_with("nixos-") { nixpkgs } else { format!("nixos-{nixpkgs}") },
            state_version: self.text(decl, "state-version")?,
            locale: self.text(decl, "locale")?,
            place: self.head(decl),
        })
    }

    pub(crate) fn stage(&mut self, decl: &DeclRef) -> Option<Stage> {
        let number = u8::try_from(self.int(decl, "number")?).ok()?;
        Some(Stage { number, name: name_of(decl), place: self.head(decl) })
    }

    fn namespace(&mut self, decl: &DeclRef) -> Option<Namespace> {
        let stage = self.decl_at(decl, "stage")?;
        Some(Namespace {
            name: name_of(decl),
            stage: At::new(self.stage(&stage.value)?, stage.place),
            existing: self.bool(decl, "existing")?,
            labels: self.texts_by_key(decl, "labels")?,
            annotations: self.texts_by_key(decl, "annotations")?,
            place: self.head(decl),
        })
    }

    /// The directory that a declaration is deployed in: its stage, and the name of the top-level declaration that
    /// it or what it is part of stands in.
    pub(crate) fn component(&mut self, decl: &DeclRef) -> Option<Component> {
        let kind = kind_of(decl).to_owned();
        let (shape, _) = types::shape(self.db, &kind)?;
        if shape.field("part-of").is_some()
            && let Value::Decl(whole) = self.field_value(decl, "part-of")
            && whole != *decl
        {
            return self.component(&whole);
        }
        let own = if shape.field("stage").is_some() { self.decl(decl, "stage") } else { None };
        let stage = if let Some(stage) = own {
            stage
        } else {
            let namespace = self.decl(decl, &shape.place()?.name.clone())?;
            self.decl(&namespace, "stage")?
        };
        let root = DeclRef::root(decl.item().clone(), decl.index().cloned());
        Some(Component { stage: self.stage(&stage)?, name: name_of(&root) })
    }

    pub(crate) fn placement(&mut self, decl: &DeclRef) -> Option<Placement> {
        let namespace = self.decl(decl, "namespace")?;
        let component = self.component(decl)?;
        let mut needs = Vec::new();
        for (other, place) in self.decls(decl, "needs")? {
            let Some(needed) = self.component(&other) else { continue };
            // What is deployed together needs no order, but nothing can wait for itself.
            if needed != component || other == *decl {
                needs.push(At::new(needed, place));
            }
        }
        Some(Placement {
            name: name_of(decl),
            namespace: name_of(&namespace),
            namespace_exists: self.bool(&namespace, "existing")?,
            component,
            needs,
            place: self.head(decl),
        })
    }

    /// Where a value of a declaration was set.
    pub(crate) fn place_of(&mut self, decl: &DeclRef, field: &str) -> Place {
        self.read(decl, field, |field| field.place.clone())
    }
}
