//! Files for `ssh`: the keys that hosts show, as the lab has them, and what it is told about several hosts.

use std::io::{self, Write};

use tempfile::NamedTempFile;

use crate::ssh::Host;

/// A file as `known_hosts` is, in which any host has one key: it is given to `ssh` for one host.
///
/// # Errors
///
/// If no file can be made for it.
pub(crate) fn known(key: &str) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("hlc-known-hosts").tempfile()?;
    writeln!(file, "* {key}")?;
    file.flush()?;
    Ok(file)
}

/// A file as `~/.ssh/config` is, which says of each host what it alone is told, and else what that one says: of two that
/// say something, the first is heard.
///
/// # Errors
///
/// If no file can be made for it.
pub(crate) fn configuration(hosts: &[&Host]) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("hlc-ssh-config").tempfile()?;
    for host in hosts {
        writeln!(file, "Host {}", host.address.at)?;
        for setting in host.settings() {
            writeln!(file, "  {setting}")?;
        }
    }
    writeln!(file, "Host *\n  Include ~/.ssh/config\n  Include /etc/ssh/ssh_config")?;
    file.flush()?;
    Ok(file)
}
