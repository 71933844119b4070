//! `unusable-pod-field`: something in Kubernetes' words that it does not take.

use diagnostics::{Problem, declare_rule};
use domain::{Cpu, ImageReference, Size};
use model::kubernetes::Type;
use model::{Data, Entity, Health, Probe, Raw};

use crate::facts::{Block, Part, Pod, blocks};

declare_rule! { pub UNUSABLE_POD_FIELD, "unusable-pod-field", error, since "0.1", "something in Kubernetes' words that it does not take", page "unusable_pod_field.md" }

/// Looks in `pod`, `container` and their like for values of another type, and for elements of lists that nothing tells
/// from others.
pub(crate) fn check(entity: &Entity) -> Vec<Problem> {
    let Some(pod) = Pod::of(entity) else { return Vec::new() };
    let mut problems = Vec::new();
    for block in blocks(entity) {
        block.walk(&mut |part| problems.extend(unusable(&pod, &block, &part)));
    }
    problems.extend(own_container(&pod));
    problems.extend(of_init_containers(&pod));
    problems.extend(without_question(&pod, entity));
    problems
}

fn unusable(pod: &Pod<'_>, block: &Block<'_>, part: &Part<'_>) -> Option<Problem> {
    let (of, owner) = (part.of?, &pod.placement.place);
    let problem = |message: String| Problem::new(&UNUSABLE_POD_FIELD, part.near(owner), message);
    let what = part.name.map_or_else(|| "this element".to_owned(), |name| format!("'{name}'"));
    if !is_of(part.said, of) {
        let found = problem(format!("{what} in '{}' of {} takes {of}", block.word, pod.shown()));
        return Some(match of {
            Type::Text => found.help("put it in quotes"),
            Type::Int => found.help("write it without quotes and without a unit, seconds too: 60"),
            Type::List(..) => found.help("write it in square brackets: '[ … ]'"),
            Type::Map(_) | Type::Object(_) => found.help("write it in braces: '{ … }'"),
            _ => found.help("write it as Kubernetes has it, or leave it out"),
        });
    }
    if let (None, Type::List(_, keys)) = (part.name, part.within) {
        let missing = keys.iter().find(|key| {
            !matches!(key.as_str(), "*" | "protocol") && part.said.at(&[key.as_str()]).is_none()
        })?;
        let message = format!(
            "an element in '{}' of {} has no '{missing}', by which it is known",
            block.word,
            pod.shown()
        );
        return Some(problem(message).help(format!("add '{missing} = …' to it")));
    }
    if part.name == Some("image") && *part.within == Type::object("Container") {
        let invalid = ImageReference::parse(part.said.text()?).err()?;
        return Some(
            problem(invalid.to_string())
                .help("write it as the 'image' of an app: \"docker.io/library/busybox:1.37.0\""),
        );
    }
    None
}

/// Whether a value is of the type. `null` takes away what is made, whatever that is.
fn is_of(said: &Raw, of: &Type) -> bool {
    match (said, of) {
        (Raw::Plain(Data::Null), _) | (_, Type::Any) => true,
        (Raw::Plain(data), _) => match (data, of) {
            (Data::Bool(_), Type::Bool) | (Data::Int(_), Type::Int | Type::IntOrText | Type::Quantity) => {
                true
            }
            (Data::Text(text), Type::Quantity) => is_quantity(text),
            (Data::Text(_), Type::Text | Type::IntOrText) => true,
            (Data::Float(_), Type::Quantity) => true,
            _ => false,
        },
        (Raw::List(_), Type::List(..)) | (Raw::Map(_), Type::Map(_) | Type::Object(_)) => true,
        _ => false,
    }
}

fn is_quantity(text: &str) -> bool {
    Size::parse(text).is_ok() || Cpu::parse(text).is_ok()
}

/// Probes of which more is said, and of which nobody says what is asked.
fn without_question(pod: &Pod<'_>, entity: &Entity) -> Vec<Problem> {
    const QUESTIONS: [&str; 4] = ["exec", "grpc", "httpGet", "tcpSocket"];
    let own = if let Entity::App(app) = entity { app.health.as_ref() } else { None };
    let own = std::iter::once((own, &pod.container.fields));
    let beside = pod.container.beside.iter().map(|side| (side.health.as_ref(), &side.container.fields));
    let mut problems = Vec::new();
    for (health, fields) in own.chain(beside) {
        let asks =
            |probe: fn(&Health) -> Option<&Probe>| health.is_some_and(|health| probe(health).is_some());
        let made = [
            ("startupProbe", asks(|health| health.started.as_ref())),
            ("readinessProbe", asks(|health| health.ready.as_ref())),
            ("livenessProbe", asks(|health| health.alive.as_ref())),
        ];
        for (name, is_made) in made {
            let Some(said) = fields.at(&[name]).filter(|said| !is_made && !said.value.is_null()) else {
                continue;
            };
            if QUESTIONS
                .iter()
                .any(|question| said.value.at(&[question]).is_some_and(|one| !one.value.is_null()))
            {
                continue;
            }
            let message = format!("'{name}' of {} asks nothing", pod.shown());
            let place = crate::facts::near(&said.place, &pod.placement.place);
            let problem = Problem::new(&UNUSABLE_POD_FIELD, place, message);
            problems
                .push(problem.help("say what it asks: 'httpGet', 'tcpSocket' or 'exec', or use 'health'"));
        }
    }
    problems
}

/// What runs to its end is not asked how it is.
fn of_init_containers(pod: &Pod<'_>) -> Vec<Problem> {
    const OF_OTHERS: [&str; 4] = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"];
    let inits = pod.container.beside.iter().filter(|side| !side.keeps_running);
    let said = inits.flat_map(|side| {
        let keeps = side.container.fields.text_at(&["restartPolicy"]) == Some("Always");
        OF_OTHERS.iter().filter_map(move |field| {
            let said = side.container.fields.at(&[field]).filter(|said| !keeps && !said.value.is_null());
            Some((side, field, said?))
        })
    });
    let problems = said.map(|(side, field, said)| {
        let message = format!(
            "'{field}' is of containers that keep running, and '{}' of {} ends",
            side.name,
            pod.shown()
        );
        let place = crate::facts::near(&said.place, &pod.placement.place);
        Problem::new(&UNUSABLE_POD_FIELD, place, message).help("make it a 'sidecar', or leave this out")
    });
    problems.collect()
}

/// Its own container has a block of its own.
fn own_container(pod: &Pod<'_>) -> Option<Problem> {
    let name = pod.placement.name.as_str();
    let containers = ["containers", "initContainers"].map(|list| pod.container.pod.items_at(&[list]));
    let own = containers.into_iter().flatten().find(|one| one.value.text_at(&["name"]) == Some(name))?;
    let place = crate::facts::near(&own.place, &pod.placement.place);
    let message = format!("the container '{name}' of {} is its own", pod.shown());
    Some(Problem::new(&UNUSABLE_POD_FIELD, place, message).help("say it in 'container { … }'"))
}
