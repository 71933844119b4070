//! Users with few rights, with the tokens of service accounts.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{ControlPlane, MADE};
use crate::outcome::Outcome;

impl ControlPlane {
    /// A user with the rights that these rules give in the whole cluster; the kubeconfig of that user.
    #[track_caller]
    pub fn user(&self, name: &str, rules: &Value) -> PathBuf {
        let metadata = json!({"name": name, "labels": {MADE: "yes"}});
        let subject = json!({"kind": "ServiceAccount", "name": name, "namespace": "kube-system"});
        let role = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name});
        let version = "rbac.authorization.k8s.io/v1";
        let items = [
            json!({"apiVersion": "v1", "kind": "ServiceAccount",
                   "metadata": {"name": name, "namespace": "kube-system", "labels": {MADE: "yes"}}}),
            json!({"apiVersion": version, "kind": "ClusterRole", "metadata": metadata, "rules": rules}),
            json!({"apiVersion": version, "kind": "ClusterRoleBinding", "metadata": metadata,
                   "roleRef": role, "subjects": [subject]}),
        ];
        let file = self.scratch.path().join(format!("{name}.json"));
        fs::write(&file, json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string())
            .expect("the user can be written");
        self.apply_server_side(&file).succeeded();
        let token = self.kubectl(&["create", "token", name, "--namespace", "kube-system"]).succeeded().stdout;
        self.kubeconfig_of(name, token.trim())
    }

    /// The same user with a token that has expired: it is as the API server would have made it an hour ago.
    #[track_caller]
    pub fn expired(&self, name: &str) -> PathBuf {
        self.only_if_started("the key that tokens are signed with");
        let token = self.kubectl(&["create", "token", name, "--namespace", "kube-system"]).succeeded().stdout;
        let decoded = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).expect("it is Base64");
        let parts: Vec<&str> = token.trim().split('.').collect();
        let mut claims: Value = serde_json::from_slice(&decoded(parts[1])).expect("it is JSON");
        for time in ["exp", "iat", "nbf"] {
            claims[time] = claims[time].as_i64().map(|seconds| seconds - 7_200).into();
        }
        let body = format!("{}.{}", parts[0], BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = BASE64_URL_SAFE_NO_PAD.encode(self.signed(&body));
        self.kubeconfig_of(&format!("{name}-expired"), &format!("{body}.{signature}"))
    }

    /// What the API server's key makes of a text, as tokens have it: two numbers of 32 bytes.
    fn signed(&self, text: &str) -> Vec<u8> {
        let file = self.scratch.path().join("to-sign");
        fs::write(&file, text).expect("it can be written");
        let signature = self.scratch.path().join("signature");
        let mut openssl = Command::new("openssl");
        openssl.args(["dgst", "-sha256", "-sign"]).arg(self.scratch.path().join("sa.key"));
        Outcome::of(openssl.arg("-out").arg(&signature).arg(&file)).succeeded();
        let der = fs::read(signature).expect("it was written");
        // A sequence of two integers, each with its length and maybe a leading zero.
        let first = &der[4..4 + usize::from(der[3])];
        let second = &der[4 + first.len() + 2..];
        [first, second].into_iter().flat_map(number).collect()
    }

    fn kubeconfig_of(&self, name: &str, token: &str) -> PathBuf {
        let path = self.scratch.path().join(format!("kubeconfig-{name}"));
        let text = fs::read(self.kubeconfig()).expect("the kubeconfig can be read");
        let mut kubeconfig: Value = serde_json::from_slice(&text).expect("it is JSON");
        kubeconfig["users"][0]["user"] = json!({"token": token});
        fs::write(&path, kubeconfig.to_string()).expect("the kubeconfig can be written");
        path
    }
}

/// A number as 32 bytes.
fn number(bytes: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    let mut padded = vec![0; 32 - digits.len()];
    padded.extend(digits);
    padded
}
