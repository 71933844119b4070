//! No field without effect: each field of each core kind, set to another value, changes what is built.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Located, Severity};
use driver::{Outputs, Session};
use model::SecretValue;
use names::Db;
use types::{FieldShape, Form, Hatch, Pattern, Ty};

/// A lab with a declaration of each core kind; `# fields of KIND` stands where a field is set.
const LAB: &str = include_str!("fields.hl");

/// Fields that are set together with others.
const TOGETHER: &[(&str, &str, &str)] = &[("host", "network", "address = 192.168.7.10")];

/// Fields that say something of the lab's text, and nothing of what is built.
const OF_THE_TEXT: &[&str] = &["lab edition"];

/// Fields that say how `hlc apply` reaches and changes a host, which the tests of that try: nothing is built of them.
const OF_THE_WAY: &[&str] = &["host deploy.drain", "host deploy.port", "host deploy.ssh"];

/// Texts of which one is right wherever a text has a form.
const TEXTS: &[&str] = &[
    "other",
    "/other",
    "./other/helmfile.yaml",
    "0600",
    "--flag=x",
    "25.05",
    "Europe/Lisbon",
    "de_DE.UTF-8",
    "gpu=true:NoSchedule",
    "nginx.service",
    "2.0.0",
    "https://other.example.net",
    "ssh-rsa AAAA other@laptop",
    "eno2",
    "Other",
];

/// Values of a type, as people write them.
fn values(db: &dyn Db, ty: &Ty) -> Vec<String> {
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let quoted = |text: &str| format!("\"{text}\"");
    match ty {
        Ty::Error | Ty::Never | Ty::None => Vec::new(),
        Ty::Bool => texts(&["true", "false"]),
        Ty::Int(low, high) => [*low, low.saturating_add(1), low.saturating_add(7), *high]
            .map(|number| number.to_string())
            .to_vec(),
        Ty::Float => texts(&["1.5"]),
        Ty::Text(form) => texts(match form {
            Form::Any => &["\"other\"", "\"Other/1\""],
            Form::Mac => &["aa:bb:cc:dd:ee:ff"],
            Form::Cron => &["\"1 4 * * *\""],
            Form::Hostname => &["\"other.example.net\""],
            Form::Url => &["\"https://other.example.net/feed\""],
            Form::Image => &["\"docker.io/library/redis:8.2.0\""],
            Form::Version => &["2.3.4"],
            Form::Path => &["/other"],
            Form::Word => &["other"],
            Form::Package => &["fish"],
            Form::RecipientKey => &[
                "\"age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj\"",
                "\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA host\"",
            ],
        }),
        Ty::Pattern(pattern, _) => {
            let fits = |text: &&&str| Pattern::new(pattern).is_some_and(|pattern| pattern.matches(text));
            TEXTS.iter().filter(fits).map(|text| quoted(text)).collect()
        }
        Ty::Literal(word) => vec![quoted(word)],
        Ty::Address => texts(&["192.168.1.77", "192.168.1.212"]),
        Ty::Cidr => texts(&["192.168.0.0/23", "10.50.0.0/16"]),
        Ty::Range => texts(&["192.168.1.10 .. 192.168.1.150"]),
        Ty::Port => texts(&["8123"]),
        Ty::Size => texts(&["3GiB", "1MiB"]),
        Ty::Cpu => texts(&["3"]),
        Ty::Duration => texts(&["5d", "45s"]),
        Ty::Nix => texts(&["nix\"1\""]),
        Ty::List(element) if **element == Ty::Free(Hatch::HelmValues) => {
            texts(&["[{ apiVersion = \"example.net/v1\", kind = \"Thing\", metadata { name = \"other\" } }]"])
        }
        Ty::List(element) => values(db, element).into_iter().map(|value| format!("[{value}]")).collect(),
        Ty::Map(element) => {
            values(db, element).into_iter().map(|value| format!("{{ other = {value} }}")).collect()
        }
        Ty::Optional(inner) => values(db, inner),
        Ty::Union(arms) => arms.iter().flat_map(|arm| values(db, arm)).collect(),
        Ty::Secret(_) => texts(&["made", "hash"]),
        Ty::Kind(kind) => declared(db, kind),
        Ty::Declaration | Ty::Deployed => texts(&["zoo"]),
        Ty::Record(name) => record(db, name),
        Ty::Fields(_) => Vec::new(),
        Ty::Free(Hatch::Any | Hatch::HelmValues | Hatch::Nixos) => texts(&["{ other { way = 1 } }"]),
    }
}

/// The declarations of a kind in the lab, as they are reached from anywhere.
fn declared(db: &dyn Db, kind: &str) -> Vec<String> {
    let all = values::all_of(db, names::word(db, kind)).iter();
    all.map(|decl| decl.written(decl.item().name())).filter(|path| !path.contains(['"', '/'])).collect()
}

/// A record of each of its fields alone, as far as the others can be left out.
fn record(db: &dyn Db, name: &str) -> Vec<String> {
    if name == "#generator" {
        return ["random(40)", "hex(16)", "ssh-key(\"other\")"].map(str::to_owned).to_vec();
    }
    if name == "#chart" {
        let chart = |version: &str| {
            format!("chart(\"redis\", repo = \"https://other.example.net\", version = \"{version}\")")
        };
        return ["1.2.3", "2.0.0"].map(chart).to_vec();
    }
    let Some((shape, _)) = types::shape(db, name) else { return Vec::new() };
    let needed: Vec<&FieldShape> = shape.fields.iter().filter(|field| is_needed(field)).collect();
    let with = |field: &FieldShape, value: &str| {
        let others = needed.iter().filter(|other| other.name != field.name);
        let others =
            others.filter_map(|other| Some(format!("{} = {}", other.name, values(db, &other.ty).first()?)));
        let all: Vec<String> = others.chain([format!("{} = {value}", field.name)]).collect();
        format!("{{ {} }}", all.join(", "))
    };
    shape
        .fields
        .iter()
        .flat_map(|field| {
            values(db, &field.ty).into_iter().map(|value| with(field, &value)).collect::<Vec<_>>()
        })
        .collect()
}

fn is_needed(field: &FieldShape) -> bool {
    !field.default && !matches!(field.ty, Ty::Optional(_))
}

/// A field of a kind, or a part of one: its path, and what it may be set to.
struct Setting {
    kind: String,
    path: String,
    values: Vec<String>,
}

/// All that can be set in declarations of the core kinds.
fn settings(db: &dyn Db) -> Vec<Setting> {
    let mut all = Vec::new();
    for (name, is) in names::index(db).defined_names() {
        if is.kind.as_ref().is_some_and(|item| item.file().starts_with("std/core/")) {
            add_settings(db, name, &mut all);
        }
    }
    all
}

fn add_settings(db: &dyn Db, kind: &str, all: &mut Vec<Setting>) {
    let Some((shape, _)) = types::shape(db, kind) else { return };
    for field in shape.fields.iter().filter(|field| !field.derived && !field.place) {
        let record = match field.ty.required().0 {
            Ty::Record(name) if !name.starts_with("#generator") && !name.starts_with("#chart") => {
                types::shape(db, name)
            }
            _ => None,
        };
        match record {
            // Each part by itself.
            Some((parts, _)) if !parts.fields.iter().any(is_needed) => {
                all.extend(parts.fields.iter().map(|part| Setting {
                    kind: kind.to_owned(),
                    path: format!("{}.{}", field.name, part.name),
                    values: values(db, &part.ty),
                }));
            }
            _ => all.push(Setting {
                kind: kind.to_owned(),
                path: field.name.to_string(),
                values: values(db, &field.ty),
            }),
        }
    }
    shape.nested.iter().for_each(|(_, full)| add_settings(db, full, all));
}

/// The lab with that field set to `value`, and not to what it is set to otherwise.
fn lab_with(setting: &Setting, value: &str) -> String {
    let marker = format!("# fields of {}", setting.kind);
    let lines: Vec<&str> = LAB.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.trim() == marker)
        .unwrap_or_else(|| panic!("no '{marker}' in the lab"));
    let indent = lines[at].len() - lines[at].trim_start().len();
    let indent_of = |line: &str| line.len() - line.trim_start().len();
    let start = (0..at).rev().find(|line| indent_of(lines[*line]) < indent).unwrap_or(0);
    let sets =
        |line: &str| line.trim_start().strip_prefix(&setting.path).is_some_and(|rest| rest.starts_with(" ="));
    let mut text = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let is_here = start < number && number < at && indent_of(line) == indent;
        if number == at {
            let set = format!("{} = {value}", setting.path);
            let more =
                TOGETHER.iter().filter(|(kind, path, _)| *kind == setting.kind && *path == setting.path);
            let all = [vec![set.as_str()], more.map(|(.., more)| *more).collect()].concat();
            text.push(format!("{}{}", " ".repeat(indent), all.join(", ")));
        } else if !(is_here && (sets(line) || is_together(setting, line))) {
            text.push((*line).to_owned());
        }
    }
    text.join("\n")
}

/// Whether a line sets what is set together with that field.
fn is_together(setting: &Setting, line: &str) -> bool {
    let same = |more: &str| more.split(" = ").next() == line.trim().split(" = ").next();
    TOGETHER.iter().any(|(kind, path, more)| *kind == setting.kind && *path == setting.path && same(more))
}

/// What a lab comes to: why it is none, what is said of its parts together, and all that is made of it.
#[derive(PartialEq)]
struct Outcome {
    refused: BTreeSet<String>,
    said: BTreeSet<String>,
    outputs: Outputs,
    secrets: String,
    readers: Vec<String>,
}

fn outcome(text: &str) -> Outcome {
    let session = Session::open(vec![("homelab.hl".into(), text.into())]);
    let problems = session.problems();
    // A rule of the compiler's about parts of a lab, or a check of the library, is what some fields are for.
    let is_effect = |problem: &&Located| {
        problem.rule.name == "check-failed"
            || checks::RULES.contains(&problem.rule)
            || problem.severity() != Severity::Error
    };
    let (said, refused): (Vec<&Located>, Vec<&Located>) = problems.iter().partition(is_effect);
    let told =
        |all: &[&Located]| all.iter().map(|one| format!("{}: {}", one.rule.name, one.message)).collect();
    let has_errors = problems.iter().any(|problem| problem.severity() == Severity::Error);
    let mut outputs = if has_errors { Outputs::default() } else { session.outputs() };
    if !has_errors {
        // A field that its kind does not have, or a word that lowering does not know, is one.
        assert_eq!((session.faults(), session.missing(&outputs)), (vec![], vec![]), "{text}");
    }
    // Where something stands is no effect of it.
    outputs.nixos.retain(|path, _| !path.ends_with("lines.nix"));
    // All of secrets but where they are written.
    let made = session.secrets().into_iter().map(|secret| {
        let values = secret.values.iter().map(|value| {
            let SecretValue { key, kind, generate, rotate, rotation, rotation_steps, place: _ } = value;
            (key, kind, generate, rotate, rotation, rotation_steps)
        });
        format!("{} {:?}", secret.name, values.collect::<Vec<_>>())
    });
    let secrets = made.collect();
    let readers =
        session.recipients().into_iter().map(|reader| format!("{} {:?}", reader.name, reader.key)).collect();
    Outcome { refused: told(&refused), said: told(&said), secrets, readers, outputs }
}

#[test]
fn no_field_is_without_effect() {
    let before = outcome(LAB);
    assert_eq!((&before.refused, &before.said), (&BTreeSet::new(), &BTreeSet::new()), "the lab itself");
    let session = Session::open(vec![("homelab.hl".into(), LAB.into())]);
    let mut without: BTreeMap<String, String> = BTreeMap::new();
    for setting in settings(session.db()) {
        let mut said = BTreeSet::new();
        // Each value is tried, since each word of a choice must be known.
        let mut has_effect = false;
        for value in &setting.values {
            let after = outcome(&lab_with(&setting, value));
            has_effect |= after.refused.is_empty() && after != before;
            said.extend(after.refused.into_iter().map(|error| format!("{value}: {error}")));
        }
        let name = format!("{} {}", setting.kind, setting.path);
        if !has_effect && !OF_THE_TEXT.iter().chain(OF_THE_WAY).any(|one| *one == name) {
            without.insert(
                name,
                format!(
                    "{:?}\n        {}",
                    setting.values,
                    said.into_iter().collect::<Vec<_>>().join("\n        ")
                ),
            );
        }
    }
    let list: Vec<String> = without.iter().map(|(name, said)| format!("{name}\n        {said}")).collect();
    assert!(list.is_empty(), "\n{}", list.join("\n"));
}
