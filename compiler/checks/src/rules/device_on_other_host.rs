//! `device-on-other-host`: an app or job with devices where it does not run.

use diagnostics::{Problem, declare_rule};
use model::{At, DeviceUse};

use super::collision;
use crate::facts::{Pin, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub DEVICE_ON_OTHER_HOST, "device-on-other-host", error, since "0.1", "an app or job with devices where it does not run", page "device_on_other_host.md" }

/// Looks for workloads that would have to run on two hosts.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let torn = lab.workloads.iter().filter_map(|work| {
        let pin = work.pin()?;
        let other = work.devices.iter().find(|device| device.host != pin.host)?;
        Some(device_on_other_host(work, pin, other))
    });
    torn.collect()
}

/// The workload must run on one host and uses a device of another.
fn device_on_other_host(work: &WorkloadFact, pin: Pin<'_>, other: &At<DeviceUse>) -> Problem {
    let (shown, device) = (work.shown(), format!("'{}' of host '{}'", other.device, other.host));
    let (message, earlier) = if work.says_host {
        let message = format!("{shown} must run on host '{}', but uses the device {device}", pin.host);
        (message, (pin.place, format!("must run on '{}'", pin.host)))
    } else {
        let message = format!("{shown} uses devices of two hosts, '{}' and '{}'", pin.host, other.host);
        (message, (pin.place, format!("on host '{}'", pin.host)))
    };
    collision(&DEVICE_ON_OTHER_HOST, message, earlier, (&other.place, format!("on host '{}'", other.host)))
        .help("a pod runs on one host and reaches only what is plugged in there: make two apps of it, or move the device")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, messages, uses};

    fn found(host: Option<&str>, devices: &[(&str, &str)]) -> Vec<String> {
        let mut user = app("user", "media");
        user.container.host = host.map(|host| at(host.to_owned()));
        user.container.devices = devices.iter().map(|(host, device)| uses(host, device)).collect();
        messages(&DEVICE_ON_OTHER_HOST, &[user.into_entity()])
    }

    #[test]
    fn devices_are_where_the_app_is() {
        assert_eq!(
            found(Some("a"), &[("a", "gpu"), ("b", "stick")]),
            ["app 'user' must run on host 'a', but uses the device 'stick' of host 'b'"]
        );
        assert_eq!(
            found(None, &[("a", "gpu"), ("b", "stick")]),
            ["app 'user' uses devices of two hosts, 'a' and 'b'"]
        );
        assert_eq!(found(Some("a"), &[("a", "gpu"), ("a", "stick")]), [""; 0]);
    }
}
