//! Asks git what was in a revision. Nothing is changed, nothing is fetched, and no program is run that a repository names.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

/// What git calls its own from who started it, which may be about another repository.
const OF_OTHERS: [&str; 6] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE"];

/// A folder in the work tree of a repository.
pub(crate) struct Git {
    folder: PathBuf,
}

/// What stands under a name in a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What it is.
    pub(crate) kind: EntryKind,
    /// What git knows its content by.
    pub(crate) id: String,
    /// How many bytes it has.
    pub(crate) size: u64,
}

/// What stands under a name in a revision, if it is no folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// A file.
    File,
    /// A link.
    Link,
    /// Another repository.
    Repository,
}

impl Git {
    /// That of the repository which `folder` is in; empty is the working directory.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() } }
    }

    /// Where the folder is in its repository: nothing, or `labs/home/`. Why there is none is a sentence.
    pub(crate) fn prefix(&self) -> Result<String, String> {
        let output = self.output(["rev-parse", "--show-prefix"])?;
        if !output.status.success() {
            return Err(format!("git knows no revisions of this folder: {}", said(&output)));
        }
        let prefix = text(&output)?;
        Ok(prefix.strip_suffix('\n').unwrap_or(&prefix).to_owned())
    }

    /// The commit that `revision` names; nothing where it names none.
    pub(crate) fn commit(&self, revision: &str) -> Result<Option<String>, String> {
        let named = format!("{revision}^{{commit}}");
        let output = self.output(["rev-parse", "--verify", "--quiet", "--end-of-options", &named])?;
        let commit = text(&output)?.trim().to_owned();
        let is_one = output.status.success() && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        Ok((is_one && !commit.is_empty()).then_some(commit))
    }

    /// All files below a folder of a commit, by their paths from there; none where there is no such folder. Names that
    /// are no text are left out: no lab can say them.
    pub(crate) fn files(&self, commit: &str, prefix: &str) -> Result<BTreeMap<String, Entry>, String> {
        let tree = format!("{commit}:{}", prefix.trim_end_matches('/'));
        let output = self.output(["ls-tree", "-r", "-l", "-z", "--full-tree", "--end-of-options", &tree])?;
        if !output.status.success() {
            let said = said(&output);
            let is_missing = said.contains("Not a valid object name");
            return if is_missing {
                Ok(BTreeMap::new())
            } else {
                Err(format!("git cannot list files: {said}"))
            };
        }
        Ok(output.stdout.split(|byte| *byte == 0).filter_map(entry).collect())
    }

    /// Begins to read contents.
    pub(crate) fn contents(&self) -> Result<Contents, String> {
        let mut command = self.command(["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| not_started(&error))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(asked), Some(answers)) => {
                Ok(Contents { child, asked: Some(asked), answers: BufReader::new(answers) })
            }
            _ => Err("git cannot be asked for the contents of files".to_owned()),
        }
    }

    fn output<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Result<Output, String> {
        self.command(arguments).stdin(Stdio::null()).output().map_err(|error| not_started(&error))
    }

    fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new("git");
        command.args(arguments.into_iter().map(OsStr::new)).current_dir(&self.folder);
        for name in OF_OTHERS {
            command.env_remove(name);
        }
        // In words that are known, and with what is here.
        command.env("LC_ALL", "C").env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0");
        command
    }
}

/// The contents of files, one after the other.
pub(crate) struct Contents {
    child: Child,
    asked: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Contents {
    /// What is in a file.
    pub(crate) fn read(&mut self, entry: &Entry) -> Result<Vec<u8>, String> {
        let failed = |error: std::io::Error| format!("git does not say what is in it: {error}");
        if let Some(asked) = &mut self.asked {
            writeln!(asked, "{}", entry.id).and_then(|()| asked.flush()).map_err(failed)?;
        }
        let mut head = String::new();
        self.answers.read_line(&mut head).map_err(failed)?;
        let length = head.trim_end().rsplit(' ').next().and_then(|length| length.parse::<usize>().ok());
        let Some(length) = length else {
            return Err("the repository does not have it; 'git fetch' may bring it".to_owned());
        };
        // A line end stands behind it.
        let mut content = vec![0; length + 1];
        self.answers.read_exact(&mut content).map_err(failed)?;
        content.pop();
        Ok(content)
    }
}

impl Drop for Contents {
    fn drop(&mut self) {
        // It ends when nothing can be asked any more.
        self.asked = None;
        let _ = self.child.wait();
    }
}

/// `100644 blob ID    SIZE<tab>PATH`.
fn entry(line: &[u8]) -> Option<(String, Entry)> {
    let (about, path) = std::str::from_utf8(line).ok()?.split_once('\t')?;
    let mut words = about.split_whitespace();
    let kind = match words.next()? {
        "120000" => EntryKind::Link,
        "160000" => EntryKind::Repository,
        _ => EntryKind::File,
    };
    let (_, id, size) = (words.next()?, words.next()?, words.next()?);
    Some((path.to_owned(), Entry { kind, id: id.to_owned(), size: size.parse().unwrap_or_default() }))
}

fn text(output: &Output) -> Result<String, String> {
    String::from_utf8(output.stdout.clone()).map_err(|_| "git names a folder that is no text".to_owned())
}

/// What git says is wrong.
fn said(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim();
    said.strip_prefix("fatal: ").unwrap_or(said).to_owned()
}

fn not_started(error: &std::io::Error) -> String {
    format!("git says what was in a revision, and cannot be started: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_as_git_lists_them() {
        let link = entry(b"120000 blob 0a1b      12\tcharts/a b.yaml").expect("an entry");
        let expected = Entry { kind: EntryKind::Link, id: "0a1b".into(), size: 12 };
        assert_eq!(link, ("charts/a b.yaml".to_owned(), expected));
        assert_eq!(entry(b"160000 commit 0a1b       -\tother").map(|(_, one)| one.size), Some(0));
        assert_eq!(entry(b"100644 blob 0a1b 1\t\xff"), None);
        assert_eq!(entry(b""), None);
    }
}
