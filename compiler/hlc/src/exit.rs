//! How the process ends.

/// The exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: all is well.
    Success,
    /// 1: there are errors, or something is not there, or would change.
    Problems,
    /// 2: the question could not be answered.
    CannotRun,
}

impl Exit {
    /// The exit code.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Problems => 1,
            Self::CannotRun => 2,
        }
    }
}

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What is wrong has been said already.
    Told,
    /// It could not run: why, in a sentence to show.
    Cannot(String),
    /// `hlc` itself is wrong: what it did that it must not.
    Fault(String),
}

impl Failure {
    /// It could not run, for this reason.
    pub(crate) fn cannot(reason: impl Into<String>) -> Self {
        Self::Cannot(reason.into())
    }

    /// How the process ends: as a command does that `could_not_run`, but for what is no fault of the lab's.
    pub(crate) const fn exit(&self, could_not_run: Exit) -> Exit {
        match self {
            Self::Told => Exit::Problems,
            Self::Cannot(_) => could_not_run,
            Self::Fault(_) => Exit::CannotRun,
        }
    }

    /// What is still to be said.
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Told => None,
            Self::Cannot(message) | Self::Fault(message) => Some(message),
        }
    }
}
