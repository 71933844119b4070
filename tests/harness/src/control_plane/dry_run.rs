//! What the API server would say to objects, without taking them.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{ControlPlane, TOKEN};
use crate::tools;

const APPLY: &str = include_str!("../dry_run.py");

impl ControlPlane {
    /// Applies objects, each a text in YAML, server-side as a dry run with strict validation of fields. Each has a
    /// message if the server refuses it. The namespaces are made first, for real.
    #[track_caller]
    pub fn dry_run(&self, objects: &[&str], namespaces: &[&str]) -> Vec<Option<String>> {
        self.only_if_started("the certificate and the token of an API server of its own");
        let mut python = Command::new(tools::installed("python/bin/python"));
        python.args(["-c", APPLY, &format!("127.0.0.1:{}", self.port)]);
        python.arg(self.scratch.path().join("certs/apiserver.crt")).arg(TOKEN);
        python.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = python.spawn().expect("Python starts");
        let mut input = child.stdin.take().expect("it reads");
        input.write_all(json!([objects, namespaces]).to_string().as_bytes()).expect("it reads all");
        drop(input);
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}\n{}", self.state());
        let messages: Vec<Option<String>> =
            serde_json::from_slice::<Value>(&output.stdout).and_then(serde_json::from_value).expect("a list");
        assert_eq!(messages.len(), objects.len(), "a message for each object");
        messages
    }
}
