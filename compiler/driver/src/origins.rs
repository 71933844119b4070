//! Where what is built is declared.

use std::collections::BTreeMap;

use model::Entity;
use source::Place;

use crate::Session;
use crate::directories::declared;
use crate::queries::lab_items;

/// Where what is built is declared, but for what is deployed (see [`Session::deployment`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// Of files under `nixos/`, relative to the lab's folder.
    pub files: BTreeMap<String, Place>,
    /// Of what `nixos` blocks say, by host and by what is noted of each option: `template node: nix.gc.automatic`.
    pub settings: BTreeMap<(String, String), Place>,
    /// Of helmfiles of the lab's own, relative to the lab's folder.
    pub helmfiles: BTreeMap<String, Place>,
}

impl Session {
    /// Where what is built is declared. Meaningful where no problem is an error.
    pub fn origins(&self) -> Origins {
        let mut origins = Origins::default();
        for item in lab_items(self.db()) {
            for entity in &values::evaluated(self.db(), item).entities {
                let place = declared(entity).0;
                let files = self.of_nixos(item.key(self.db()), entity);
                origins.files.extend(files.into_iter().map(|file| (file.path, place.clone())));
                match entity {
                    Entity::Helmfile(helmfile) => {
                        origins.helmfiles.insert(helmfile.file.clone(), place.clone());
                    }
                    Entity::Host(host) => {
                        let keys = emit_nix::block_keys(host).into_iter();
                        origins.settings.extend(keys.map(|(key, place)| ((host.name.clone(), key), place)));
                    }
                    _ => {}
                }
            }
        }
        origins
    }
}
