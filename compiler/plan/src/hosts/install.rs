//! What is left to be done on a machine that a host is installed on.
//!
//! Everything follows from what the machine says of itself, so that a run that was broken off is gone on with.

use std::collections::BTreeMap;

use super::lines;

/// What a machine says of itself that was started from an installer of NixOS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Whether who logged in is root, and needs no `sudo`.
    pub is_root: bool,
    /// Whether it has the programs of an installer.
    pub has_tools: bool,
    /// What kind of file system its root and its store are on.
    pub runs_from: Vec<String>,
    /// Whether something is mounted at `/mnt`.
    pub is_mounted: bool,
    /// For which host the disks that are mounted there were made, and which disks those are.
    pub made: Option<(String, Vec<String>)>,
    /// The host key that was put there.
    pub key: Option<String>,
    /// The system that was installed there, boot loader and all.
    pub installed: Option<String>,
    /// The devices that it was asked for, by what they were asked for as.
    pub devices: BTreeMap<String, Device>,
    /// What it does that goes on when nobody listens.
    pub task: Option<Task>,
}

/// A block device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// What it is called there; none if it is not there.
    pub real: Option<String>,
    /// It, and what is on it.
    pub blocks: Vec<Block>,
}

/// A block device, or a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// What each column of `lsblk` says.
    columns: BTreeMap<String, String>,
}

/// Something that goes on there when nobody listens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// Which one: whoever began it made this up.
    pub id: String,
    /// What it does: `disks` or `install`.
    pub what: String,
    /// How it ended; nothing before that.
    pub code: Option<i32>,
    /// Whether it still goes on.
    pub is_running: bool,
    /// The last lines of what it said.
    pub log: Vec<String>,
}

/// What is done to a machine, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Its disks are erased, partitioned, formatted and mounted.
    Disks,
    /// The system is copied there.
    Copy,
    /// The host's private key is put there.
    Key,
    /// The system is made what it boots.
    Install,
    /// It is started again, as the host.
    Restart,
}

/// What is to be there in the end.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// What the host is called.
    pub host: &'a str,
    /// The disks of the lab, which are erased.
    pub devices: &'a [String],
    /// The host's public key.
    pub key: &'a str,
    /// Its system; none where that is not known yet.
    pub system: Option<&'a str>,
}

/// File systems that are gone when a machine is started again.
const IN_MEMORY: [&str; 5] = ["tmpfs", "ramfs", "rootfs", "overlay", "squashfs"];

/// What is left to be done.
///
/// # Errors
///
/// Why nothing must be done to this machine.
pub fn steps(wanted: &Wanted<'_>, machine: &Machine) -> Result<Vec<Step>, String> {
    if let Some(why) = no_installer(machine) {
        return Err(why);
    }
    let mut steps = Vec::new();
    let is_made = match &machine.made {
        Some((host, devices)) => {
            machine.is_mounted && host == wanted.host && is_same(devices, wanted.devices)
        }
        None => false,
    };
    if wanted.devices.is_empty() {
        if !machine.is_mounted {
            return Err("the lab has no 'disk' of the host, and nothing is mounted at /mnt: partition and mount what \
                        it is to run from there by hand first, or declare its disks"
                .to_owned());
        }
    } else if !is_made {
        usable(wanted.devices, machine)?;
        steps.push(Step::Disks);
    }
    let is_new = steps.contains(&Step::Disks);
    let has_system = !is_new && wanted.system.is_some() && machine.installed.as_deref() == wanted.system;
    let has_key = !is_new && machine.key.as_deref().is_some_and(|key| is_same_key(key, wanted.key));
    let rest = [(Step::Copy, has_system), (Step::Key, has_key), (Step::Install, has_system && has_key)];
    steps.extend(rest.into_iter().filter(|(_, is_done)| !is_done).map(|(step, _)| step));
    steps.push(Step::Restart);
    Ok(steps)
}

/// Why a machine was not started from an installer.
fn no_installer(machine: &Machine) -> Option<String> {
    if !machine.has_tools {
        return Some("it was not started from an installer of NixOS: it has no 'nixos-install'".to_owned());
    }
    let is_in_memory = |kind: &&String| IN_MEMORY.contains(&kind.as_str());
    let on_disk = machine.runs_from.iter().find(|kind| !is_in_memory(kind));
    match on_disk {
        Some(kind) => Some(format!(
            "it was not started from an installer of NixOS: it runs from a disk, a file system of kind '{kind}'"
        )),
        None if machine.runs_from.is_empty() => Some("it does not say what it runs from".to_owned()),
        None => None,
    }
}

/// Whether these may be erased: all are there, none is another one by another name, and the installer uses none.
fn usable(devices: &[String], machine: &Machine) -> Result<(), String> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for name in devices {
        let found = machine.devices.get(name);
        let Some((device, real)) = found.and_then(|device| Some((device, device.real.as_deref()?))) else {
            return Err(format!(
                "there is no block device {name}: 'ls -l /dev/disk/by-id' there says which are"
            ));
        };
        if let Some(other) = seen.insert(real, name) {
            return Err(format!("{other} and {name} are one device, {real}"));
        }
        if let Some(mount) = device.used() {
            return Err(format!("the installer uses {name}: it is mounted at {mount}"));
        }
    }
    Ok(())
}

/// Whether these are the same devices, in whichever order they are named.
pub fn is_same(some: &[String], others: &[String]) -> bool {
    let sorted = |names: &[String]| {
        let mut names = names.to_vec();
        names.sort();
        names
    };
    sorted(some) == sorted(others)
}

/// Whether two public keys are one, whatever they are called.
pub fn is_same_key(one: &str, other: &str) -> bool {
    let key = |text: &str| -> Vec<String> { text.split_whitespace().take(2).map(str::to_owned).collect() };
    key(one) == key(other)
}

impl Device {
    /// Where something of it is mounted that the installer needs.
    fn used(&self) -> Option<&str> {
        let mounts = self.blocks.iter().map(|block| block.get("MOUNTPOINT"));
        // What is below /mnt is there to be installed to.
        let is_needed = |mount: &&str| !mount.is_empty() && *mount != "/mnt" && !mount.starts_with("/mnt/");
        mounts.into_iter().find(is_needed)
    }

    /// What it is, for people who are to say whether it may be erased.
    pub fn about(&self) -> String {
        let Some(disk) = self.blocks.first() else { return "nothing is known of it".to_owned() };
        let size = disk.get("SIZE").parse().map(size).unwrap_or_default();
        let serial = Some(disk.get("SERIAL")).filter(|serial| !serial.is_empty());
        let serial = serial.map(|serial| format!("serial {serial}")).unwrap_or_default();
        let parts = [self.real.as_deref().unwrap_or_default(), &size, disk.get("MODEL"), &serial];
        parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", ")
    }

    /// What is on it, a line each.
    pub fn contents(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.blocks.iter().filter_map(Block::content).collect();
        if lines.is_empty() {
            lines.push("no file system is seen on it".to_owned());
        }
        lines
    }
}

impl Block {
    /// `NAME="sda" TYPE="disk" …`.
    fn parse(text: &str) -> Self {
        let mut columns = BTreeMap::new();
        let mut rest = text;
        while let Some((name, after)) = rest.split_once("=\"") {
            let Some((value, after)) = after.split_once('"') else { break };
            columns.insert(name.trim().to_owned(), value.trim().to_owned());
            rest = after;
        }
        Self { columns }
    }

    fn get(&self, column: &str) -> &str {
        self.columns.get(column).map_or("", String::as_str)
    }

    fn content(&self) -> Option<String> {
        let (kind, label, mount) = (self.get("FSTYPE"), self.get("LABEL"), self.get("MOUNTPOINT"));
        if kind.is_empty() && self.get("TYPE") == "disk" {
            return None;
        }
        let kind = if kind.is_empty() { "unknown" } else { kind };
        let label = if label.is_empty() { String::new() } else { format!(" '{label}'") };
        let mount = if mount.is_empty() { String::new() } else { format!(", mounted at {mount}") };
        let size = self.get("SIZE").parse().map(size).unwrap_or_default();
        Some(format!("{}: {kind}{label}, {size}{mount}", self.get("NAME")))
    }
}

/// A size as those say it who sell disks.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        1_000_000_000..10_000_000_000_000 => format!("{} GB", bytes / 1_000_000_000),
        _ => format!("{} TB", bytes / 1_000_000_000_000),
    }
}

impl Machine {
    /// Reads what `look` says.
    pub fn parse(said: &str) -> Self {
        let mut machine = Self { task: Task::parse(said), ..Self::default() };
        let mut device = String::new();
        for (word, text) in lines(said) {
            let some = || Some(text.to_owned()).filter(|text| !text.is_empty());
            match word {
                "root" => machine.is_root = text == "yes",
                "tools" => machine.has_tools = text == "yes",
                "from" => machine.runs_from.push(text.to_owned()),
                "mounted" => machine.is_mounted = text == "yes",
                "made" => machine.made = some().map(|host| (host, Vec::new())),
                "made-of" => machine.made.iter_mut().for_each(|(_, devices)| devices.push(text.to_owned())),
                "key" => machine.key = some(),
                "installed" => machine.installed = some(),
                "device" => {
                    text.clone_into(&mut device);
                    machine.devices.insert(device.clone(), Device::default());
                }
                "real" => machine.device(&device).real = some(),
                "block" => machine.device(&device).blocks.push(Block::parse(text)),
                _ => {}
            }
        }
        machine
    }

    fn device(&mut self, name: &str) -> &mut Device {
        self.devices.entry(name.to_owned()).or_default()
    }
}

impl Task {
    /// Reads what a machine says of what it does; nothing if it never did anything.
    pub fn parse(said: &str) -> Option<Self> {
        let mut task = Self::default();
        for (word, text) in lines(said) {
            match word {
                "task" => text.clone_into(&mut task.id),
                "does" => text.clone_into(&mut task.what),
                "code" => task.code = text.parse().ok(),
                "running" => task.is_running = text == "yes",
                "log" => task.log.push(text.to_owned()),
                _ => {}
            }
        }
        (!task.id.is_empty()).then_some(task)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: &str = "hlc:root=no\nhlc:tools=yes\nhlc:from=tmpfs\nhlc:from=overlay\nhlc:mounted=no\n\
        hlc:device=/dev/disk/by-id/a\nhlc:real=/dev/sda\n\
        hlc:block=NAME=\"sda\" TYPE=\"disk\" SIZE=\"500107862016\" MODEL=\"Disk 1\" SERIAL=\"S=1\" MOUNTPOINT=\"\"\n\
        hlc:block=NAME=\"sda1\" TYPE=\"part\" SIZE=\"500000000\" FSTYPE=\"vfat\" LABEL=\"EFI\" MOUNTPOINT=\"\"\n\
        hlc:device=/dev/disk/by-id/b\nhlc:real=/dev/sdb\n\
        hlc:block=NAME=\"sdb\" TYPE=\"disk\" MOUNTPOINT=\"/iso\"\nhlc:device=/dev/gone\nhlc:real=\n";

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| format!("/dev/{name}")).collect()
    }

    fn said(devices: &[String], change: &dyn Fn(&mut Machine)) -> Result<Vec<Step>, String> {
        let mut machine = Machine::parse(LOOK);
        change(&mut machine);
        let wanted = Wanted { host: "a", devices, key: "ssh-ed25519 K", system: Some("/nix/store/s") };
        steps(&wanted, &machine)
    }

    #[test]
    fn what_is_done_is_not_done_again() {
        use Step::{Copy, Disks, Install, Key, Restart};
        let disk = names(&["disk/by-id/a"]);
        assert_eq!(said(&disk, &|_| {}), Ok(vec![Disks, Copy, Key, Install, Restart]));
        let made = |machine: &mut Machine| {
            machine.is_mounted = true;
            machine.made = Some(("a".into(), disk.clone()));
        };
        assert_eq!(said(&disk, &made), Ok(vec![Copy, Key, Install, Restart]));
        let all = |machine: &mut Machine| {
            made(machine);
            machine.key = Some("ssh-ed25519 K root@a".into());
            machine.installed = Some("/nix/store/s".into());
        };
        assert_eq!(said(&disk, &all), Ok(vec![Restart]));
        // Another system, another key, another host: what is there is not what is wanted.
        let other = |machine: &mut Machine| {
            all(machine);
            machine.installed = Some("/nix/store/t".into());
        };
        assert_eq!(said(&disk, &other), Ok(vec![Copy, Install, Restart]));
        let other = |machine: &mut Machine| {
            all(machine);
            machine.made = Some(("b".into(), disk.clone()));
        };
        assert_eq!(said(&disk, &other), Ok(vec![Disks, Copy, Key, Install, Restart]));
        let by_hand = |machine: &mut Machine| machine.is_mounted = true;
        assert_eq!(said(&[], &by_hand), Ok(vec![Copy, Key, Install, Restart]));
    }

    #[test]
    fn what_must_not_be_erased_is_not() {
        let why = |devices: &[&str]| said(&names(devices), &|_| {}).expect_err("it must not");
        assert!(why(&["disk/by-id/b"]).contains("mounted at /iso"));
        assert!(why(&["disk/by-id/a", "gone"]).contains("no block device /dev/gone"));
        assert!(why(&["never-asked"]).contains("no block device"));
        assert!(why(&[]).contains("nothing is mounted at /mnt"));
        let twice = |machine: &mut Machine| {
            let device = machine.devices["/dev/disk/by-id/a"].clone();
            machine.devices.insert("/dev/x".into(), device);
        };
        let why = said(&names(&["disk/by-id/a", "x"]), &twice).expect_err("it must not");
        assert!(why.contains("one device, /dev/sda"), "{why}");
        let disk = names(&["disk/by-id/a"]);
        for change in [
            (|machine| machine.has_tools = false) as fn(&mut Machine),
            |machine| machine.runs_from[1] = "ext4".into(),
            |machine| machine.runs_from.clear(),
        ] {
            assert!(said(&disk, &change).is_err());
        }
    }

    #[test]
    fn people_are_told_what_is_erased() {
        let machine = Machine::parse(LOOK);
        let device = &machine.devices["/dev/disk/by-id/a"];
        assert_eq!(device.about(), "/dev/sda, 500 GB, Disk 1, serial S=1");
        assert_eq!(device.contents(), ["sda1: vfat 'EFI', 500 MB"]);
        assert_eq!(Machine::parse("hlc:block=a=\"\nhlc:made-of=x\nhlc:real").devices[""].blocks.len(), 1);
    }
}
