//! Layers on each other: what `eval` shows is what the file holds, for random stacks of templates and blocks.

use std::collections::BTreeMap;
use std::fmt::Write;

use driver::Session;
use robustness::Random;
use serde_json::Value as Json;
use values::data::{data, json};

/// How many stacks are tried.
const STACKS: u64 = 1_000;

/// What a layer does to one key.
#[derive(Clone, Debug)]
enum Step {
    Set(Json),
    /// `none`: what is there goes.
    Gone,
    Append(Vec<Json>),
    Only(Json),
    Block(BTreeMap<String, Step>),
}

/// What is there after some layers; a key whose value is `None` was taken away.
type Merged = BTreeMap<String, Option<Node>>;

#[derive(Clone, Debug)]
enum Node {
    Leaf(Json),
    Map(Merged),
}

#[test]
fn what_eval_shows_is_what_the_file_holds() {
    for seed in 0..STACKS {
        let mut random = Random::new(seed);
        let stack: Vec<BTreeMap<String, Step>> = (0..3).map(|_| block(&mut random, 0)).collect();
        let mut merged = Merged::new();
        for layer in &stack {
            apply(&mut merged, layer);
        }
        let expected = shown(&merged);
        let text = lab(&stack);
        compare(&text, &expected, seed);
    }
}

/// Random statements of a block.
fn block(random: &mut Random, depth: usize) -> BTreeMap<String, Step> {
    let count = random.below(4);
    let key = |random: &mut Random| ["a", "b", "c", "d-e"][random.below(4)].to_owned();
    (0..count).map(|_| (key(random), step(random, depth))).collect()
}

fn step(random: &mut Random, depth: usize) -> Step {
    match random.below(if depth < 2 { 9 } else { 5 }) {
        0 => Step::Gone,
        1 => Step::Set(Json::Null),
        2 => Step::Append(numbers(random)),
        3 => Step::Set(Json::from(random.below(100))),
        4 => Step::Set(Json::from(numbers(random))),
        5 => Step::Only(Json::from_iter([("z".to_owned(), Json::from(random.below(9)))])),
        _ => Step::Block(block(random, depth + 1)),
    }
}

fn numbers(random: &mut Random) -> Vec<Json> {
    (0..=random.below(2)).map(|_| Json::from(random.below(9))).collect()
}

/// The rules of the language, said once more.
fn apply(merged: &mut Merged, layer: &BTreeMap<String, Step>) {
    for (key, step) in layer {
        let old = merged.remove(key).flatten();
        let new = match step {
            Step::Gone => None,
            Step::Set(value) => Some(Node::Leaf(value.clone())),
            Step::Append(more) => Some(Node::Leaf(match old {
                Some(Node::Leaf(Json::Array(old))) => Json::from([old, more.clone()].concat()),
                _ => Json::from(more.clone()),
            })),
            Step::Only(value) => Some(node(value)),
            Step::Block(inner) => {
                let mut map = if let Some(Node::Map(map)) = old { map } else { Merged::new() };
                apply(&mut map, inner);
                Some(Node::Map(map))
            }
        };
        merged.insert(key.clone(), new);
    }
}

fn node(value: &Json) -> Node {
    match value {
        Json::Object(map) => {
            Node::Map(map.iter().map(|(key, value)| (key.clone(), Some(node(value)))).collect())
        }
        leaf => Node::Leaf(leaf.clone()),
    }
}

fn shown(merged: &Merged) -> Json {
    let entry = |(key, node): (&String, &Option<Node>)| {
        let value = match node.as_ref()? {
            Node::Leaf(value) => value.clone(),
            Node::Map(map) => shown(map),
        };
        Some((key.clone(), value))
    };
    Json::from_iter(merged.iter().filter_map(entry).collect::<serde_json::Map<_, _>>())
}

/// A lab whose release, object and host have the stack in `values`, `spec` and `nixos`.
fn lab(stack: &[BTreeMap<String, Step>]) -> String {
    let mut text = "lab home { domain = \"home.example.net\" }
network lan { cidr = 192.168.1.0/24, gateway = 192.168.1.1, dns = [192.168.1.1] }
stage apps = 10
namespace media { stage = apps }
"
    .to_owned();
    let of = [("r", "release", "values"), ("m", "manifest", "spec"), ("h", "host", "nixos.x")];
    for (name, kind, field) in of {
        let needed = match kind {
            "release" => "chart = chart(\"c\", repo = \"https://charts.example.net\", version = \"1.2.3\")",
            "manifest" => "apiVersion = \"example.net/v1\", kind = \"Thing\"",
            _ => "network = lan, address = 192.168.1.10, disk s { device = /dev/nvme0n1 }",
        };
        let _ =
            writeln!(text, "template {name}0 : {kind} {{ {needed}, {field} {{ {} }} }}", written(&stack[0]));
        let _ = writeln!(text, "template {name}1 : {name}0 {{ {field} {{ {} }} }}", written(&stack[1]));
        let place = if kind == "host" { "" } else { " in media" };
        let _ = writeln!(text, "{kind} {name}{place} : {name}1 {{ {field} {{ {} }} }}", written(&stack[2]));
    }
    text
}

fn written(block: &BTreeMap<String, Step>) -> String {
    let statement = |(key, step): (&String, &Step)| match step {
        Step::Gone => format!("{key} = none"),
        Step::Set(value) => format!("{key} = {value}"),
        Step::Append(more) => format!("{key} += {}", Json::from(more.clone())),
        Step::Only(value) => format!("{key} = only({{ z = {} }})", value["z"]),
        Step::Block(inner) => format!("{key} {{ {} }}", written(inner)),
    };
    block.iter().map(statement).collect::<Vec<_>>().join(", ")
}

fn compare(text: &str, expected: &Json, seed: u64) {
    let session = Session::open(vec![("homelab.hl".to_owned(), text.to_owned())]);
    let problems = session.problems();
    let errors: Vec<_> =
        problems.iter().filter(|one| one.severity() == diagnostics::Severity::Error).collect();
    assert!(errors.is_empty(), "seed {seed}: {errors:?}\n{text}");
    assert_eq!(session.faults(), Vec::<String>::new(), "seed {seed}\n{text}");
    let evaluated = |path: &str| {
        let value = session.eval(path).unwrap_or_else(|problems| panic!("seed {seed}: {problems:?}\n{text}"));
        json(&data(&value))
    };
    let outputs = session.outputs();
    assert_eq!(evaluated("r.values"), *expected, "seed {seed}: eval of values\n{text}");
    let of_chart = outputs.k8s.get("10_apps/r/values/r.values.yaml").map(|file| read(file));
    assert_eq!(
        of_chart.unwrap_or_else(|| Json::Object(serde_json::Map::new())),
        *expected,
        "seed {seed}: values\n{text}"
    );
    assert_eq!(evaluated("m.spec"), *expected, "seed {seed}: eval of an object\n{text}");
    let mut objects = outputs.k8s.iter().filter(|(path, _)| path.starts_with("10_apps/m/manifests/"));
    let object = objects.next().map(|(_, file)| read(file)).unwrap_or_default();
    assert_eq!(object["spec"], *expected, "seed {seed}: object\n{text}");
    assert_eq!(evaluated("h.nixos.x"), *expected, "seed {seed}: eval of options\n{text}");
    let file = outputs.nixos.get("hosts/h/nixos.nix").map(String::as_str).unwrap_or_default();
    assert_eq!(options(file), leaves("x", expected), "seed {seed}: options\n{file}\n{text}");
}

fn read(file: &str) -> Json {
    serde_yaml::from_str(file).unwrap_or_else(|error| panic!("{error}: {file}"))
}

/// The options of a file for Nix by their paths, each as its value is written there, without blanks.
fn options(file: &str) -> BTreeMap<String, String> {
    let modules = file.split("_file = ").skip(1).filter_map(|module| module.split_once(";\n"));
    let set = modules.filter_map(|(_, rest)| rest.split_once(" = "));
    set.map(|(path, value)| {
        let value = value.split(';').next().unwrap_or_default();
        (path.trim().to_owned(), value.split_whitespace().collect::<Vec<_>>().join(" "))
    })
    .collect()
}

/// What a file for Nix has of a value: each leaf by its path.
fn leaves(path: &str, value: &Json) -> BTreeMap<String, String> {
    match value {
        Json::Object(map) if !map.is_empty() => {
            map.iter().flat_map(|(key, inner)| leaves(&format!("{path}.{key}"), inner)).collect()
        }
        Json::Object(_) => BTreeMap::from([(path.to_owned(), "{ }".to_owned())]),
        Json::Array(all) => {
            let all: Vec<String> = all.iter().map(Json::to_string).collect();
            BTreeMap::from([(path.to_owned(), format!("[ {} ]", all.join(" ")))])
        }
        leaf => BTreeMap::from([(path.to_owned(), leaf.to_string())]),
    }
}
