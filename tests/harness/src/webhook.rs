//! A webhook that an API server asks, and that refuses everything.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::outcome::Outcome;
use crate::scratch::Scratch;
use crate::tools;

const SERVE: &str = include_str!("webhook.py");

/// A server that refuses what it is asked about.
pub struct Webhook {
    server: Child,
    scratch: Scratch,
    port: u16,
}

impl Webhook {
    /// Starts one that answers with a code and a message.
    #[track_caller]
    pub fn refusing(code: u16, message: &str) -> Self {
        let scratch = Scratch::new("hlc-webhook-");
        certificate(scratch.path());
        let mut python = Command::new(tools::installed("python/bin/python"));
        python.args(["-c", SERVE]).arg(scratch.path()).args([&code.to_string(), message]);
        let mut server = python.stdout(Stdio::piped()).stdin(Stdio::piped()).spawn().expect("Python starts");
        let mut said = String::new();
        let out = server.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut said).expect("it says where it listens");
        let port = said.trim().parse().expect("a port");
        Self { server, scratch, port }
    }

    /// Ends the server: nobody answers where it was.
    pub fn stop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }

    /// What tells an API server to ask it about every `ConfigMap` in the namespace `default`.
    pub fn configuration(&self) -> Value {
        let certificate = fs::read(self.scratch.path().join("cert.pem")).expect("it was made");
        let client = json!({"url": format!("https://127.0.0.1:{}/", self.port),
                            "caBundle": BASE64_STANDARD.encode(certificate)});
        let rules = json!([{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"],
                            "operations": ["CREATE", "UPDATE", "DELETE"]}]);
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
               "metadata": {"name": "guard"},
               "webhooks": [{"name": "guard.test.example", "clientConfig": client, "rules": rules,
                             "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "default"}},
                             "failurePolicy": "Fail", "sideEffects": "None", "timeoutSeconds": 5,
                             "admissionReviewVersions": ["v1"]}]})
    }
}

impl Drop for Webhook {
    fn drop(&mut self) {
        self.stop();
    }
}

fn certificate(folder: &Path) {
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]);
    openssl.args(["-days", "2", "-subj", "/CN=guard", "-addext", "subjectAltName=IP:127.0.0.1"]);
    openssl.arg("-keyout").arg(folder.join("key.pem")).arg("-out").arg(folder.join("cert.pem"));
    Outcome::of(&mut openssl).succeeded();
}
