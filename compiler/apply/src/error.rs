//! Why a cluster could not be asked, or did not do something. No secret is in any of it.

use std::fmt;

use plan::{Key, Origin, Reason, Refusal, ReleaseId};

/// Why something did not happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// There is no way to a cluster: what is wrong with how it is to be found.
    NoAccess(String),
    /// It does not answer; where it was looked for, and what happened.
    Unreachable(String, String),
    /// It answers, and not to this user.
    Unauthorized(String),
    /// It refuses something; what that is about.
    Refused(Option<Box<Key>>, Refusal),
    /// Helm does not do what it is told to, in its own words; which release that is about.
    Helm(ReleaseId, String),
    /// Its answer is none.
    Nonsense(String),
    /// Another program, or another lab, keeps its set where ours would be.
    Foreign(String),
    /// Something that was applied does not get ready.
    NotReady {
        /// What.
        stuck: Vec<Stuck>,
        /// Whether nothing failed and time ran out.
        is_late: bool,
    },
    /// Somebody asked to stop.
    Stopped,
}

/// Something that does not get ready.
#[derive(Clone, Debug, PartialEq)]
pub struct Stuck {
    /// What, and how far it is.
    pub reason: Reason,
    /// Where it is declared.
    pub origin: Option<Origin>,
    /// What the cluster says about it: events, and the last lines of logs.
    pub said: Vec<String>,
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAccess(why) => write!(out, "no cluster can be found: {why}"),
            Self::Unreachable(server, why) => write!(out, "the cluster at {server} does not answer: {why}"),
            Self::Unauthorized(why) => write!(out, "the cluster does not know who asks: {why}"),
            Self::Refused(Some(key), refusal) => write!(out, "{key}: {}", said(refusal)),
            Self::Refused(None, refusal) => out.write_str(&said(refusal)),
            Self::Helm(release, why) => write!(out, "release {release}: {why}"),
            Self::Nonsense(why) => write!(out, "the cluster's answer cannot be read: {why}"),
            Self::Foreign(why) => out.write_str(why),
            Self::NotReady { stuck, is_late } => {
                out.write_str(if *is_late {
                    "not ready in time"
                } else {
                    "not ready, and it does not get so"
                })?;
                for one in stuck {
                    write!(out, "\n  {}", one.reason)?;
                    if let Some(Origin { line, declaration }) = &one.origin {
                        write!(out, "\n    {line}: {declaration}")?;
                    }
                    for line in &one.said {
                        write!(out, "\n    | {line}")?;
                    }
                }
                Ok(())
            }
            Self::Stopped => out.write_str("stopped"),
        }
    }
}

impl std::error::Error for Error {}

fn said(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Conflicts(conflicts) => {
            let fields = conflicts.iter().map(|one| format!("{} ({})", one.field, one.manager));
            format!("others own fields of it: {}", fields.collect::<Vec<_>>().join(", "))
        }
        Refusal::Outdated => "somebody changed it meanwhile".to_owned(),
        Refusal::NoKind => "the cluster has no such kind or object".to_owned(),
        Refusal::NoNamespace(name) => format!("the cluster has no namespace '{name}'"),
        Refusal::Ending => "it, or its namespace, is being deleted".to_owned(),
        Refusal::Busy(_, why) => format!("the cluster is busy: {why}"),
        Refusal::Immutable(why)
        | Refusal::Forbidden(why)
        | Refusal::Unauthorized(why)
        | Refusal::Invalid(why) => why.clone(),
    }
}
