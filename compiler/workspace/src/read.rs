//! Reads texts, and says in words why one cannot be read.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Nobody writes so much by hand; it also ends files that never do, such as `/dev/zero`.
const LARGEST: u64 = 64 << 20;

/// The text of a file, or why it cannot be read: the end of a sentence.
pub fn text(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| reason(&error))?;
    is_small(bytes.len() as u64)?;
    decoded(bytes)
}

/// Whether a file of so many bytes is read; why it is not is the end of a sentence.
pub(crate) fn is_small(length: u64) -> Result<(), String> {
    if length > LARGEST { Err(format!("it is larger than {} MiB", LARGEST >> 20)) } else { Ok(()) }
}

/// The text of a file that is found by its name, or why it cannot be read.
pub fn found(path: &Path) -> Result<String, String> {
    bytes(path).map_err(|error| reason(&error)).and_then(decoded)
}

/// What is in a file that is found by its name: neither a directory, nor a pipe that would be waited for.
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags);
    }
    let file = options.open(path)?;
    let about = file.metadata()?;
    if about.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !about.is_file() {
        return Err(io::Error::other("it is a pipe, a socket or a device, not a file"));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    is_small(bytes.len() as u64).map_err(io::Error::other)?;
    Ok(bytes)
}

/// Bytes as the text that they are, or why they are none.
pub(crate) fn decoded(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("it is UTF-16; save it as UTF-8".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].split(|byte| *byte == b'\n').count();
        format!("it is not UTF-8 (line {line}, byte {at} of the file); save it as UTF-8")
    })
}

/// What the system says, in plain words.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::IsADirectory => "it is a directory".to_owned(),
        ErrorKind::NotADirectory => "a part of its path is a file, not a directory".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_a_text_is_none() {
        assert_eq!(
            decoded(b"a\nb\xffc".to_vec()).unwrap_err(),
            "it is not UTF-8 (line 2, byte 3 of the file); save it as UTF-8"
        );
        assert_eq!(decoded(vec![0xff, 0xfe, b'a', 0]).unwrap_err(), "it is UTF-16; save it as UTF-8");
        assert_eq!(decoded("é".into()), Ok("é".to_owned()));
    }
}
