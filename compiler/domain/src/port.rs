//! Port numbers.

use std::fmt;
use std::num::NonZeroU16;

use crate::Invalid;
use crate::invalid::quoted;

/// A port of TCP or UDP: 1 to 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Port(NonZeroU16);

impl Port {
    /// Reads a number from 1 to 65535.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if let Some((number, protocol)) = text.split_once('/')
            && Self::parse(number).is_ok()
        {
            return Err(Invalid::new(format!("{} is not a port: it has a protocol", quoted(text)))
                .with_help(format!(
                    "write the number alone; the protocol {} has a field of its own",
                    quoted(protocol)
                ))
                .with_fix(number));
        }
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Invalid::new(format!("{} is not a port: it is not a whole number", quoted(text))));
        }
        let port =
            text.parse().ok().and_then(|number| Self::new(number).ok()).ok_or_else(|| out_of_range(text))?;
        if text.starts_with('0') {
            return Err(Invalid::new(format!("{} is not a port: it starts with 0", quoted(text)))
                .with_fix(port.to_string()));
        }
        Ok(port)
    }

    /// The port with this number.
    pub fn new(number: i64) -> Result<Self, Invalid> {
        let port = u16::try_from(number).ok().and_then(NonZeroU16::new);
        port.map(Self).ok_or_else(|| out_of_range(&number.to_string()))
    }

    /// The number.
    pub const fn number(self) -> u16 {
        self.0.get()
    }

    /// Whether only a privileged process may listen on it (below 1024).
    pub const fn is_privileged(self) -> bool {
        self.number() < 1024
    }

    /// Whether Kubernetes gives it out as a node port (30000 to 32767).
    pub const fn is_node_port(self) -> bool {
        matches!(self.number(), 30000..=32767)
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn out_of_range(text: &str) -> Invalid {
    Invalid::new(format!("{} is not a port: ports are 1 to 65535", quoted(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_whole_range() {
        for text in ["1", "80", "65535"] {
            assert_eq!(Port::parse(text).unwrap().to_string(), text);
        }
        assert!(Port::new(443).unwrap().is_privileged());
        assert!(Port::new(30080).unwrap().is_node_port());
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, cause, fix) in [
            ("0", "ports are 1 to 65535", None),
            ("65536", "ports are 1 to 65535", None),
            ("99999999999999999999", "ports are 1 to 65535", None),
            ("http", "it is not a whole number", None),
            ("-1", "it is not a whole number", None),
            ("080", "it starts with 0", Some("80")),
            ("53/udp", "it has a protocol", Some("53")),
        ] {
            let invalid = Port::parse(text).unwrap_err();
            assert_eq!(invalid.reason, format!("'{text}' is not a port: {cause}"));
            assert_eq!(invalid.fix.as_deref(), fix);
        }
        assert_eq!(Port::new(-1).unwrap_err().reason, "'-1' is not a port: ports are 1 to 65535");
    }
}
