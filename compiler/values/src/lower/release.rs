//! Charts, helmfiles and device plugins.

use model::{At, Chart, ChartSource, Data, DevicePlugin, Helmfile, Release};
use smol_str::SmolStr;
use types::{DeclRef, Field, Value};

use super::read::{Read, any_failure, as_decl, as_string, entry};
use crate::data::data;
use crate::eval::{Evaluator, name_of};

impl Evaluator<'_> {
    pub(super) fn release(&mut self, decl: &DeclRef) -> Read<Release> {
        Ok(Release {
            placement: self.placement(decl)?,
            chart: self.chart(decl)?,
            values: self.data_of(decl, "values")?,
            timeout: self.duration_if(decl, "timeout")?,
            wait: self.bool(decl, "wait")?,
        })
    }

    /// The chart of a release.
    fn chart(&mut self, decl: &DeclRef) -> Read<Chart> {
        let found = self.read(decl, "chart", |field| chart(field).ok_or_else(|| any_failure(&field.value)));
        found.map_err(|failure| failure.unwrap_or_else(|| self.unreadable(decl, "chart")))
    }

    pub(super) fn helmfile(&mut self, decl: &DeclRef) -> Read<Helmfile> {
        let file = self.get_at(decl, "path", as_string)?;
        Ok(Helmfile {
            placement: self.placement_of_file(decl)?,
            file: beside(file.place.item.file(), &file.value),
        })
    }

    /// What a field holds as free-form data, if nothing in it has a problem.
    pub(super) fn data_of(&mut self, decl: &DeclRef, name: &str) -> Read<Data> {
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

fn chart(field: &Field) -> Option<Chart> {
    let (value, place) = (&field.value, &field.place);
    if let Some(folder) = value.as_text() {
        let folder = beside(place.item.file(), folder);
        let name = folder.rsplit('/').next().unwrap_or_default().to_owned();
        return Some(Chart { name, from: At::new(ChartSource::Folder(folder), place.clone()) });
    }
    let text = |name| entry(value, name)?.value.as_text().map(str::to_owned);
    let repo = entry(value, "repo")?;
    let from = ChartSource::Repository { url: repo.value.as_text()?.to_owned(), version: text("version")? };
    Some(Chart { name: text("name")?, from: At::new(from, repo.place.clone()) })
}

/// A path that `file` of the lab says, as seen from the lab.
fn beside(file: &str, path: &str) -> String {
    let around = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut steps: Vec<&str> = Vec::new();
    for step in around.split('/').chain(path.split('/')) {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn paths_are_seen_from_the_lab() {
        assert_eq!(beside("homelab.hl", "./charts/issuer"), "charts/issuer");
        assert_eq!(beside("parts/media.hl", "./charts/issuer/"), "parts/charts/issuer");
        assert_eq!(beside("parts/media.hl", "../charts/issuer"), "charts/issuer");
        assert_eq!(beside("homelab.hl", "../shared/./issuer"), "../shared/issuer");
    }
}
