//! What the standard library has: its kinds with their fields, and its functions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use driver::Session;
use smol_str::SmolStr;
use types::{FieldShape, Shape, Shapes, Signature, Ty};

/// The kinds, record types and functions of the standard library.
#[derive(Debug)]
pub struct Schema {
    shapes: BTreeMap<SmolStr, Arc<Shape>>,
    /// The kinds of the top level, by name.
    pub kinds: Vec<SmolStr>,
    /// The functions of the library, by what they return.
    functions: BTreeMap<Ty, Vec<(SmolStr, Signature)>>,
}

impl Schema {
    /// As a lab without anything of its own sees the library.
    pub fn of_library() -> Self {
        let session = Session::open(vec![("homelab.hl".to_owned(), String::new())]);
        let db = session.db();
        let shapes_of = |key| names::find(db, key).map(|item| types::shapes(db, item));
        let mut schema = Self { shapes: BTreeMap::new(), kinds: Vec::new(), functions: BTreeMap::new() };
        for (word, defined) in names::index(db).defined_names() {
            let shapes = [&defined.kind, &defined.alias].into_iter().flatten().filter_map(shapes_of);
            for Shapes { all, .. } in shapes {
                schema.shapes.extend(all.clone());
            }
            schema.kinds.extend(defined.kind.is_some().then(|| word.clone()));
            let function = defined.function.as_ref().and_then(shapes_of);
            if let Some(signature) = function.and_then(|shapes| shapes.signature.clone()) {
                let same = schema.functions.entry(signature.result.clone()).or_default();
                same.push((word.clone(), signature));
            }
        }
        schema.kinds.sort();
        schema
    }

    /// The kind or record type with this full name.
    #[track_caller]
    pub fn shape(&self, name: &str) -> &Shape {
        self.shapes.get(name).unwrap_or_else(|| panic!("the library has no {name}"))
    }

    /// The functions that return this type.
    pub fn functions(&self, result: &Ty) -> &[(SmolStr, Signature)] {
        self.functions.get(result).map(Vec::as_slice).unwrap_or_default()
    }

    /// All that somebody can set, as `app.port.number`.
    pub fn settable(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for shape in self.shapes.values().filter(|shape| !shape.record) {
            self.add(shape, &mut found);
        }
        found
    }

    /// The fields of kinds that are of a type, and those of the records in them: `app.volume` and `size`, `app` and
    /// `resources.memory`.
    pub fn of_type(&self, wanted: &Ty) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for shape in self.shapes.values().filter(|shape| !shape.record) {
            for field in settable(shape) {
                if field.ty.arms() == std::slice::from_ref(wanted) {
                    found.push((shape.name.to_string(), field.name.to_string()));
                } else if let [Ty::Record(record)] = field.ty.arms() {
                    let parts = settable(self.shape(record))
                        .filter(|part| part.ty.arms() == std::slice::from_ref(wanted));
                    found.extend(
                        parts.map(|part| (shape.name.to_string(), format!("{}.{}", field.name, part.name))),
                    );
                }
            }
        }
        found
    }

    /// The fields of a shape, and those of the records in them.
    fn add(&self, shape: &Shape, found: &mut BTreeSet<String>) {
        for field in settable(shape) {
            if found.insert(full_name(shape, field)) {
                let records = field.ty.arms().iter().filter_map(|arm| match arm {
                    Ty::Record(record) => Some(self.shape(record)),
                    _ => None,
                });
                records.for_each(|record| self.add(record, found));
            }
        }
    }
}

/// The fields of a shape that can be set, beside the one that `in` sets. How a host is reached is left out: nothing is
/// built of it but who may become root there, which the lab at the root has, and the tests of `hlc apply` try the rest.
pub(crate) fn settable(shape: &Shape) -> impl Iterator<Item = &FieldShape> {
    let is_own = |field: &&FieldShape| shape.record || field.name != "name";
    let is_built = |field: &&FieldShape| &*shape.name != "host" || field.name != "deploy";
    shape.fields.iter().filter(|field| !field.derived && !field.place).filter(is_own).filter(is_built)
}

/// `app.port.number`.
pub(crate) fn full_name(shape: &Shape, field: &FieldShape) -> String {
    format!("{}.{}", shape.name, field.name)
}
