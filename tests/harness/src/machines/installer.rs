//! Machines that were started from an installer: nothing of them is left after a start but what was installed.
//!
//! They have no disks. What stands in for disko erases a folder and mounts it at `/mnt`; what stands in for
//! `nixos-install` marks it as something to boot. With the next start, its store, its host key and its system are the
//! machine's.

use super::{Account, Deployer, Machine};

impl Machine {
    /// Starts a machine from an installer that lets the deployer in.
    #[track_caller]
    pub fn installer(name: &str, deployer: &Deployer, account: Account) -> Self {
        Self::start(name, deployer, account, true)
    }

    /// Has a disk, which is called so; `columns` is what `lsblk --pairs` says of it.
    pub fn plug(&self, device: &str, columns: &str) {
        let name = device.rsplit('/').next().expect("a path has a name");
        self.set(&format!("devices/{name}"), &format!("{columns}\n"));
    }

    /// Has disko's script or `nixos-install` fail from now on, or no more.
    pub fn fails(&self, what: &str, fails: bool) {
        let verb = if fails { "touch" } else { "rm -f" };
        self.run(&format!("{verb} /machine/{what}-fails")).succeeded();
    }

    /// The devices that were erased, in their order, each time anew.
    pub fn erased(&self) -> Vec<String> {
        self.read("/var/log/erased").unwrap_or_default().lines().map(str::to_owned).collect()
    }
}
