//! `reserved-host-name`: a host name that means something else everywhere.

use diagnostics::{Problem, declare_rule};

use crate::lab::Lab;

declare_rule! { pub RESERVED_HOST_NAME, "reserved-host-name", error, since "0.1", "a host name that means something else everywhere", page "reserved_host_name.md" }

/// Names that each machine has an address of its own for.
const RESERVED: &[&str] =
    &["localhost", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback", "loopback", "broadcasthost"];

/// Looks for hosts that are called as each machine calls itself.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let reserved =
        lab.hosts.iter().filter(|host| RESERVED.contains(&host.name.to_ascii_lowercase().as_str()));
    let problems = reserved.map(|host| {
        let message =
            format!("a host cannot be called '{}': to each machine that is the machine itself", host.name);
        Problem::new(&RESERVED_HOST_NAME, host.place.clone(), message).help("give the host a name of its own")
    });
    problems.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{host, messages};

    #[test]
    fn nobody_is_localhost() {
        let found = |name| messages(&RESERVED_HOST_NAME, &[host(name, "192.168.1.10")]);
        assert_eq!(
            found("localhost"),
            ["a host cannot be called 'localhost': to each machine that is the machine itself"]
        );
        assert_eq!(found("local"), [""; 0]);
    }
}
