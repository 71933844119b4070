//! What is said of the container.

use domain::{Cpu, Size};
use model::{At, Container, Data, EnvValue, Protocol, Raw};

use super::{Clashes, Word, text};
use crate::facts::Pod;

pub(super) fn compare(of: &Pod<'_>, clashes: &mut Clashes<'_>) {
    for container in of.container.all() {
        one(of, (container, &container.fields), clashes);
    }
    for side in &of.container.beside {
        let in_pod = of.container.in_pod().map(|said| &said.value);
        for said in in_pod.filter(|said| said.text_at(&["name"]) == Some(&side.name)) {
            one(of, (&side.container, said), clashes);
        }
    }
}

/// What `said` says of the container of these `words`.
fn one(of: &Pod<'_>, (words, said): (&Container, &Raw), clashes: &mut Clashes<'_>) {
    let image = Word::at("image", &words.image.place);
    clashes.compare(&image, said.at(&["image"]), &text(&words.image.value));
    let texts = |texts: &[String]| Data::List(texts.iter().map(text).collect());
    if let Some(command) = &words.command {
        let word = if of.word == "job" && std::ptr::eq(words, of.container) { "run" } else { "command" };
        clashes.compare(&Word::new(word), said.at(&["command"]), &texts(command));
    }
    if !words.args.is_empty() {
        clashes.compare(&Word::new("args"), said.at(&["args"]), &texts(&words.args));
    }
    if words.privileged {
        let found = said.at(&["securityContext", "privileged"]);
        clashes.compare(&Word::new("privileged"), found, &Data::Bool(true));
    }
    variables((words, said), clashes);
    amounts((words, said), clashes);
    mounts((words, said), clashes);
}

fn variables((words, said): (&Container, &Raw), clashes: &mut Clashes<'_>) {
    for item in said.items_at(&["env"]) {
        let Some(name) = item.value.text_at(&["name"]) else { continue };
        let Some(word) = words.env.get(name) else { continue };
        let is_same = match (&word.value, item.value.at(&["value"])) {
            (EnvValue::Plain(text), Some(said)) => said.value.text() == Some(text),
            _ => false,
        };
        if !is_same {
            clashes.add(&Word::at(&format!("env.{name}"), &word.place), item);
        }
    }
}

/// Amounts are the same however they are written.
fn amounts((words, said): (&Container, &Raw), clashes: &mut Clashes<'_>) {
    let words = &words.resources;
    let cpu = |text: &str| Cpu::parse(text).ok();
    let size = |text: &str| Size::parse(text).ok();
    let at = |of: &str, what: &str| said.at(&["resources", of, what]);
    let limit = words.memory_limit.as_ref().map(|limit| ("resources.memory-limit", limit));
    let limit = limit.or_else(|| words.memory.as_ref().map(|memory| ("resources.memory", memory)));
    amount(("resources.cpu", words.cpu.as_ref()), at("requests", "cpu"), cpu, clashes);
    amount(("resources.cpu-limit", words.cpu_limit.as_ref()), at("limits", "cpu"), cpu, clashes);
    amount(("resources.memory", words.memory.as_ref()), at("requests", "memory"), size, clashes);
    if let Some((word, limit)) = limit {
        amount((word, Some(limit)), at("limits", "memory"), size, clashes);
    }
}

fn amount<T: PartialEq>(
    (name, word): (&str, Option<&At<T>>),
    said: Option<&At<Raw>>,
    parse: impl Fn(&str) -> Option<T>,
    clashes: &mut Clashes<'_>,
) {
    let (Some(word), Some(said)) = (word, said) else { return };
    let amount = match &said.value {
        Raw::Plain(Data::Int(number)) => parse(&number.to_string()),
        other => other.text().and_then(parse),
    };
    if amount.as_ref() != Some(&word.value) {
        clashes.add(&Word::at(name, &word.place), said);
    }
}

/// What is mounted at a path has one name.
fn mounts((words, said): (&Container, &Raw), clashes: &mut Clashes<'_>) {
    for item in said.items_at(&["volumeMounts"]) {
        let Some(path) = item.value.text_at(&["mountPath"]) else { continue };
        for (taken, mounted) in words.mounts().filter(|(taken, _)| *taken == path) {
            let (word, place, name) = match mounted {
                model::Mounted::Volume(name, volume) => ("volume", &volume.place, Some(name)),
                model::Mounted::File(file) => ("file", &file.content.place, None),
                model::Mounted::Device(device) => ("uses", &device.place, None),
            };
            if item.value.at(&["name"]).is_some() && item.value.text_at(&["name"]) != name {
                let word = name.map_or_else(|| format!("{word} {taken}"), |name| format!("{word} {name}"));
                clashes.add(&Word { name: word, place: Some(place) }, item);
            }
        }
    }
}

/// The protocol of a port that is said in Kubernetes' words.
pub(super) fn protocol(port: &Raw) -> Option<Protocol> {
    match port.text_at(&["protocol"]) {
        None | Some("TCP") => Some(Protocol::Tcp),
        Some("UDP") => Some(Protocol::Udp),
        Some(_) => None,
    }
}
