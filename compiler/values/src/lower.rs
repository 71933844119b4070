//! Primitive declarations as entities of the model.
//!
//! Everything here has been checked: a field that is missing or wrong has a problem already, and its declaration fails
//! with the proof of that. Nothing is left out of the model in any other way.

mod beside;
mod cluster;
mod component;
mod container;
mod health;
mod host;
mod manifest;
mod network;
mod placing;
pub(crate) mod raw;
mod read;
mod release;
mod secret;
mod settings;
mod workload;

use model::{At, Entity, Lab, Namespace, Stage};
use source::Place;
use types::DeclRef;

use crate::eval::{Evaluator, kind_of, name_of};
pub(crate) use component::held;
use read::Read;

impl Evaluator<'_> {
    /// The entities that a declaration is lowered to: mostly one; none for kinds that only make others, and for nested ones, which
    /// are part of what they stand in.
    pub(crate) fn lower(&mut self, decl: &DeclRef) -> Read<Vec<Entity>> {
        match self.lower_one(decl)? {
            Some(entity) => Ok(vec![entity]),
            // Each of its documents is an object.
            None if kind_of(decl) == "manifests" && self.is_primitive(decl) => self.manifests(decl),
            None => Ok(Vec::new()),
        }
    }

    fn is_primitive(&mut self, decl: &DeclRef) -> bool {
        self.instance(decl).is_some_and(|instance| instance.of_kind.item.is_std())
    }

    fn lower_one(&mut self, decl: &DeclRef) -> Read<Option<Entity>> {
        let Some(instance) = self.instance(decl) else {
            return Err(self.fault(Place::new(decl.item(), source::Span::default()), "nothing declares it"));
        };
        // A kind of the user's with a primitive's name is his own.
        let is_primitive = instance.of_kind.item.is_std();
        if !is_primitive || kind_of(decl).contains('.') {
            return Ok(None);
        }
        Ok(Some(match kind_of(decl) {
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
            "component" => return self.check_component(decl).map(|()| None),
            "helmfile" => Entity::Helmfile(Box::new(self.helmfile(decl)?)),
            "device-plugin" => Entity::DevicePlugin(self.device_plugin(decl)?),
            _ => return Ok(None),
        }))
    }

    fn lab(&mut self, decl: &DeclRef) -> Read<Lab> {
        let nixpkgs = self.text(decl, "nixpkgs")?;
        Ok(Lab {
            name: name_of(decl),
            domain: self.parsed_at(decl, "domain", domain::Hostname::parse)?,
            timezone: self.get_at(decl, "timezone", read::as_string)?,
            nixpkgs: if nixpkgs.starts_with("nixos-") { nixpkgs } else { format!("nixos-{nixpkgs}") },
            state_version: self.text(decl, "state-version")?,
            locale: self.text(decl, "locale")?,
            place: self.head(decl),
        })
    }

    pub(crate) fn stage(&mut self, decl: &DeclRef) -> Read<Stage> {
        let number = self.get(decl, "number", |value| u8::try_from(read::as_int(value)?).ok())?;
        Ok(Stage { number, name: name_of(decl), place: self.head(decl) })
    }

    fn namespace(&mut self, decl: &DeclRef) -> Read<Namespace> {
        let stage = self.get_at(decl, "stage", read::as_decl)?;
        Ok(Namespace {
            name: name_of(decl),
            stage: At::new(self.stage(&stage.value)?, stage.place),
            existing: self.bool(decl, "existing")?,
            labels: self.texts_by_key(decl, "labels")?,
            annotations: self.texts_by_key(decl, "annotations")?,
            place: self.head(decl),
        })
    }

    /// Where a value of a declaration was set.
    pub(crate) fn place_of(&mut self, decl: &DeclRef, field: &str) -> Place {
        self.read(decl, field, |field| field.place.clone())
    }
}
