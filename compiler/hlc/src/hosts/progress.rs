//! What is seen of hosts that are switched: a line for each thing that one of them begins.

use hosts::Stage;

use crate::terminal::Terminal;

/// Tells what hosts are at.
pub(crate) struct Progress<'a> {
    terminal: &'a Terminal,
}

impl<'a> Progress<'a> {
    /// Nothing yet.
    pub(crate) fn new(terminal: &'a Terminal) -> Self {
        Self { terminal }
    }

    /// Tells what a host is at.
    pub(crate) fn tell(&self, host: &str, stage: Stage) {
        let what = match stage {
            Stage::Copying => "its system is copied there",
            Stage::Activating => "its system is activated",
            Stage::Saving => "it was reached again, and makes that what it boots",
            Stage::Unheard => "it does not answer; if nobody reaches it in time, it becomes what it was",
            Stage::Restarting => "it is started again",
        };
        self.terminal.note(&format!("{host}: {what}"));
    }
}
