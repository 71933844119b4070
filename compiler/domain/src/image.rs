//! References to container images.

use std::fmt;

use crate::invalid::{counted, quoted};
use crate::url::before_and_after_scheme;
use crate::{Address, Invalid, Version};

/// A container image after the reference grammar of the distribution project, with a tag, a digest or both.
///
/// Shown in full, `docker.io/library/postgres:17.6`, whichever short form was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImageReference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
}

/// The registry that is meant where none is written.
const DOCKER: &str = "docker.io";
/// Tags that by custom move to another image with time.
const FLOATING: &[&str] = &[
    "latest", "main", "master", "edge", "nightly", "dev", "develop", "stable", "unstable", "rolling",
    "canary", "beta", "alpha", "release",
];

impl ImageReference {
    /// Reads `ghcr.io/owner/name:1.2.3`, or with `@sha256:…`; refused without tag and digest.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).map_err(|cause| cause.of(text, "an image reference").settled(Self::read))
    }

    /// The registry's host and port; `docker.io` where none was written.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The path inside the registry; `library/postgres` for `postgres`.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The last part of the repository: `postgres`.
    pub fn name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or_default()
    }

    /// The tag.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest with its algorithm: `sha256:…`.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// The tag as a version, if it is one.
    pub fn version(&self) -> Option<Version> {
        Version::parse(self.tag()?).ok()
    }

    /// Whether it may be another image tomorrow: no digest, and a tag such as `latest` that moves by custom.
    pub fn is_floating(&self) -> bool {
        self.digest.is_none() && self.tag().is_none_or(|tag| FLOATING.contains(&tag))
    }

    /// The shortest form: `postgres:17.6`.
    pub fn familiar(&self) -> String {
        let full = self.to_string();
        let Some(short) = full.strip_prefix("docker.io/") else { return full };
        short.strip_prefix("library/").unwrap_or(short).to_owned()
    }

    fn read(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Err(Invalid::new("it is empty"));
        }
        if let Some((_, rest)) = before_and_after_scheme(text) {
            return Err(Invalid::new("it has a scheme, which images do not").with_fix(rest));
        }
        if text.trim() != text {
            return Err(Invalid::new("it has space around it").with_fix(text.trim()));
        }
        let (rest, digest) = cut(text, text.find('@'));
        let colon = rest.rfind(':').filter(|at| !rest[*at..].contains('/'));
        let (path, tag) = cut(rest, colon);
        let after = &text[path.len()..];
        let (registry, repository) = split_registry(path);
        check_registry(registry)?;
        check_repository(repository).map_err(|cause| {
            let before = &path[..path.len() - repository.len()];
            cause.map_fix(|fix| format!("{before}{fix}{after}"))
        })?;
        tag.map_or(Ok(()), check_tag)?;
        digest.map_or(Ok(()), check_digest)?;
        if tag.is_none() && digest.is_none() {
            return Err(Invalid::new("it has no tag and no digest")
                .with_help("add the version as a tag, such as ':1.2.3', or a digest"));
        }
        let reference = Self::full(registry, repository, tag, digest);
        match reference.registry.len() + 1 + reference.repository.len() {
            length @ 256.. => {
                Err(Invalid::new(format!("its name has {length} characters, and 255 are the most")))
            }
            _ => Ok(reference),
        }
    }

    /// The reference with what Docker leaves out put in.
    fn full(registry: Option<&str>, repository: &str, tag: Option<&str>, digest: Option<&str>) -> Self {
        let registry = registry.filter(|registry| *registry != "index.docker.io").unwrap_or(DOCKER);
        let library = if registry == DOCKER && !repository.contains('/') { "library/" } else { "" };
        Self {
            registry: registry.to_owned(),
            repository: format!("{library}{repository}"),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        }
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        self.digest.as_ref().map_or(Ok(()), |digest| write!(f, "@{digest}"))
    }
}

/// `text` before and after the one byte at `at`.
fn cut(text: &str, at: Option<usize>) -> (&str, Option<&str>) {
    at.map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])))
}

/// A first part is a registry where it could not be the name of a user.
fn split_registry(path: &str) -> (Option<&str>, &str) {
    match path.split_once('/') {
        Some((first, rest))
            if first.contains(['.', ':']) || first == "localhost" || first.starts_with('[') =>
        {
            (Some(first), rest)
        }
        _ => (None, path),
    }
}

fn check_registry(registry: Option<&str>) -> Result<(), Invalid> {
    let Some(registry) = registry else { return Ok(()) };
    let end = registry.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = cut(registry, registry[end..].find(':').map(|at| end + at));
    let is_port =
        |port: &str| !port.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match bracketed {
        Some(address) => Address::read(address).is_ok_and(|address| !address.is_v4()),
        None => host.split('.').all(is_domain_part),
    };
    if is_host && port.is_none_or(is_port) {
        return Ok(());
    }
    Err(Invalid::new(format!("{} is not a registry", quoted(registry)))
        .with_help("a registry is a host name with an optional port, such as ghcr.io"))
}

fn is_domain_part(part: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '-';
    !part.is_empty() && part.chars().all(inside) && !part.starts_with('-') && !part.ends_with('-')
}

fn check_repository(repository: &str) -> Result<(), Invalid> {
    let Some(part) = repository.split('/').find(|part| !is_path_part(part)) else { return Ok(()) };
    let lower = repository.to_ascii_lowercase();
    let cause = match part {
        "" => Invalid::new("a part of its name is empty"),
        part if lower != repository => Invalid::new(format!("{} has capital letters", quoted(part))),
        part => Invalid::new(format!("{} is not a part of an image name", quoted(part)))
            .with_help("use lower-case letters and digits, with '-', '.' or '_' between them"),
    };
    Err(if lower.split('/').all(is_path_part) { cause.with_fix(lower) } else { cause })
}

/// Letters and digits, with one of `.`, `_`, `__` or any number of `-` between them.
fn is_path_part(part: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if !part.is_empty() && part.chars().all(is_plain) {
        return true;
    }
    let mut between = part.split(is_plain);
    let ends_are_plain = part.starts_with(is_plain) && part.ends_with(is_plain);
    let is_separator =
        |text: &str| matches!(text, "" | "." | "_" | "__") || text.bytes().all(|byte| byte == b'-');
    ends_are_plain && between.all(is_separator)
}

fn check_tag(tag: &str) -> Result<(), Invalid> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if tag.is_empty() {
        return Err(Invalid::new("its tag is empty"));
    }
    if tag.len() > 128 {
        return Err(Invalid::new(format!(
            "its tag has {}, and 128 are the most",
            counted(tag.len(), "character")
        )));
    }
    if tag.starts_with(is_word) && tag.chars().all(|c| is_word(c) || c == '.' || c == '-') {
        return Ok(());
    }
    Err(Invalid::new(format!("{} is not a tag", quoted(tag)))
        .with_help("a tag has letters, digits, '_', '.' and '-', and starts with none of the last two"))
}

fn check_digest(digest: &str) -> Result<(), Invalid> {
    let (algorithm, hex) = digest.split_once(':').unwrap_or(("", digest));
    let wanted = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return Err(Invalid::new("its digest does not start with sha256: or sha512:")),
    };
    if hex.len() != wanted {
        let digits = counted(hex.chars().count(), "digit");
        return Err(Invalid::new(format!("its digest has {digits} instead of {wanted}")));
    }
    if hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Ok(());
    }
    Err(Invalid::new("its digest is not of lower-case hexadecimal digits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn image(text: &str) -> ImageReference {
        ImageReference::parse(text).unwrap()
    }

    #[test]
    fn takes_apart() {
        for (text, registry, repository, tag) in [
            ("postgres:17.6", "docker.io", "library/postgres", "17.6"),
            ("n8nio/n8n:1.115.3", "docker.io", "n8nio/n8n", "1.115.3"),
            ("index.docker.io/n8nio/n8n:1", "docker.io", "n8nio/n8n", "1"),
            ("ghcr.io/a/b/c__d.e-f:v1", "ghcr.io", "a/b/c__d.e-f", "v1"),
            ("localhost/a:1", "localhost", "a", "1"),
            ("registry:5000/a:1", "registry:5000", "a", "1"),
            ("[fd00::1]:5000/a:1", "[fd00::1]:5000", "a", "1"),
        ] {
            let image = image(text);
            assert_eq!(
                (image.registry(), image.repository(), image.tag()),
                (registry, repository, Some(tag))
            );
        }
        let pinned = image(&format!("ghcr.io/a/b:1@{DIGEST}"));
        assert_eq!((pinned.digest(), pinned.name()), (Some(DIGEST), "b"));
        assert_eq!(image(&format!("a@{DIGEST}")).tag(), None);
    }

    #[test]
    fn shows_in_full_or_short() {
        assert_eq!(image("postgres:17.6").to_string(), "docker.io/library/postgres:17.6");
        assert_eq!(image("docker.io/library/postgres:17.6").familiar(), "postgres:17.6");
        assert_eq!(image("n8nio/n8n:1").familiar(), "n8nio/n8n:1");
        assert_eq!(image("ghcr.io/a/b:1").familiar(), "ghcr.io/a/b:1");
    }

    #[test]
    fn floats_without_a_fixed_tag() {
        assert!(image("a/b:latest").is_floating() && image("a/b:main").is_floating());
        assert!(!image("a/b:1.2.3").is_floating() && !image(&format!("a/b:latest@{DIGEST}")).is_floating());
        assert_eq!(image("a/b:v1.2.3").version().map(|version| version.major()), Some(1));
        assert_eq!(image("a/b:latest").version(), None);
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, cause, fix) in [
            ("ghcr.io/a/b", "it has no tag and no digest", None),
            ("registry:5000/a", "it has no tag and no digest", None),
            ("https://ghcr.io/a/b:1", "it has a scheme, which images do not", Some("ghcr.io/a/b:1")),
            ("ghcr.io/Owner/b:1", "'Owner' has capital letters", Some("ghcr.io/owner/b:1")),
            ("ghcr.io//b:1", "a part of its name is empty", None),
            ("a/b:", "its tag is empty", None),
            ("a/b:-1", "'-1' is not a tag", None),
            ("a/b c:1", "'b c' is not a part of an image name", None),
            ("a/b@md5:00", "its digest does not start with sha256: or sha512:", None),
            ("a/b@sha256:00", "its digest has 2 digits instead of 64", None),
            ("-x.io/a:1", "'-x.io' is not a registry", None),
            ("", "it is empty", None),
        ] {
            let invalid = ImageReference::parse(text).unwrap_err();
            assert_eq!(invalid.reason, format!("'{text}' is not an image reference: {cause}"));
            assert_eq!(invalid.fix.as_deref(), fix, "{text}");
        }
        let help = ImageReference::parse("a").unwrap_err().help;
        assert_eq!(help.as_deref(), Some("add the version as a tag, such as ':1.2.3', or a digest"));
    }
}
