//! What differs, thing by thing.

use std::collections::BTreeSet;

use emit::Files;
use plan::{Change, Origin, fields};

use crate::built::{Built, Sealed};
use crate::lines::{Line, lines};
use crate::things::{Form, Found, Thing, things};

/// Something that is built in another way, or that only one of two builds has.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What it is a part of: `10_apps/n8n`, `nixos/hosts/attic`, `k8s`.
    pub part: String,
    /// What it is.
    pub thing: Thing,
    /// What happens to it.
    pub what: What,
    /// Where it is declared; of what goes, where it was. Nothing where that is not known.
    pub origin: Option<Origin>,
}

/// What happens to something that is built.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Only the second build has it.
    Made,
    /// Only the first build has it.
    Gone,
    /// It is another one.
    Changed(Vec<Detail>),
}

/// What is different of something.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// It was a part of this before.
    Moved(String),
    /// A field.
    Field(Change),
    /// A line.
    Line(Line),
    /// A value in an encrypted file that is there now.
    NewName(String),
    /// A value in an encrypted file that is not there any more.
    OldName(String),
    /// It is encrypted anew: values in it, or who reads it.
    Anew,
    /// It has the same in another order.
    Reordered,
}

/// What differs between two builds, by component, and then by host.
pub fn differences(before: &Built, after: &Built) -> Vec<Difference> {
    let changed: BTreeSet<String> = changed("nixos", &before.nixos, &after.nixos)
        .chain(changed("k8s", &before.k8s, &after.k8s))
        .collect();
    let is_read = |path: &str| changed.contains(path);
    let (old, new) = (things(before, &is_read), things(after, &is_read));
    let all: BTreeSet<&Thing> = old.keys().chain(new.keys()).collect();
    let mut found: Vec<Difference> = all
        .into_iter()
        .filter_map(|thing| {
            let (old, new) = (old.get(thing), new.get(thing));
            let what = what(old, new)?;
            let part = new.or(old)?.part.clone();
            let origins = if what == What::Gone { &before.origins } else { &after.origins };
            Some(Difference { part, thing: thing.clone(), what, origin: origins.get(thing).cloned() })
        })
        .collect();
    let rank = |part: &str| (part.starts_with("nixos"), part == "k8s");
    found.sort_by(|a, b| (rank(&a.part), &a.part).cmp(&(rank(&b.part), &b.part)));
    found
}

impl Difference {
    /// What it is called beside others of the same part.
    pub fn name(&self) -> String {
        let name = self.thing.to_string();
        let path = name.strip_prefix("k8s/").unwrap_or(&name);
        let below = path.strip_prefix(&self.part).and_then(|rest| rest.strip_prefix('/'));
        below.unwrap_or(path).to_owned()
    }
}

/// The files that are not the same in both, by their paths from the lab's folder.
fn changed<'f>(
    folder: &'f str,
    before: &'f Files,
    after: &'f Files,
) -> impl Iterator<Item = String> + use<'f> {
    let old = before.iter().filter(|(path, text)| after.get(*path) != Some(text));
    let new = after.keys().filter(|path| !before.contains_key(*path));
    old.map(|(path, _)| path).chain(new).map(move |path| format!("{folder}/{path}"))
}

fn what(old: Option<&Found>, new: Option<&Found>) -> Option<What> {
    match (old, new) {
        (Some(old), Some(new)) => {
            let mut details = Vec::new();
            if old.part != new.part {
                details.push(Detail::Moved(old.part.clone()));
            }
            details.extend(of_form(&old.form, &new.form));
            (!details.is_empty()).then_some(What::Changed(details))
        }
        (None, Some(new)) => is_told(new).then_some(What::Made),
        (Some(old), None) => is_told(old).then_some(What::Gone),
        (None, None) => None,
    }
}

/// Whether it is told that only one build has it. What cannot be made for want of a value is not there.
fn is_told(found: &Found) -> bool {
    !found.is_implied && !matches!(&found.form, Form::Sealed(sealed) if sealed.made_of.is_none())
}

fn of_form(old: &Form, new: &Form) -> Vec<Detail> {
    match (old, new) {
        (old, new) if old == new => Vec::new(),
        (Form::Tree(old), Form::Tree(new)) => {
            let fields: Vec<Detail> = fields(old, new).into_iter().map(Detail::Field).collect();
            if fields.is_empty() { vec![Detail::Reordered] } else { fields }
        }
        (Form::Text(old), Form::Text(new)) => lines(old, new).into_iter().map(Detail::Line).collect(),
        (Form::Order(old), Form::Order(new)) => {
            let both = |one: &'_ [String], other: &'_ [String]| -> Vec<String> {
                one.iter().filter(|name| other.contains(name)).cloned().collect()
            };
            if both(old, new) == both(new, old) { Vec::new() } else { vec![Detail::Reordered] }
        }
        (Form::Sealed(old), Form::Sealed(new)) => of_sealed(old, new),
        // One of the two was edited to something else.
        _ => vec![Detail::Anew],
    }
}

fn of_sealed(old: &Sealed, new: &Sealed) -> Vec<Detail> {
    let gone = old.names.difference(&new.names).cloned().map(Detail::OldName);
    let made = new.names.difference(&old.names).cloned().map(Detail::NewName);
    let mut details: Vec<Detail> = gone.chain(made).collect();
    let is_other = old.made_of.as_ref().zip(new.made_of.as_ref()).is_some_and(|(old, new)| old != new);
    if details.is_empty() && is_other {
        details.push(Detail::Anew);
    }
    details
}
