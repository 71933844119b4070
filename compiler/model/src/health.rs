//! When a container has started, is ready and alive.

use domain::Duration;

/// When a container has started, is ready and alive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Health {
    /// How that is found out.
    pub question: Question,
    /// The port, by name, unless a command is run.
    pub port: Option<String>,
    /// How long the first answer may take.
    pub start: Option<Duration>,
    /// When it has started; nobody waits for that if there is none.
    pub started: Option<Probe>,
    /// When requests are sent to it; nobody asks if there is none.
    pub ready: Option<Probe>,
    /// When it is started anew; never if there is none.
    pub alive: Option<Probe>,
}

/// How it is found out whether a container is well.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// The HTTP path answers 2xx or 3xx.
    Path(String),
    /// The same, asked for by HTTPS.
    SecurePath(String),
    /// The port can be opened.
    Port,
    /// The command ends with 0.
    Command(Vec<String>),
}

/// What is asked again and again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Probe {
    /// How that is found out, if otherwise.
    pub question: Option<Question>,
    /// Which port, by name, if another one.
    pub port: Option<String>,
    /// How often it is asked.
    pub every: Option<Duration>,
    /// How long an answer may take.
    pub timeout: Option<Duration>,
    /// How often in a row it may fail.
    pub failures: Option<u32>,
    /// How often in a row it must answer before that counts.
    pub successes: Option<u32>,
    /// How long nobody asks after the container has begun.
    pub delay: Option<Duration>,
}
