//! What is wrong with a secret's value.
//!
//! Whoever has decrypted a value asks here, and keeps the answer instead of the value.

use std::fmt;

use crate::{Generator, SecretKind, SecretValue};

/// What is wrong with a value. Says nothing of what the value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flaw {
    /// A word that stands for a value that was to come.
    Placeholder,
    /// So short that it can be tried out.
    Short,
    /// One of those that are tried first, or of a few characters only.
    Guessable,
    /// Several lines, where there is to be one.
    Lines,
    /// Not Base64, where bytes are to be.
    NotBytes,
    /// A line without a name and `=`.
    NotDotenv,
    /// Not a bcrypt hash.
    NotBcrypt,
    /// The hash of a password by another method, where what uses it knows bcrypt alone.
    OtherCrypt,
    /// Not the hash of a password that hosts take.
    NotCrypt,
    /// A line without a user and a hash.
    NotHtpasswd,
    /// Not a private key.
    NotKey,
    /// Begins with a tab and has a line's end in it: SOPS writes `null` in its place when it decrypts YAML (3.13.3; its
    /// YAML library cannot indent such a block).
    LostBySops,
}

/// The fewest characters that cannot be tried out in a while, where a service lets somebody try.
const SHORTEST: usize = 8;
/// The fewest different characters of a text that was not made up by resting a hand on the keyboard.
const FEWEST: usize = 4;

/// What people write where a value is to come, whatever stands around it.
const PLACEHOLDERS: [&str; 10] = [
    "changeme",
    "changethis",
    "fillmein",
    "fixme",
    "insertme",
    "placeholder",
    "replaceme",
    "replacethis",
    "todo",
    "yourpassword",
];

/// What is tried first, as a whole value or with digits behind it.
const USUAL: [&str; 16] = [
    "admin",
    "administrator",
    "default",
    "example",
    "homelab",
    "hunter",
    "letmein",
    "login",
    "master",
    "passw0rd",
    "password",
    "qwerty",
    "root",
    "secret",
    "test",
    "welcome",
];

/// Rows of keys.
const ROWS: [&str; 4] = ["01234567890", "qwertyuiop", "abcdefghijklmnopqrstuvwxyz", "asdfghjkl"];

impl SecretValue {
    /// What is wrong with a value, if anything. An empty one is none at all, and not asked about.
    pub fn flaw(&self, value: &str) -> Option<Flaw> {
        if is_placeholder(value) {
            return Some(Flaw::Placeholder);
        }
        if value.starts_with('\t') && value.contains('\n') {
            return Some(Flaw::LostBySops);
        }
        let lines = || value.lines().map(str::trim).filter(|line| !line.is_empty());
        let flaw = |is_wrong: bool, flaw| is_wrong.then_some(flaw);
        match (&self.generate, self.kind) {
            (Some(Generator::SshKey { .. }), _) => {
                flaw(!value.trim_start().starts_with("-----BEGIN OPENSSH PRIVATE KEY-----"), Flaw::NotKey)
            }
            (Some(Generator::AgeKey), _) => flaw(!value.starts_with("AGE-SECRET-KEY-"), Flaw::NotKey),
            (_, SecretKind::Text) => of_text(value),
            (_, SecretKind::File) => None,
            (_, SecretKind::Bytes) => flaw(!is_base64(value), Flaw::NotBytes),
            (_, SecretKind::Dotenv) => {
                let mut set = lines().filter(|line| !line.starts_with('#'));
                flaw(!set.all(is_assignment), Flaw::NotDotenv)
            }
            (_, SecretKind::Bcrypt) => of_bcrypt(value.trim_end()),
            (_, SecretKind::Crypt) => flaw(!is_crypt(value.trim_end()), Flaw::NotCrypt),
            (_, SecretKind::Htpasswd) => {
                let is_entry = |line: &str| {
                    line.split_once(':').is_some_and(|(user, hash)| !user.is_empty() && hash.starts_with('$'))
                };
                flaw(!lines().all(is_entry), Flaw::NotHtpasswd)
            }
        }
    }
}

/// Letters and digits in lower case.
fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

fn is_placeholder(value: &str) -> bool {
    let (trimmed, bare) = (value.trim(), bare(value));
    let is_framed = [("<", ">"), ("{{", "}}"), ("${", "}"), ("[", "]")].iter().any(|(open, close)| {
        trimmed.starts_with(open) && trimmed.ends_with(close) && !trimmed.contains('\n')
    });
    let is_crossed = bare.len() > 2 && bare.chars().all(|char| char == 'x');
    // A long text may well have such a word in it.
    let is_word = bare.len() < 40 && PLACEHOLDERS.iter().any(|word| bare.contains(word));
    is_framed || is_crossed || is_word
}

fn of_text(value: &str) -> Option<Flaw> {
    let line = value.strip_suffix('\n').unwrap_or(value);
    if line.contains('\n') {
        return Some(Flaw::Lines);
    }
    let bare = bare(line);
    let word = bare.trim_end_matches(|char: char| char.is_ascii_digit());
    let mut characters: Vec<char> = line.chars().collect();
    let length = characters.len();
    characters.sort_unstable();
    characters.dedup();
    let is_row = bare.len() > 2 && ROWS.iter().any(|row| row.contains(&bare));
    if USUAL.contains(&word) || is_row || length >= SHORTEST && characters.len() < FEWEST {
        Some(Flaw::Guessable)
    } else if length < SHORTEST {
        Some(Flaw::Short)
    } else {
        None
    }
}

fn is_assignment(line: &str) -> bool {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let allowed = |char: char| char.is_ascii_alphanumeric() || char == '_';
    line.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(allowed) && !name.starts_with(|char: char| char.is_ascii_digit())
    })
}

fn of_bcrypt(text: &str) -> Option<Flaw> {
    match () {
        () if is_bcrypt(text) => None,
        () if is_crypt(text) => Some(Flaw::OtherCrypt),
        () => Some(Flaw::NotBcrypt),
    }
}

/// Whether a text is a hash that NixOS takes for a password: of crypt(5), what its library calls strong. Who has another
/// one, such as of MD5 or SHA-256, cannot log in.
fn is_crypt(text: &str) -> bool {
    const METHODS: [(&str, usize); 5] = [("y", 43), ("gy", 43), ("sm3y", 43), ("7", 43), ("6", 86)];
    let is_body = |text: &str| {
        text.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '.' | '/' | '$' | '=' | ','))
    };
    let parts = text.strip_prefix('$').and_then(|text| text.split_once('$'));
    is_bcrypt(text)
        || parts.is_some_and(|(method, rest)| {
            let hash = rest.rsplit_once('$').map_or("", |(_, hash)| hash);
            is_body(rest) && METHODS.contains(&(method, hash.len()))
        })
}

fn is_bcrypt(text: &str) -> bool {
    let rest = ["$2a$", "$2b$", "$2y$"].iter().find_map(|start| text.strip_prefix(start));
    let hash = rest.and_then(|rest| rest.split_once('$'));
    hash.is_some_and(|(cost, hash)| {
        let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '/');
        cost.len() == 2
            && cost.chars().all(|char| char.is_ascii_digit())
            && hash.len() == 53
            && hash.chars().all(allowed)
    })
}

fn is_base64(text: &str) -> bool {
    let text: String = text.split_whitespace().collect();
    let body = text.trim_end_matches('=');
    let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '+' | '/');
    text.len().is_multiple_of(4) && text.len() - body.len() <= 2 && body.chars().all(allowed)
}

/// Behind "the value of 'db.password' …".
impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Placeholder => "is a placeholder",
            Self::Short => "is short enough to be tried out",
            Self::Guessable => "is easy to guess",
            Self::Lines => "has several lines, and one is expected",
            Self::NotBytes => "is not Base64",
            Self::NotDotenv => "has a line that is not NAME=value",
            Self::NotBcrypt => "is not a bcrypt hash",
            Self::OtherCrypt => "is no bcrypt hash but another one of a password, which is of 'kind = crypt'",
            Self::NotCrypt => {
                "is not the hash of a password that NixOS takes (yescrypt, scrypt, bcrypt or SHA-512)"
            }
            Self::NotHtpasswd => "has a line that is not USER:HASH",
            Self::NotKey => "is not a private key of the kind that is made",
            Self::LostBySops => {
                "has several lines and begins with a tab, and sops gives out nothing for that"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use source::{ItemKey, Place, Span};

    use super::*;

    fn of(kind: SecretKind, generate: Option<Generator>, value: &str) -> Option<Flaw> {
        let place = Place::new(&ItemKey::new("homelab.hl".into(), "secret a".into(), 0), Span::default());
        SecretValue {
            key: None,
            kind,
            generate,
            rotate: None,
            rotation: crate::Rotation::default(),
            rotation_steps: None,
            place,
        }
        .flaw(value)
    }

    #[test]
    fn texts_are_not_to_be_guessed() {
        for (text, flaw) in [
            ("CHANGE_ME", Flaw::Placeholder),
            ("please-change-me-123", Flaw::Placeholder),
            ("<api key>", Flaw::Placeholder),
            ("{{ .Values.key }}", Flaw::Placeholder),
            ("xxxxxxxx", Flaw::Placeholder),
            ("todo", Flaw::Placeholder),
            ("hunter2", Flaw::Guessable),
            ("Password123", Flaw::Guessable),
            ("homelab", Flaw::Guessable),
            ("123456", Flaw::Guessable),
            ("aaaaaaaaaaaa", Flaw::Guessable),
            ("Gk3!x", Flaw::Short),
            ("one\ntwo", Flaw::Lines),
        ] {
            assert_eq!(of(SecretKind::Text, None, text), Some(flaw), "{text}");
        }
        for text in ["correct horse battery staple", "x9fQ2LpT", "Rz7xqPutAside\n", "administrators-of-mine"]
        {
            assert_eq!(of(SecretKind::Text, None, text), None, "{text}");
        }
    }

    #[test]
    fn other_kinds_have_a_form() {
        let hash = "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW";
        for method in ["2a", "2b", "2y"] {
            let hash = hash.replace("2b", method);
            assert_eq!(of(SecretKind::Bcrypt, None, &hash), None, "{hash}");
            assert_eq!(of(SecretKind::Crypt, None, &hash), None, "{hash}");
        }
        for not in [hash[..50].to_owned(), hash.replace("2b", "2x"), hash.replace("12", "1")] {
            assert_eq!(of(SecretKind::Bcrypt, None, &not), Some(Flaw::NotBcrypt), "{not}");
            assert_eq!(of(SecretKind::Crypt, None, &not), Some(Flaw::NotCrypt), "{not}");
        }
        for hash in [
            "$y$j9T$abcdefgh$4mqd6JVlUo/.JMgenptcdPqIowfqDPoC9lSyWQhPMf1",
            "$gy$j9T$abcdefgh$yhoLJn0JpE7C2QxfG8fCICu.Z3PJY/dhTuRqn7Sv6i/",
            "$7$CU..../....abcdefgh$zsdaqwx89mPOv8.UAUJOC7yCeca1WUSV.qqzsN2U1JA",
            "$6$abcdefgh$yIZAF3gQPvtKZO/9qOJKffAKKbtS3ef3qmwyugk4uWVjX8YZf/GV3A8SkFxEPY0T56CcilGrHKLffBsp6dLMG.",
        ] {
            assert_eq!(of(SecretKind::Crypt, None, hash), None, "{hash}");
            assert_eq!(of(SecretKind::Bcrypt, None, hash), Some(Flaw::OtherCrypt), "{hash}");
            for not in [&hash[1..], &hash[..hash.len() - 1]] {
                assert_eq!(of(SecretKind::Crypt, None, not), Some(Flaw::NotCrypt), "{not}");
                assert_eq!(of(SecretKind::Bcrypt, None, not), Some(Flaw::NotBcrypt), "{not}");
            }
        }
        for weak in [
            "$5$rounds=5000$abcdefgh$ruMep1ijHnJPZbETDNiumskxcX3kN4lzZd5VlsqE7eB",
            "$1$abcdefgh$y6iHhJNbuC0xpbk0w9pm80",
        ] {
            assert_eq!(of(SecretKind::Crypt, None, weak), Some(Flaw::NotCrypt), "{weak}");
        }
        assert_eq!(of(SecretKind::Htpasswd, None, &format!("ana:{hash}\nrui:$apr1$x\n")), None);
        assert_eq!(of(SecretKind::Htpasswd, None, "ana:secret"), Some(Flaw::NotHtpasswd));
        assert_eq!(of(SecretKind::Dotenv, None, "# keys\nA_B=1\n\nexport C=d=e\n"), None);
        assert_eq!(of(SecretKind::Dotenv, None, "A B=1"), Some(Flaw::NotDotenv));
        assert_eq!(of(SecretKind::Bytes, None, "Zm9v\nYmE="), None);
        assert_eq!(of(SecretKind::Bytes, None, "Zm9vY"), Some(Flaw::NotBytes));
        assert_eq!(of(SecretKind::File, None, "a\nb"), None);
        assert_eq!(of(SecretKind::File, None, "\ta"), None);
        assert_eq!(of(SecretKind::File, None, "\ta\n"), Some(Flaw::LostBySops));
        assert_eq!(of(SecretKind::File, None, "placeholder"), Some(Flaw::Placeholder));
    }

    #[test]
    fn keys_are_keys() {
        let ssh = || Some(Generator::SshKey { comment: String::new() });
        let key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n";
        assert_eq!(of(SecretKind::File, ssh(), key), None);
        assert_eq!(of(SecretKind::File, ssh(), "ssh-ed25519 AAAA"), Some(Flaw::NotKey));
        assert_eq!(of(SecretKind::Text, Some(Generator::AgeKey), "age1qqqq"), Some(Flaw::NotKey));
    }
}
