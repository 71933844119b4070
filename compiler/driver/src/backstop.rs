//! What a lab without errors declares and would not be built: a fault of `hlc`, and the last place to notice it.
//!
//! Whatever fails has the proof that a problem was reported ([`diagnostics::Reported`]), so nothing should ever come up
//! here. It is looked for all the same, and in another way: by what is declared and what is built, not by what failed.
//! Both are plain functions of what they compare, so that tests can take something away.

mod traces;

use model::Entity;
use names::{Db, index};
use source::{ItemKey, Place, Span};
use values::{Evaluated, Fault, evaluated};

use crate::Outputs;
use crate::directories::declared;
use crate::queries::lab_items;
use traces::Traces;

/// What happened that cannot, and what is declared and made of nothing. Meaningful where no problem is an error.
pub(crate) fn faults(db: &dyn Db) -> Vec<Fault> {
    let evaluated = lab_items(db).map(|item| evaluated(db, item));
    let is_read = |item: &ItemKey| {
        let core = names::find(db, item).map(|item| types::item_core(db, item));
        core.is_some_and(|core| core.decl.is_some())
    };
    let declared = index(db).declarations().iter().map(|declared| &declared.item);
    faults_of(evaluated, declared.map(|item| (item, is_read(item))))
}

/// As [`faults`]: of what items came to, and whether what each item of `declared` declares was read.
fn faults_of<'a>(
    evaluated: impl Iterator<Item = &'a Evaluated>,
    declared: impl Iterator<Item = (&'a ItemKey, bool)>,
) -> Vec<Fault> {
    let found = evaluated.flat_map(|one| one.faults.iter().chain(&one.unbuilt).cloned());
    let unread = declared.filter(|(_, is_read)| !is_read).map(|(item, _)| Fault {
        place: Place::new(item, Span::default()),
        what: format!("'{}' is declared and not read", item.head()),
    });
    found.chain(unread).collect()
}

/// What is declared and stands in no file that is built.
pub(crate) fn missing(db: &dyn Db, outputs: &Outputs) -> Vec<Fault> {
    missing_in(lab_items(db).flat_map(|item| &evaluated(db, item).entities), outputs)
}

/// As [`missing`], of these entities, which are all that there are.
fn missing_in<'a>(entities: impl Iterator<Item = &'a Entity>, outputs: &Outputs) -> Vec<Fault> {
    let mut traces = Traces::new(outputs);
    entities.filter(|entity| !traces.found(entity)).map(not_built).collect()
}

fn not_built(entity: &Entity) -> Fault {
    let (place, name) = declared(entity);
    Fault { place: place.clone(), what: format!("'{name}' is declared, and no file is made for it") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn fault(what: &str) -> Fault {
        let key = ItemKey::new(Arc::from("homelab.hl"), Arc::from("app n8n"), 0);
        Fault { place: Place::new(&key, Span::default()), what: what.to_owned() }
    }

    #[test]
    fn what_cannot_happen_is_told() {
        let whole = Evaluated::default();
        let broken = Evaluated {
            unbuilt: vec![fault("app 'n8n' is declared and not built")],
            faults: vec![fault("an app has no field 'imge'")],
            ..Evaluated::default()
        };
        let (n8n, other) =
            (fault("").place.item, ItemKey::new(Arc::from("a.hl"), Arc::from("stage apps"), 0));
        let told = |evaluated: &[&Evaluated], declared: &[(&ItemKey, bool)]| -> Vec<String> {
            let faults = faults_of(evaluated.iter().copied(), declared.iter().copied());
            faults.into_iter().map(|fault| fault.what).collect()
        };
        assert_eq!(told(&[&whole], &[(&n8n, true), (&other, true)]), [""; 0]);
        assert_eq!(
            told(&[&whole, &broken], &[(&n8n, true)]),
            ["an app has no field 'imge'", "app 'n8n' is declared and not built"]
        );
        assert_eq!(told(&[&whole], &[(&n8n, false), (&other, true)]), ["'app n8n' is declared and not read"]);
    }
}
