use harness::sops_placeholder::AgeKey;
use serde_json::json;

#[test]
fn what_is_encrypted_can_be_read_with_the_key_and_not_without() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secrets.yaml");
    let values = json!({"admin": {"password": "correct horse"}, "port": 8080, "on": true});

    let key = AgeKey::generate();
    key.encrypt(&values, &file);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains("correct horse") && text.contains(key.recipient()), "{text}");
    assert_eq!(key.decrypt(&file), values);

    let other = AgeKey::generate();
    let mut sops = harness::tools::command("sops");
    sops.env("SOPS_AGE_KEY_FILE", other.file()).arg("decrypt").arg(&file);
    harness::Outcome::of(&mut sops).failed();
}
