//! Why the API server refused something, and what follows from it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::conflict::{Conflict, conflicts};
use crate::key::text;

/// Why something was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Others own fields of it with other values.
    Conflicts(Vec<Conflict>),
    /// Somebody changed it since it was read.
    Outdated,
    /// A field of it can only be said when the object is made: it would have to be made anew.
    Immutable(String),
    /// There is no such kind, yet.
    NoKind,
    /// There is no such namespace, yet.
    NoNamespace(String),
    /// The user may not: the server's own words, which name the verb and the resource.
    Forbidden(String),
    /// Who asks is not known, or not any more.
    Unauthorized(String),
    /// It is being deleted.
    Ending,
    /// The server has too much to do, or is not itself: it may be asked again, after so many seconds if it says.
    Busy(Option<u64>, String),
    /// A webhook that has to look at it does not answer: the server's own words, which name it.
    Webhook(String),
    /// It is wrong, or something that looks at it refuses it.
    Invalid(String),
}

impl Refusal {
    /// What a `Status` object says, that came in place of an answer. `code` is that of HTTP, for those that say none.
    pub fn of(status: &Value, code: u16) -> Self {
        let code = status
            .get("code")
            .and_then(Value::as_u64)
            .and_then(|code| u16::try_from(code).ok())
            .unwrap_or(code);
        let message = || text(status, "/message").to_owned();
        let about = text(status, "/details/kind");
        match code {
            // Whoever looks at objects may refuse them with any code that it likes.
            _ if is_denied(status) => Self::Invalid(message()),
            500..=599 if is_unanswered(status) => Self::Webhook(message()),
            401 => Self::Unauthorized(message()),
            403 if is_ending(status) => Self::Ending,
            403 if is_immutable(status) => Self::Immutable(message()),
            403 if lacks_right(status) => Self::Forbidden(message()),
            // A quota, or what pods may be: that is about the object, and not about who asks.
            403 => Self::Invalid(message()),
            404 if about == "namespaces" => Self::NoNamespace(text(status, "/details/name").to_owned()),
            404 => Self::NoKind,
            409 => match conflicts(status) {
                found if !found.is_empty() => Self::Conflicts(found),
                _ if is_ending(status) => Self::Ending,
                _ if is_immutable(status) => Self::Immutable(message()),
                _ => Self::Outdated,
            },
            // A list that was read for too long.
            410 => Self::Outdated,
            422 if is_immutable(status) => Self::Immutable(message()),
            // A field that the kind has not is said as if the server were not itself.
            500 if is_unreadable(status) => Self::Invalid(message()),
            429 | 500 | 502..=504 => {
                let after = status.pointer("/details/retryAfterSeconds").and_then(Value::as_u64);
                Self::Busy(after, message())
            }
            _ => Self::Invalid(message()),
        }
    }
}

/// Whether what is refused is only refused because the object is there. The text and not the code says so: the same code
/// is that of values which are wrong in any object.
///
/// Source: `fluxcd/pkg/ssa` `errors.go`; apimachinery `validation.FieldImmutableErrorMsg`; the messages of
/// `pkg/apis/{apps,core,batch}/validation` of Kubernetes.
fn is_immutable(status: &Value) -> bool {
    const SAID: [&str; 7] = [
        "is immutable",
        "immutable field",
        "updates to statefulset spec for fields other than",
        "may not be changed",
        "can not be less than",
        "cannot change roleRef",
        "field can not be changed",
    ];
    SAID.iter().any(|said| text(status, "/message").contains(said))
}

/// Whether what was sent could not be read. Source: apimachinery `managedfields/internal/fieldmanager.go`.
fn is_unreadable(status: &Value) -> bool {
    text(status, "/message").starts_with("failed to create typed patch object")
}

/// Whether the user may not, whatever the object is. Source: apiserver `endpoints/handlers/responsewriters/errors.go`:
/// `deployments.apps "web" is forbidden: User "anna" cannot patch resource "deployments" …`.
fn lacks_right(status: &Value) -> bool {
    text(status, "/message").contains(" cannot ")
}

/// Whether a webhook or a policy looked at the object and said no. Source: apiserver
/// `admission/plugin/webhook/errors/statuserror.go`, `admission/plugin/policy/validating/dispatcher.go`.
fn is_denied(status: &Value) -> bool {
    let message = text(status, "/message");
    let by_webhook = message.starts_with("admission webhook ") && message.contains(" denied the request");
    by_webhook || message.contains("ValidatingAdmissionPolicy '") && message.contains(" denied request")
}

/// Whether a webhook that must be asked does not answer. Source: apiserver
/// `admission/plugin/webhook/validating/dispatcher.go`, `apiextensions-apiserver/pkg/apiserver/conversion`.
fn is_unanswered(status: &Value) -> bool {
    let message = text(status, "/message");
    message.contains("failed calling webhook") || message.contains("conversion webhook for ")
}

/// Whether the object, or its namespace, is on its way out.
fn is_ending(status: &Value) -> bool {
    let causes = status.pointer("/details/causes").and_then(Value::as_array);
    let says = |cause: &Value| text(cause, "/reason") == "NamespaceTerminating";
    causes.is_some_and(|causes| causes.iter().any(says))
        || text(status, "/message").contains("is being terminated")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_server_says_is_understood() {
        let said = |message: &str| json!({"kind": "Status", "message": message});
        let claim = "PersistentVolumeClaim \"a\" is invalid: spec.resources.requests.storage: Forbidden: field can not be \
                     less than status.capacity";
        let cases = [
            (422, said(claim), Refusal::Immutable(claim.into())),
            (
                422,
                said("spec.selector: field is immutable"),
                Refusal::Immutable("spec.selector: field is immutable".into()),
            ),
            (
                422,
                said("spec.replicas: must be positive"),
                Refusal::Invalid("spec.replicas: must be positive".into()),
            ),
            (404, said("the server could not find the requested resource"), Refusal::NoKind),
            (
                404,
                json!({"message": "namespaces \"a\" not found", "details": {"kind": "namespaces", "name": "a"}}),
                Refusal::NoNamespace("a".into()),
            ),
            (409, said("the object has been modified"), Refusal::Outdated),
            (
                403,
                json!({"message": "…", "details": {"causes": [{"reason": "NamespaceTerminating"}]}}),
                Refusal::Ending,
            ),
            (
                403,
                said("user cannot patch deployments"),
                Refusal::Forbidden("user cannot patch deployments".into()),
            ),
            (
                429,
                json!({"message": "slow", "details": {"retryAfterSeconds": 3}}),
                Refusal::Busy(Some(3), "slow".into()),
            ),
            (
                500,
                said("failed to create typed patch object (a/b; /v1, Kind=C): .d: field not declared in schema"),
                Refusal::Invalid(
                    "failed to create typed patch object (a/b; /v1, Kind=C): .d: field not declared in schema".into(),
                ),
            ),
            (
                403,
                said("admission webhook \"a.b\" denied the request: no"),
                Refusal::Invalid("admission webhook \"a.b\" denied the request: no".into()),
            ),
            (
                403,
                said("pods \"a\" is forbidden: exceeded quota: few"),
                Refusal::Invalid("pods \"a\" is forbidden: exceeded quota: few".into()),
            ),
            (
                500,
                said("Internal error occurred: failed calling webhook \"a.b\": refused"),
                Refusal::Webhook("Internal error occurred: failed calling webhook \"a.b\": refused".into()),
            ),
            (410, said("The provided continue parameter is too old"), Refusal::Outdated),
            (503, said(""), Refusal::Busy(None, String::new())),
            (400, said("bad"), Refusal::Invalid("bad".into())),
        ];
        for (code, status, refusal) in cases {
            assert_eq!(Refusal::of(&status, code), refusal);
        }
    }
}
