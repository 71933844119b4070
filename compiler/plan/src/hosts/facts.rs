//! What a host says of itself.

use serde::{Deserialize, Serialize};

use super::lines;
use super::phase::Activation;

/// What a host says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Another one each time it is started.
    pub boot: String,
    /// The system that it runs.
    pub running: String,
    /// The one that it was started with.
    pub booted: String,
    /// The one that it starts with next.
    pub boots: String,
    /// The number of that one, among all that it has had.
    pub generation: Option<u64>,
    /// For how many seconds it has been running.
    pub uptime: u64,
    /// What time it is there, in seconds since 1970.
    pub clock: i64,
    /// Its file systems: that of the store, and that of the boot loader.
    pub disks: Vec<Disk>,
    /// Units of systemd that failed.
    pub failed: Vec<String>,
    /// The secrets that are decrypted there, by name.
    pub secrets: Vec<String>,
    /// The kernel that it was started with, and what belongs to it.
    pub kernel: Vec<String>,
    /// What was last activated since it was started.
    pub activation: Option<Activation>,
    /// Whether who logged in is root, and needs no `sudo`.
    pub is_root: bool,
}

/// A file system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// Where it is mounted.
    pub mount: String,
    /// Its size in KiB.
    pub size: u64,
    /// What is free of it, in KiB.
    pub free: u64,
}

impl Disk {
    /// The least that is free where nothing is said about it, in parts of a hundred.
    const LEAST: u64 = 5;

    /// Whether next to nothing is free.
    pub fn is_nearly_full(&self) -> bool {
        self.free.saturating_mul(100) < self.size.saturating_mul(Self::LEAST)
    }
}

impl Facts {
    /// Reads what `look` says; the word of what is missing, if something is that every host has.
    pub fn parse(said: &str) -> Result<Self, &'static str> {
        let mut facts = Self { activation: Activation::parse(said), ..Self::default() };
        let (mut clock, mut uptime) = (None, None);
        for (word, text) in lines(said) {
            match word {
                "boot" => text.clone_into(&mut facts.boot),
                "running" => text.clone_into(&mut facts.running),
                "booted" => text.clone_into(&mut facts.booted),
                "boots" => text.clone_into(&mut facts.boots),
                "generation" => facts.generation = text.parse().ok(),
                "uptime" => uptime = text.parse().ok(),
                "clock" => clock = text.parse().ok(),
                "disk" => facts.disks.extend(disk(text)),
                "failed" => facts.failed.push(text.to_owned()),
                "secret" => facts.secrets.push(text.to_owned()),
                "kernel" => facts.kernel.push(text.to_owned()),
                "root" => facts.is_root = text == "yes",
                _ => {}
            }
        }
        let needed = [("boot", &facts.boot), ("running", &facts.running), ("boots", &facts.boots)];
        if let Some((word, _)) = needed.iter().find(|(_, text)| text.is_empty()) {
            return Err(word);
        }
        facts.clock = clock.ok_or("clock")?;
        facts.uptime = uptime.ok_or("uptime")?;
        facts.disks.dedup_by(|one, other| one.mount == other.mount);
        Ok(facts)
    }
}

/// `MOUNT SIZE FREE`; the mount may have blanks in it.
fn disk(text: &str) -> Option<Disk> {
    let mut parts = text.rsplitn(3, ' ');
    let (free, size) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(Disk { mount: parts.next()?.to_owned(), size, free })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "hlc:boot=b\nhlc:running=/nix/store/r\nhlc:booted=/nix/store/r\nhlc:boots=/nix/store/r\n\
                        hlc:generation=42\nhlc:uptime=7\nhlc:clock=1700000000\nhlc:disk=/ 100 4\nhlc:disk=/ 100 4\n\
                        hlc:disk=/my boot 50 50\nhlc:failed=a.service\nhlc:secret=db\nhlc:root=yes\nhlc:new=thing\n";

    #[test]
    fn what_every_host_has_must_be_said() {
        let facts = Facts::parse(SAID).expect("it is whole");
        assert_eq!((facts.generation, facts.uptime, facts.is_root), (Some(42), 7, true));
        assert_eq!(facts.disks.len(), 2, "one file system is one");
        assert_eq!(facts.disks[1].mount, "/my boot");
        assert!(facts.disks[0].is_nearly_full() && !facts.disks[1].is_nearly_full());
        for word in ["boot", "running", "boots", "uptime", "clock"] {
            let less: Vec<&str> =
                SAID.lines().filter(|line| !line.starts_with(&format!("hlc:{word}="))).collect();
            assert_eq!(Facts::parse(&less.join("\n")), Err(word));
        }
    }

    #[test]
    fn no_text_stops_it() {
        for text in ["", "hlc:", "hlc:=", "hlc:disk=", "hlc:disk=a b c", "hlc:clock=x\nhlc:boot=1", "\u{0}"] {
            assert!(Facts::parse(text).is_err());
        }
    }
}
