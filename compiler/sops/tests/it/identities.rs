//! Recipients and identities of all kinds, with the real tools of each.

use std::cell::Cell;
use std::fs;
use std::io::Write;
use std::iter::once;
use std::path::Path;
use std::process::Command;
use std::slice::from_ref;

use harness::Outcome;
use sops::keys::{Access, Identities, Recipient, SecretString, identity_from_ssh, recipient_from_ssh};
use sops::{DataKey, Document, Error, Format, Settings, encrypt};

use crate::plain::{Plain, map, text};
use crate::sandbox::{AgeKey, Sandbox, settings, time};

fn tree() -> Plain {
    map([("a", text("one"))])
}

fn file_for(recipients: &[Recipient]) -> Document {
    let file = encrypt(&tree().tree(), Format::Yaml, &Settings::new(recipients.to_vec(), time(0))).unwrap();
    Document::parse(file.as_bytes(), Format::Yaml).unwrap()
}

fn identities(text: &str) -> Result<Identities, Error> {
    let mut identities = Identities::new();
    identities.add(text.as_bytes(), "keys.txt")?;
    Ok(identities)
}

fn unwrap(document: &Document, identities: &Identities) -> Result<DataKey, Error> {
    document.unwrap_key(&Access::new(identities))
}

/// A key made by OpenSSH.
fn ssh_key(folder: &Path, kind: &str, passphrase: &str) -> (String, String) {
    let file = folder.join(format!("key-{kind}-{}", passphrase.len()));
    let mut keygen = Command::new("ssh-keygen");
    keygen.args(["-q", "-t", kind, "-N", passphrase, "-C", "ann at home", "-f"]).arg(&file);
    if kind == "rsa" {
        keygen.args(["-b", "2048"]);
    }
    Outcome::of(&mut keygen).succeeded();
    let public = fs::read_to_string(file.with_extension("pub")).unwrap();
    (fs::read_to_string(file).unwrap(), public.trim().to_owned())
}

/// A secret in its bare form, without the lines around it.
fn bare(key: &AgeKey) -> &str {
    key.identity.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).unwrap()
}

#[test]
fn identities_stand_on_lines_or_beside_each_other() {
    let (one, other) = (AgeKey::generate(), AgeKey::generate());
    let document = file_for(from_ref(&other.recipient));
    let lines = format!("\u{feff}# keys\r\n\r\n{}\r\n{}\r\n", bare(&one), bare(&other));
    let words = format!("  {} {}  # two\n", bare(&one), bare(&other));
    for text in [lines, words] {
        let identities = identities(&text).unwrap();
        assert_eq!(identities.skipped(), []);
        assert_eq!(identities.recipients().count(), 2);
        assert!(unwrap(&document, &identities).is_ok(), "{identities:?}");
    }
}

#[test]
fn lines_that_are_no_identities_are_skipped_and_not_shown() {
    let key = AgeKey::generate();
    let damaged = bare(&key).replace("AGE-SECRET-KEY-1", "AGE-SECRET-KEY-1Q");
    let text = format!("AGE-SECRET-KEY-FUTURE-1QQ\n{}\n\nhunter2\n{damaged}\n", bare(&key));
    let found = identities(&text).unwrap();
    let skipped: Vec<(usize, &str)> =
        found.skipped().iter().map(|skipped| (skipped.line, skipped.why)).collect();
    let unknown = "it is no identity that is known here";
    assert_eq!(skipped, [(1, unknown), (4, unknown), (5, "the identity is damaged: its check sum is wrong")]);
    assert!(unwrap(&file_for(from_ref(&key.recipient)), &found).is_ok());
    let shown = format!("{found:?} {:?}", found.skipped());
    assert!(!shown.contains("hunter2") && !shown.contains("SECRET"), "{shown}");

    let error = identities("hunter2\n").unwrap_err();
    assert_eq!(error.to_string(), "there is no identity in it");
    assert!(!format!("{error:?}").contains("hunter2"));
}

#[test]
fn keys_for_quantum_computers_are_those_of_age() {
    let (sandbox, key) = (Sandbox::new("a.yaml"), AgeKey::generate_post_quantum());
    assert!(key.recipient.as_str().starts_with("age1pq1"));
    assert_eq!(identities(bare(&key)).unwrap().recipients().collect::<Vec<_>>(), [key.recipient.as_str()]);

    // From here to SOPS, together with a key of the other kind.
    let both = settings([&sandbox.key, &key]);
    assert_eq!(both.not_post_quantum(), [&sandbox.key.recipient]);
    sandbox.write(encrypt(&tree().tree(), Format::Yaml, &both).unwrap());
    fs::write(sandbox.path("keys.txt"), &key.identity).unwrap();
    sandbox.sops(&["rotate", "--in-place"]).succeeded();
    // And back.
    let document = sandbox.document();
    let data_key = key.unwrap(&document).unwrap();
    assert_eq!(Plain::from(&document.decrypt(&data_key).unwrap()), tree());
    assert!(AgeKey::generate_post_quantum().unwrap(&document).is_err());
}

#[test]
fn ssh_keys_are_recipients_and_identities() {
    let folder = tempfile::tempdir().unwrap();
    for kind in ["ed25519", "rsa"] {
        let (private, public) = ssh_key(folder.path(), kind, "");
        let recipient: Recipient = public.parse().unwrap();
        assert_eq!(recipient.as_str(), public);
        let document = file_for(from_ref(&recipient));
        let found = identities(&private).unwrap();
        let key = unwrap(&document, &found).unwrap();
        assert_eq!(key.mislabelled(), None);

        // SOPS uses the same key.
        let sandbox = Sandbox::new("a.yaml");
        sandbox.write(encrypt(&tree().tree(), Format::Yaml, &Settings::new([recipient], time(0))).unwrap());
        fs::write(sandbox.path("key"), &private).unwrap();
        let mut sops = sandbox.command();
        sops.env_remove("SOPS_AGE_KEY_FILE").env("SOPS_AGE_SSH_PRIVATE_KEY_FILE", sandbox.path("key"));
        Outcome::of(sops.arg("rotate").arg("--in-place").arg(sandbox.path("a.yaml"))).succeeded();
        assert!(unwrap(&sandbox.document(), &found).is_ok());

        // With another comment it is the same recipient.
        let words: Vec<&str> = public.split(' ').collect();
        assert!(public.parse::<Recipient>().unwrap().is(&format!("{} {} elsewhere", words[0], words[1])));
    }
}

#[test]
fn an_ssh_key_behind_a_passphrase_asks_for_it_once_and_only_for_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let (private, public) = ssh_key(folder.path(), "ed25519", "open sesame");
    let document = file_for(&[public.parse().unwrap()]);
    let mut found = Identities::new();
    found.add(private.as_bytes(), "~/.ssh/id_ed25519").unwrap();

    let asked = Cell::new(0);
    let answer = |word: &'static str| {
        let asked = &asked;
        move |source: &str| {
            assert_eq!(source, "~/.ssh/id_ed25519");
            asked.set(asked.get() + 1);
            Some(SecretString::from(word.to_owned()))
        }
    };
    let right = answer("open sesame");
    assert!(document.unwrap_key(&Access::new(&found).passphrases(&right)).is_ok());
    assert_eq!(asked.replace(0), 1);
    let wrong = answer("open barley");
    let error = document.unwrap_key(&Access::new(&found).passphrases(&wrong)).unwrap_err();
    assert_eq!((error.to_string().as_str(), asked.replace(0)), ("the passphrase is wrong", 1));
    let error = unwrap(&document, &found).unwrap_err();
    assert_eq!(error.to_string(), "the identity is protected by a passphrase, and none was given");

    let other = file_for(&[AgeKey::generate().recipient]);
    let error = other.unwrap_key(&Access::new(&found).passphrases(&right)).unwrap_err();
    assert!(error.to_string().starts_with("none of the identities"), "{error}");
    assert_eq!(asked.get(), 0);
}

#[test]
fn ssh_keys_are_converted_as_sops_nix_does() {
    let public = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIkNwhcuCJsc6oD3QEFYfC/8qSl56NqEJAJ7Hmru/APR root@host";
    let converted = recipient_from_ssh(public).unwrap();
    assert_eq!(converted.as_str(), "age1cw2pgccs0kg0vnxtzcks9at6rnfpv095mzmxhleu2e9f5up765dqqnnxvc");

    let folder = tempfile::tempdir().unwrap();
    let (private, public) = ssh_key(folder.path(), "ed25519", "");
    let converted = recipient_from_ssh(&public).unwrap();
    let identity = identity_from_ssh(&private).unwrap();
    // age itself agrees whose identity this is.
    fs::write(folder.path().join("converted"), &*identity).unwrap();
    let mut keygen = harness::tools::command("age-keygen");
    let said = Outcome::of(keygen.arg("-y").arg(folder.path().join("converted"))).succeeded().stdout;
    assert_eq!(said.trim(), converted.as_str());
    // So a host reads what is for its converted key with its own.
    assert!(unwrap(&file_for(&[converted]), &identities(&private).unwrap()).is_ok());

    let (private, public) = ssh_key(folder.path(), "rsa", "");
    assert!(recipient_from_ssh(&public).is_err() && identity_from_ssh(&private).is_err());
    let (private, _) = ssh_key(folder.path(), "ed25519", "open sesame");
    assert!(identity_from_ssh(&private).is_err());
}

/// Identities in a file that age encrypts with a passphrase.
fn locked(text: &str, passphrase: &str, is_armored: bool) -> Vec<u8> {
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
    recipient.set_work_factor(10);
    let encryptor = age::Encryptor::with_recipients(once(&recipient as &dyn age::Recipient)).unwrap();
    let format = if is_armored { age::armor::Format::AsciiArmor } else { age::armor::Format::Binary };
    let mut stream =
        encryptor.wrap_output(age::armor::ArmoredWriter::wrap_output(Vec::new(), format).unwrap()).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    stream.finish().unwrap().finish().unwrap()
}

#[test]
fn files_of_identities_may_be_locked() {
    let (key, post_quantum) = (AgeKey::generate(), AgeKey::generate_post_quantum());
    let text = format!("{}{}", key.identity, post_quantum.identity);
    let document = file_for(from_ref(&post_quantum.recipient));
    for is_armored in [true, false] {
        let mut found = Identities::new();
        found.add(&locked(&text, "open sesame", is_armored), "keys.age").unwrap();
        let right =
            |source: &str| (source == "keys.age").then(|| SecretString::from("open sesame".to_owned()));
        assert!(document.unwrap_key(&Access::new(&found).passphrases(&right)).is_ok());
        let wrong = |_: &str| Some(SecretString::from("open barley".to_owned()));
        let error = document.unwrap_key(&Access::new(&found).passphrases(&wrong)).unwrap_err();
        assert_eq!(error.to_string(), "the passphrase is wrong");
        // What is ready is used before anybody is asked.
        found.add(post_quantum.identity.as_bytes(), "keys.txt").unwrap();
        let nobody = |_: &str| -> Option<SecretString> { panic!("asked") };
        assert!(document.unwrap_key(&Access::new(&found).passphrases(&nobody)).is_ok());
    }
}

#[test]
fn a_locked_file_cannot_ask_for_any_amount_of_work() {
    let mut bytes = locked(bare(&AgeKey::generate()), "x", false);
    let at = bytes.windows(4).position(|window| window == b" 10\n").unwrap();
    bytes.splice(at + 1..at + 3, *b"30");
    let mut found = Identities::new();
    found.add(&bytes, "keys.age").unwrap();
    let ask = |_: &str| Some(SecretString::from("x".to_owned()));
    let document = file_for(&[AgeKey::generate().recipient]);
    let error = document.unwrap_key(&Access::new(&found).passphrases(&ask)).unwrap_err();
    assert_eq!(error.to_string(), "the file of identities asks for too much work");
}

#[test]
fn what_is_no_recipient_is_refused() {
    let message = |text: &str| text.parse::<Recipient>().unwrap_err().to_string();
    let key = AgeKey::generate();
    let damaged = "the recipient is damaged: its check sum is wrong";
    assert_eq!(message(""), "it is no recipient");
    assert_eq!(message(bare(&key)), "it is no recipient");
    assert_eq!(message(&key.recipient.as_str()[..40]), damaged);
    assert_eq!(message(&format!("{}q", AgeKey::generate_post_quantum().recipient)), damaged);
    assert_eq!(message("ssh-ed25519 AAAA"), "the SSH key is damaged");
    let elliptic = "ssh-dss AAAAB3NzaC1kc3MAAAAB";
    assert_eq!(message(elliptic), "of SSH keys 'ssh-ed25519' and 'ssh-rsa' can be recipients");
    let hint = "".parse::<Recipient>().unwrap_err().help();
    assert_eq!(hint, Some("a recipient begins with 'age1', 'ssh-ed25519' or 'ssh-rsa'"));
}

#[test]
fn one_who_is_named_twice_is_one() {
    let key = AgeKey::generate();
    let document = file_for(&[key.recipient.clone(), key.recipient.clone()]);
    assert_eq!(document.metadata().recipients().count(), 1);
}
