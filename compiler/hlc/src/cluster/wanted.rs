//! From what is deployed to what is wanted of the cluster, with the values of secrets.

use std::collections::{BTreeMap, BTreeSet};

use apply::{Desired, Vault};
use driver::Part;
use emit_secrets::Delivered;
use plan::{Key, Origin, Wanted, WantedObject};
use secrets::{Clear, Source};
use serde_json::Value;
use zeroize::Zeroizing;

use super::home;
use crate::exit::Failure;
use crate::load::{Lab, has_errors};
use crate::secrets::store::Store;
use crate::terminal::Terminal;

/// What a lab wants of its cluster.
pub(super) struct Wants {
    /// What is applied.
    pub(super) desired: Desired,
    /// The components that have what only helmfile deploys: charts, and helmfiles of the lab's own.
    pub(super) left: Vec<String>,
}

/// All that a lab wants of its cluster, or only what `targets` name: components, or stages.
pub(super) fn wants(lab: &Lab, targets: &[String], terminal: &Terminal) -> Result<Wants, Failure> {
    let problems = lab.problems()?;
    terminal.problems(&problems, &lab.session.sources(), &|name| lab.path(name));
    if has_errors(&problems) {
        return Err(Failure::Told);
    }
    let outputs = lab.outputs()?;
    let parts = lab.session.deployment();
    let mut values = Values::of(lab, &parts, &outputs.secrets)?;
    let wanted = parts.iter().map(|part| wanted(lab, part, &parts, &mut values));
    let wanted = Wanted {
        lab: lab.session.lab_name(),
        home: home::of(&lab.session),
        parts: wanted.collect::<Result<_, _>>()?,
        ..Wanted::default()
    };
    let wanted = if targets.is_empty() { wanted } else { only(&wanted, targets)? };
    let has_chart =
        |part: &&Part| part.file.is_some() || part.releases.iter().any(|release| release.place.is_some());
    let names = parts.iter().filter(has_chart).map(folder);
    let is_meant =
        |name: &String| wanted.parts.iter().any(|part| *name == format!("{}/{}", part.stage, part.name));
    let left = names.filter(is_meant).collect();
    Ok(Wants { desired: Desired::new(wanted, values.vault), left })
}

/// The folder of a component: `10_apps/n8n`.
fn folder(part: &Part) -> String {
    format!("{}/{}", part.component.stage.folder(), part.component.name)
}

fn only(wanted: &Wanted, targets: &[String]) -> Result<Wanted, Failure> {
    let named: BTreeSet<&str> = targets.iter().map(String::as_str).collect();
    let found = wanted.only(&named);
    found.map_err(|unknown| {
        let all: Vec<&str> = wanted.parts.iter().map(|part| part.name.as_str()).collect();
        let known = all.join(", ");
        Failure::cannot(format!(
            "there is no component or stage '{}'; there are {known}",
            unknown.escape_debug()
        ))
    })
}

fn wanted(lab: &Lab, part: &Part, all: &[Part], values: &mut Values<'_>) -> Result<plan::Part, Failure> {
    let own = part.releases.iter().find(|release| release.place.is_none());
    let after = all.iter().enumerate().filter(|(_, other)| part.needs.contains(&other.component));
    let objects = part.objects.iter().map(|object| {
        let mut json = Value::from(&object.yaml);
        for hole in &object.holes {
            let placeholder = values.take(part, &hole.value, hole.is_to_encode)?;
            if let Some(place) = at(&mut json, &hole.at) {
                *place = placeholder;
            }
        }
        let origin = Origin {
            line: lab.session.line_of(&object.place),
            declaration: object.place.item.head().to_owned(),
        };
        Ok(WantedObject { key: Key::of(&json), object: json, origin })
    });
    Ok(plan::Part {
        stage: part.component.stage.folder(),
        name: part.component.name.clone(),
        after: after.map(|(nth, _)| nth).collect(),
        release: own.map(|release| (release.namespace.clone(), release.name.clone())),
        objects: objects.collect::<Result<_, _>>()?,
    })
}

/// What keys and numbers lead to.
fn at<'a>(json: &'a mut Value, path: &[String]) -> Option<&'a mut Value> {
    path.iter().try_fold(json, |value, key| match value {
        Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
        value => value.get_mut(key),
    })
}

/// The values of secrets, of the files that components are delivered.
struct Values<'a> {
    files: BTreeMap<&'a str, Clear>,
    vault: Vault,
}

impl<'a> Values<'a> {
    /// Those that objects of `parts` have in them; the file of values is opened only where there are any.
    fn of(lab: &Lab, parts: &'a [Part], delivered: &[Delivered]) -> Result<Self, Failure> {
        let (mut files, mut vault) = (BTreeMap::new(), Vault::new());
        let is_used = |part: &&Part| part.objects.iter().any(|object| !object.holes.is_empty());
        let paths: Vec<&str> =
            parts.iter().filter(is_used).filter_map(|part| part.values.as_deref()).collect();
        if !paths.is_empty() {
            let source = opened(lab)?;
            // What the cluster says may show a value that is only a part of what it was given.
            for value in source.names().filter_map(|name| source.value(name)) {
                vault.hide(Zeroizing::new(value.to_owned()));
            }
            for path in paths {
                let Some(file) = delivered.iter().find(|file| file.path == path) else { continue };
                let clear = Clear::of(file, &source);
                files.insert(path, clear.map_err(|error| Failure::cannot(said(&error)))?);
            }
        }
        Ok(Self { files, vault })
    }

    /// What stands in an object for the value that `path` leads to.
    fn take(&mut self, part: &Part, path: &[String], is_to_encode: bool) -> Result<Value, Failure> {
        let file = part.values.as_deref().and_then(|file| self.files.get(file));
        let Some(text) = file.and_then(|file| file.text(path)) else {
            let (name, component) = (path.join("."), &part.component.name);
            return Err(Failure::cannot(format!("'{component}' has no value for {name}")));
        };
        let kept = if is_to_encode { Clear::encoded(&text) } else { text.clone() };
        self.vault.hide(text);
        Ok(self.vault.keep(kept))
    }
}

fn opened(lab: &Lab) -> Result<Source, Failure> {
    let store = Store::read(lab)?;
    let source = store.open_for_use(&|readers| store.lacks_key_of(readers))?;
    lab.has_own_halves(&source)?;
    Ok(source)
}

fn said(error: &secrets::Error) -> String {
    let help = error.help().map_or_else(String::new, |help| format!("\n  {help}"));
    format!("{error}{help}")
}
