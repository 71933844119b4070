//! A plan in a file: what was shown is what is done, or nothing is.
//!
//! It is no list of orders. Whoever applies it plans anew, and compares: where that comes to the same, the world is as it
//! was; where it does not, what differs is named. So nothing in the file can do harm, and no secret is in it.

mod digests;
mod host;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use ::hosts::Observed;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Beside, Purpose};
use crate::args::{ClusterArgs, Layer};
use crate::changed::masked;
use crate::exit::Failure;
use crate::load::Lab;
use crate::replace::replace;
use crate::terminal::{Terminal, shown};

/// The form of the file.
const VERSION: u32 = 3;

/// A plan as it stands in a file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Saved {
    version: u32,
    /// Where the cluster is that it is for; empty if it is not for the cluster.
    server: String,
    /// Of which hosts, components and stages it is; all, if none is named.
    pub(crate) targets: Vec<String>,
    /// Of which layer it is, if not of all.
    pub(crate) layer: Option<Layer>,
    /// Whether consent was given to what takes data with it.
    pub(crate) delete_data: bool,
    /// A digest of the encrypted values: the plan says that a secret changes, and not to what.
    secrets: String,
    /// A digest of what the lab wants: of what is made anew the plan does not say all.
    wanted: String,
    /// What is done to hosts, and how they were found.
    hosts: Value,
    /// What is done to the cluster.
    plan: Value,
}

impl Saved {
    /// What was looked at, to be saved.
    pub(crate) fn of(
        lab: &Lab,
        (hosts, beside): (&[Observed], Option<&Beside>),
        args: &ClusterArgs,
        delete_data: bool,
    ) -> Result<Self, Failure> {
        let hosts: Vec<Value> = hosts.iter().map(host::kept).collect::<Result<_, _>>()?;
        let mut saved = Self {
            version: VERSION,
            server: String::new(),
            targets: args.targets(),
            layer: args.layer,
            delete_data,
            secrets: digests::of_secrets(lab)?,
            wanted: String::new(),
            hosts: plain(&hosts)?,
            plan: Value::Null,
        };
        if let Some(beside) = beside {
            saved.set_cluster(beside)?;
        }
        Ok(saved)
    }

    fn set_cluster(&mut self, beside: &Beside) -> Result<(), Failure> {
        self.server.clone_from(&beside.cluster.server);
        self.wanted = digests::of_wanted(&beside.desired.wanted);
        self.plan = plain(&beside.observed.plan)?;
        Ok(())
    }

    /// Nothing, if the same would be saved now of these hosts, as they were just found, and of that part of the cluster; else
    /// what differs. Whoever goes on does so with these hosts, and looks at none again.
    pub(crate) fn is_still(
        &self,
        lab: &Lab,
        (hosts, cluster): (&[Observed], Option<&ClusterArgs>),
        args: &ClusterArgs,
        terminal: &Terminal,
    ) -> Result<(), Failure> {
        let purpose = || Purpose {
            is_done: false,
            consent: self.delete_data,
            stop: Arc::default(),
            without: BTreeSet::new(),
        };
        let beside = cluster.map(|asked| super::look(lab, asked, purpose(), terminal)).transpose()?;
        let now = Self::of(lab, (hosts, beside.as_ref()), args, self.delete_data)?;
        self.is_same(&now, "nothing was done")
    }

    /// The same of the cluster alone, as it was found behind what was done to hosts.
    pub(crate) fn is_still_of_cluster(&self, lab: &Lab, beside: &Beside) -> Result<(), Failure> {
        let hosts = self.hosts.clone();
        let mut now = Self {
            secrets: digests::of_secrets(lab)?,
            hosts,
            targets: self.targets.clone(),
            server: String::new(),
            wanted: String::new(),
            plan: Value::Null,
            ..*self
        };
        now.set_cluster(beside)?;
        now.forgive_nodes(&self.plan);
        self.is_same(&now, "nothing was done to the cluster")
    }

    /// Nodes whose hosts were switched have some of what was planned for them already, and the rest is done.
    fn forgive_nodes(&mut self, then: &Value) {
        let is_rest = |now: &Value, then: &Value| {
            now["node"] == then["node"]
                && entries(&now["changes"]).iter().all(|change| entries(&then["changes"]).contains(change))
        };
        let all = entries(&then["nodes"]);
        let is_known = |now: &Value| all.iter().any(|then| is_rest(now, then));
        if !all.is_empty() && entries(&self.plan["nodes"]).iter().all(is_known) {
            self.plan["nodes"] = then["nodes"].clone();
        }
    }

    /// Writes it.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).map_err(|error| Failure::cannot(error.to_string()))?;
        replace(path, &format!("{text}\n"))
            .map_err(|error| Failure::cannot(format!("{} cannot be written: {error}", shown(path))))
    }

    /// Reads one.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let cannot = |why: String| Failure::cannot(format!("{} is no saved plan: {why}", shown(path)));
        let text = fs::read(path).map_err(|error| cannot(error.to_string()))?;
        let saved: Self = serde_json::from_slice(&text).map_err(|error| cannot(error.to_string()))?;
        if saved.version != VERSION {
            return Err(cannot(format!("its version is {}, and this hlc knows {VERSION}", saved.version)));
        }
        Ok(saved)
    }

    /// Nothing, if `now` is the same; else what was done, and what differs.
    fn is_same(&self, now: &Self, done: &str) -> Result<(), Failure> {
        let differs = self.differences(now);
        if differs.is_empty() {
            return Ok(());
        }
        let list = differs.join("\n  ");
        Err(Failure::cannot(format!("{done}: the plan is not what would be done now; plan again\n  {list}")))
    }

    fn differences(&self, now: &Self) -> Vec<String> {
        if self.server != now.server {
            return vec![format!(
                "it is for the cluster at {}, and this is the one at {}",
                self.server, now.server
            )];
        }
        let mut differs = Vec::new();
        if self.secrets != now.secrets {
            differs.push("the values of secrets are others".to_owned());
        }
        let lists = [
            (entries(&self.hosts), entries(&now.hosts)),
            (entries(&self.plan["steps"]), entries(&now.plan["steps"])),
            (entries(&self.plan["releases"]), entries(&now.plan["releases"])),
            (entries(&self.plan["nodes"]), entries(&now.plan["nodes"])),
        ];
        for (then, now) in lists {
            let gone = then.iter().filter(|one| !now.contains(one)).map(name);
            let new = now.iter().filter(|one| !then.contains(one)).map(name);
            for name in gone.chain(new) {
                if !differs.contains(&name) {
                    differs.push(name);
                }
            }
        }
        if differs.is_empty() && (&self.plan, &self.hosts) != (&now.plan, &now.hosts) {
            differs.push("the order of what is done".to_owned());
        }
        if differs.is_empty() && self.wanted != now.wanted {
            differs.push("the lab wants something else of what is made anew".to_owned());
        }
        differs
    }
}

/// What is planned, as it is kept.
fn plain(plan: &impl Serialize) -> Result<Value, Failure> {
    let plan = serde_json::to_value(plan);
    let mut plan = masked(&plan.map_err(|error| Failure::cannot(error.to_string()))?);
    // Whatever changes beside what is planned is not in the way: other fields of an object, lines that move.
    forget(&mut plan, &["resource_version", "line"]);
    Ok(plan)
}

/// Takes away what is called so, wherever it is.
fn forget(value: &mut Value, names: &[&str]) {
    match value {
        Value::Object(map) => {
            map.retain(|name, _| !names.contains(&name.as_str()));
            map.values_mut().for_each(|inner| forget(inner, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| forget(item, names)),
        _ => {}
    }
}

fn entries(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

/// What a step is about.
fn name(step: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for what in ["host", "node"] {
        if let Some(name) = step[what].as_str() {
            return format!("{what} {name}");
        }
    }
    let key = if step["key"].is_object() { &step["key"] } else { step };
    let kind = if key["kind"].is_string() { text(&key["kind"]) } else { "release".to_owned() };
    let namespace = key["namespace"].as_str().map_or_else(String::new, |namespace| format!("{namespace}/"));
    format!("{kind} {namespace}{}", text(&key["name"]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn saved(plan: Value) -> Saved {
        let (server, secrets, wanted) = ("https://one".to_owned(), "1".to_owned(), "1".to_owned());
        Saved {
            version: VERSION,
            server,
            targets: Vec::new(),
            layer: None,
            delete_data: false,
            secrets,
            wanted,
            hosts: Value::Null,
            plan,
        }
    }

    #[test]
    fn a_plan_is_the_same_or_what_differs_is_named() {
        let step =
            |image: &str| json!({"key": {"kind": "Deployment", "namespace": "a", "name": "b"}, "to": image});
        let one = saved(json!({"steps": [step("1")], "releases": []}));
        assert_eq!(one.differences(&saved(one.plan.clone())), [""; 0]);
        let other = saved(json!({"steps": [step("2")], "releases": [{"namespace": "c", "name": "d"}]}));
        assert_eq!(one.differences(&other), ["Deployment a/b", "release c/d"]);
        let elsewhere = Saved { server: "https://two".into(), ..saved(one.plan.clone()) };
        assert!(one.differences(&elsewhere)[0].contains("https://two"));
        let secrets = Saved { secrets: "2".into(), ..saved(one.plan.clone()) };
        assert_eq!(one.differences(&secrets), ["the values of secrets are others"]);
        let wanted = Saved { wanted: "2".into(), ..saved(one.plan.clone()) };
        assert_eq!(one.differences(&wanted).len(), 1);
    }

    #[test]
    fn an_order_is_a_part_of_a_plan() {
        let hosts = |names: [&str; 2]| Saved {
            hosts: names.map(|name| json!({"host": name, "action": "nothing"})).to_vec().into(),
            ..saved(Value::Null)
        };
        let one = hosts(["a", "b"]);
        assert_eq!(one.differences(&hosts(["a", "b"])), [""; 0]);
        assert_eq!(one.differences(&hosts(["b", "a"])), ["the order of what is done"]);
        assert_eq!(one.differences(&hosts(["a", "c"])), ["host b", "host c"]);
    }

    #[test]
    fn nodes_may_have_become_a_part_of_what_was_planned_for_them() {
        let plan = |changes: Value| json!({"steps": [], "nodes": [{"node": "a", "changes": changes}]});
        let then = saved(plan(json!([{"field": "x"}, {"field": "y"}])));
        let differences = |now: Value| {
            let mut now = saved(now);
            now.forgive_nodes(&then.plan);
            then.differences(&now)
        };
        assert_eq!(differences(plan(json!([{"field": "y"}]))), [""; 0]);
        assert_eq!(differences(json!({"steps": []})), [""; 0]);
        assert_eq!(differences(plan(json!([{"field": "y"}, {"field": "z"}]))), ["node a"]);
    }
}
