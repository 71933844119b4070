//! Tests that speak to a cluster are run against a real one, or it is said why not.

use std::process::Command;

use tidy::project;

#[test]
fn every_test_that_starts_a_cluster_is_in_the_table_of_those_for_k3s() {
    let output = Command::new("python3").arg("tests/k3s").arg("--list").current_dir(project()).output();
    let output = output.expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
