//! Numbers and the literals that look like them: quantities, versions, addresses, networks, MACs.

use super::Lexer;
use crate::token::TokenKind as K;

impl Lexer<'_> {
    /// What starts with a digit.
    pub(super) fn number(&mut self) -> K {
        if let Some(kind) = self.colon_literal() {
            return kind;
        }
        self.digits();
        let mut dots = 0;
        while self.byte(self.at) == b'.' && self.byte(self.at + 1).is_ascii_digit() {
            self.at += 1;
            self.digits();
            dots += 1;
        }
        match dots {
            0 | 1 if self.byte(self.at).is_ascii_alphabetic() => self.quantity(),
            0 | 1 if self.byte(self.at) == b'_' => self.bad_number(),
            0 => K::Int,
            1 => K::Float,
            2 => self.version(),
            3 if self.word_follows() => self.bad_number(),
            3 => self.prefix(K::Address),
            _ => self.bad_number(),
        }
    }

    /// Digits with `_` between them.
    fn digits(&mut self) {
        loop {
            match self.byte(self.at) {
                b'0'..=b'9' => self.at += 1,
                b'_' if self.byte(self.at + 1).is_ascii_digit() => self.at += 1,
                _ => return,
            }
        }
    }

    /// The unit of a number, and more numbers with units: `1h30m`.
    fn quantity(&mut self) -> K {
        loop {
            while self.byte(self.at).is_ascii_alphabetic() {
                self.at += 1;
            }
            if !self.byte(self.at).is_ascii_digit() {
                return if self.byte(self.at) == b'_' { self.bad_number() } else { K::Quantity };
            }
            self.digits();
            if self.byte(self.at) == b'.' && self.byte(self.at + 1).is_ascii_digit() {
                self.at += 1;
                self.digits();
            }
            if !self.byte(self.at).is_ascii_alphabetic() {
                return self.bad_number();
            }
        }
    }

    /// What may follow `1.2.3`.
    fn version(&mut self) -> K {
        if matches!(self.byte(self.at), b'-' | b'+') && self.byte(self.at + 1).is_ascii_alphanumeric() {
            self.at += 1;
            loop {
                match self.byte(self.at) {
                    byte if byte.is_ascii_alphanumeric() => self.at += 1,
                    b'-' | b'+' | b'.' if self.byte(self.at + 1).is_ascii_alphanumeric() => self.at += 2,
                    _ => break,
                }
            }
        }
        if self.word_follows() { self.bad_number() } else { K::Version }
    }

    fn word_follows(&self) -> bool {
        self.byte(self.at).is_ascii_alphabetic() || self.byte(self.at) == b'_'
    }

    fn bad_number(&mut self) -> K {
        loop {
            match self.byte(self.at) {
                byte if byte.is_ascii_alphanumeric() || byte == b'_' => self.at += 1,
                b'.' if self.byte(self.at + 1).is_ascii_digit() => self.at += 2,
                _ => return K::BadNumber,
            }
        }
    }

    /// The `/24` of a network, if there is one; a netmask is one too.
    fn prefix(&mut self, address: K) -> K {
        if self.byte(self.at) != b'/' || !self.byte(self.at + 1).is_ascii_digit() {
            return address;
        }
        self.at = self.embedded_ipv4(self.at + 1);
        K::Cidr
    }

    /// A MAC or an IPv6 address, if one starts here with a hexadecimal digit.
    pub(super) fn colon_literal(&mut self) -> Option<K> {
        let first = self.group(self.at);
        if first > 4 || self.byte(self.at + first) != b':' {
            return None;
        }
        if first == 2 && self.is_mac() {
            return Some(self.take(17, K::Mac));
        }
        self.ipv6()
    }

    /// How many hexadecimal digits stand at `at`, up to five.
    fn group(&self, at: usize) -> usize {
        (0..5).take_while(|n| self.byte(at + n).is_ascii_hexdigit()).count()
    }

    fn is_mac(&self) -> bool {
        let colons = (1..6).all(|n| self.byte(self.at + 3 * n - 1) == b':');
        let after = self.byte(self.at + 17);
        colons
            && (0..6).all(|n| self.group(self.at + 3 * n) == 2)
            && after != b':'
            && !after.is_ascii_alphanumeric()
    }

    /// An IPv6 address or network, if one stands here: it has `::` or eight groups.
    pub(super) fn ipv6(&mut self) -> Option<K> {
        let (mut at, mut groups, mut gap) = (self.at, 0, false);
        loop {
            if self.byte(at) == b':' && self.byte(at + 1) == b':' && !gap {
                gap = true;
                at += 2;
            } else if self.byte(at) == b':' && at > self.at && self.byte(at - 1) != b':' {
                if self.group(at + 1) == 0 {
                    break;
                }
                at += 1;
            }
            match self.group(at) {
                0 => break,
                5 => return None,
                len => {
                    at += len;
                    groups += 1;
                }
            }
            if self.byte(at) == b'.' && gap && self.byte(at + 1).is_ascii_digit() {
                at = self.embedded_ipv4(at);
                break;
            }
            if self.byte(at) != b':' {
                break;
            }
        }
        let after = self.byte(at);
        if !(gap || groups == 8) || after.is_ascii_alphanumeric() || after == b'_' {
            return None;
        }
        self.at = at;
        Some(self.prefix(K::Address))
    }

    /// Where the `.168.1.1` of `::ffff:192.168.1.1` ends.
    fn embedded_ipv4(&self, mut at: usize) -> usize {
        while self.byte(at).is_ascii_digit() || (self.byte(at) == b'.' && self.byte(at + 1).is_ascii_digit())
        {
            at += 1;
        }
        at
    }
}
