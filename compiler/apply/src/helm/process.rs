//! Who is at work on a release: a process that has ended leaves it pending for ever.
//!
//! Helm has no lock that it gives back. So each release says, as a label of its record, which process works on it, and
//! whoever finds it pending on the same machine knows whether that still runs. Of another machine's nothing is known.

use std::fs;

use sha2::{Digest, Sha256};

use crate::vault::hex;

/// The label of a record that says so: `PROCESS-PLACE`.
pub(super) const LABEL: &str = "hlc.dev/process";

/// A shell that becomes helm, with its own number as a label behind what it is told.
pub(super) const BECOMES_HELM: &str = r#"exec helm "$@" --labels "$HLC_LABEL=$$-$HLC_PLACE""#;

/// Where numbers of processes mean the same: a machine since it was started, and in it a container. Empty where there is
/// no telling.
pub(super) fn place() -> String {
    let boot = fs::read("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    if boot.is_empty() {
        return String::new();
    }
    let hash =
        Sha256::new().chain_update(boot).chain_update(namespace.as_os_str().as_encoded_bytes()).finalize();
    hex(&hash[..8])
}

/// Whether the process that a label names has certainly ended.
pub(crate) fn has_ended(label: &str) -> bool {
    let Some((process, at)) = label.split_once('-') else { return false };
    let is_number = !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || at.is_empty() || at != place() {
        return false;
    }
    match fs::read(format!("/proc/{process}/cmdline")) {
        // Another one has its number now; one that has ended and that nobody asked about yet has no words.
        Ok(words) => !words.split(|byte| *byte == 0).any(|word| word.starts_with(LABEL.as_bytes())),
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_helm_that_runs_has_not_ended_and_no_other() {
        // What a helm is seen by is that its words have the label.
        let mut child = Command::new("sh");
        let child = child.args(["-c", "read line", &format!("{LABEL}=1")]).stdin(Stdio::piped());
        let mut child = child.spawn().expect("it starts");
        let label = format!("{}-{}", child.id(), place());
        // Until it has become what it is to be, it has the words of this test.
        for _ in 0..1_000 {
            if !has_ended(&label) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert!(!has_ended(&label));
        child.kill().expect("it is ours");
        child.wait().expect("it is ours");
        assert!(has_ended(&label));
        assert!(has_ended(&format!("{}-{}", std::process::id(), place())), "this is no helm");
        for unknown in ["", "1", "1-", "x-y", "1-0123456789abcdef", "../1-"] {
            assert!(!has_ended(unknown), "{unknown}");
        }
    }
}
