//! Host names and the single labels of Kubernetes.

use std::fmt;

use crate::invalid::{counted, quoted};
use crate::{Address, Invalid};

/// A host name after RFC 1123 in lower case, such as `n8n.home.lan`, or `*.home.lan` for every name below one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hostname(String);

/// One label of a name, as Kubernetes wants the names of most objects: `home-assistant`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DnsLabel(String);

/// How many characters a whole name may have.
const LONGEST_NAME: usize = 253;
/// How many characters a label may have.
const LONGEST_LABEL: usize = 63;

impl Hostname {
    /// Reads a name of one host.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check_name(text).map_err(|cause| cause.of(text, "a host name").settled(check_name))?;
        Ok(Self(text.to_owned()))
    }

    /// Reads a name of one host, or `*.` and the name that the hosts are below.
    pub fn parse_wildcard(text: &str) -> Result<Self, Invalid> {
        let Some(parent) = text.strip_prefix("*.") else { return Self::parse(text) };
        let what = "a host name or wildcard";
        check_name(parent)
            .and_then(|()| if text.len() > LONGEST_NAME { Err(too_long(text, LONGEST_NAME)) } else { Ok(()) })
            .map_err(|cause| cause.settled(check_name).map_fix(|fix| format!("*.{fix}")).of(text, what))?;
        Ok(Self(text.to_owned()))
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a wildcard.
    pub fn is_wildcard(&self) -> bool {
        self.0.starts_with("*.")
    }

    /// The parts between the dots, the host's own first.
    pub fn labels(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('.')
    }

    /// The name without its first label; `None` where there is only one.
    pub fn parent(&self) -> Option<Self> {
        self.0.split_once('.').map(|(_, parent)| Self(parent.to_owned()))
    }

    /// Whether it is `domain` or a name below it, at any depth.
    pub fn is_in(&self, domain: &Self) -> bool {
        self.0.strip_suffix(&domain.0).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// Whether it is `name`, or a wildcard whose one missing label `name` has.
    pub fn matches(&self, name: &Self) -> bool {
        self == name || (self.is_wildcard() && self.parent() == name.parent())
    }
}

impl fmt::Display for Hostname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl DnsLabel {
    /// Reads up to 63 lower-case letters, digits and hyphens.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check_label(text).map_err(|cause| cause.of(text, "a name for a Kubernetes object"))?;
        Ok(Self(text.to_owned()))
    }

    /// The label.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it starts with a letter, as the names of services and ports must.
    pub fn starts_with_letter(&self) -> bool {
        self.0.starts_with(|first: char| first.is_ascii_lowercase())
    }
}

impl fmt::Display for DnsLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The bare cause for a text that is not a host name; its fix replaces all of it.
fn check_name(text: &str) -> Result<(), Invalid> {
    if is_name(text) {
        return Ok(());
    }
    if Address::find(text).is_some() {
        return Err(Invalid::new("it is an address"));
    }
    if text.starts_with("*.") {
        return Err(Invalid::new("it is a wildcard, and one host is wanted"));
    }
    if let Some(name) = text.strip_suffix('.') {
        return Err(Invalid::new("it ends with a dot").with_fix(name));
    }
    if let Some((_, name)) = text.split_once("://") {
        let name = name.split(['/', ':', '?', '#']).next().unwrap_or_default();
        return Err(Invalid::new("it is a URL").with_fix(name));
    }
    if text.len() > LONGEST_NAME {
        return Err(too_long(text, LONGEST_NAME));
    }
    for label in text.split('.') {
        check_label(label).map_err(|cause| {
            let fixed: Vec<String> = text.split('.').map(repaired).collect();
            let right = fixed.iter().all(|label| check_label(label).is_ok());
            if right { cause.with_fix(fixed.join(".")) } else { Invalid { fix: None, ..cause } }
        })?;
    }
    let last = text.rsplit('.').next().unwrap_or_default();
    if text.contains('.') && last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Invalid::new("its last part is a number, as in an address"));
    }
    Ok(())
}

/// Whether a text is a host name beyond doubt, in one walk: nearly all are, and only the others need to know why not.
fn is_name(text: &str) -> bool {
    let (mut label, mut digits, mut last) = (0, 0, b'-');
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' => {}
            b'-' if label > 0 => {}
            b'.' if last != b'-' && label > 0 => {
                (label, digits, last) = (0, 0, b'-');
                continue;
            }
            _ => return false,
        }
        label += 1;
        digits += usize::from(byte.is_ascii_digit());
        last = byte;
        if label > LONGEST_LABEL {
            return false;
        }
    }
    last != b'-' && digits < label && text.len() <= LONGEST_NAME
}

/// The bare cause for a text that is not a label; its fix replaces all of it.
pub(crate) fn check_label(text: &str) -> Result<(), Invalid> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let cause = if text.is_empty() {
        "a part is empty".to_owned()
    } else if text.chars().any(|c| c.is_ascii_uppercase()) {
        "it has capital letters".to_owned()
    } else if let Some(other) = text.chars().find(|c| !is_plain(*c)) {
        format!("it contains {}", quoted(&other.to_string()))
    } else if text.starts_with('-') || text.ends_with('-') {
        "a part starts or ends with '-'".to_owned()
    } else if text.len() > LONGEST_LABEL {
        return Err(too_long(text, LONGEST_LABEL));
    } else {
        return Ok(());
    };
    let cause = Invalid::new(cause).with_help("use lower-case letters, digits and '-' inside");
    let fixed = repaired(text);
    Err(if fixed != text && check_label(&fixed).is_ok() { cause.with_fix(fixed) } else { cause })
}

/// The label with small letters and hyphens where it has capitals and what people use for hyphens.
fn repaired(label: &str) -> String {
    let fixed = label.to_ascii_lowercase().replace(['_', ' '], "-");
    fixed.trim_matches('-').to_owned()
}

fn too_long(text: &str, most: usize) -> Invalid {
    Invalid::new(format!("it has {}, and {most} are the most", counted(text.len(), "character")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_and_wildcards() {
        for text in ["homelab-0", "n8n.home.lan", "0.pool.ntp.org", &"a".repeat(63)] {
            assert_eq!(Hostname::parse(text).unwrap().as_str(), text);
        }
        assert!(Hostname::parse_wildcard("*.home.lan").unwrap().is_wildcard());
        assert!(!Hostname::parse_wildcard("home.lan").unwrap().is_wildcard());
    }

    #[test]
    fn refuses_with_a_cause() {
        let long = "a".repeat(64);
        for (text, cause, fix) in [
            ("N8N.Home.lan", "it has capital letters", Some("n8n.home.lan")),
            ("my_host.lan", "it contains '_'", Some("my-host.lan")),
            ("-a.lan", "a part starts or ends with '-'", Some("a.lan")),
            ("a..lan", "a part is empty", None),
            ("", "a part is empty", None),
            ("home.lan.", "it ends with a dot", Some("home.lan")),
            ("*.home.lan", "it is a wildcard, and one host is wanted", None),
            ("192.168.1.1", "it is an address", None),
            ("192.168.1", "its last part is a number, as in an address", None),
            ("https://a.lan/x", "it is a URL", Some("a.lan")),
            ("a.lan:80", "it contains ':'", None),
            ("bücher.lan", "it contains 'ü'", None),
        ] {
            let invalid = Hostname::parse(text).unwrap_err();
            assert_eq!(invalid.reason, format!("'{text}' is not a host name: {cause}"));
            assert_eq!(invalid.fix.as_deref(), fix, "{text}");
        }
        assert!(Hostname::parse(&long).unwrap_err().reason.ends_with("64 characters, and 63 are the most"));
        let wildcard = Hostname::parse_wildcard("*.Home.lan").unwrap_err();
        assert_eq!(wildcard.fix.as_deref(), Some("*.home.lan"));
    }

    #[test]
    fn compares_names() {
        let name = |text| Hostname::parse_wildcard(text).unwrap();
        assert!(name("a.b.home.lan").is_in(&name("home.lan")) && name("home.lan").is_in(&name("home.lan")));
        assert!(!name("myhome.lan").is_in(&name("home.lan")));
        assert!(name("*.home.lan").matches(&name("a.home.lan")));
        assert!(!name("*.home.lan").matches(&name("a.b.home.lan")));
        assert!(!name("*.home.lan").matches(&name("home.lan")));
    }

    #[test]
    fn labels() {
        assert!(DnsLabel::parse("home-assistant").unwrap().starts_with_letter());
        assert!(!DnsLabel::parse("3d-printer").unwrap().starts_with_letter());
        let invalid = DnsLabel::parse("Home_Assistant").unwrap_err();
        assert_eq!(
            invalid.reason,
            "'Home_Assistant' is not a name for a Kubernetes object: it has capital letters"
        );
        assert_eq!(invalid.fix.as_deref(), Some("home-assistant"));
        assert!(DnsLabel::parse("a.b").is_err());
    }
}
