//! Every kind of key that may be a recipient: what `secrets check` and `--as` say of it is so, and what it can show.

use std::fs;

use harness::sops_placeholder::AgeKey;

use crate::people::{PASSPHRASE, People, Person, lab_of};
use crate::secrets_typed::on_a_terminal;
use crate::vault::{DELIVERED, SOURCE, Vault, keys};
use crate::world::Run;

/// What it opens: all but the hosts' own.
fn assert_opens_all(said: &str, name: &str) {
    for path in [SOURCE, DELIVERED[3], DELIVERED[4]] {
        assert!(said.contains(&format!("{path}: opens")), "{name}: {said}");
    }
    assert!(!said.contains("nixos/") && !said.contains("does not open"), "{name}: {said}");
}

#[test]
fn each_kind_of_key_opens_what_is_said_and_shows_what_is_said() {
    let hlc = env!("CARGO_BIN_EXE_hlc");
    let people = People::new();
    let [ana, bob] = people.named(["ana", "bob"]);
    for person in people.all().iter().filter(|person| !["ana", "bob"].contains(&person.name)) {
        let (vault, name) = (lab_of(&[ana, person, bob]), person.name);
        // The drill.
        let drill = ["secrets", "check", "--as", person.key.to_str().expect("a path")];
        let run = person.run(&vault, &drill);
        // Whose a plugin is, nobody knows: it is tried on the hosts' files, too.
        if name != "pia" {
            assert_eq!(run.code, 0, "{name}: {}", run.all());
            assert_opens_all(&run.out, name);
        }
        if person.is_locked {
            // A passphrase is asked for, once, and where nobody can be asked that is said.
            assert_eq!(run.out.matches("passphrase of").count(), 1, "{}", run.out);
            let said = on_a_terminal(&vault, &format!("{hlc} {}", drill.join(" ")), "open barley\n");
            assert!(said.contains("does not open") && !said.contains(": opens"), "{said}");
            let run = vault.keyless(&drill);
            let (is_not, asks) = (run.out.contains("does not open"), run.out.contains("a passphrase"));
            assert!(run.code == 1 && is_not && asks, "{}", run.all());
        }
        // Nothing is said of who wrote the file where all can be shown it; else to whom nothing can.
        let untold = |run: &Run| run.err.contains(&format!("nothing shows '{name}' who wrote {SOURCE}"));
        for one in [ana, person, bob] {
            let run = one.must(&vault, &["secrets", "check"]);
            assert_eq!(untold(&run), !person.shows, "{name}, {}: {}", one.name, run.all());
            assert_eq!(run.all().contains("who wrote"), !person.shows, "{name}: {}", run.all());
        }
        // What they write, others take without a word where it shows who did.
        let run = person.run(&vault, &["secrets", "rotate", "token"]);
        assert_eq!(run.code == 0, person.shows, "{name}: {}", run.all());
        let build = |one: &Person| one.run(&vault, &["build"]).code;
        assert_eq!((build(ana), build(person), build(bob)), (0, 0, 0), "{name}");
        assert!(PASSPHRASE.split(' ').all(|word| !vault.text(SOURCE).contains(word)));
    }
}

/// All that writes the file of values, and what is piped in.
const WRITES: [(&[&str], &str); 10] = [
    (&["secrets", "merge", "base", SOURCE, "theirs"], ""),
    (&["secrets", "set", "note"], "what they set\n"),
    (&["secrets", "edit"], ""),
    (&["secrets", "generate"], ""),
    (&["secrets", "rekey"], ""),
    (&["secrets", "rotate"], ""),
    (&["secrets", "rotate", "token"], ""),
    (&["secrets", "rotate", "--all"], ""),
    (&["secrets", "remove", "note"], ""),
    (&["secrets", "import", "plain.yaml", "--replace"], ""),
];

/// A lab for these two, in which a value is missing, an editor changes one, and a branch is there to be merged.
fn to_be_written(first: &Person, second: &Person) -> Vault {
    let vault = lab_of(&[first, second]);
    vault.edit_lab("secret pin {", "secret other-key { generate = random(32) }\nsecret pin {");
    vault.world.write("plain.yaml", "settings: C=2\n");
    let base = vault.text(SOURCE);
    let run = first.pipes(&vault, &["secrets", "set", "note"], "what the branch set\n");
    assert!(run.code == 0 || !first.shows, "{}", run.all());
    for (path, text) in [("theirs", &vault.text(SOURCE)), ("base", &base), (SOURCE, &base)] {
        vault.world.write(path, text);
    }
    vault
}

#[test]
fn who_cannot_show_it_writes_for_those_who_could_be_only_when_told_to() {
    let people = People::new();
    let [ana, bob] = people.named(["ana", "bob"]);
    for person in people.named(["eva", "tom", "pia"]) {
        let (vault, name) = (to_be_written(ana, person), person.name);
        let lacks = vault.text("homelab.hl");
        let good = vault.text(SOURCE);
        for (arguments, input) in WRITES {
            let run = |arguments: &[&str]| {
                let run = person.pipes(&vault, arguments, input);
                (run.code, run.all())
            };
            let (code, said) = run(arguments);
            assert!(code == 1 && vault.text(SOURCE) == good, "{name}, {arguments:?}: {said}");
            let says = |what: &str| assert!(said.contains(what), "{name}, {arguments:?}: {said}");
            says(&format!("no key here can show '{}'", ana.name));
            says("--without-origin");
            let told: Vec<&str> = arguments.iter().copied().chain(["--without-origin"]).collect();
            let (code, said) = run(&told);
            assert!(code == 0 && vault.text(SOURCE) != good, "{name}, {arguments:?}: {said}");
            assert!(said.contains(&format!("it is of no use to '{}'", ana.name)), "{said}");
            vault.world.write(SOURCE, &good);
        }
        // They go on with what they wrote; the others do not, until one of them takes it over.
        let run = person.pipes(&vault, &["secrets", "set", "note", "--without-origin"], "what they set\n");
        assert_eq!(run.code, 0, "{name}: {}", run.all());
        person.must(&vault, &["secrets", "generate", "--without-origin"]);
        person.must(&vault, &["build"]);
        let theirs = vault.text(SOURCE);
        let whose = format!("it can be by '{name}', whose key cannot show it");
        for command in [&["build"][..], &["check"], &["secrets", "show", "note"], &["secrets", "rekey"]] {
            let run = ana.run(&vault, command);
            assert!(run.code != 0 && run.err.contains(&whose), "{name}, {command:?}: {}", run.all());
        }
        for (answer, is_taken) in [("no\n", false), ("yes\n", true)] {
            let run = ana.types(&vault, &["secrets", "rekey"], "", answer);
            assert!(run.out.contains("take over its 17 values"), "{name}: {}", run.out);
            assert!(run.out.contains("deploy: ssh-ed25519"), "{name}: {}", run.out);
            assert_eq!((run.code == 0, vault.text(SOURCE) != theirs), (is_taken, is_taken), "{}", run.out);
        }
        vault.world.write(SOURCE, &theirs);
        let run = ana.must(&vault, &["secrets", "rekey", "--take-over"]);
        assert!(run.err.contains(&whose) && run.err.contains("deploy: ssh-ed25519"), "{}", run.err);
        ana.must(&vault, &["build"]);
        assert_eq!(ana.must(&vault, &["secrets", "show", "note"]).out, "what they set\n");
        person.must(&vault, &["secrets", "check"]);
        // Where they get a key of age as well, that one shows it.
        vault.world.write(
            "homelab.hl",
            lacks.replace("network lan {", &format!("{}network lan {{", bob.declared())),
        );
        ana.must(&vault, &["secrets", "rekey"]);
        let run = person.with(bob, &vault, &["secrets", "set", "note"], "shown\n");
        assert_eq!(run.code, 0, "{name}: {}", run.all());
        assert_eq!(ana.must(&vault, &["secrets", "show", "note"]).out, "shown\n");
    }
}

#[test]
fn where_nobody_can_show_it_everything_goes_on_with_a_word() {
    let people = People::new();
    let [tom, eva] = people.named(["tom", "eva"]);
    let vault = to_be_written(tom, eva);
    for (arguments, input) in WRITES {
        let before = vault.text(SOURCE);
        let run = tom.pipes(&vault, arguments, input);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.all());
        assert!(vault.text(SOURCE) != before, "{arguments:?}: {}", run.all());
        if arguments[1] == "remove" {
            assert_eq!(eva.pipes(&vault, &["secrets", "set", "note"], "again\n").code, 0);
        }
        for one in [eva, tom] {
            one.must(&vault, &["secrets", "show", "note"]);
        }
    }
    tom.must(&vault, &["build"]);
    for one in [eva, tom] {
        let run = one.must(&vault, &["secrets", "check"]);
        assert_eq!(run.err.matches("who wrote").count(), 1, "{}", run.all());
        assert!(run.err.contains("'tom'") && run.err.contains("'eva'"), "{}", run.all());
    }
}

#[test]
fn a_key_of_nobody_and_one_that_cannot_be_asked_are_told_apart() {
    let vault = Vault::built();
    let tried = |name: &str, text: &str| {
        vault.world.write(name, text);
        vault.keyless(&["secrets", "check", "--as", name])
    };
    let stranger = fs::read_to_string(AgeKey::generate().file()).expect("a key");
    let run = tried("stranger.txt", &stranger);
    assert!(
        run.code == 1 && run.err.contains("it is the key of no recipient, host or deployer"),
        "{}",
        run.all()
    );
    // A plugin that is not installed could be anybody's key.
    let run = tried("plugin.txt", "AGE-PLUGIN-ECHO-1DPKXX2RF90U\n");
    assert!(run.code == 1 && run.out.contains("age-plugin-echo"), "{}", run.all());
    assert!(!run.out.contains(": opens"), "{}", run.all());
    for (name, text) in
        [("empty.txt", ""), ("public.txt", keys().admin.recipient()), ("odd.txt", "AGE-SECRET-KEY-1")]
    {
        let run = tried(name, text);
        assert!(run.code == 1 && run.err.contains("is no private key"), "{name}: {}", run.all());
    }
    // The key of a host opens that host's files and no other one.
    vault.world.write("host", keys().one.private());
    let run = vault.keyless(&["secrets", "check", "--as", "host"]);
    assert_eq!((run.code, run.out.lines().count()), (0, 2), "{}", run.all());
    assert!(run.out.contains(&format!("{}: opens", DELIVERED[0])), "{}", run.out);
}
