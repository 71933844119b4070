//! The frames that messages come and go in: `Content-Length: 42`, an empty line, and so many bytes.

use std::io::{BufRead, Read, Result, Write, copy, sink};

/// Nobody sends so much; what is longer is read and dropped.
const LONGEST: u64 = 256 << 20;

/// What a pipe takes at once.
const SHORT: usize = 1 << 16;

/// What stands in a frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A message.
    Body(Vec<u8>),
    /// The head says no length that can be believed.
    Unreadable,
}

/// The next frame; nothing at the end.
pub(crate) fn read(input: &mut impl BufRead) -> Option<Frame> {
    let mut length: Option<u64> = None;
    let mut is_empty = true;
    loop {
        let line = line(input)?;
        if line.is_empty() {
            // Empty lines between frames do no harm.
            if is_empty {
                continue;
            }
            break;
        }
        is_empty = false;
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let Some(length) = length else { return Some(Frame::Unreadable) };
    let mut part = input.take(length);
    if length > LONGEST {
        copy(&mut part, &mut sink()).ok()?;
        return Some(Frame::Unreadable);
    }
    let mut body = Vec::new();
    part.read_to_end(&mut body).ok()?;
    (body.len() as u64 == length).then_some(Frame::Body(body))
}

/// A line of a head without its end; nothing where the input ends.
fn line(input: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    // Heads are short: a line without an end is cut into several.
    let read = input.take(1 << 16).read_until(b'\n', &mut line).ok()?;
    let line = String::from_utf8_lossy(&line);
    (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Sends a message: a short one at once, as a long one cannot be.
pub(crate) fn write(output: &mut impl Write, body: &[u8]) -> Result<()> {
    let mut head = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    if body.len() > SHORT {
        output.write_all(&head)?;
        return output.write_all(body);
    }
    head.extend(body);
    output.write_all(&head)
}
