//! `hlc lsp`: the language server, for editors.

use server::{Ended, World};
use workspace::clock;

use crate::exit::{Exit, Failure};

/// Speaks LSP with who is at the other end of the standard streams, until it leaves.
pub(crate) fn run() -> Result<Exit, Failure> {
    match server::run(World { today: clock::today }).map_err(Failure::Cannot)? {
        Ended::Politely => Ok(Exit::Success),
        Ended::Suddenly => Ok(Exit::Problems),
    }
}
