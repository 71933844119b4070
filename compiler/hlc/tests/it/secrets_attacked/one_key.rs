//! Somebody holds one key that is no recipient's, a host's or a deployer's, and writes to the repository.

use std::fs;

use harness::sops_placeholder::AgeKey;
use harness::ssh_key::HostKey;
use sops::keys::{Access, Identities};
use sops::{DataKey, Document, Format};

use super::{identity, planted, sops};
use crate::vault::{DELIVERED, SOURCE, Vault, admin, keys};

/// All files that are encrypted.
fn encrypted() -> impl Iterator<Item = &'static str> {
    DELIVERED.into_iter().chain([SOURCE])
}

fn document(vault: &Vault, path: &str) -> Document {
    let is_binary = std::path::Path::new(path).extension().is_some_and(|ending| ending == "bin");
    let format = if is_binary { Format::Binary } else { Format::Yaml };
    Document::parse(vault.text(path).as_bytes(), format).expect("a file of SOPS")
}

/// The data key of a file that this private key opens.
fn data_key(vault: &Vault, path: &str, identity: &str) -> DataKey {
    let mut identities = Identities::new();
    identities.add(identity.as_bytes(), "test").expect("a key");
    document(vault, path).unwrap_key(&Access::new(&identities)).expect("it opens")
}

/// Whoever holds it reads these files and no other one, and what they open those with opens nothing else.
#[track_caller]
fn assert_reads_only(vault: &Vault, identity: &str, own: &[&str]) {
    for path in encrypted() {
        assert_eq!(vault.sops(path, identity).ok, own.contains(&path), "{path}");
    }
    for path in own {
        let key = data_key(vault, path, identity);
        for other in encrypted().filter(|other| other != path) {
            assert!(document(vault, other).decrypt(&key).is_err(), "the key of {path} opens {other}");
        }
    }
}

/// What they change in their own copy, with SOPS and its true data key, is found, and gone with the next build.
#[track_caller]
fn assert_accepts_nothing_of(vault: &Vault, identity: &str, (path, place): (&str, &str)) {
    vault.world.write("stolen.txt", identity);
    let stolen = vault.world.path("stolen.txt");
    let eve = AgeKey::generate();
    let good = vault.text(path);
    let values = vault.values(path, identity);
    let changes: [&[&str]; 3] = [
        &["set", path, place, "\"a value of hers\""],
        &["rotate", "--in-place", "--add-age", eve.recipient(), path],
        &["unset", path, place],
    ];
    for change in changes {
        vault.world.write(path, &good);
        sops(vault, &stolen, change).succeeded();
        let hers = vault.text(path);
        // SOPS takes it for what it was, whoever reads it next.
        assert!(hers != good && vault.sops(path, identity).ok, "{change:?}");
        // Whether or not she notes in the records that hlc wrote it.
        for is_noted in [true, false] {
            vault.world.write(path, &hers);
            if is_noted {
                planted(vault, path, &hers);
            }
            let wrong = vault.wrong();
            assert!(wrong.contains(path), "{change:?}: {wrong}");
            let run = vault.run(if is_noted { &["build"] } else { &["build", "--force"] });
            assert!(run.code == 0 && run.err.contains(&format!("that wrote {path}")), "{}", run.all());
            assert_eq!(vault.values(path, identity), values, "{change:?}");
            assert!(!vault.sops(path, &self::identity(&eve)).ok, "{change:?}");
            assert_eq!(vault.wrong(), "");
        }
    }
    fs::remove_file(stolen).expect("a file");
}

#[test]
fn who_holds_a_hosts_key_reads_that_hosts_files() {
    let vault = Vault::built();
    let host = keys().one.age_identity();
    let own = [DELIVERED[0], DELIVERED[1]];
    assert_reads_only(&vault, &host, &own);
    assert_reads_only(&vault, &keys().two.age_identity(), &[DELIVERED[2]]);
    assert_accepts_nothing_of(&vault, &host, (DELIVERED[0], "[\"password\"]"));
    assert_reads_only(&vault, &host, &own);
    // Nothing of what comes once the host has another key, also not with the data keys that were known.
    let known = own.map(|path| data_key(&vault, path, &host));
    vault.edit_lab(keys().one.public(), HostKey::generate().public());
    vault.build();
    assert_reads_only(&vault, &host, &[]);
    for path in encrypted() {
        assert!(known.iter().all(|key| document(&vault, path).decrypt(key).is_err()), "{path}");
    }
}

#[test]
fn who_holds_a_deployers_key_reads_what_is_deployed() {
    let vault = Vault::filled();
    let deployer = AgeKey::generate();
    let declared = format!(", deployers = [\"{}\"] }}", deployer.recipient());
    vault.edit_lab("agents = [two] }", &format!("agents = [two]{declared}"));
    vault.build();
    let own = [DELIVERED[3], DELIVERED[4]];
    assert_reads_only(&vault, &identity(&deployer), &own);
    assert_accepts_nothing_of(
        &vault,
        &identity(&deployer),
        (DELIVERED[4], "[\"secrets\"][\"web-secrets\"][\"TOKEN\"]"),
    );
    assert_reads_only(&vault, &identity(&deployer), &own);
    // With that key there is nothing that hlc does with values, either.
    let key = deployer.file();
    for command in [
        &["secrets", "show", "token"][..],
        &["secrets", "generate"],
        &["secrets", "rekey"],
        &["secrets", "rotate"],
    ] {
        let mut command = vault.command(command);
        let run = crate::world::Run::of(&command.env("SOPS_AGE_KEY_FILE", &key).output().expect("runs"));
        assert!(run.code == 1 && run.err.contains("the keys here are others"), "{}", run.all());
    }
    // Nothing of what comes once the deployer is gone.
    let known = own.map(|path| data_key(&vault, path, &identity(&deployer)));
    vault.edit_lab(&declared, " }");
    vault.build();
    assert_reads_only(&vault, &identity(&deployer), &[]);
    for path in encrypted() {
        assert!(known.iter().all(|key| document(&vault, path).decrypt(key).is_err()), "{path}");
        assert!(!vault.text(path).contains(deployer.recipient()), "{path}");
    }
    assert_eq!(vault.wrong(), "");
    assert!(vault.sops(DELIVERED[4], &admin()).ok);
}
