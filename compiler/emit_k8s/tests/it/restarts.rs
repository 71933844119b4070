//! A secret that has another value makes other pods, of those apps alone that use it.

use std::collections::BTreeMap;

use model::SecretRef;

use crate::examples::{Example, cron, full};

/// The annotations that an example's pods have for their secrets, by file.
fn annotations(mut example: Example, marks: &[(&SecretRef, &str)]) -> BTreeMap<String, String> {
    example.marks = marks.iter().map(|(secret, mark)| ((*secret).clone(), (*mark).to_owned())).collect();
    let files = example.emit().files();
    let found = files.iter().filter_map(|(path, text)| {
        let line = text.lines().find(|line| line.contains("checksum/secrets: "))?;
        Some((path.clone(), line.trim().to_owned()))
    });
    found.collect()
}

#[test]
fn a_changed_secret_is_a_changed_pod() {
    let used: Vec<SecretRef> =
        full().apps.iter().flat_map(|app| app.container.secrets().cloned().collect::<Vec<_>>()).collect();
    let [first, ..] = used.as_slice() else { panic!("the example has no secrets") };
    let before = annotations(full(), &[(first, "one")]);
    assert_eq!(before.len(), 1, "{before:?}");
    assert!(before.keys().all(|path| path.contains("manifests/deployment-")), "{before:?}");
    assert_eq!(annotations(full(), &[(first, "one")]), before);
    assert_ne!(annotations(full(), &[(first, "two")]), before);
    // What somebody else uses, or nobody knows, changes nothing.
    let other = SecretRef::whole("nobody-uses-it");
    assert_eq!(annotations(full(), &[(first, "one"), (&other, "three")]), before);
    assert_eq!(annotations(full(), &[(&other, "three")]), BTreeMap::new());
    // A job is not run again.
    let all: Vec<(&SecretRef, &str)> = used.iter().map(|secret| (secret, "one")).collect();
    assert_eq!(annotations(cron(), &all), BTreeMap::new());
}
