//! `hlc init`: a lab to start from.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use workspace::LAB;
use workspace::read::reason;

use crate::exit::{Exit, Failure};
use crate::terminal::{Terminal, shown};

const TEXT: &str = include_str!("init/homelab.hl");
/// What stands beside it for Git.
const FOR_GIT: [(&str, &str); 2] =
    [(".gitignore", include_str!("init/gitignore")), (".gitattributes", include_str!("init/gitattributes"))];

/// Writes a lab into `folder`. What is there already is left as it is, and a lab that is there is an error.
pub(crate) fn run(folder: &Path, terminal: &Terminal) -> Result<Exit, Failure> {
    // So that paths in messages do not begin with `./`.
    let folder = if folder == Path::new(".") { Path::new("") } else { folder };
    let lab = folder.join(LAB);
    fs::create_dir_all(folder).map_err(|error| cannot("make", folder, &error))?;
    match write_new(&lab, TEXT) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(Failure::cannot(format!("{} is there already; it was left as it is", shown(&lab))));
        }
        result => result.map_err(|error| cannot("write", &lab, &error))?,
    }
    let mut made = vec![format!("wrote {}\n", shown(&lab))];
    for (name, text) in FOR_GIT {
        let path = folder.join(name);
        match write_new(&path, text) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                terminal.note(&format!("left {} as it is", shown(&path)));
            }
            result => {
                result.map_err(|error| cannot("write", &path, &error))?;
                made.push(format!("wrote {}\n", shown(&path)));
            }
        }
    }
    terminal.result(&made.concat())?;
    terminal.note("next: change addresses and names in it to yours, then hlc check, then hlc build");
    Ok(Exit::Success)
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::cannot(format!("cannot {what} {}: {}", shown(path), reason(error)))
}
