//! Memory with secrets in it is not written to disks and not handed to other processes.

use std::sync::Once;

/// From here on the memory of this process, and of those that it starts, is in no core dump; and nobody but root may
/// look into it. Where the system does not know such a thing, nothing changes.
pub(crate) fn refuse() {
    static REFUSED: Once = Once::new();
    REFUSED.call_once(|| {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
        #[cfg(target_os = "linux")]
        {
            use rustix::process::{DumpableBehavior, set_dumpable_behavior};
            let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
        }
    });
}
