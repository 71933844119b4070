//! Two builds differ where what is built differs: an object is named exactly if it is another one.

use std::collections::{BTreeMap, BTreeSet};

use compare::{Built, Sealed, Thing, What, differences};
use driver::{Outputs, Session};
use labs::Grown;
use plan::Key;
use serde_json::Value;

use crate::whole::labs;

#[test]
fn a_lab_does_not_differ_from_itself_and_objects_are_named_that_do() {
    let built: Vec<(u64, Built, Objects)> =
        labs().iter().take(80).map(|grown| (grown.seed, built(&grown.outputs), objects(grown))).collect();
    let mut named = 0;
    for two in built.windows(2) {
        let [(seed, before, old), (_, after, new)] = two else { continue };
        assert_eq!(differences(before, before), [], "seed {seed}");
        let found = differences(before, after);
        let is_object = |thing: &Thing| if let Thing::Object(key) = thing { Some(key.clone()) } else { None };
        let told: BTreeSet<Key> = found.iter().filter_map(|one| is_object(&one.thing)).collect();
        let all = old.keys().chain(new.keys());
        let expected: BTreeSet<Key> = all.filter(|key| old.get(*key) != new.get(*key)).cloned().collect();
        assert_eq!(told, expected, "seed {seed}");
        named += told.len();
        let of_nixos = found.iter().any(|one| one.part.starts_with("nixos"));
        assert_eq!(of_nixos, nixos(before) != nixos(after), "seed {seed}");
        // Seen from the other side, the same differs.
        let back = differences(after, before);
        let ends = |what: &What| (*what == What::Made, *what == What::Gone);
        let turned: Vec<_> = back.iter().map(|one| (&one.thing, ends(&one.what))).collect();
        let known: BTreeMap<_, _> = found.iter().map(|one| (&one.thing, ends(&one.what))).collect();
        assert_eq!(turned.len(), known.len(), "seed {seed}");
        for (thing, (made, gone)) in turned {
            assert_eq!(known.get(thing), Some(&(gone, made)), "seed {seed}: {thing}");
        }
    }
    assert!(named > 100, "{named} objects were other ones");
}

/// The component and the content of each object, as nobody has read it.
type Objects = BTreeMap<Key, (String, Value)>;

fn objects(grown: &Grown) -> Objects {
    let session = Session::open(vec![("homelab.hl".to_owned(), grown.text.clone())]);
    let parts = session.deployment().into_iter();
    let all = parts.flat_map(|part| {
        let folder = part.folder.clone();
        part.objects.into_iter().map(move |object| (folder.clone(), Value::from(&object.yaml)))
    });
    all.map(|(folder, object)| (Key::of(&object), (folder, object))).collect()
}

fn built(outputs: &Outputs) -> Built {
    let sealed = outputs.secrets.iter().map(|file| {
        let made_of = Some(format!("{:?} {:?}", file.readers, file.tree));
        (file.path.clone(), Sealed { names: file.names(), made_of })
    });
    Built {
        nixos: outputs.nixos.clone(),
        k8s: outputs.k8s.clone(),
        sealed: sealed.collect(),
        ..Built::default()
    }
}

/// What is built for machines, in the open and encrypted.
type Nixos<'b> = (Vec<(&'b String, &'b str)>, Vec<(&'b String, &'b Sealed)>);

/// What is built for machines: everything but where it is declared.
fn nixos(built: &Built) -> Nixos<'_> {
    let body = |text: &'_ String| text.find('\n').map_or(0, |end| end + 1);
    let files = built.nixos.iter().filter(|(path, _)| *path != "lines.nix");
    let sealed = built.sealed.iter().filter(|(path, _)| path.starts_with("nixos/"));
    (files.map(|(path, text)| (path, &text[body(text)..])).collect(), sealed.collect())
}
