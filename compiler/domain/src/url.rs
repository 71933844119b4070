//! URLs.

use std::fmt;

use crate::invalid::quoted;
use crate::{Address, Hostname, Invalid, Port};

/// A URL with a host, such as `https://admin@n8n.home.lan:8443/api?x=1`; shown as written.
///
/// The order is that of the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Url {
    text: String,
    scheme: String,
    userinfo: Option<String>,
    host: Option<Host>,
    port: Option<Port>,
    path: String,
    query: Option<String>,
    fragment: Option<String>,
}

/// What a URL names as its host.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Host {
    /// A name.
    Name(Hostname),
    /// An address; one of IPv6 stands in brackets.
    Address(Address),
}

/// The ports that schemes have without saying so.
const DEFAULT_PORTS: &[(&str, i64)] = &[
    ("amqp", 5672),
    ("ftp", 21),
    ("http", 80),
    ("https", 443),
    ("ldap", 389),
    ("ldaps", 636),
    ("mqtt", 1883),
    ("mqtts", 8883),
    ("mysql", 3306),
    ("oci", 443),
    ("postgres", 5432),
    ("postgresql", 5432),
    ("redis", 6379),
    ("ssh", 22),
    ("ws", 80),
    ("wss", 443),
];

impl Url {
    /// Reads a URL; only those of files may leave the host out.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).map_err(|cause| cause.of(text, "a URL").settled(Self::read))
    }

    /// The URL as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The scheme: `https`.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// What stands before the `@`: a user, or a user and a password with `:` between them.
    pub fn userinfo(&self) -> Option<&str> {
        self.userinfo.as_deref()
    }

    /// The user's name, as encoded.
    pub fn user(&self) -> Option<&str> {
        self.userinfo().map(|info| info.split_once(':').map_or(info, |(user, _)| user))
    }

    /// The password that stands in the open, as encoded.
    pub fn password(&self) -> Option<&str> {
        self.userinfo()?.split_once(':').map(|(_, password)| password)
    }

    /// The host; only URLs of files have none.
    pub const fn host(&self) -> Option<&Host> {
        self.host.as_ref()
    }

    /// The port that is written.
    pub const fn port(&self) -> Option<Port> {
        self.port
    }

    /// The port that is written, or else the scheme's own.
    pub fn port_or_default(&self) -> Option<Port> {
        let default = || DEFAULT_PORTS.iter().find(|(scheme, _)| *scheme == self.scheme);
        self.port.or_else(|| default().and_then(|(_, number)| Port::new(*number).ok()))
    }

    /// The path from its `/` on, as encoded; empty where there is none.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What stands after the `?`, as encoded.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// What stands after the `#`, as encoded.
    pub fn fragment(&self) -> Option<&str> {
        self.fragment.as_deref()
    }

    fn read(text: &str) -> Result<Self, Invalid> {
        check_characters(text)?;
        let (scheme, rest) = split_scheme(text)?;
        let (rest, fragment) = cut(rest, '#');
        let (rest, query) = cut(rest, '?');
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (userinfo, place) = match authority.rsplit_once('@') {
            Some((userinfo, place)) => (Some(userinfo), place),
            None => (None, authority),
        };
        // Everything before the host: where a fix for the host goes.
        let start = scheme.len() + 3 + authority.len() - place.len();
        let put = |fix: String| format!("{}{fix}{}", &text[..start], &text[start + place.len()..]);
        let (host, port) = match place {
            "" if scheme == "file" => (None, None),
            place => read_place(place)
                .map(|(host, port)| (Some(host), port))
                .map_err(|cause| cause.map_fix(put))?,
        };
        Ok(Self {
            text: text.to_owned(),
            scheme: scheme.to_owned(),
            userinfo: userinfo.map(str::to_owned),
            host,
            port,
            path: path.to_owned(),
            query: query.map(str::to_owned),
            fragment: fragment.map(str::to_owned),
        })
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Address(address) if address.is_v4() => address.fmt(f),
            Self::Address(address) => write!(f, "[{address}]"),
        }
    }
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn check_characters(text: &str) -> Result<(), Invalid> {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'/' | b':' | b'_');
    if text.bytes().all(is_plain) {
        return Ok(());
    }
    let trimmed = text.trim();
    if trimmed != text {
        return Err(Invalid::new("it has space around it").with_fix(trimmed));
    }
    if text.contains(' ') {
        return Err(Invalid::new("it contains a space").with_fix(text.replace(' ', "%20")));
    }
    let is_allowed =
        |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}');
    if let Some(other) = text.chars().find(|c| !is_allowed(*c)) {
        return Err(Invalid::new(format!("it contains {}", quoted(&other.to_string())))
            .with_help(format!("write {} instead", encoded(other))));
    }
    let is_hex = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_hexdigit);
    if text.match_indices('%').any(|(at, _)| !is_hex(at + 1) || !is_hex(at + 2)) {
        return Err(Invalid::new("a '%' has no two hexadecimal digits after it")
            .with_help("write %25 for the character '%'"));
    }
    Ok(())
}

/// The character as URLs write it.
fn encoded(character: char) -> String {
    let mut bytes = [0; 4];
    let codes: Vec<String> =
        character.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")).collect();
    codes.concat()
}

/// What stands before the first `://`, and what behind it.
pub(crate) fn before_and_after_scheme(text: &str) -> Option<(&str, &str)> {
    let mut colons = text.match_indices(':');
    colons.find_map(|(at, _)| text[at..].strip_prefix("://").map(|rest| (&text[..at], rest)))
}

fn split_scheme(text: &str) -> Result<(&str, &str), Invalid> {
    let help = "start with a scheme, such as https://";
    let Some((scheme, rest)) = before_and_after_scheme(text) else {
        return Err(Invalid::new("it has no scheme").with_help(help));
    };
    let is_rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '+' | '-' | '.');
    if scheme.starts_with(|c: char| c.is_ascii_lowercase()) && scheme.chars().all(is_rest) {
        return Ok((scheme, rest));
    }
    let lower = scheme.to_ascii_lowercase();
    let cause = Invalid::new(format!("{} is not a scheme", quoted(scheme))).with_help(help);
    let is_right = lower.starts_with(|c: char| c.is_ascii_lowercase()) && lower.chars().all(is_rest);
    Err(if is_right { cause.with_fix(format!("{lower}://{rest}")) } else { cause })
}

/// Reads a host and the port after it; a fix replaces both.
fn read_place(place: &str) -> Result<(Host, Option<Port>), Invalid> {
    if place.is_empty() {
        return Err(Invalid::new("it has no host"));
    }
    if let Some(inner) = place.strip_prefix('[') {
        let (address, rest) = inner.split_once(']').ok_or_else(|| Invalid::new("its '[' has no ']'"))?;
        let address = Address::read(address)?;
        if address.is_v4() {
            return Err(
                Invalid::new("only addresses of IPv6 stand in brackets").with_fix(format!("{address}{rest}"))
            );
        }
        let port = match rest.strip_prefix(':') {
            Some(port) => Some(read_port(port)?),
            None if rest.is_empty() => None,
            None => return Err(Invalid::new(format!("{} stands after its address", quoted(rest)))),
        };
        return Ok((Host::Address(address), port));
    }
    if let Some(address) = Address::find(place)
        && !address.is_v4()
    {
        return Err(Invalid::new("addresses of IPv6 stand in brackets").with_fix(format!("[{place}]")));
    }
    let (name, port) = cut(place, ':');
    let after = port.map_or_else(String::new, |port| format!(":{port}"));
    let port = port.map(read_port).transpose()?;
    if let Some(address) = Address::find(name) {
        return Ok((Host::Address(address), port));
    }
    let name = Hostname::parse(name).map_err(|cause| {
        Invalid { reason: cause.reason.replace(" is not a host name: ", ", its host, is wrong: "), ..cause }
            .map_fix(|fix| format!("{fix}{after}"))
    })?;
    Ok((Host::Name(name), port))
}

fn read_port(text: &str) -> Result<Port, Invalid> {
    Port::parse(text).map_err(|cause| Invalid { help: None, fix: None, ..cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_apart() {
        let url = Url::parse("postgres://me:pw@db.apps:5433/n8n?sslmode=off#x").unwrap();
        assert_eq!((url.scheme(), url.user(), url.password()), ("postgres", Some("me"), Some("pw")));
        assert_eq!(url.host().unwrap().to_string(), "db.apps");
        assert_eq!(url.port().unwrap().number(), 5433);
        assert_eq!((url.path(), url.query(), url.fragment()), ("/n8n", Some("sslmode=off"), Some("x")));
        assert_eq!(url.to_string(), "postgres://me:pw@db.apps:5433/n8n?sslmode=off#x");
    }

    #[test]
    fn reads_every_kind_of_host() {
        for (text, host, port) in [
            ("https://n8n.home.lan", Some("n8n.home.lan"), Some(443)),
            ("http://192.168.1.10:8080/", Some("192.168.1.10"), Some(8080)),
            ("http://[fd00::1]:80", Some("[fd00::1]"), Some(80)),
            ("oci://ghcr.io/charts", Some("ghcr.io"), Some(443)),
            ("git+ssh://git@github.com/a/b", Some("github.com"), None),
            ("file:///etc/hosts", None, None),
        ] {
            let url = Url::parse(text).unwrap();
            assert_eq!(url.host().map(ToString::to_string).as_deref(), host);
            assert_eq!(url.port_or_default().map(Port::number), port);
        }
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, cause, fix) in [
            ("grafana.lan", "it has no scheme", None),
            ("mailto:me@a.lan", "it has no scheme", None),
            ("HTTPS://a.lan", "'HTTPS' is not a scheme", Some("https://a.lan")),
            ("http://", "it has no host", None),
            ("http:///x", "it has no host", None),
            ("http://a.lan:99999/", "'99999' is not a port: ports are 1 to 65535", None),
            ("http://a.lan:/", "'' is not a port: it is not a whole number", None),
            ("http://fd00::1/x", "addresses of IPv6 stand in brackets", Some("http://[fd00::1]/x")),
            ("http://[10.0.0.1]:80", "only addresses of IPv6 stand in brackets", Some("http://10.0.0.1:80")),
            ("http://[fd00::1", "its '[' has no ']'", None),
            (
                "http://u@N8N.lan:80/X",
                "'N8N.lan', its host, is wrong: it has capital letters",
                Some("http://u@n8n.lan:80/X"),
            ),
            ("http://a.lan/x y", "it contains a space", Some("http://a.lan/x%20y")),
            ("http://a.lan/ü", "it contains 'ü'", None),
            ("http://a.lan/%zz", "a '%' has no two hexadecimal digits after it", None),
        ] {
            let invalid = Url::parse(text).unwrap_err();
            assert_eq!(invalid.reason, format!("'{text}' is not a URL: {cause}"));
            assert_eq!(invalid.fix.as_deref(), fix, "{text}");
        }
    }
}
