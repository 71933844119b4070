//! `hlc status`: what is live, against what the lab says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use apply::Live;
use plan::{Action, ReleaseAction, image_name};
use serde_json::{Value, json};

use crate::args::Status;
use crate::changed::masked;
use crate::cluster;
use crate::exit::{Exit, Failure};
use crate::hosts::{self, State};
use crate::layers::Layers;
use crate::load::Lab;
use crate::terminal::{Terminal, paint, plain};

/// How often it is looked again.
const EVERY: Duration = Duration::from_secs(5);

/// How many strangers are named.
const MOST: usize = 20;

/// Looks at hosts and at the cluster, once or until the process ends.
pub(crate) fn run(lab: &Lab, args: &Status, terminal: &Terminal) -> Result<Exit, Failure> {
    let layers = Layers::of(lab, &args.cluster)?;
    let mut last = String::new();
    loop {
        let (text, is_well) = looked(lab, &layers, args.json, terminal)?;
        // What is as it was is not said again.
        if text != last {
            terminal.result(&text)?;
        }
        if !args.watch {
            return Ok(if is_well { Exit::Success } else { Exit::Problems });
        }
        last = text;
        sleep(EVERY);
    }
}

/// What there is to say, and whether all is well.
fn looked(lab: &Lab, layers: &Layers, is_json: bool, terminal: &Terminal) -> Result<(String, bool), Failure> {
    let hosts = layers.hosts.as_ref().map(|names| hosts::look(lab, names, Arc::default(), terminal));
    let states = hosts.transpose()?.map(|observed| hosts::states(lab, &observed));
    let live = layers.cluster.as_ref().map(|asked| cluster::live(lab, asked, Arc::default(), terminal));
    let colour = terminal.colours_results();
    let live = match (live.transpose(), &states) {
        // What is known of hosts says most about why.
        (Err(failure), Some(states)) if !is_json => {
            terminal.result(&hosts::told(states, colour))?;
            return Err(failure);
        }
        (live, _) => live?.map(|live| (components(&live), live)),
    };
    let is_well = states.iter().flatten().all(State::is_well)
        && live.iter().flat_map(|(components, _)| components.values()).all(Component::is_well);
    if is_json {
        return Ok((format!("{}\n", as_json(lab, states.as_deref(), live.as_ref())), is_well));
    }
    let hosts = states.map(|states| hosts::told(&states, colour)).unwrap_or_default();
    let cluster = live.map(|(components, live)| shown(&live, &components, colour)).unwrap_or_default();
    Ok((hosts + &cluster, is_well))
}

/// How a component is.
#[derive(Default)]
struct Component {
    /// What would be changed.
    drift: BTreeSet<String>,
    /// What is not ready, and why.
    unready: BTreeMap<String, String>,
    /// What it runs: charts, and images.
    versions: BTreeSet<String>,
}

impl Component {
    fn is_well(&self) -> bool {
        self.drift.is_empty() && self.unready.is_empty()
    }
}

/// Components by name.
type Components = BTreeMap<String, Component>;

fn components(live: &Live) -> Components {
    let mut all: Components = BTreeMap::new();
    let plan = &live.observed.plan;
    for step in &plan.steps {
        let one = all.entry(step.component.clone()).or_default();
        if let Some(what) = drift(&step.action) {
            one.drift.insert(format!("{}: {what}", step.key));
        }
    }
    for release in &plan.releases {
        let one = all.entry(release.component.clone()).or_default();
        let what = match &release.action {
            ReleaseAction::Nothing | ReleaseAction::Keep { .. } => None,
            ReleaseAction::Install { .. } => Some("is not there".to_owned()),
            ReleaseAction::Uninstall => Some("left the lab, and is still there".to_owned()),
            ReleaseAction::Upgrade { .. } => Some("differs".to_owned()),
            ReleaseAction::Refused { why } => Some(why.clone()),
        };
        one.drift.extend(what.map(|what| format!("release {}: {what}", release.id)));
        let objects = release.objects.iter();
        let objects = objects.filter_map(|one| Some((&one.key, drift(&one.action)?)));
        one.drift.extend(objects.map(|(key, what)| format!("{key}: {what}")));
        one.versions.extend(release.chart.clone());
    }
    for health in &live.health {
        let one = all.entry(health.component.clone()).or_default();
        one.versions.extend(health.images.iter().map(|image| image_name(image).to_owned()));
        if !health.status.is_ready() {
            one.unready.insert(health.key.to_string(), health.status.sentence().to_owned());
        }
    }
    all
}

/// What differs of an object; `None` if it is as it is to be.
fn drift(action: &Action) -> Option<String> {
    match action {
        Action::Nothing | Action::Keep { .. } => None,
        Action::Create { .. } => Some("is not there".to_owned()),
        Action::Prune => Some("left the lab, and is still there".to_owned()),
        Action::Refused { why } => Some(why.clone()),
        Action::Change { changes } | Action::Recreate { changes, .. } => {
            let fields: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
            Some(format!("differs in {}", fields.join(", ")))
        }
    }
}

/// How components are, for people. Nothing in it acts on a terminal but the styles.
fn shown(live: &Live, components: &Components, colour: bool) -> String {
    let mut out = String::new();
    let width = components.keys().map(String::len).max().unwrap_or_default();
    let mut all: Vec<(&String, &Component)> = components.iter().collect();
    all.sort_by_key(|(name, _)| name.is_empty());
    for (name, one) in all {
        let word = match (one.drift.is_empty(), one.unready.is_empty()) {
            (true, true) => paint(colour, "32", "in step"),
            (false, true) => paint(colour, "33", "differs"),
            (true, false) => paint(colour, "31", "not ready"),
            (false, false) => paint(colour, "31", "differs, not ready"),
        };
        // What left the lab is only told where there is some.
        if name.is_empty() && one.is_well() {
            continue;
        }
        let name = if name.is_empty() { "what left the lab" } else { name };
        let versions = one.versions.iter().cloned().collect::<Vec<_>>().join(", ");
        let told = format!("{:width$}  {word}  {}", plain(name), paint(colour, "2", &plain(&versions)));
        let _ = writeln!(out, "{}", told.trim_end());
        for line in
            one.drift.iter().cloned().chain(one.unready.iter().map(|(key, why)| format!("{key}: {why}")))
        {
            let _ = writeln!(out, "    {}", plain(&line));
        }
    }
    if !live.strangers.is_empty() {
        let _ = writeln!(out, "{}", paint(colour, "1", "in the lab's namespaces, and not the lab's"));
        for key in live.strangers.iter().take(MOST) {
            let _ = writeln!(out, "    {}", plain(&key.to_string()));
        }
        if live.strangers.len() > MOST {
            let _ = writeln!(out, "    and {} more", live.strangers.len() - MOST);
        }
    }
    let is_well = |one: &&Component| one.is_well();
    let (well, total) = (components.values().filter(is_well).count(), components.len());
    let _ = writeln!(out, "{well} of {total} components are in step");
    out
}

fn as_json(lab: &Lab, states: Option<&[State]>, live: Option<&(Components, Live)>) -> Value {
    let component = |(name, one): (&String, &Component)| {
        json!({"component": name, "in_step": one.is_well(), "differs": one.drift, "not_ready": one.unready,
               "versions": one.versions})
    };
    masked(&json!({
        "version": 1,
        "lab": lab.session.lab_name(),
        "hosts": states.map(hosts::as_json),
        "components": live.map(|(components, _)| components.iter().map(component).collect::<Vec<_>>()),
        "strangers": live.map(|(_, live)| live.strangers.iter().map(ToString::to_string).collect::<Vec<_>>()),
    }))
}
