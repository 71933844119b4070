//! Two people work on two branches with all that changes the file of values, and real Git merges what they did. What
//! comes of it is compared with a model that knows nothing of how it is encrypted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::process::Command;

use harness::sops_placeholder::AgeKey;
use serde_json::Value;
use sops::keys::{Access, Identities};
use sops::{DataKey, Document, Format};

use super::{CANARY, Dice, Repository};
use crate::vault::{SOURCE, Vault, keys, spawned};
use crate::world::Run;

/// How often two branches are made and merged.
const ROUNDS: u32 = 14;

/// `SLOT` is where somebody is let in, far enough from the other for Git to merge both.
const LAB: &str = "lab home { domain = \"home.example.net\" }
recipient admin = \"ADMIN\"
# Between the slots
# there are lines
# that stay.
# SLOT ana
secret one { }
secret two { }
secret three { generate = random(24) }
secret four { generate = random(24) }
secret machine { generate = age-key() }
secret pair { key user { }, key password { generate = random(24) } }
# SLOT rui
# The end.
";

/// Values that are set, those that are made, and those that have a public half.
const SET: [&str; 3] = ["one", "two", "pair.user"];
const MADE: [&str; 4] = ["three", "four", "machine", "pair.password"];

/// Those who come and go.
struct People {
    ana: AgeKey,
    rui: AgeKey,
}

impl People {
    fn key(&self, name: &str) -> AgeKey {
        let file = match name {
            "ana" => self.ana.file(),
            "rui" => self.rui.file(),
            _ => keys().admin.file(),
        };
        AgeKey::kept_in(&file)
    }

    fn name(&self, recipient: &str) -> &'static str {
        let all = ["admin", "ana", "rui"].into_iter().find(|name| self.key(name).recipient() == recipient);
        all.expect("somebody of the lab")
    }

    /// The line that lets somebody in.
    fn line(&self, name: &str) -> String {
        format!("recipient {name} = \"{}\"", self.key(name).recipient())
    }
}

/// All that there is to know of the file of values, and who the lab says may read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct State {
    values: BTreeMap<String, String>,
    dates: BTreeMap<String, String>,
    halves: BTreeMap<String, String>,
    readers: BTreeSet<&'static str>,
    recipients: BTreeSet<&'static str>,
    /// Who wrote it last.
    by: &'static str,
    text: String,
}

/// What is to come of two states.
struct Expected {
    state: State,
    conflicts: BTreeSet<String>,
}

/// Three ways, with the rules of the documentation: what one side did is done; what both did otherwise is named, and
/// this side's is there, if it has any.
fn expected(base: &State, ours: &State, theirs: &State) -> Expected {
    let (mut state, mut conflicts) = (State::default(), BTreeSet::new());
    let names: BTreeSet<&String> = [base, ours, theirs].iter().flat_map(|side| side.values.keys()).collect();
    for name in names {
        let [old, our, their] = [base, ours, theirs].map(|side| side.values.get(name));
        let from = match () {
            () if our == their || old == their => ours,
            () if old == our => theirs,
            () => {
                conflicts.insert(name.clone());
                if our.is_some() { ours } else { theirs }
            }
        };
        let take = |of: fn(&State) -> &BTreeMap<String, String>, into: &mut BTreeMap<String, String>| {
            into.extend(of(from).get(name).map(|text| (name.clone(), text.clone())));
        };
        take(|side| &side.values, &mut state.values);
        take(|side| &side.halves, &mut state.halves);
        take(|side| &side.dates, &mut state.dates);
        if our == their && our.is_some() {
            state.dates.extend(
                ours.dates.get(name).max(theirs.dates.get(name)).map(|day| (name.clone(), day.clone())),
            );
        }
    }
    let is_gone = |name: &&str| {
        base.readers.contains(name) && !(ours.readers.contains(name) && theirs.readers.contains(name))
    };
    state.readers = ours.recipients.iter().filter(|name| !is_gone(name)).copied().collect();
    let is_in = |name: &&str| {
        let [old, our, their] = [base, ours, theirs].map(|side| side.recipients.contains(name));
        if old == our { their } else { our }
    };
    state.recipients = ["admin", "ana", "rui"].into_iter().filter(is_in).collect();
    Expected { state, conflicts }
}

/// Somebody at work.
struct Worker<'a> {
    repository: &'a Repository,
    people: &'a People,
    who: &'static str,
    day: u32,
}

impl Worker<'_> {
    /// The first commit, with all values and one more reader.
    fn begin(&self) {
        for name in SET {
            self.must(&["secrets", "set", name], &format!("{CANARY} of {name}"));
        }
        self.must(&["secrets", "generate"], "");
        self.let_in_or_out("ana");
        self.commit();
    }

    fn vault(&self) -> &Vault {
        &self.repository.vault
    }

    /// Runs the program with their key, on their day.
    fn run(&self, arguments: &[&str], input: &str) -> Run {
        let mut command = self.vault().command(arguments);
        command.env("SOPS_AGE_KEY_FILE", self.people.key(self.who).file());
        command.env("SOURCE_DATE_EPOCH", (1_800_000_000 + u64::from(self.day) * 86_400).to_string());
        let mut child = spawned(&mut command);
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        Run::of(&child.wait_with_output().expect("the program ends"))
    }

    #[track_caller]
    fn must(&self, arguments: &[&str], input: &str) {
        let run = self.run(arguments, input);
        assert_eq!(run.code, 0, "{} {arguments:?}: {}", self.who, run.all());
    }

    /// Does something to the values, or to who reads them.
    fn work(&self, dice: &mut Dice) {
        let state = self.state();
        let pick = |dice: &mut Dice, all: &[&'static str]| {
            all[dice.roll(u32::try_from(all.len()).expect("few")) as usize]
        };
        match dice.roll(11) {
            0..=4 => {
                let name = pick(dice, &SET);
                self.must(&["secrets", "set", name], &format!("{CANARY} {}", dice.roll(3)));
            }
            5 => {
                let name = pick(dice, &[SET.as_slice(), &MADE].concat());
                if state.values.contains_key(name) && state.values.len() > 2 {
                    self.must(&["secrets", "remove", name], "");
                }
            }
            6 => self.must(&["secrets", "generate"], ""),
            7 => self.must(&["secrets", "rotate", pick(dice, &MADE)], ""),
            8 => self.must(&["secrets", if dice.roll(2) == 0 { "rotate" } else { "rekey" }], ""),
            _ => self.let_in_or_out(pick(dice, &["ana", "rui"])),
        }
    }

    fn let_in_or_out(&self, name: &'static str) {
        if name == self.who {
            return;
        }
        let (slot, line) = (format!("# SLOT {name}"), self.people.line(name));
        let lab = self.vault().text("homelab.hl");
        let is_in = lab.contains(&line);
        self.vault()
            .world
            .write("homelab.hl", if is_in { lab.replace(&line, &slot) } else { lab.replace(&slot, &line) });
        self.must(&["secrets", "rekey"], "");
    }

    /// What is there now, as SOPS reads it.
    #[track_caller]
    fn state(&self) -> State {
        let identity = fs::read_to_string(self.people.key(self.who).file()).expect("a key");
        let all = self.vault().values(SOURCE, &identity);
        let text = self.vault().text(SOURCE);
        let document = Document::parse(text.as_bytes(), Format::Yaml).expect("a file");
        let lab = self.vault().text("homelab.hl");
        let seal = all["hlc_seal"].as_str().expect("a seal");
        let by = seal.lines().find_map(|line| line.strip_prefix("by ")).expect("a writer");
        State {
            values: values(&all),
            dates: plain(&all, "changed"),
            halves: plain(&all, "public"),
            readers: document.metadata().recipients().map(|one| self.people.name(one)).collect(),
            recipients: ["admin", "ana", "rui"]
                .into_iter()
                .filter(|name| *name == "admin" || lab.contains(&self.people.line(name)))
                .collect(),
            by: self.people.name(by),
            text,
        }
    }

    fn commit(&self) {
        self.repository.git(&["add", "homelab.hl", ".gitattributes", SOURCE]);
        self.repository.git(&["commit", "--quiet", "--allow-empty", "-m", self.who]);
    }
}

fn values(all: &Value) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for (name, value) in all.as_object().expect("a map").iter().filter(|(name, _)| !name.starts_with("hlc_"))
    {
        match value {
            Value::Object(keys) => {
                values.extend(keys.iter().map(|(key, value)| (format!("{name}.{key}"), text(value))));
            }
            value => drop(values.insert(name.clone(), text(value))),
        }
    }
    values
}

fn plain(all: &Value, section: &str) -> BTreeMap<String, String> {
    let section = all["hlc_unencrypted"][section].as_object().cloned().unwrap_or_default();
    section.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The data key of a file, for somebody; nothing where it is not for them.
fn data_key(text: &str, key: &AgeKey) -> Option<DataKey> {
    let mut identities = Identities::new();
    identities.add(&fs::read(key.file()).expect("a key"), "test").expect("a key");
    Document::parse(text.as_bytes(), Format::Yaml).ok()?.unwrap_key(&Access::new(&identities)).ok()
}

/// Nobody reads the file but its readers, also not with what they know of the states before.
#[track_caller]
fn assert_reads_only(merged: &State, before: &[&State], people: &People) {
    let document = Document::parse(merged.text.as_bytes(), Format::Yaml).expect("a file");
    for name in ["admin", "ana", "rui"] {
        let key = people.key(name);
        assert_eq!(data_key(&merged.text, &key).is_some(), merged.readers.contains(name), "{name}");
        if !merged.readers.contains(name) {
            let known = before.iter().filter_map(|state| data_key(&state.text, &key));
            assert!(
                known.into_iter().all(|known| document.decrypt(&known).is_err()),
                "{name} has the data key"
            );
        }
    }
}

/// How often what came of it.
#[derive(Debug, Default)]
struct Tally {
    clean: u32,
    conflicts: u32,
    refused: u32,
    by_others: u32,
}

/// What somebody, of several who could, does on a branch; who it was, and what came of it.
fn branch<'a>(worker: Worker<'a>, dice: &mut Dice) -> (Worker<'a>, State) {
    (0..=dice.roll(3)).for_each(|_| worker.work(dice));
    let state = worker.state();
    worker.commit();
    (worker, state)
}

/// Merges what two did since `base`, and compares what comes of it with what should.
fn merge(us: &Worker<'_>, [base, ours, theirs]: [&State; 3], tally: &mut Tally) {
    let outcome = us.repository.command(&["merge", "--no-edit", "theirs"]);
    let said = format!("{}: {}{}", us.day, outcome.stdout, outcome.stderr);
    tally.by_others += u32::from(theirs.by != "admin");
    // Git asks hlc where both sides changed the file.
    let asks = ours.text != base.text && theirs.text != base.text;
    if asks && !ours.recipients.contains(theirs.by) {
        // Who wrote it was taken out on this side meanwhile.
        assert!(!outcome.ok && said.contains("who is no recipient of the lab"), "{said}");
        assert_eq!(us.vault().text(SOURCE), ours.text, "{said}");
        us.repository.git(&["merge", "--abort"]);
        tally.refused += 1;
        return;
    }
    let Expected { state: wanted, conflicts: named } = expected(base, ours, theirs);
    let merged = us.state();
    assert_eq!(outcome.ok, named.is_empty(), "{said}");
    assert_eq!(merged.values, wanted.values, "{said}");
    assert_eq!((&merged.dates, &merged.halves), (&wanted.dates, &wanted.halves), "{said}");
    assert_eq!(merged.recipients, wanted.recipients, "{said}");
    assert_eq!(said.matches("both sides changed").count(), named.len(), "{said}");
    for name in &named {
        assert!(said.contains(&format!("both sides changed '{name}'")), "{said}");
    }
    if asks {
        assert_eq!(merged.readers, wanted.readers, "{said}");
        assert_reads_only(&merged, &[base, ours, theirs], us.people);
    }
    *if named.is_empty() { &mut tally.clean } else { &mut tally.conflicts } += 1;
    us.must(&["secrets", "rekey"], "");
    let rekeyed = us.state();
    assert_eq!((&rekeyed.values, &rekeyed.readers), (&merged.values, &merged.recipients), "{said}");
    assert_reads_only(&rekeyed, &[base, ours, theirs, &merged], us.people);
    us.commit();
}

#[test]
fn all_that_changes_the_file_of_values_is_merged_right_or_named() {
    let (repository, people) =
        (Repository::new(), People { ana: AgeKey::generate(), rui: AgeKey::generate() });
    repository.vault.world.write("homelab.hl", LAB.replace("ADMIN", keys().admin.recipient()));
    let worker = |who, day| Worker { repository: &repository, people: &people, who, day };
    let (mut dice, mut seen, mut tally) = (Dice(12), BTreeSet::new(), Tally::default());
    worker("admin", 0).begin();
    for round in 0..ROUNDS {
        let base = worker("admin", 0).state();
        let all: Vec<&'static str> = base.recipients.iter().copied().collect();
        let they = all[dice.roll(u32::try_from(all.len()).expect("few")) as usize];
        repository.git(&["checkout", "--quiet", "-B", "theirs", "main"]);
        let (_, theirs) = branch(worker(they, 10 * round + 2), &mut dice);
        repository.git(&["checkout", "--quiet", "main"]);
        let (us, ours) = branch(worker("admin", 10 * round + 1), &mut dice);
        merge(&us, [&base, &ours, &theirs], &mut tally);
        seen.extend([base, ours, theirs].into_iter().flat_map(|state| state.values.into_values()));
    }
    assert!(tally.clean > 2 && tally.conflicts > 2 && tally.by_others > 2, "{tally:?}");
    is_nowhere(&repository, &seen);
}

/// No value is anywhere, in no version of any file.
fn is_nowhere(repository: &Repository, seen: &BTreeSet<String>) {
    let objects = repository.git(&["cat-file", "--batch-all-objects", "--batch", "--buffer"]);
    let seen: Vec<&str> = seen.iter().map(String::as_str).filter(|value| value.len() > 11).collect();
    assert_eq!(seen.iter().find(|value| objects.contains(**value)), None, "a value is among Git's objects");
    let folder = repository.vault.world.path(".");
    let mut grep = spawned(Command::new("grep").args(["-rlF", "-f", "-", "."]).current_dir(folder));
    grep.stdin.take().expect("a pipe").write_all(seen.join("\n").as_bytes()).expect("grep reads");
    let found = grep.wait_with_output().expect("grep ends");
    assert_eq!((found.status.code(), String::from_utf8_lossy(&found.stdout).as_ref()), (Some(1), ""));
}
