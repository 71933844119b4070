//! `boot-left-out`: a machine of which nobody knows how it starts.

use diagnostics::{Problem, declare_rule};

use crate::facts::HostFact;
use crate::lab::Lab;

declare_rule! { pub BOOT_LEFT_OUT, "boot-left-out", warning, since "0.1", "a machine of which nobody knows how it starts", page "boot_left_out.md" }

/// Looks for hosts that are no PC, and do not say how they start.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    lab.hosts.iter().filter(|host| host.guesses_boot).map(|host| boot_left_out(host)).collect()
}

/// Some of these machines have UEFI, most boards have not.
fn boot_left_out(host: &HostFact) -> Problem {
    let message = format!("host '{}' is aarch64 and does not say how it starts", host.name);
    Problem::new(&BOOT_LEFT_OUT, host.place.clone(), message).help(
        "boards such as the Raspberry Pi take 'boot = extlinux', machines with UEFI 'boot = systemd-boot'",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, machine, messages, options, std_place};
    use model::{Arch, At, Boot, Data, Entity};

    fn found(arch: Arch, boot: At<Boot>, option: &str) -> usize {
        let mut host = machine("a", "192.168.1.10");
        (host.arch, host.boot) = (arch, boot);
        host.nixos = options(&[(option, Data::Bool(true))]);
        messages(&BOOT_LEFT_OUT, &[Entity::Host(Box::new(host))]).len()
    }

    #[test]
    fn boards_say_how_they_start() {
        let left_out = || At::new(Boot::SystemdBoot, std_place());
        assert_eq!(found(Arch::Aarch64, left_out(), "x"), 1);
        assert_eq!(found(Arch::X86_64, left_out(), "x"), 0);
        assert_eq!(found(Arch::Aarch64, at(Boot::SystemdBoot), "x"), 0);
        assert_eq!(found(Arch::Aarch64, left_out(), "boot.loader.grub.enable"), 0);
    }
}
