//! A repository to which somebody writes at random who has no key: whatever a command does then that succeeds, it does
//! with the values that the lab has. Counted, not timed: the same rounds each time. `HLC_ROUNDS` asks for more.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use harness::sops_placeholder::AgeKey;
use secrets::{Fingerprint, Source};
use serde_json::Value;
use sops::keys::{Access, Identities};
use sops::{DataKey, Document, Format, Node, Settings, Timestamp};

use crate::vault::{SOURCE, Vault, admin, keys};
use crate::world::{Run, World};

/// How many rounds there are in CI.
const ROUNDS: usize = 2_000;
/// A small lab of all that matters: a host, a chart, a public half that stands in the open, and two recipients.
const LAB: &str = r#"lab home { domain = "home.example.net" }
recipient admin = "ADMIN"
recipient drawer = "DRAWER"
network lan { cidr = 192.168.1.0/24 }
host one { network = lan, address = 192.168.1.10, host-key = "ONE", users = [ana], secrets = [token], memory = 8GiB }
cluster k3s { servers = [one] }
stage last = 10
namespace tools { stage = last }
user ana { groups = [wheel], ssh-keys = [deploy.public-key] }
secret token { generate = random(32) }
secret note { }
secret deploy { generate = ssh-key("argo at home") }
app web in tools { image = "docker.io/library/nginx:1.29.0", port http = 80, env { TOKEN = token, NOTE = note } }
"#;
const HOST: &str = "nixos/secrets/one.yaml";
const CHART: &str = "k8s/10_last/web/secrets/web.values.secrets.yaml";
const RECORDS: [&str; 4] = ["nixos/.secrets.json", "k8s/.secrets.json", "nixos/.hlc.json", "k8s/.hlc.json"];
/// What somebody may change.
const FILES: [&str; 7] = [SOURCE, HOST, CHART, RECORDS[0], RECORDS[1], RECORDS[2], RECORDS[3]];
/// A public half that is not the lab's.
const HERS: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA eve";

/// Files by their paths.
type Files = BTreeMap<String, String>;

/// What all rounds begin with.
struct Ground {
    /// All that is committed, and the same before a value changed.
    new: Files,
    old: Files,
    /// The values then: those of all names.
    truths: [BTreeMap<String, String>; 2],
    /// Files that somebody made of public keys, and the data keys that they have.
    planted: BTreeMap<&'static str, String>,
    known_keys: Vec<DataKey>,
    half: String,
}

/// A generator of numbers (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((number ^ (number >> 31)) % limit.max(1) as u64).expect("small")
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn identities(texts: &[&str]) -> Identities {
    let mut identities = Identities::new();
    for text in texts {
        identities.add(text.as_bytes(), "test").expect("a key");
    }
    identities
}

fn drawer() -> &'static AgeKey {
    static KEY: OnceLock<AgeKey> = OnceLock::new();
    KEY.get_or_init(AgeKey::generate)
}

fn vault() -> Vault {
    let text = LAB.replace("ADMIN", keys().admin.recipient()).replace("DRAWER", drawer().recipient());
    Vault { world: World::with(&text.replace("ONE", keys().one.public())) }
}

/// All files of a folder but those of the user's home.
fn files(vault: &Vault) -> Files {
    let root = vault.world.path(".");
    let name = |path: &PathBuf| path.strip_prefix(&root).expect("inside").display().to_string();
    let all = vault.world.tree(".").into_iter().map(|(path, text)| (name(&path), text));
    all.filter(|(path, _)| !path.starts_with("home/")).collect()
}

fn values(text: &str) -> BTreeMap<String, String> {
    let own = identities(&[&admin()]);
    let source = Source::open(text.as_bytes(), &Access::new(&own)).expect("it opens");
    source.names().map(|name| (name.to_string(), source.value(name).expect("there").to_owned())).collect()
}

fn ground() -> Ground {
    let vault = vault();
    vault.set("note", "the first note that there was");
    assert_eq!(vault.run(&["secrets", "generate"]).code, 0);
    vault.build();
    let old = files(&vault);
    vault.set("note", "another note that came later");
    vault.build();
    let new = files(&vault);
    let half = new[SOURCE].lines().find_map(|line| line.strip_prefix("        deploy: ssh-ed25519"));
    let half = format!("ssh-ed25519{}", half.expect("a half"));
    let (mut planted, mut known_keys) = (BTreeMap::new(), Vec::new());
    for path in [SOURCE, HOST, CHART] {
        // Eve has a copy of the data key, which is not in the file that she leaves there.
        let eve = age_identity();
        let document = Document::parse(new[path].as_bytes(), Format::Yaml).expect("a file");
        let readers: Vec<String> = document.metadata().recipients().map(str::to_owned).collect();
        let hers = eve.1.parse().expect("a recipient");
        let all = readers.iter().map(|reader| reader.parse().expect("a recipient")).chain([hers]);
        let settings = Settings::new(all, Timestamp::from_unix(1_800_000_000)).rule(sops::Rule::default());
        let tree = document.decrypt(&opened(&new[path])).expect("values");
        let text = sops::encrypt(&tree, Format::Yaml, &settings).expect("a file");
        let document = Document::parse(text.as_bytes(), Format::Yaml).expect("a file");
        known_keys.push(document.unwrap_key(&Access::new(&identities(&[&eve.0]))).expect("hers"));
        let at = text.rfind("        - enc: |").expect("an entry");
        let end = text.find("    lastmodified").expect("a time");
        planted.insert(path, format!("{}{}", &text[..at], &text[end..]));
    }
    let truths = [&new, &old].map(|files| values(&files[SOURCE]));
    Ground { new, old, truths, planted, known_keys, half }
}

/// A private key, and its public half.
fn age_identity() -> (String, String) {
    let key = AgeKey::generate();
    (fs::read_to_string(key.file()).expect("a key"), key.recipient().to_owned())
}

/// The data key of a file, by any of the keys that the owner and the host have.
fn opened(text: &str) -> DataKey {
    let own = identities(&[&admin(), &keys().one.age_identity()]);
    let document = Document::parse(text.as_bytes(), Format::Yaml).expect("a file");
    document.unwrap_key(&Access::new(&own)).expect("it opens")
}

/// Changes something. What was done, for messages.
fn change(files: &mut Files, ground: &Ground, chance: &mut Chance) -> String {
    let path = *chance.of(&FILES);
    let encrypted = *chance.of(&[SOURCE, HOST, CHART]);
    let text = files.get(path).cloned().unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let at = chance.below(lines.len());
    let line = lines.get(at).copied().unwrap_or_default();
    let (what, path, changed) = match chance.below(16) {
        0 | 1 => {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let Some(place) = places.get(chance.below(places.len())) else { return "nothing".to_owned() };
            let letters: Vec<char> = "aZ0:=\n \"-]{".chars().collect();
            let mut changed: String = text[..*place].to_owned();
            changed.push(*chance.of(&letters));
            changed.extend(text[*place..].chars().skip(1));
            ("a letter", path, changed)
        }
        2 => ("a line gone", path, text.replacen(&format!("{line}\n"), "", 1)),
        3 => ("a line twice", path, text.replacen(line, &format!("{line}\n{line}"), 1)),
        4 => ("a line of another file", path, {
            let other = files.get(*chance.of(&FILES)).cloned().unwrap_or_default();
            let other: Vec<&str> = other.lines().collect();
            let other = other.get(chance.below(other.len())).copied().unwrap_or_default();
            text.replacen(line, other, 1)
        }),
        5 => ("an older file", path, ground.old[path].clone()),
        6 | 7 => ("a planted file", encrypted, ground.planted[encrypted].clone()),
        8 => (
            "another half",
            SOURCE,
            files.get(SOURCE).map_or_else(String::new, |text| text.replace(&ground.half, HERS)),
        ),
        9 => ("copies of another data key", encrypted, {
            let armor = |text: &str| {
                let all = text.split("            -----BEGIN").skip(1);
                all.map(|part| part.split("          recipient").next().unwrap_or("").to_owned())
                    .collect::<Vec<_>>()
            };
            let text = files.get(encrypted).cloned().unwrap_or_default();
            let (own, hers) = (armor(&text), armor(&ground.planted[encrypted]));
            match (own.get(chance.below(own.len())), hers.first()) {
                (Some(own), Some(hers)) => text.replace(own, hers),
                _ => text,
            }
        }),
        10 => ("another name of a reader", encrypted, {
            let text = files.get(encrypted).cloned().unwrap_or_default();
            text.replace(keys().admin.recipient(), drawer().recipient())
        }),
        11 => (
            "other ends of lines",
            encrypted,
            files.get(encrypted).map_or_else(String::new, |text| text.replace('\n', "\r\n")),
        ),
        12 => (
            "a mark in front",
            encrypted,
            format!("\u{feff}{}", files.get(encrypted).cloned().unwrap_or_default()),
        ),
        13 => ("names in quotes", encrypted, {
            let text = files.get(encrypted).cloned().unwrap_or_default();
            text.replacen("token: ENC", "\"token\": ENC", 1).replacen("NOTE: ENC", "'NOTE': ENC", 1)
        }),
        14 => (
            "one file for another",
            encrypted,
            files.get(*chance.of(&[SOURCE, HOST, CHART])).cloned().unwrap_or_default(),
        ),
        _ => {
            files.remove(encrypted);
            return format!("{encrypted} gone");
        }
    };
    files.insert(path.to_owned(), changed);
    format!("{path}: {what}")
}

/// Notes in all records that hlc wrote what is there.
fn note(files: &mut Files) {
    let number = |files: &Files, path: &str| {
        files.get(path).map(|text| Value::from(Fingerprint::of_content(text.as_bytes()).to_string()))
    };
    for (record, entry, path) in [
        (RECORDS[0], "secrets/one.yaml", HOST),
        (RECORDS[1], "10_last/web/secrets/web.values.secrets.yaml", CHART),
        (RECORDS[2], "secrets/one.yaml", HOST),
        (RECORDS[3], "10_last/web/secrets/web.values.secrets.yaml", CHART),
        (RECORDS[2], ".secrets.json", RECORDS[0]),
        (RECORDS[3], ".secrets.json", RECORDS[1]),
    ] {
        let all = files.get(record).and_then(|text| serde_json::from_str::<Value>(text).ok());
        let (Some(mut all), Some(number)) = (all, number(files, path)) else { continue };
        match all.get_mut("files").and_then(|files| files.get_mut(entry)) {
            Some(Value::Object(entry)) => drop(entry.insert("sha256".to_owned(), number)),
            Some(entry) => *entry = number,
            None => continue,
        }
        files.insert(record.to_owned(), serde_json::to_string_pretty(&all).expect("JSON"));
    }
}

/// What is done with it, and whether with a key.
const COMMANDS: [(&[&str], bool); 12] = [
    (&["build"], true),
    (&["build", "--force"], true),
    (&["build", "--force"], true),
    (&["check"], true),
    (&["secrets", "check"], true),
    (&["secrets", "list"], true),
    (&["secrets", "show", "token"], true),
    (&["secrets", "show", "note"], true),
    (&["eval", "deploy.public-key"], true),
    (&["secrets", "generate"], true),
    (&["build"], false),
    (&["eval", "deploy.public-key"], false),
];

/// What is wrong with what a command did that succeeded.
fn wrong(
    ground: &Ground,
    command: &[&str],
    has_key: bool,
    run: &Run,
    (before, after): (&Files, &Files),
) -> Option<String> {
    if run.err.contains("panicked") || !(0..=2).contains(&run.code) {
        return Some("it panics".to_owned());
    }
    if run.code != 0 {
        return (before != after).then(|| "it fails and writes".to_owned());
    }
    let is_hers = |(path, text): (&String, &String)| path.starts_with("nixos/") && text.contains(HERS);
    if run.out.contains(HERS) || after.iter().any(is_hers) && !before.iter().any(is_hers) {
        return Some("her key is on hosts".to_owned());
    }
    match command {
        ["secrets", "show", name] => {
            let is_true = ground.truths.iter().any(|truth| truth[*name] == run.out.trim_end());
            (!is_true).then(|| "it shows another value".to_owned())
        }
        ["eval", _] => (!run.out.contains(&ground.half)).then(|| "it shows another half".to_owned()),
        ["build", ..] if has_key => of_build(ground, after),
        ["build", ..] => {
            let changed = [HOST, CHART].iter().find(|path| before.get(**path) != after.get(**path));
            changed.map(|path| format!("it writes {path} without a key"))
        }
        ["secrets", "check"] => of_build(ground, after).map(|wrong| format!("it finds nothing: {wrong}")),
        _ => None,
    }
}

/// What is wrong with files after a build with a key.
fn of_build(ground: &Ground, files: &Files) -> Option<String> {
    let Some(source) = files.get(SOURCE) else { return Some("there is no file of values".to_owned()) };
    let own = identities(&[&admin()]);
    let Ok(source) = Source::open(source.as_bytes(), &Access::new(&own)) else {
        return Some("the file of values does not open".to_owned());
    };
    let value = |name: &str| {
        source
            .names()
            .find(|one| one.to_string() == name)
            .and_then(|one| source.value(one))
            .unwrap_or_default()
    };
    if !ground.truths.iter().any(|truth| truth["token"] == value("token") && truth["note"] == value("note")) {
        return Some("the file of values has others".to_owned());
    }
    let hers = fs::read_to_string(drawer().file()).expect("a key");
    let readers =
        [(HOST, keys().one.age_identity()), (CHART, admin()), (CHART, hers.clone()), (SOURCE, hers)];
    for (path, reader) in readers {
        let Some(text) = files.get(path) else { return Some(format!("{path} is not there")) };
        let Ok(document) = Document::parse(text.as_bytes(), Format::Yaml) else {
            return Some(format!("{path} is none of SOPS'"));
        };
        let reader = identities(&[&reader]);
        let tree = document.unwrap_key(&Access::new(&reader)).and_then(|key| document.decrypt(&key));
        let Ok(tree) = tree else { return Some(format!("a reader cannot open {path}")) };
        if ground.known_keys.iter().any(|key| document.decrypt(key).is_ok()) {
            return Some(format!("Eve knows the data key of {path}"));
        }
        let text = |node: Option<&Node<sops::Value>>| match node {
            Some(Node::Leaf(value)) => value.as_str().unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        let inner = |name: &str, key: &str| match tree.get("secrets").or(tree.get(name)) {
            Some(Node::Map(map)) => match map.get(name) {
                Some(Node::Map(map)) => text(map.get(key)),
                _ => text(map.get(key)),
            },
            _ => String::new(),
        };
        let is_true = match path {
            HOST => text(tree.get("token")) == value("token"),
            CHART => {
                inner("web-secrets", "TOKEN") == value("token")
                    && inner("web-secrets", "NOTE") == value("note")
            }
            _ => true,
        };
        if !is_true {
            return Some(format!("{path} has other values"));
        }
    }
    None
}

/// A round: some changes, and a command.
fn round(vault: &Vault, ground: &Ground, number: usize) -> Result<bool, String> {
    let mut chance = Chance(number as u64);
    let mut hostile = ground.new.clone();
    let count = 1 + chance.below(3);
    let mut done: Vec<String> = (0..count).map(|_| change(&mut hostile, ground, &mut chance)).collect();
    if chance.below(2) == 0 {
        note(&mut hostile);
        done.push("noted".to_owned());
    }
    let _ = fs::remove_dir_all(vault.world.path("nixos"));
    let _ = fs::remove_dir_all(vault.world.path("k8s"));
    let _ = fs::remove_file(vault.world.path(SOURCE));
    for (path, text) in &hostile {
        vault.world.write(path, text);
    }
    let (command, has_key) = *chance.of(&COMMANDS);
    let run = if has_key { vault.run(command) } else { vault.keyless(command) };
    match wrong(ground, command, has_key, &run, (&hostile, &files(vault))) {
        None => Ok(run.code == 0),
        Some(wrong) => {
            Err(format!("round {number}, {done:?}, {command:?}, key {has_key}: {wrong}\n{}", run.all()))
        }
    }
}

#[test]
fn whatever_succeeds_in_a_hostile_repository_does_so_with_the_values_of_the_lab() {
    let rounds = env::var("HLC_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    let ground = ground();
    let (next, succeeded) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let (vault, mut found) = (vault(), Vec::new());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= rounds {
                return found;
            }
            match round(&vault, &ground, number) {
                Ok(is_success) => drop(succeeded.fetch_add(usize::from(is_success), Ordering::Relaxed)),
                Err(wrong) => found.push(wrong),
            }
        }
    };
    let found: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no panic")).collect()
    });
    assert!(found.is_empty(), "{} of {rounds}:\n{}", found.len(), found[..found.len().min(5)].join("\n"));
    // What fails always would prove nothing.
    let succeeded = succeeded.into_inner();
    assert!(succeeded > rounds / 10 && succeeded < rounds, "{succeeded} of {rounds} succeeded");
}
