//! Text that grows without leaving copies of itself behind.

use std::fmt;

use zeroize::Zeroizing;

/// A text in the making. `String` moves when it grows, and what it leaves behind is not wiped; this is.
#[derive(Default)]
pub(super) struct Plaintext(Zeroizing<String>);

impl Plaintext {
    pub(super) fn push(&mut self, char: char) {
        self.push_str(char.encode_utf8(&mut [0; 4]));
    }

    pub(super) fn push_str(&mut self, text: &str) {
        let needed = self.0.len() + text.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(String::with_capacity(needed.max(2 * self.0.capacity()).max(32)));
            larger.push_str(&self.0);
            self.0 = larger;
        }
        self.0.push_str(text);
    }

    pub(super) fn push_times(&mut self, char: char, times: usize) {
        (0..times).for_each(|_| self.push(char));
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn finish(self) -> Zeroizing<String> {
        self.0
    }
}

impl fmt::Write for Plaintext {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }
}
