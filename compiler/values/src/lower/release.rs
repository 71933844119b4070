//! Charts, objects as they are, and device plugins.

use std::collections::BTreeMap;

use model::{At, Chart, DevicePlugin, Manifest, Release};
use types::{DeclRef, Value};

use super::read::entry;
use crate::data::data;
use crate::eval::{Evaluator, name_of};

impl Evaluator<'_> {
    pub(super) fn release(&mut self, decl: &DeclRef) -> Option<Release> {
        let values = self.field_value(decl, "values");
        if has_error(&values) {
            return None;
        }
        Some(Release {
            placement: self.placement(decl)?,
            chart: chart(&self.field_value(decl, "chart"))?,
            values: data(&values),
            timeout: self.duration_if(decl, "timeout")?,
            wait: self.bool(decl, "wait")?,
        })
    }

    pub(super) fn manifest(&mut self, decl: &DeclRef) -> Option<Manifest> {
        let mut fields = BTreeMap::new();
        for name in self.open_fields(decl) {
            let value = self.field_value(decl, &name);
            if has_error(&value) {
                return None;
            }
            if !value.is_none() {
                fields.insert(name.to_string(), data(&value));
            }
        }
        let Value::Map(values) = self.field_value(decl, "stringData") else { return None };
        if !values.is_empty() {
            fields.insert("stringData".to_owned(), data(&Value::Map(values)));
        }
        Some(Manifest {
            placement: self.placement(decl)?,
            cluster_wide: self.bool(decl, "cluster-wide")?,
            api_version: At::new(self.text(decl, "apiVersion")?, self.place_of(decl, "apiVersion")),
            kind: At::new(self.text(decl, "kind")?, self.place_of(decl, "kind")),
            fields,
        })
    }

    pub(super) fn device_plugin(&mut self, decl: &DeclRef) -> Option<DevicePlugin> {
        let Value::Map(map) = self.field_value(decl, "devices") else { return None };
        let mut devices = Vec::new();
        for (resource, field) in map.iter() {
            let Value::Decl(device) = &field.value else { return None };
            devices.push((At::new(self.device_use(device)?, field.place.clone()), resource.to_string()));
        }
        Some(DevicePlugin {
            name: name_of(decl),
            prefix: self.text(decl, "prefix")?,
            devices,
            place: self.head(decl),
        })
    }
}

fn chart(value: &Value) -> Option<Chart> {
    let text = |name| entry(value, name)?.value.as_text().map(str::to_owned);
    let repo = entry(value, "repo")?;
    Some(Chart {
        name: text("name")?,
        repo: At::new(repo.value.as_text()?.to_owned(), repo.place.clone()),
        version: text("version")?,
    })
}

/// Whether a problem stands anywhere in a value.
fn has_error(value: &Value) -> bool {
    match value {
        Value::Error => true,
        Value::List(list) => list.iter().any(|field| has_error(&field.value)),
        Value::Map(map) => map.values().any(|field| has_error(&field.value)),
        _ => false,
    }
}
