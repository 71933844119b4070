//! Objects of Kubernetes as they are: written in the lab, or in files.

use std::collections::BTreeMap;

use model::{At, Data, Entity, Manifest, Placement};
use smol_str::SmolStr;
use source::Place;
use types::problems::secret_in_plain::secret_in_object;
use types::{DeclRef, Field, Value, entries};

use super::read::{Read, any_failure, as_string};
use crate::data::data;
use crate::eval::Evaluator;
use crate::problems::no_object::{kustomization, no_object};
use crate::problems::secret_in_file::plain_secret;

impl Evaluator<'_> {
    pub(super) fn manifest(&mut self, decl: &DeclRef) -> Read<Manifest> {
        let kind = self.get_at(decl, "kind", as_string)?;
        let mut fields = BTreeMap::new();
        for name in self.open_fields(decl) {
            let field = self.read(decl, &name, Field::clone);
            any_failure(&field.value).map_or(Ok(()), Err)?;
            self.must_not_be_readable(&kind.value, &name, &field)?;
            if !field.value.is_none() {
                fields.insert(name.to_string(), data(&field.value));
            }
        }
        let secrets = self.data_of(decl, "stringData")?;
        if secrets != Data::Map(BTreeMap::new()) {
            fields.insert("stringData".to_owned(), secrets);
        }
        Ok(Manifest {
            placement: self.placement(decl)?,
            cluster_wide: self.bool(decl, "cluster-wide")?,
            api_version: self.get_at(decl, "apiVersion", as_string)?,
            kind,
            fields,
        })
    }

    /// An object for each document.
    pub(super) fn manifests(&mut self, decl: &DeclRef) -> Read<Vec<Entity>> {
        let placement = self.placement(decl)?;
        let cluster_wide = self.bool(decl, "cluster-wide")?;
        let from = self.read(decl, "from", Field::clone);
        any_failure(&from.value).map_or(Ok(()), Err)?;
        let mut all = Vec::new();
        let mut failed = None;
        for document in documents(&from) {
            match self.object(&document, &placement, cluster_wide) {
                Ok(manifest) => all.push(Entity::Manifest(Box::new(manifest))),
                Err(reported) => failed = Some(reported),
            }
        }
        failed.map_or(Ok(all), Err)
    }

    /// The object that a document is.
    fn object(&mut self, document: &Field, placement: &Placement, cluster_wide: bool) -> Read<Manifest> {
        let text = |path: &[&str]| text_at(document, path);
        let place = document.place.clone();
        let problem = match (text(&["apiVersion"]), text(&["kind"]), text(&["metadata", "name"])) {
            (Some(api), _, _) if api.value.starts_with("kustomize.config.k8s.io/") => {
                kustomization(api.place)
            }
            (Some(api), Some(kind), Some(name)) => {
                return self.whole_object(document, (api, kind, name), placement, cluster_wide);
            }
            (None, _, _) => no_object(place, "'apiVersion'"),
            (_, None, _) => no_object(place, "'kind'"),
            (_, _, None) => no_object(place, "'metadata.name'"),
        };
        Err(self.report(problem))
    }

    fn whole_object(
        &mut self,
        document: &Field,
        (api_version, kind, name): (At<String>, At<String>, At<String>),
        placement: &Placement,
        cluster_wide: bool,
    ) -> Read<Manifest> {
        let mut fields = BTreeMap::new();
        for (key, field) in entries_of(&document.value) {
            self.must_not_be_readable(&kind.value, key, field)?;
            if kind.value == "Secret"
                && matches!(key.as_str(), "data" | "stringData")
                && is_plain(&field.value)
            {
                return Err(self.report(plain_secret(kind.place)));
            }
            if !matches!(key.as_str(), "apiVersion" | "kind") {
                fields.insert(key.to_string(), data(&field.value));
            }
        }
        let placement = Placement { name: name.value, place: name.place, ..placement.clone() };
        Ok(Manifest { placement, cluster_wide, api_version, kind, fields })
    }

    /// A failure where a secret stands in a part of an object that whoever sees the object reads, or where bytes would
    /// stand in a text.
    fn must_not_be_readable(&mut self, kind: &str, key: &str, field: &Field) -> Read<()> {
        let mut secrets = Vec::new();
        secrets_in(field, &field.place, &mut secrets);
        let mut failed = None;
        for (place, is_bytes) in secrets {
            let (why, help) = if key == "metadata" {
                ("everybody could read it", "names, labels and annotations are for everybody")
            } else if kind == "ConfigMap" {
                let help = "make it a Secret: kind = \"Secret\", with the value in 'stringData'";
                ("whoever may read a ConfigMap could read it", help)
            } else if is_bytes && (kind, key) != ("Secret", "stringData") {
                ("it holds bytes, and a text is expected here", "put it into a Secret, in 'stringData'")
            } else {
                continue;
            };
            failed = Some(self.report(secret_in_object(place, why, help)));
        }
        failed.map_or(Ok(()), Err)
    }
}

/// The documents of a list; those of a `List` of Kubernetes' among them.
fn documents(from: &Field) -> Vec<Field> {
    let mut all = Vec::new();
    for document in items_of(&from.value) {
        let is_list = text_at(document, &["kind"]).is_some_and(|kind| kind.value.ends_with("List"))
            && text_at(document, &["metadata", "name"]).is_none();
        match entries_of(&document.value).find(|(key, _)| *key == "items").filter(|_| is_list) {
            Some((_, items)) => all.extend(items_of(&items.value).iter().cloned()),
            None => all.push(document.clone()),
        }
    }
    all
}

fn items_of(value: &Value) -> &[Field] {
    if let Value::List(items) = value { items } else { &[] }
}

fn entries_of(value: &Value) -> impl Iterator<Item = (&SmolStr, &Field)> {
    let map = if let Value::Map(map) = value { Some(map) } else { None };
    map.into_iter().flat_map(|map| entries(map))
}

/// The text at a path of maps.
fn text_at(field: &Field, path: &[&str]) -> Option<At<String>> {
    let Some((first, rest)) = path.split_first() else {
        return Some(At::new(as_string(&field.value)?, field.place.clone()));
    };
    entries_of(&field.value).find(|(key, _)| key == first).and_then(|(_, field)| text_at(field, rest))
}

/// Whether a value of a Secret, or a map of such, has something in it that is no secret of the lab's.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Map(map) => entries(map).any(|(_, field)| is_plain(&field.value)),
        Value::List(items) => !items.is_empty(),
        Value::Null | Value::None => false,
        Value::Secret(_) => false,
        _ => true,
    }
}

/// Where secrets stand in a value, and whether each holds bytes: the smallest place that is in the same item as `outer`.
/// What a value is taken from is not wrong.
fn secrets_in(field: &Field, outer: &Place, found: &mut Vec<(Place, bool)>) {
    let place = if field.place.item == outer.item { &field.place } else { outer };
    match &field.value {
        Value::Secret(text) => found.push((place.clone(), text.is_bytes())),
        Value::List(items) => items.iter().for_each(|item| secrets_in(item, place, found)),
        Value::Map(map) => map.values().for_each(|field| secrets_in(field, place, found)),
        _ => {}
    }
}
