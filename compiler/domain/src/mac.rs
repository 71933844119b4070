//! Hardware addresses.

use std::fmt;

use crate::Invalid;
use crate::invalid::{counted, quoted};

/// The hardware address of a network card; shown as `aa:bb:cc:dd:ee:ff`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mac([u8; 6]);

impl Mac {
    /// Reads six pairs of hexadecimal digits with `:` or `-` between them, or three fours with dots.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).map_err(|cause| cause.of(text, "a MAC address"))
    }

    /// The six bytes.
    pub const fn bytes(self) -> [u8; 6] {
        self.0
    }

    /// Whether it addresses a group of cards, and so cannot be the address of one.
    pub const fn is_multicast(self) -> bool {
        self.0[0] & 1 == 1
    }

    /// Whether it was made up locally instead of given by the card's maker.
    pub const fn is_local(self) -> bool {
        self.0[0] & 2 == 2
    }

    fn read(text: &str) -> Result<Self, Invalid> {
        let (separator, width, count) = match text.bytes().find(|byte| !byte.is_ascii_hexdigit()) {
            Some(b'-') => ('-', 2, 6),
            Some(b'.') => ('.', 4, 3),
            _ => (':', 2, 6),
        };
        let groups: Vec<&str> = text.split(separator).collect();
        if groups.len() != count {
            return Err(Invalid::new(format!(
                "it has {} instead of {count}",
                counted(groups.len(), "group")
            ))
            .with_help("write six pairs of hexadecimal digits, such as 52:54:00:12:34:56"));
        }
        let is_group =
            |group: &str| group.len() == width && group.bytes().all(|byte| byte.is_ascii_hexdigit());
        if let Some(group) = groups.iter().find(|group| !is_group(group)) {
            return Err(Invalid::new(format!("{} is not {width} hexadecimal digits", quoted(group))));
        }
        let digits = u64::from_str_radix(&groups.concat(), 16)
            .map_err(|_| Invalid::new("its digits are not hexadecimal"))?;
        let [_, _, bytes @ ..] = digits.to_be_bytes();
        Ok(Self(bytes))
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02x}", if nth == 0 { "" } else { ":" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_common_form() {
        for text in ["52:54:00:ab:cd:ef", "52:54:00:AB:CD:EF", "52-54-00-AB-CD-EF", "5254.00ab.cdef"] {
            assert_eq!(Mac::parse(text).unwrap().to_string(), "52:54:00:ab:cd:ef");
        }
        assert!(Mac::parse("52:54:00:ab:cd:ef").unwrap().is_local());
        assert!(Mac::parse("ff:ff:ff:ff:ff:ff").unwrap().is_multicast());
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, cause) in [
            ("52:54:00:ab:cd", "it has 5 groups instead of 6"),
            ("52:54:00:ab:cd:eg", "'eg' is not 2 hexadecimal digits"),
            ("52:54:00:ab:cd:e", "'e' is not 2 hexadecimal digits"),
            ("5254.00ab", "it has 2 groups instead of 3"),
            ("", "it has 1 group instead of 6"),
        ] {
            let invalid = Mac::parse(text).unwrap_err();
            assert_eq!(invalid.reason, format!("'{text}' is not a MAC address: {cause}"));
        }
    }
}
