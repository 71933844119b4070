//! Paths on a machine.

use std::fmt;

use crate::Invalid;
use crate::invalid::quoted;

/// An absolute path without `.`, `..` and doubled slashes; a slash at the end is left out.
///
/// The order is that of the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnixPath(String);

/// Device files that get their number in the order they are found: the start of their path, and the folder
/// where the same device has a name that stays.
const NUMBERED: &[(&str, &str)] = &[
    ("/dev/ttyUSB", "/dev/serial/by-id"),
    ("/dev/ttyACM", "/dev/serial/by-id"),
    ("/dev/sd", "/dev/disk/by-id"),
    ("/dev/sr", "/dev/disk/by-id"),
    ("/dev/video", "/dev/v4l/by-id"),
    ("/dev/input/event", "/dev/input/by-id"),
    ("/dev/input/mouse", "/dev/input/by-id"),
];

impl UnixPath {
    /// Reads an absolute path.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).map_err(|cause| cause.of(text, "an absolute path").settled(Self::read))
    }

    /// The whole path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names on the way from the root; none for the root itself.
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|name| !name.is_empty())
    }

    /// The last name; `None` for the root.
    pub fn file_name(&self) -> Option<&str> {
        self.names().next_back()
    }

    /// The folder it is in; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        let (parent, name) = self.0.rsplit_once('/')?;
        let parent = if parent.is_empty() { "/" } else { parent };
        (!name.is_empty()).then(|| Self(parent.to_owned()))
    }

    /// Whether it is `folder` or inside it, at any depth.
    pub fn is_in(&self, folder: &Self) -> bool {
        let mut names = self.names();
        folder.names().all(|name| names.next() == Some(name))
    }

    /// The path that `relative` names from here.
    pub fn join(&self, relative: &str) -> Result<Self, Invalid> {
        if relative.starts_with('/') {
            return Err(Invalid::new(format!(
                "{} is not a relative path: it starts with '/'",
                quoted(relative)
            )));
        }
        Self::parse(&format!("{}/{relative}", self.0.trim_end_matches('/')))
    }

    /// Whether it is a device file.
    pub fn is_device(&self) -> bool {
        self.names().next() == Some("dev") && self.0 != "/dev"
    }

    /// Whether the path means the same thing after a restart with other devices plugged in.
    ///
    /// False only where a folder such as `/dev/serial/by-id` has a name for the device that stays; see
    /// [`Self::stable_folder`]. `NVMe` disks count as stable: they are numbered by slot on most machines.
    pub fn is_stable_device(&self) -> bool {
        self.stable_folder().is_none()
    }

    /// The folder that has a lasting name for a device whose number may change.
    pub fn stable_folder(&self) -> Option<&'static str> {
        let found = NUMBERED.iter().find(|(start, _)| {
            let rest = self.0.strip_prefix(start).unwrap_or_default();
            // A disk and its partitions are `sda` and `sda1`, everything else has a number.
            let numbered = if *start == "/dev/sd" {
                rest.trim_start_matches(|c: char| c.is_ascii_lowercase())
            } else {
                rest
            };
            !rest.is_empty() && numbered.bytes().all(|byte| byte.is_ascii_digit())
        });
        found.map(|(_, folder)| *folder)
    }

    fn read(text: &str) -> Result<Self, Invalid> {
        if text.chars().any(char::is_control) {
            return Err(Invalid::new("it contains a control character"));
        }
        if text.starts_with("~/") || text == "~" {
            return Err(Invalid::new("it starts with '~'")
                .with_help("write the home folder out, such as /home/admin"));
        }
        if !text.starts_with('/') {
            return Err(
                Invalid::new("it does not start with '/'").with_help("write the path from the root on")
            );
        }
        let trimmed = text.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(text);
        let cause = if text.contains("//") {
            "it has '/' twice in a row"
        } else if trimmed.split('/').any(|name| name == "..") {
            "it goes back with '..'"
        } else if trimmed.split('/').any(|name| name == ".") {
            "it has a '.' on its own"
        } else {
            return Ok(Self(trimmed.to_owned()));
        };
        Err(Invalid::new(cause).with_fix(normalised(text)))
    }
}

impl fmt::Display for UnixPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The absolute path with every `.`, `..` and doubled slash resolved; `..` at the root stays there.
fn normalised(text: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in text.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    format!("/{}", names.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> UnixPath {
        UnixPath::parse(text).unwrap()
    }

    #[test]
    fn reads_and_takes_apart() {
        let data = path("/home/node/.n8n/");
        assert_eq!(data.to_string(), "/home/node/.n8n");
        assert_eq!((data.file_name(), data.parent()), (Some(".n8n"), Some(path("/home/node"))));
        assert_eq!((path("/").file_name(), path("/").parent()), (None, None));
        assert_eq!(path("/etc").parent(), Some(path("/")));
        assert_eq!(path("/").join("etc/hosts"), Ok(path("/etc/hosts")));
        assert!(path("/a").join("/b").is_err() && path("/a").join("../b").is_err());
        assert!(
            path("/a/b").is_in(&path("/a"))
                && path("/a").is_in(&path("/"))
                && !path("/ab").is_in(&path("/a"))
        );
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, cause, fix) in [
            ("data", "it does not start with '/'", None),
            ("./data", "it does not start with '/'", None),
            ("~/data", "it starts with '~'", None),
            ("", "it does not start with '/'", None),
            ("/a//b", "it has '/' twice in a row", Some("/a/b")),
            ("/a//", "it has '/' twice in a row", Some("/a")),
            ("//", "it has '/' twice in a row", Some("/")),
            ("/a/../b", "it goes back with '..'", Some("/b")),
            ("/a/./b", "it has a '.' on its own", Some("/a/b")),
        ] {
            let invalid = UnixPath::parse(text).unwrap_err();
            assert_eq!(invalid.reason, format!("'{text}' is not an absolute path: {cause}"));
            assert_eq!(invalid.fix.as_deref(), fix, "{text}");
        }
    }

    #[test]
    fn knows_devices_that_move() {
        for (text, folder) in [
            ("/dev/ttyUSB0", Some("/dev/serial/by-id")),
            ("/dev/ttyACM12", Some("/dev/serial/by-id")),
            ("/dev/sda", Some("/dev/disk/by-id")),
            ("/dev/sdb1", Some("/dev/disk/by-id")),
            ("/dev/video0", Some("/dev/v4l/by-id")),
            ("/dev/nvme0n1", None),
            ("/dev/serial/by-id/usb-zigbee-stick", None),
            ("/dev/disk/by-id/ata-x", None),
            ("/dev/dri/renderD128", None),
            ("/dev/sda/x", None),
            ("/srv/data", None),
        ] {
            assert_eq!(path(text).stable_folder(), folder, "{text}");
            assert_eq!(path(text).is_stable_device(), folder.is_none());
        }
        assert!(path("/dev/kvm").is_device() && !path("/dev").is_device() && !path("/device/x").is_device());
    }
}
