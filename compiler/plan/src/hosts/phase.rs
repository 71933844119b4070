//! How far a host is with becoming another system.

use serde::{Deserialize, Serialize};

use super::lines;

/// How far an activation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The new system is being started.
    Activating,
    /// It runs, and waits for somebody to say over a new connection that the host can still be reached.
    Activated,
    /// Somebody did. It becomes what the host boots.
    Saving,
    /// It runs, and is what the host boots.
    Done,
    /// It runs, and could not be made what the host boots.
    Unsaved,
    /// The old system is being started again.
    RollingBack,
    /// The old system runs again.
    RolledBack,
    /// The old system could not be started again.
    Stuck,
}

impl Phase {
    const ALL: [(&'static str, Self); 8] = [
        ("activating", Self::Activating),
        ("activated", Self::Activated),
        ("saving", Self::Saving),
        ("done", Self::Done),
        ("unsaved", Self::Unsaved),
        ("rolling-back", Self::RollingBack),
        ("rolled-back", Self::RolledBack),
        ("stuck", Self::Stuck),
    ];

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == word).map(|(_, phase)| *phase)
    }

    /// Whether nothing more happens by itself.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Unsaved | Self::RolledBack | Self::Stuck)
    }
}

/// An activation, as the host tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activation {
    /// Which one: whoever began it made this up.
    pub id: String,
    /// How far it is.
    pub phase: Phase,
    /// The system that it is about.
    pub system: String,
    /// Why it came to this, in the host's words; empty where there is nothing to say.
    pub why: String,
    /// Whether the process that sees it to its end still runs.
    pub is_watched: bool,
}

impl Activation {
    /// What a host said of its last activation; `None` if it had none since it was started.
    pub fn parse(said: &str) -> Option<Self> {
        let find = |word: &str| lines(said).find(|(name, _)| *name == word).map(|(_, text)| text.to_owned());
        Some(Self {
            id: find("activation")?,
            phase: Phase::parse(&find("phase")?)?,
            system: find("system")?,
            why: find("why").unwrap_or_default(),
            is_watched: find("watched")? == "yes",
        })
    }

    /// Whether it is still on its way, and will come to an end.
    pub fn is_under_way(&self) -> bool {
        self.is_watched && !self.phase.is_final()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_host_said_is_read_among_anything_else() {
        let said = "Welcome to a!\nphase=done\nhlc:activation=1\nhlc:phase=rolled-back\nhlc:system=/nix/store/x\n\
                    hlc:why=a=b\nhlc:watched=no\n";
        let read = Activation::parse(said).expect("it is whole");
        assert_eq!((read.phase, read.why.as_str(), read.is_under_way()), (Phase::RolledBack, "a=b", false));
        for cut in ["activation", "phase", "system", "watched"] {
            let less: String = said.lines().filter(|line| !line.starts_with(&format!("hlc:{cut}"))).collect();
            assert_eq!(Activation::parse(&less), None, "without {cut}");
        }
        assert_eq!(Activation::parse(&said.replace("rolled-back", "flying")), None);
    }

    #[test]
    fn every_phase_has_a_name_of_its_own() {
        for (name, phase) in Phase::ALL {
            assert_eq!(Phase::parse(name), Some(phase));
            assert_eq!(serde_json::to_value(phase).expect("JSON"), name);
        }
    }
}
