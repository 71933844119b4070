//! Charts, objects as they are, and device plugins.

use std::collections::BTreeMap;

use model::{At, Chart, Data, DevicePlugin, Manifest, Release};
use smol_str::SmolStr;
use types::{DeclRef, Field, Value};

use super::read::{Read, any_failure, as_decl, as_string, entry};
use crate::data::data;
use crate::eval::{Evaluator, name_of};

impl Evaluator<'_> {
    pub(super) fn release(&mut self, decl: &DeclRef) -> Read<Release> {
        Ok(Release {
            placement: self.placement(decl)?,
            chart: self.record(decl, "chart", chart)?,
            values: self.data_of(decl, "values")?,
            timeout: self.duration_if(decl, "timeout")?,
            wait: self.bool(decl, "wait")?,
        })
    }

    pub(super) fn manifest(&mut self, decl: &DeclRef) -> Read<Manifest> {
        let mut fields = BTreeMap::new();
        for name in self.open_fields(decl) {
            if !self.value_of(decl, &name)?.is_none() {
                fields.insert(name.to_string(), self.data_of(decl, &name)?);
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
            kind: self.get_at(decl, "kind", as_string)?,
            fields,
        })
    }

    /// What a field holds as free-form data, if nothing in it has a problem.
    fn data_of(&mut self, decl: &DeclRef, name: &str) -> Read<Data> {
        self.read(decl, name, |field| any_failure(&field.value).map_or_else(|| Ok(data(&field.value)), Err))
    }

    pub(super) fn device_plugin(&mut self, decl: &DeclRef) -> Read<DevicePlugin> {
        let named = self.record(decl, "devices", |value| {
            let Value::Map(map) = value else { return None };
            let named = |(resource, field): (&SmolStr, &Field)| {
                Some((resource.to_string(), At::new(as_decl(&field.value)?, field.place.clone())))
            };
            map.iter().map(named).collect::<Option<Vec<_>>>()
        })?;
        let mut devices = Vec::new();
        for (resource, device) in named {
            devices.push((At::new(self.device_use(&device.value)?, device.place), resource));
        }
        Ok(DevicePlugin {
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
