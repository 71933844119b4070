//! A repository to which somebody writes at random who has no key: whatever a command does then that succeeds, it does
//! with the values that the lab has. Counted, not timed: the same rounds each time. `HLC_ROUNDS` asks for more.

mod hostile;
mod judged;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use harness::sops_placeholder::AgeKey;
use secrets::Source;
use sops::keys::{Access, Identities};
use sops::{DataKey, Document, Format, Settings, Timestamp};

use crate::vault::{SOURCE, Vault, admin, keys};
use crate::world::World;

/// How many rounds there are in CI.
const ROUNDS: usize = 2_000;
/// A small lab of all that matters: a host with texts and bytes, a chart, a public half that stands in the open, and two recipients.
const LAB: &str = r#"lab home { domain = "home.example.net" }
recipient admin = "ADMIN"
recipient drawer = "DRAWER"
network lan { cidr = 192.168.1.0/24 }
host one { network = lan, address = 192.168.1.10, host-key = "ONE", users = [ana], secrets = [token, blob], memory = 8GiB }
cluster k3s { servers = [one] }
stage last = 10
namespace tools { stage = last }
user ana { groups = [wheel], ssh-keys = [deploy.public-key] }
secret token { generate = random(32) }
secret note { }
secret blob { generate = bytes(48) }
secret deploy { generate = ssh-key("argo at home") }
app web in tools { image = "docker.io/library/nginx:1.29.0", port http = 80, env { TOKEN = token, NOTE = note } }
"#;
const HOST: &str = "nixos/secrets/one.yaml";
const BLOB: &str = "nixos/secrets/one/blob.bin";
const CHART: &str = "k8s/10_last/web/secrets/web.values.secrets.yaml";
const RECORDS: [&str; 4] = ["nixos/.secrets.json", "k8s/.secrets.json", "nixos/.hlc.json", "k8s/.hlc.json"];
/// What is encrypted.
const ENCRYPTED: [&str; 4] = [SOURCE, HOST, BLOB, CHART];
/// What somebody may change.
const FILES: [&str; 8] = [SOURCE, HOST, BLOB, CHART, RECORDS[0], RECORDS[1], RECORDS[2], RECORDS[3]];
/// A public half that is not the lab's.
const HERS: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA eve";

/// What the owner sets.
const SET: &str = "a note of the owner's own";

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
    for path in ENCRYPTED {
        // Eve has a copy of the data key, which is not in the file that she leaves there.
        let eve = age_identity();
        let document = Document::parse(new[path].as_bytes(), format(path)).expect("a file");
        let readers: Vec<String> = document.metadata().recipients().map(str::to_owned).collect();
        let hers = eve.1.parse().expect("a recipient");
        let all = readers.iter().map(|reader| reader.parse().expect("a recipient")).chain([hers]);
        let settings = Settings::new(all, Timestamp::from_unix(1_800_000_000)).rule(sops::Rule::default());
        let tree = document.decrypt(&opened(path, &new[path])).expect("values");
        let text = sops::encrypt(&tree, format(path), &settings).expect("a file");
        let document = Document::parse(text.as_bytes(), format(path)).expect("a file");
        known_keys.push(document.unwrap_key(&Access::new(&identities(&[&eve.0]))).expect("hers"));
        planted.insert(path, hostile::without_last_copy(&text));
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
fn opened(path: &str, text: &str) -> DataKey {
    let own = identities(&[&admin(), &keys().one.age_identity()]);
    let document = Document::parse(text.as_bytes(), format(path)).expect("a file");
    document.unwrap_key(&Access::new(&own)).expect("it opens")
}

/// How SOPS writes a file.
fn format(path: &str) -> Format {
    if path == BLOB { Format::Binary } else { Format::Yaml }
}

/// What is done with it, and whether with a key.
const COMMANDS: [(&[&str], bool); 22] = [
    (&["build"], true),
    (&["build", "--force"], true),
    (&["build", "--force"], true),
    (&["check"], true),
    (&["secrets", "check"], true),
    (&["secrets", "list"], true),
    (&["secrets", "show", "token"], true),
    (&["secrets", "show", "note"], true),
    (&["eval", "deploy.public-key"], true),
    (&["why", "ana.ssh-keys"], true),
    (&["secrets", "generate"], true),
    (&["secrets", "rekey"], true),
    (&["secrets", "rekey"], true),
    (&["secrets", "rotate"], true),
    (&["secrets", "rotate", "token"], true),
    (&["secrets", "set", "note"], true),
    (&["secrets", "set", "note"], true),
    (&["secrets", "merge", "base.yaml", SOURCE, "theirs.yaml"], true),
    (&["secrets", "merge", "base.yaml", SOURCE, "theirs.yaml"], true),
    (&["build"], false),
    (&["eval", "deploy.public-key"], false),
    (&["why", "ana.ssh-keys"], false),
];

/// A round: some changes, and a command.
fn round(vault: &Vault, ground: &Ground, number: usize) -> Result<bool, String> {
    let mut chance = Chance(number as u64);
    let mut hostile = ground.new.clone();
    let count = 1 + chance.below(3);
    let mut done: Vec<String> =
        (0..count).map(|_| hostile::change(&mut hostile, ground, &mut chance)).collect();
    if chance.below(2) == 0 {
        hostile::note(&mut hostile);
        done.push("noted".to_owned());
    }
    let (command, has_key) = *chance.of(&COMMANDS);
    if command.contains(&"merge") {
        hostile::branches(&mut hostile, ground, &mut chance);
    }
    let _ = fs::remove_dir_all(vault.world.path("nixos"));
    let _ = fs::remove_dir_all(vault.world.path("k8s"));
    for path in [SOURCE, "base.yaml", "theirs.yaml"] {
        let _ = fs::remove_file(vault.world.path(path));
    }
    for (path, text) in &hostile {
        vault.world.write(path, text);
    }
    let run = if has_key { vault.pipe(command, SET) } else { vault.keyless(command) };
    let mut wrong = judged::wrong(ground, (command, has_key), &run, (&hostile, &files(vault)));
    // What was written is what is delivered next.
    if wrong.is_none() && run.code == 0 && judged::changes_values(command) {
        let built = judged::built(vault);
        wrong = built.and_then(|files| judged::of_build(ground, command, &files));
    }
    match wrong {
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
