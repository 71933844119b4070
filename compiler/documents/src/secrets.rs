//! Secrets that stand in a file in the open, or encrypted: neither is data.

/// What a file holds that belongs into no plain file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leak {
    /// It is encrypted with SOPS.
    Sops,
    /// It holds a private key of age.
    AgeKey,
    /// It holds a private key.
    PrivateKey,
}

impl Leak {
    /// In words: what the file does.
    pub const fn said(self) -> &'static str {
        match self {
            Self::Sops => "is encrypted with SOPS",
            Self::AgeKey => "holds a private key of age",
            Self::PrivateKey => "holds a private key",
        }
    }
}

/// So many letters of a key are no example any more.
const ENOUGH: usize = 32;

/// What a text holds that belongs into no plain file, if anything. A mention of a key is none: `AGE-SECRET-KEY-1…` in a
/// text of documentation.
pub fn leak(text: &str) -> Option<Leak> {
    let is_bech32 = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if has_behind(text, "AGE-SECRET-KEY-", is_bech32) {
        return Some(Leak::AgeKey);
    }
    if text.contains("ENC[AES256_GCM,data:") {
        return Some(Leak::Sops);
    }
    let mut rest = text;
    while let Some(at) = rest.find("PRIVATE KEY-----") {
        let (before, behind) = rest.split_at(at);
        rest = &behind["PRIVATE KEY-----".len()..];
        let line = before.rsplit('\n').next().unwrap_or(before);
        // A line break may be written `\n`.
        let body = rest.trim_start_matches(['\\', 'n', 'r', '\n', '\r', ' ', '\t']);
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        if line.contains("-----BEGIN ") && body.bytes().take_while(is_letter).count() >= ENOUGH {
            return Some(Leak::PrivateKey);
        }
    }
    None
}

fn has_behind(text: &str, start: &str, is_letter: impl Fn(u8) -> bool) -> bool {
    let behind = text.match_indices(start).map(|(at, _)| &text.as_bytes()[at + start.len()..]);
    behind.into_iter().any(|rest| rest.iter().take_while(|byte| is_letter(**byte)).count() >= ENOUGH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_and_mentions_are_not() {
        let letters = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC".to_owned() + "BKcwggSjAgEAAoIBAQC7";
        let age = format!("key: AGE-SECRET-KEY-1{}", "QPZRY9X8GF2TVDW0S3JN".repeat(3));
        for (text, is) in [
            (format!("a: |\n  -----BEGIN RSA PRIVATE KEY-----\n  {letters}\n"), Some(Leak::PrivateKey)),
            (format!("{{\"a\": \"-----BEGIN PRIVATE KEY-----\\n{letters}\"}}"), Some(Leak::PrivateKey)),
            (age, Some(Leak::AgeKey)),
            ("a: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\n".to_owned(), Some(Leak::Sops)),
            ("description: begins with -----BEGIN PRIVATE KEY----- and so on".to_owned(), None),
            ("# an AGE-SECRET-KEY-1… is never here".to_owned(), None),
            (format!("-----BEGIN PUBLIC KEY-----\n{letters}"), None),
        ] {
            assert_eq!(leak(&text), is, "{text}");
        }
    }
}
