//! Why a cluster could not be asked, or did not do something. No secret is in any of it.

use std::fmt;

use plan::lease::Holder;
use plan::{Key, Origin, Reason, Refusal, ReleaseId};
use serde_json::Value;

/// Why something did not happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// There is no way to a cluster: what is wrong with how it is to be found.
    NoAccess(String),
    /// There is nothing at all where it should be; where that is, and what happened.
    Absent(String, String),
    /// It does not answer; where it was looked for, and what happened.
    Unreachable(String, String),
    /// Whoever answers there cannot show that it is the cluster; where, and what is wrong.
    Untrusted(String, String),
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
    /// Something that was deleted does not go.
    NotGone(Vec<Stuck>),
    /// Another run applies the lab.
    Held(Holder),
    /// Another run was at the lab since it was planned, and may be still.
    Overtaken(Option<Holder>),
    /// Another run took over while this one was not heard of.
    Lost(Option<Holder>),
    /// A node does not do what its host needs, or is not back; what of it.
    Away(String),
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
            Self::Absent(server, why) => write!(out, "no cluster can be reached at {server}: {why}"),
            Self::Unreachable(server, why) => write!(out, "the cluster at {server} does not answer: {why}"),
            Self::Untrusted(server, why) => {
                write!(out, "what answers at {server} is not the cluster of the kubeconfig: {why}")
            }
            Self::Unauthorized(why) => write!(out, "the cluster does not know who asks: {why}"),
            Self::Refused(Some(key), refusal) => write!(out, "{key}: {}", said(refusal)),
            Self::Refused(None, refusal) => out.write_str(&said(refusal)),
            Self::Helm(release, why) => write!(out, "release {release}: {why}"),
            Self::Nonsense(why) => write!(out, "the cluster's answer cannot be read: {why}"),
            Self::Foreign(why) | Self::Away(why) => out.write_str(why),
            Self::NotReady { stuck, is_late } => {
                out.write_str(if *is_late {
                    "not ready in time"
                } else {
                    "not ready, and it does not get so"
                })?;
                write_stuck(out, stuck)
            }
            Self::NotGone(stuck) => {
                out.write_str("deleted, and not gone in time")?;
                write_stuck(out, stuck)
            }
            Self::Held(holder) => {
                write!(out, "this lab is being applied by {holder}: wait until that is done, or end it there")
            }
            Self::Overtaken(Some(holder)) => {
                write!(out, "nothing was changed: {holder}, began to apply this lab after it was planned")
            }
            Self::Overtaken(None) => out.write_str(
                "nothing was changed: somebody applied this lab after it was planned; run it again",
            ),
            Self::Lost(holder) => {
                out.write_str("this run did not reach the cluster for so long that its turn is over")?;
                if let Some(holder) = holder {
                    write!(out, "; it is now that of {holder}")?;
                }
                out.write_str(": nothing else was begun, and the next run goes on from there")
            }
            Self::Stopped => out.write_str("stopped"),
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    /// What a cluster said in place of an answer about an object, if it is about one.
    pub(crate) fn said(status: &Value, code: u16, key: Option<&Key>) -> Self {
        match Refusal::of(status, code) {
            Refusal::Unauthorized(why) => Self::Unauthorized(why),
            refusal => Self::Refused(key.cloned().map(Box::new), refusal),
        }
    }

    /// What can be done about it, where it does not say so itself.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoAccess(_) => {
                "k3s writes one to /etc/rancher/k3s/k3s.yaml on its first server; copy it to ~/.kube/config, with the \
                 server's address in it, or name it with --kubeconfig"
            }
            Self::Absent(..) => {
                "nothing was asked or changed. Is the kubeconfig's address right, does a server run there ('systemctl \
                 status k3s'), and is there a way to it from here (network, VPN, firewall)?"
            }
            Self::Unreachable(..) => {
                "is it running, and is there a way to it from here? 'journalctl -u k3s' on a server says how it is; the \
                 next run goes on from there"
            }
            Self::Untrusted(..) => {
                "is it another cluster at the same address, or was it made anew? k3s keeps a kubeconfig that fits in \
                 /etc/rancher/k3s/k3s.yaml on its first server"
            }
            Self::Unauthorized(_) => {
                "the token or certificate in the kubeconfig has expired or was withdrawn, or it is another cluster's: k3s \
                 keeps a new one in /etc/rancher/k3s/k3s.yaml on its first server; the next run goes on from there"
            }
            Self::Refused(_, Refusal::Forbidden(_)) => {
                "who applies a lab has to have this right, and best every right, as k3s' own kubeconfig gives it; the next \
                 run goes on from there"
            }
            Self::Refused(_, Refusal::Busy(..)) => {
                "it was asked again and again; 'journalctl -u k3s' on a server says how it is; the next run goes on from \
                 there"
            }
            Self::Refused(_, Refusal::Webhook(_)) => {
                "what answers for this webhook has to run and be reached; where it is never to run again, delete the \
                 ValidatingWebhookConfiguration or MutatingWebhookConfiguration that names it"
            }
            Self::Refused(_, Refusal::Outdated | Refusal::Ending) => "the next run looks at it anew",
            _ => return None,
        })
    }
}

/// Lines of what is stuck, and of what is said about it.
fn write_stuck(out: &mut fmt::Formatter<'_>, stuck: &[Stuck]) -> fmt::Result {
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
        Refusal::Busy(_, why) => format!("the cluster cannot do it now: {why}"),
        Refusal::Webhook(why)
        | Refusal::Immutable(why)
        | Refusal::Forbidden(why)
        | Refusal::Unauthorized(why)
        | Refusal::Invalid(why) => why.clone(),
    }
}
