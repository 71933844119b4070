use harness::yaml_readers::read;
use serde_json::json;

use crate::write;

#[test]
fn readers_that_agree() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("values.yaml");
    write(&file, "name: \"no\"\nport: 8080\n---\n- true\n- null\n");
    assert_eq!(read(&file).agreed(), Ok(vec![json!({"name": "no", "port": 8080}), json!([true, null])]));
}

#[test]
fn readers_that_disagree() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("values.yaml");
    write(&file, "name: no\nmode: 0644\non: 12:30:45\n");
    let readings = read(&file);
    assert_eq!(readings.yaml_1_1, Ok(vec![json!({"name": false, "mode": 420, "!bool True": 45045})]));
    assert_eq!(readings.yaml_1_2, Ok(vec![json!({"name": "no", "mode": 644, "on": "12:30:45"})]));
    assert!(readings.agreed().is_err());
}

#[test]
fn a_file_that_is_not_yaml() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("values.yaml");
    write(&file, "name: [\n");
    let readings = read(&file);
    assert!(readings.yaml_1_1.is_err() && readings.yaml_1_2.is_err());
}
