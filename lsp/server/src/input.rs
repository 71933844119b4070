//! What the client sends, which is looked for before it is waited for.

use std::fs::File;
use std::io::{Read, Result};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// How long it is looked for: questions that follow each other come sooner, and nobody notices the work.
const MOMENT: Duration = Duration::from_micros(300);

/// A pipe, a socket or a file that is read.
///
/// A thread that waits lets its core fall asleep, and waking that up takes longer than most answers. What somebody types
/// is followed by several questions, one right behind the other, so for a moment the next is expected.
pub(crate) struct Input(File);

impl Input {
    pub(crate) fn new(file: File) -> Self {
        Self(file)
    }

    /// Whether reading would not wait. Why that cannot be known is for reading to say.
    fn is_there(&self) -> bool {
        poll(&mut [PollFd::new(&self.0, PollFlags::IN)], Some(&Timespec::default())) != Ok(0)
    }
}

impl Read for Input {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let end = Instant::now() + MOMENT;
        while !self.is_there() && Instant::now() < end {
            thread::yield_now();
        }
        self.0.read(into)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Write, pipe};
    use std::os::fd::OwnedFd;

    use super::*;

    #[test]
    fn what_comes_soon_late_and_last_is_read() {
        let (reader, mut writer) = pipe().unwrap();
        let mut input = Input::new(File::from(OwnedFd::from(reader)));
        assert!(!input.is_there());
        writer.write_all(b"soon").unwrap();
        assert!(input.is_there());
        let mut read = [0; 8];
        assert_eq!(input.read(&mut read).unwrap(), 4);
        let late = thread::spawn(move || {
            thread::sleep(MOMENT * 20);
            writer.write_all(b"late").unwrap();
        });
        assert_eq!(input.read(&mut read).unwrap(), 4);
        assert_eq!(&read[..4], b"late");
        late.join().unwrap();
        // Who writes is gone, and that is there to be read, too.
        assert!(input.is_there());
        assert_eq!(input.read(&mut read).unwrap(), 0);
    }
}
