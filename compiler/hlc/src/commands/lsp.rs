//! `hlc lsp`: the language server, for editors.

use std::sync::Arc;

use server::{Ended, World};
use workspace::clock;

use crate::cluster::Glances;
use crate::exit::{Exit, Failure};

/// Speaks LSP with who is at the other end of the standard streams, until it leaves.
pub(crate) fn run() -> Result<Exit, Failure> {
    widen();
    match server::run(World { today: clock::today, live: Some(Arc::new(Glances::default())) })
        .map_err(Failure::Cannot)?
    {
        Ended::Politely => Ok(Exit::Success),
        Ended::Suddenly => Ok(Exit::Problems),
    }
}

/// Lets answers that are long go out in a few pieces. What is no pipe, or may not be as wide, works as it is.
fn widen() {
    const WIDE: usize = 1 << 20;
    #[cfg(target_os = "linux")]
    let _ = rustix::pipe::fcntl_setpipe_size(std::io::stdout(), WIDE);
}
