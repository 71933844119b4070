//! Asking the cluster: the only place where something is sent, and where it is sent again.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Method, Request};
use kube::client::Body;
use plan::{Key, MANAGER, Refusal};
use serde_json::{Value, json};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::cluster::Cluster;
use crate::door::{self, Wanting};
use crate::error::Error;
use crate::vault::Vault;

/// How long is waited before something is asked again, in milliseconds; then it is given up.
pub(crate) const PAUSES: [u64; 8] = [50, 100, 250, 500, 1_000, 2_000, 4_000, 8_000];

/// Of each object only its metadata.
pub(crate) const METADATA: &str = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
/// For how long something is asked again: where every answer takes long to be none, that is what ends it.
const GIVEN_UP_AFTER: Duration = Duration::from_mins(1);

/// How long is waited at most because the cluster says so.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// What is only tried.
const DRY_RUN: &str = "&dryRun=All";

/// Something to ask.
#[derive(Clone, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) method: Method,
    /// The path, with what is asked of it behind a `?`.
    pub(crate) path: String,
    /// In which form the answer is wanted.
    pub(crate) accept: &'static str,
    /// What kind of patch it is, or nothing.
    pub(crate) content_type: &'static str,
    /// What is sent; placeholders stand for secrets.
    pub(crate) body: Option<&'a Value>,
    /// What is sent as it is instead.
    pub(crate) text: Option<&'a str>,
    /// What it is about.
    pub(crate) key: Option<&'a Key>,
    /// What is wanted, which says where secrets are in the answer.
    pub(crate) wanting: Wanting<'a>,
}

impl<'a> Question<'a> {
    /// Reads what is at a path.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            accept: "application/json",
            content_type: "application/json",
            body: None,
            text: None,
            key: None,
            wanting: Wanting::Nothing,
        }
    }

    /// Applies an object at the path of its kind.
    pub(crate) fn apply(path: &str, object: &'a Value, force: bool, dry_run: bool) -> Self {
        let name = segment(object["metadata"]["name"].as_str().unwrap_or_default());
        let dry_run = if dry_run { DRY_RUN } else { "" };
        let path =
            format!("{path}/{name}?fieldManager={MANAGER}&force={force}&fieldValidation=Strict{dry_run}");
        Self {
            method: Method::PATCH,
            content_type: "application/apply-patch+yaml",
            body: Some(object),
            wanting: Wanting::One(object),
            ..Self::get(path)
        }
    }

    /// The same, about an object.
    pub(crate) fn about(self, key: &'a Key) -> Self {
        Self { key: Some(key), ..self }
    }

    /// The same, of a list in which these may be.
    pub(crate) fn among(self, wanted: &'a BTreeMap<Key, &'a Value>) -> Self {
        Self { wanting: Wanting::Among(wanted), ..self }
    }

    /// Whether something would change.
    fn is_write(&self) -> bool {
        self.method != Method::GET && !self.path.ends_with(DRY_RUN)
    }

    /// The same, where this is wanted.
    pub(crate) fn wanting(self, wanted: &'a Value) -> Self {
        Self { wanting: Wanting::One(wanted), ..self }
    }
}

/// A name as a part of a path: whatever is in it, it is one part and nothing else.
pub(crate) fn segment(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => out.push(char::from(byte)),
            b'.' if !matches!(name, "." | "..") => out.push('.'),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// Deletes an object, if it is still this one, and in this state if one is said; what depends on it goes behind it.
pub(crate) fn deletion(uid: &str, version: Option<&str>) -> Value {
    let mut options = json!({"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background",
                             "preconditions": {"uid": uid}});
    if let Some(version) = version {
        options["preconditions"]["resourceVersion"] = version.into();
    }
    options
}

impl Cluster {
    /// The answer to a question, or why there is none. Whatever is asked can be asked twice, so that it is asked again
    /// where the way to the cluster breaks or the cluster is busy.
    pub(crate) async fn ask(&self, question: &Question<'_>, vault: &Vault) -> Result<Value, Error> {
        let (mut pauses, began) = (PAUSES.iter(), Instant::now());
        loop {
            let may = if question.is_write() { self.may_write(vault).await } else { Ok(()) };
            let answer = match may {
                Ok(()) => self.ask_once(question, vault).await,
                Err(error) => Err(error),
            };
            let wait = match &answer {
                Err(Error::Unreachable(..)) => None,
                Err(Error::Refused(_, Refusal::Busy(seconds, _))) => *seconds,
                // Who answers for it may just be starting. What is only tried is tried when it is its turn.
                Err(Error::Refused(_, Refusal::Webhook(_))) if question.is_write() => None,
                _ => return answer,
            };
            let Some(pause) = pauses.next() else { return answer };
            if self.is_stopped() || began.elapsed() > GIVEN_UP_AFTER {
                return answer;
            }
            let wait = wait.map_or(Duration::from_millis(*pause), Duration::from_secs);
            self.pause(wait.min(LONGEST_PAUSE)).await;
        }
    }

    /// The answer to a question that is asked once, whoever has the lab's Lease.
    pub(crate) async fn ask_once(&self, question: &Question<'_>, vault: &Vault) -> Result<Value, Error> {
        let (code, mut answer) =
            timeout(self.patience, self.send(question, vault)).await.map_err(|_| self.late())??;
        if code < 400 {
            door::mask(&mut answer, question.wanting, vault);
            return Ok(answer);
        }
        if let Some(message) = answer["message"].as_str() {
            answer["message"] = vault.redacted(message).into();
        }
        Err(Error::said(&answer, code, question.key))
    }

    /// A text that is no JSON, such as a log. It is for people, and nothing depends on it.
    pub(crate) async fn read_text(&self, path: &str, vault: &Vault) -> Result<String, Error> {
        let question = Question::get(path);
        let answer = timeout(self.patience, self.exchange(&question, vault));
        let (code, _, bytes) = answer.await.map_err(|_| self.late())??;
        let text = if code < 400 { String::from_utf8_lossy(&bytes).into_owned() } else { String::new() };
        Ok(vault.redacted(&text))
    }

    async fn send(&self, question: &Question<'_>, vault: &Vault) -> Result<(u16, Value), Error> {
        let (code, after, bytes) = self.exchange(question, vault).await?;
        let answer = serde_json::from_slice(&bytes);
        // Our copy of what was read goes; the one in the connection's buffer is written over by the next answer.
        if let Ok(mut bytes) = bytes.try_into_mut() {
            zeroize::Zeroize::zeroize(&mut *bytes);
        }
        match answer {
            Ok(answer) if code < 400 => Ok((code, answer)),
            Ok(Value::Object(status)) => Ok((code, waiting(status.into(), after))),
            // What stands between here and the cluster speaks no JSON.
            _ if code >= 400 => Ok((code, waiting(json!({"message": format!("HTTP status {code}")}), after))),
            Ok(answer) => Ok((code, answer)),
            Err(error) => Err(Error::Nonsense(error.to_string())),
        }
    }

    /// The code of an answer, after how many seconds it says to ask again, and what is in it.
    async fn exchange(
        &self,
        question: &Question<'_>,
        vault: &Vault,
    ) -> Result<(u16, Option<u64>, Bytes), Error> {
        let body = match (question.text, question.body) {
            (Some(text), _) => Zeroizing::new(text.as_bytes().to_vec()),
            (None, body) => body.map(|body| vault.filled(body)).unwrap_or_default(),
        };
        let request = Request::builder()
            .method(question.method.clone())
            .uri(&question.path)
            .header("content-type", question.content_type)
            .header("accept", question.accept)
            // The buffer is overwritten when the last of its readers is gone.
            .body(Body::from(Bytes::from_owner(Overwritten(body))));
        let request = request.map_err(|error| Error::Nonsense(error.to_string()))?;
        let response = self.client.send(request).await.map_err(|error| self.trouble(&error))?;
        self.has_answered.set(true);
        let code = response.status().as_u16();
        let after = response.headers().get("retry-after").and_then(|after| after.to_str().ok()?.parse().ok());
        let bytes = response.into_body().collect_bytes().await.map_err(|error| self.trouble(&error))?;
        Ok((code, after, bytes))
    }
}

/// What is said in place of an answer, with the time after which to ask again, if only a header has it.
fn waiting(mut status: Value, after: Option<u64>) -> Value {
    if let (Some(after), true) = (after, status["details"]["retryAfterSeconds"].is_null()) {
        if !status["details"].is_object() {
            status["details"] = json!({});
        }
        status["details"]["retryAfterSeconds"] = after.into();
    }
    status
}

/// Bytes that are overwritten when they are dropped.
struct Overwritten(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Overwritten {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
