//! What a lab without errors declares and would not be built: a fault of `hlc`, and the last place to notice it.
//!
//! Whatever fails has the proof that a problem was reported ([`diagnostics::Reported`]), so nothing should ever come up
//! here. It is looked for all the same, and in another way: by what is declared and what is built, not by what failed.

use model::{Entity, Placement};
use names::{Db, index};
use source::{Place, Span};
use values::{Fault, evaluated};

use crate::Outputs;
use crate::directories::placement;
use crate::queries::lab_items;

/// What happened that cannot, and what is declared and made of nothing. Meaningful where no problem is an error.
pub(crate) fn faults(db: &dyn Db) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for item in lab_items(db) {
        let evaluated = evaluated(db, item);
        faults.extend(evaluated.faults.iter().chain(&evaluated.unbuilt).cloned());
    }
    for declared in index(db).declarations() {
        let core = names::find(db, &declared.item).map(|item| types::item_core(db, item));
        if core.is_none_or(|core| core.decl.is_none()) {
            let place = Place::new(&declared.item, Span::default());
            faults
                .push(Fault { place, what: format!("'{}' is declared and not read", declared.item.head()) });
        }
    }
    faults
}

/// What is declared and stands in no file that is built.
pub(crate) fn missing(db: &dyn Db, outputs: &Outputs) -> Vec<Fault> {
    let entities = lab_items(db).flat_map(|item| &evaluated(db, item).entities);
    entities.filter(|entity| !is_built(entity, outputs)).map(not_built).collect()
}

fn is_built(entity: &Entity, outputs: &Outputs) -> bool {
    if let Entity::Host(host) = entity {
        return outputs.nixos.contains_key(&format!("hosts/{}/default.nix", host.name));
    }
    placement(entity).is_none_or(|Placement { component, .. }| {
        let folder = format!("{}/", emit_k8s::folder(component));
        outputs.k8s.range(folder.clone()..).next().is_some_and(|(path, _)| path.starts_with(&folder))
    })
}

fn not_built(entity: &Entity) -> Fault {
    let (place, name) = match entity {
        Entity::Host(host) => (host.place.clone(), host.name.clone()),
        entity => match placement(entity) {
            Some(placement) => (placement.place.clone(), placement.name.clone()),
            None => unreachable!("only what has a file can be missing one"),
        },
    };
    Fault { place, what: format!("'{name}' is declared, and no file is made for it") }
}
