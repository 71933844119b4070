//! Two branches changed the file of values: real Git merges them with `hlc secrets merge`.

mod random;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use harness::Outcome;
use harness::sops_placeholder::AgeKey;

use crate::secrets_edit::edited;
use crate::vault::{SOURCE, Vault, admin, keys};

/// What all values of these tests begin with, so that they are found wherever they are.
const CANARY: &str = "canary-value";

/// A lab under Git, which knows how to merge and compare.
struct Repository {
    vault: Vault,
}

impl Repository {
    fn new() -> Self {
        let vault = Vault::empty();
        // What 'hlc init' writes for Git is what makes it work.
        vault.world.write(".gitattributes", include_str!("../../src/commands/init/gitattributes"));
        let repository = Self { vault };
        let hlc = env!("CARGO_BIN_EXE_hlc");
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        for (name, value) in [
            ("user.name", "somebody".to_owned()),
            ("user.email", "somebody@example.net".to_owned()),
            ("merge.hlc.name", "values of secrets".to_owned()),
            ("merge.hlc.driver", format!("{hlc} secrets merge %O %A %B")),
            ("diff.hlc.textconv", format!("{hlc} secrets diff")),
        ] {
            repository.git(&["config", name, &value]);
        }
        repository
    }

    fn command(&self, arguments: &[&str]) -> Outcome {
        let mut git = Command::new("git");
        git.current_dir(self.vault.world.path(".")).args(arguments);
        git.env("SOPS_AGE_KEY_FILE", keys().admin.file()).env("SOURCE_DATE_EPOCH", "1800000000");
        Outcome::of(git.env("HOME", self.vault.world.path("home")).env("GIT_CONFIG_NOSYSTEM", "1"))
    }

    #[track_caller]
    fn git(&self, arguments: &[&str]) -> String {
        self.command(arguments).succeeded().stdout
    }

    /// Makes the values these, in one commit.
    #[track_caller]
    fn commit(&self, values: &Values) {
        let lines: Vec<String> = values.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        self.vault.world.write("values", lines.concat());
        let run = edited(&self.vault, "cat values > \"$1\"");
        assert_eq!(run.code, 0, "{}", run.all());
        fs::remove_file(self.vault.world.path("values")).expect("a file");
        self.git(&["add", "homelab.hl", ".gitattributes", SOURCE]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", "values"]);
    }

    /// The values that are there now, as SOPS reads them.
    #[track_caller]
    fn values(&self) -> Values {
        let all = self.vault.values(SOURCE, &admin());
        let all = all.as_object().expect("a map").iter().filter(|(name, _)| !name.starts_with("hlc_"));
        all.map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned())).collect()
    }
}

type Values = BTreeMap<String, String>;

fn values<const N: usize>(of: [(&str, u32); N]) -> Values {
    of.into_iter().map(|(name, value)| (name.to_owned(), format!("{CANARY} {value}"))).collect()
}

/// Numbers that look random, the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    /// Changes some values.
    fn edit(&mut self, values: &Values) -> Values {
        let mut values = values.clone();
        for _ in 0..=self.roll(3) {
            let name = ["token", "pin", "hexed", "based", "password", "id"][self.roll(6) as usize];
            match self.roll(4) {
                0 if values.len() > 2 => drop(values.remove(name)),
                value => drop(values.insert(name.to_owned(), format!("{CANARY} {value}"))),
            }
        }
        values
    }
}

#[test]
fn random_edits_on_two_branches_merge_or_name_the_conflict() {
    let mut dice = Dice(2026);
    let repository = Repository::new();
    let mut base = values([("token", 1), ("pin", 2), ("hexed", 3), ("based", 4)]);
    repository.commit(&base);
    let (mut merges, mut conflicts) = (0, 0);
    for round in 0..12 {
        let (ours, theirs) = (dice.edit(&base), dice.edit(&base));
        repository.git(&["checkout", "--quiet", "-B", "theirs", "main"]);
        repository.commit(&theirs);
        repository.git(&["checkout", "--quiet", "main"]);
        repository.commit(&ours);
        let outcome = repository.command(&["merge", "--no-edit", "theirs"]);
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        let all: std::collections::BTreeSet<&String> =
            [&base, &ours, &theirs].into_iter().flat_map(BTreeMap::keys).collect();
        let (mut expected, mut named) = (Values::new(), Vec::new());
        for name in all {
            let (old, our, their) = (base.get(name), ours.get(name), theirs.get(name));
            let is_conflict = our != their && our != old && their != old;
            if is_conflict {
                named.push(name);
            }
            let new = if our == old || is_conflict && our.is_none() { their } else { our };
            expected.extend(new.map(|new| (name.clone(), new.clone())));
        }
        assert_eq!(outcome.ok, named.is_empty(), "{round}: {said}");
        assert_eq!(repository.values(), expected, "{round}: {said}");
        for name in &named {
            assert!(said.contains(&format!("both sides changed '{name}'")), "{round}: {said}");
        }
        assert_eq!(said.matches("both sides changed").count(), named.len(), "{round}: {said}");
        if named.is_empty() {
            merges += 1;
        } else {
            conflicts += 1;
            // Both sides are still there, as Git keeps them.
            repository.git(&["add", SOURCE]);
            repository.git(&["commit", "--quiet", "-m", "resolved"]);
        }
        base = expected;
    }
    assert!(merges > 2 && conflicts > 2, "{merges} merges and {conflicts} conflicts");
    // No value is anywhere, in no version of any file.
    let objects = repository.git(&["cat-file", "--batch-all-objects", "--batch", "--buffer"]);
    assert!(objects.contains("hlc_unencrypted") && !objects.contains(CANARY));
    let mut grep = Command::new("grep");
    grep.args(["-rl", CANARY, "."]).current_dir(repository.vault.world.path("."));
    let found = Outcome::of(&mut grep);
    assert_eq!(found.code, Some(1), "{}{}", found.stdout, found.stderr);
}

#[test]
fn a_merge_locks_nobody_in_again() {
    let repository = Repository::new();
    let ana = AgeKey::generate();
    let declared = format!("recipient ana = \"{}\"\nrecipient admin", ana.recipient());
    repository.vault.edit_lab("recipient admin", &declared);
    repository.commit(&values([("token", 1), ("pin", 2)]));
    // One side takes ana out and sets a new value; the other, which knows nothing of that, sets another.
    repository.git(&["checkout", "--quiet", "-b", "theirs"]);
    repository.vault.edit_lab(&declared, "recipient admin");
    assert_eq!(repository.vault.run(&["secrets", "rekey"]).code, 0);
    repository.commit(&values([("token", 9), ("pin", 2)]));
    repository.git(&["checkout", "--quiet", "main"]);
    repository.commit(&values([("token", 1), ("pin", 8)]));
    let before = repository.vault.text(SOURCE);
    repository.git(&["merge", "--quiet", "--no-edit", "theirs"]);
    assert_eq!(repository.values(), values([("token", 9), ("pin", 8)]));
    let text = repository.vault.text(SOURCE);
    assert!(!text.contains(ana.recipient()), "{text}");
    let identity = fs::read_to_string(ana.file()).expect("a key");
    assert!(!repository.vault.sops(SOURCE, &identity).ok);
    // Nor with the data key that she had: no value is encrypted to what it was.
    let sealed = |text: &str| text.lines().find(|line| line.starts_with("pin: ")).map(str::to_owned);
    assert_ne!(sealed(&before), sealed(&text));
    assert!(repository.vault.run(&["secrets", "show", "pin"]).code == 0);
}

#[test]
fn a_lab_that_is_being_merged_is_not_needed() {
    let repository = Repository::new();
    let vault = &repository.vault;
    repository.commit(&values([("token", 1), ("pin", 2)]));
    // Both sides change the lab at one place, so that Git leaves its marks there; one of them lets somebody in.
    let ana = AgeKey::generate();
    let declared = format!("recipient ana = \"{}\"\n\nrecipient admin", ana.recipient());
    repository.git(&["checkout", "--quiet", "-b", "theirs"]);
    vault.edit_lab(
        "lab home { domain = \"home.example.net\" }",
        "lab home { domain = \"theirs.example.net\" }",
    );
    vault.edit_lab("recipient admin", &declared);
    assert_eq!(vault.run(&["secrets", "rekey"]).code, 0);
    repository.commit(&values([("token", 9), ("pin", 2)]));
    repository.git(&["checkout", "--quiet", "main"]);
    vault
        .edit_lab("lab home { domain = \"home.example.net\" }", "lab home { domain = \"ours.example.net\" }");
    repository.commit(&values([("token", 1), ("pin", 8)]));
    let good = vault.text("homelab.hl");
    let outcome = repository.command(&["merge", "--no-edit", "theirs"]);
    assert!(!outcome.ok && vault.text("homelab.hl").contains("<<<<<<<"), "{}", outcome.stdout);
    assert_eq!(repository.values(), values([("token", 9), ("pin", 8)]));
    assert!(!vault.text(SOURCE).contains("<<<<<<<"));
    let admin = keys().admin.recipient();
    // A lab in the work tree that is wrong as a whole, and none at all: nobody is let in who was not on both sides.
    let show = |commit: &str| repository.git(&["show", &format!("{commit}:{SOURCE}")]);
    let sides = [("base.yaml", show("theirs~1")), ("theirs.yaml", show("theirs"))];
    for lab in [Some("recipient ) = ( \u{0}"), Some(""), None] {
        match lab {
            Some(text) => vault.world.write("homelab.hl", text),
            None => fs::remove_file(vault.world.path("homelab.hl")).expect("a file"),
        }
        for (name, text) in sides.iter().chain([&("ours.yaml", show("main"))]) {
            vault.world.write(name, text);
        }
        let run = vault.run(&["secrets", "merge", "base.yaml", "ours.yaml", "theirs.yaml"]);
        assert_eq!(run.code, 0, "{lab:?}: {}", run.all());
        assert!(run.err.contains("'hlc secrets rekey' once it is mended"), "{lab:?}: {}", run.err);
        let merged = vault.text("ours.yaml");
        assert!(merged.contains(admin) && !merged.contains(ana.recipient()), "{lab:?}: {merged}");
        let shown = vault.values("ours.yaml", &crate::vault::admin());
        assert_eq!((&shown["token"], &shown["pin"]), (&"canary-value 9".into(), &"canary-value 8".into()));
    }
    vault.world.write("homelab.hl", good);
    vault.world.write(SOURCE, vault.text("ours.yaml"));
    assert_eq!(vault.run(&["secrets", "list"]).code, 0);
}

#[test]
fn without_a_lab_nothing_is_merged_that_a_stranger_wrote() {
    let vault = Vault::filled();
    let good = vault.text(SOURCE);
    // Eve has a lab in which she and the owner are recipients, and writes as herself.
    let (eve, hers) = (AgeKey::generate(), Vault::empty());
    hers.edit_lab("recipient admin", &format!("recipient eve = \"{}\"\nrecipient admin", eve.recipient()));
    let mut command = hers.command(&["secrets", "generate", "token"]);
    let made = command.env("SOPS_AGE_KEY_FILE", eve.file()).output().expect("runs");
    assert!(made.status.success());
    let forged = hers.text(SOURCE);
    for lab in [Some("("), None] {
        match lab {
            Some(text) => vault.world.write("homelab.hl", text),
            None => fs::remove_file(vault.world.path("homelab.hl")).expect("a file"),
        }
        for (ours, theirs) in [(&good, &forged), (&forged, &good), (&forged, &forged)] {
            for base in ["", &good, &forged] {
                let sides = [("base", base), ("ours", ours), ("theirs", theirs)];
                for (name, text) in sides {
                    vault.world.write(name, text);
                }
                let run = vault.run(&["secrets", "merge", "base", "ours", "theirs"]);
                assert!(run.code == 1 && run.err.contains("who is no recipient of the lab"), "{}", run.all());
                assert!(run.err.contains("mend the lab first"), "{}", run.err);
                assert_eq!(vault.text("ours"), *ours);
            }
        }
    }
}

#[test]
fn what_cannot_be_merged_leaves_this_side() {
    let repository = Repository::new();
    repository.commit(&values([("token", 1)]));
    let vault = &repository.vault;
    let text = vault.text(SOURCE);
    for (name, content) in [
        ("broken", "token: [".to_owned()),
        ("changed", text.replace("token:", "tokem:")),
        ("plain", "token: x\n".to_owned()),
    ] {
        vault.world.write("base", &text);
        vault.world.write("ours", &text);
        vault.world.write("theirs", content);
        let run = vault.run(&["secrets", "merge", "base", "ours", "theirs"]);
        assert!(run.code == 1 && run.err.contains("theirs: "), "{name}: {}", run.all());
        assert_eq!(vault.text("ours"), text, "{name}");
    }
    let run = vault.keyless(&["secrets", "merge", "base", "ours", "base"]);
    assert!(run.code == 1 && run.err.contains(keys().admin.recipient()), "{}", run.all());
    // Nothing before: both sides began the file.
    vault.world.write("base", "");
    let run = vault.run(&["secrets", "merge", "base", "ours", "ours"]);
    assert_eq!(run.code, 0, "{}", run.all());
}

#[test]
fn git_shows_names_and_dates_and_no_value() {
    let repository = Repository::new();
    repository.commit(&values([("token", 1), ("pin", 2)]));
    repository.commit(&values([("token", 1), ("pin", 3), ("id", 4)]));
    let shown = repository.git(&["log", "-p", "--format=%s", "--", SOURCE]);
    assert!(
        shown.contains("+value   id  2027-01-15  ") && shown.contains("-value   pin  2027-01-15  "),
        "{shown}"
    );
    assert!(!shown.contains(" value   pin") && shown.contains(" value   token  2027-01-15  "), "{shown}");
    assert!(shown.contains(&format!("+reader  {}", keys().admin.recipient())), "{shown}");
    assert!(!shown.contains(CANARY) && !shown.contains("ENC["), "{shown}");
    let vault = &repository.vault;
    vault.world.write("plain.yaml", "a: not encrypted\n");
    vault.world.write("odd.yaml", vault.text(SOURCE).replace("pin:", "\"\\e[31m\":"));
    for file in ["plain.yaml", "odd.yaml"] {
        let run = vault.keyless(&["secrets", "diff", file]);
        assert!(run.code == 0 && !run.out.is_empty(), "{}", run.all());
        assert!(
            !run.out.contains("not encrypted") || file == "plain.yaml" && !run.out.contains("a: "),
            "{}",
            run.out
        );
        assert!(!run.out.contains('\u{1b}'), "{:?}", run.out);
    }
}

#[test]
fn values_are_removed_by_name() {
    let vault = Vault::filled();
    let run = vault.run(&["secrets", "remove", "pin", "db"]);
    assert_eq!(run.code, 0, "{}", run.all());
    for gone in ["pin", "db.user", "db.password"] {
        assert!(run.err.contains(&format!("'{gone}' has no value any more")), "{}", run.err);
        assert_eq!(vault.run(&["secrets", "show", gone]).code, 1);
    }
    // What the lab does not declare any more, too.
    vault.edit_lab("secret hexed { generate = hex(16) }\n", "");
    vault.edit_lab("HEXED = hexed, ", "");
    let run = vault.run(&["secrets", "remove", "hexed"]);
    assert!(run.code == 0 && !run.err.contains("still declares"), "{}", run.all());
    let before = vault.text(SOURCE);
    assert!(!before.contains("hexed"));
    let run = vault.run(&["secrets", "remove", "token", "tokem"]);
    assert!(run.code == 1 && run.err.contains("did you mean 'token'?"), "{}", run.all());
    assert_eq!(vault.text(SOURCE), before);
}
