//! Labs with an expression in each of many places: what `check` accepts is built, with the value that `eval` shows.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Located, Severity};
use driver::Outputs;
use serde_json::Value as Json;
use types::{Field, Fits, Hatch, Ty, Value, fits};
use values::data::{data, json};

use super::places::{Comes, PLACES, Place};
use super::scope::{Scope, base};
use super::{Good, Tree};
use crate::Random;

/// An expression in a place.
#[derive(Clone, Debug)]
pub struct Case {
    tree: Tree,
    place: Place,
    number: usize,
}

/// What came of some cases.
#[derive(Default)]
pub struct Built {
    /// How many were accepted, by place.
    pub accepted: BTreeMap<&'static str, usize>,
    /// What is wrong: the smallest labs, by what is wrong with them.
    pub wrong: BTreeMap<String, String>,
}

const IMAGE: &str = "image = \"docker.io/library/httpd:2.4.65\"";

impl Case {
    /// An expression in one of the places that may take it; seldom in any.
    pub fn of(scope: &Scope, good: &Good, number: usize, random: &mut Random) -> Option<Self> {
        let takes = |place: &&Place| fits(scope.session().db(), &good.ty, &(place.wants)()) != Fits::No;
        let fitting: Vec<&Place> = PLACES.iter().filter(takes).collect();
        let place = if random.below(20) == 0 { random.one(PLACES)? } else { *random.one(&fitting)? };
        Some(Self { tree: (*good.tree).clone(), place: *place, number })
    }

    fn filled(&self, pattern: &str) -> String {
        let text = self.tree.text();
        let text = if self.tree.parts.is_empty() { text } else { format!("({text})") };
        let pattern = pattern.replace("$N", &self.number.to_string()).replace("$I", IMAGE);
        pattern.replace("$E", &text)
    }

    fn items(&self) -> String {
        self.filled(self.place.items)
    }
}

/// Builds a lab with these cases, but for those that have problems.
pub fn build(cases: &[Case], built: &mut Built) {
    let Some((kept, scope)) = accepted(cases) else { return };
    let outputs = scope.session().outputs();
    for fault in scope.session().faults().into_iter().chain(scope.session().missing(&outputs)) {
        let lines: Vec<String> = kept.iter().map(Case::items).collect();
        built.wrong.entry(fault).or_insert_with(|| lines.join("\n"));
    }
    for case in &kept {
        *built.accepted.entry(case.place.name).or_default() += 1;
        if let Some(why) = wrong(case, &scope, &outputs) {
            let small = smallest(case);
            built.wrong.entry(format!("{} [{}]", small.items(), small.place.name)).or_insert(why);
        }
    }
}

/// The cases that have no problem, in a lab that has none.
fn accepted(cases: &[Case]) -> Option<(Vec<Case>, Scope)> {
    let base = base();
    let first = base.lines().count();
    let mut kept = cases.to_vec();
    while !kept.is_empty() {
        let lines: Vec<String> = kept.iter().map(Case::items).collect();
        let scope = Scope::new(&format!("{base}{}\n", lines.join("\n")));
        let problems = scope.session().problems();
        let errors = problems.iter().filter(|problem| problem.severity() == Severity::Error);
        let bad: BTreeSet<usize> = errors.flat_map(|error| lines_of(error, first)).collect();
        if bad.is_empty() {
            let errors: Vec<_> = problems.iter().filter(|one| one.severity() == Severity::Error).collect();
            assert!(errors.is_empty(), "nobody's: {errors:#?}\n{}", lines.join("\n"));
            return Some((kept, scope));
        }
        let mut at = 0;
        kept.retain(|_| {
            at += 1;
            !bad.contains(&(at - 1))
        });
    }
    None
}

/// Which lines behind so many others a problem concerns: the one that it stands in, or else those that it mentions.
pub(super) fn lines_of(problem: &Located, first: usize) -> Vec<usize> {
    let of = |range: &diagnostics::Range| {
        let line = range.start.line as usize;
        (&*range.file == "homelab.hl").then(|| line.checked_sub(first + 1)).flatten()
    };
    match of(&problem.range) {
        Some(line) => vec![line],
        None => problem.labels.iter().filter_map(|label| of(&label.range)).collect(),
    }
}

/// The smallest expression that is still wrong in the same place, alone in its lab.
fn smallest(case: &Case) -> Case {
    let of = |tree: &Tree| Case { tree: tree.clone(), ..case.clone() };
    let fails = |tree: &Tree| {
        let case = of(tree);
        accepted(std::slice::from_ref(&case)).is_some_and(|(kept, scope)| {
            !kept.is_empty() && wrong(&case, &scope, &scope.session().outputs()).is_some()
        })
    };
    if fails(&case.tree) { of(&case.tree.shrunk(&fails)) } else { case.clone() }
}

/// What is wrong with what came of a case that `check` accepts.
fn wrong(case: &Case, scope: &Scope, outputs: &Outputs) -> Option<String> {
    let asked = case.filled(case.place.asks);
    let value = match scope.session().eval(&asked) {
        Ok(value) => value,
        Err(problems) => match scope.session().eval(&case.filled("$E")) {
            // What is none takes an entry of a map or record away.
            Ok(Value::None) => return None,
            // Only some places take secrets, and what is asked is none of them.
            _ if scope.ty(&case.filled("$E")).is_some_and(|ty| may_be_secret(&ty)) => return None,
            _ => return Some(format!("accepted, but {asked}: {}", problems[0].message)),
        },
    };
    let file = |name: &str| {
        let name = case.filled(name);
        outputs
            .k8s
            .iter()
            .find(|(path, _)| path.rsplit('/').next() == Some(&name))
            .map(|(_, text)| read(text))
    };
    // What holds secrets is encrypted, and compared with nothing here.
    if has_secret(&value) {
        return None;
    }
    let is_true = value == Value::Bool(true);
    let missing = |name: &str| Some(format!("{} is not built", case.filled(name)));
    match case.place.comes {
        Comes::There(name) => {
            if file(name).is_some() {
                None
            } else {
                missing(name)
            }
        }
        Comes::Host(path) => {
            if outputs.nixos.contains_key(&case.filled(path)) {
                None
            } else {
                missing(path)
            }
        }
        Comes::When(name) => match file(name).is_some() {
            there if there == is_true => None,
            _ => Some(format!("the condition is {value:?}, and it is the other way round")),
        },
        Comes::WhenAt(name, at) => match file(name) {
            None => missing(name),
            Some(file) if file.pointer(at).is_some() == is_true => None,
            Some(_) => Some(format!("the condition is {value:?}, and it is the other way round")),
        },
        Comes::At(name, at) => match file(name) {
            None => missing(name),
            // What is none is left out of maps.
            Some(file) if value.is_none() && file.pointer(at).is_none() => None,
            Some(file) => differs(file.pointer(at), &json(&data(&value))),
        },
        Comes::ReadBack(name, at) => match file(name) {
            None => missing(name),
            Some(file) => {
                let text = file.pointer(at).and_then(Json::as_str).unwrap_or_default();
                differs(Some(&read(text)), &json(&data(&value)))
            }
        },
        Comes::Each(name) => {
            let Value::List(list) = &value else { return Some(format!("{value:?} is no list")) };
            list.iter().find_map(|Field { value, .. }| {
                let Json::Array(pair) = json(&data(value)) else {
                    return Some(format!("{value:?} is no pair"));
                };
                let name = format!("{name}-{}.yaml", pair[0].as_str().unwrap_or_default());
                let Some(file) = file(&name) else { return missing(&name) };
                differs(file.pointer("/spec/template/metadata/annotations/v"), &pair[1])
            })
        }
    }
}

fn has_secret(value: &Value) -> bool {
    match value {
        Value::Secret(_) => true,
        Value::List(list) => list.iter().any(|field| has_secret(&field.value)),
        Value::Map(map) => map.values().any(|field| has_secret(&field.value)),
        _ => false,
    }
}

fn may_be_secret(ty: &Ty) -> bool {
    let arms = ty.required().0.arms();
    arms.iter().any(|arm| match arm {
        Ty::Kind(kind) => types::is_secret_kind(kind),
        Ty::Free(hatch) => *hatch == Hatch::HelmValues,
        arm => arm.is_secret(),
    })
}

fn read(text: &str) -> Json {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn differs(found: Option<&Json>, wanted: &Json) -> Option<String> {
    match found {
        None => Some(format!("{wanted} is nowhere")),
        Some(found) if same(found, wanted) => None,
        Some(found) => Some(format!("{found} is built, and the value is {wanted}")),
    }
}

/// Whether two are the same but for how numbers are kept.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        // A path is built without a slash at its end.
        (Json::String(a), Json::String(b)) if a.starts_with('/') => {
            a.trim_end_matches('/') == b.trim_end_matches('/')
        }
        (a, b) => a == b,
    }
}
