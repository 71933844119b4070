//! `duplicate-host-name`: one host name for two machines.

use diagnostics::{Problem, declare_rule};

use super::{collision, is_declared_twice, repeated};
use crate::facts::HostFact;
use crate::lab::Lab;

declare_rule! { pub DUPLICATE_HOST_NAME, "duplicate-host-name", error, since "0.1", "one host name for two machines", page "duplicate_host_name.md" }

/// Looks for hosts whose names are the same to DNS, such as those that a kind makes.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let twice = repeated(lab.hosts.iter().map(|&host| (host.name.to_ascii_lowercase(), host)));
    let made = twice.into_iter().filter(|(first, later)| !is_declared_twice(&first.place, &later.place));
    made.map(|(first, later)| duplicate_host_name(first, later)).collect()
}

/// Both hosts have the same name.
fn duplicate_host_name(first: &HostFact, later: &HostFact) -> Problem {
    let message = if first.name == later.name {
        format!("two hosts are called '{}'", later.name)
    } else {
        format!("hosts '{}' and '{}' have the same name to DNS, which ignores case", first.name, later.name)
    };
    collision(
        &DUPLICATE_HOST_NAME,
        message,
        (&first.place, format!("this host is called '{}'", first.name)),
        (&later.place, format!("so is this one, '{}'", later.name)),
    )
    .help("rename one of them")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{host, messages};

    #[test]
    fn hosts_have_their_own_names() {
        let found =
            |name| messages(&DUPLICATE_HOST_NAME, &[host("nas", "192.168.1.10"), host(name, "192.168.1.11")]);
        assert_eq!(found("NAS"), ["hosts 'nas' and 'NAS' have the same name to DNS, which ignores case"]);
        assert_eq!(found("nas2"), [""; 0]);
    }
}
