//! Where words go: results to stdout, everything else to stderr, colours only where somebody sees them.

use std::borrow::Cow;
use std::env;
use std::io::{self, BufRead, ErrorKind, IsTerminal, Stderr, Stdout, Write};

use diagnostics::{Located, Severity, Sources, render};

use crate::args::Colour;
use crate::exit::Failure;

/// How much to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Results and errors.
    Quiet,
    /// What is worth knowing too.
    Normal,
    /// What was done too.
    Verbose,
}

/// The two streams.
pub(crate) struct Terminal {
    out: Stdout,
    err: Stderr,
    colour_out: bool,
    colour_err: bool,
    verbosity: Verbosity,
}

impl Terminal {
    /// The streams of this process.
    pub(crate) fn new(colour: Colour, verbosity: Verbosity) -> Self {
        let coloured = |is_terminal: bool| match colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => is_terminal && environment_allows_colour(),
        };
        let (out, err) = (io::stdout(), io::stderr());
        let (colour_out, colour_err) = (coloured(out.is_terminal()), coloured(err.is_terminal()));
        Self { out, err, colour_out, colour_err, verbosity }
    }

    /// Whether results are coloured.
    pub(crate) fn colours_results(&self) -> bool {
        self.colour_out
    }

    /// Prints a result that names things, which may be called anything.
    pub(crate) fn lines(&self, text: &str) -> Result<(), Failure> {
        self.result(&plain(text))
    }

    /// Prints a result as it is. Nobody reading any more is no failure.
    pub(crate) fn result(&self, text: &str) -> Result<(), Failure> {
        let mut out = self.out.lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::cannot(format!("cannot write to stdout: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Prints a text of the user's: as it is for programs, and on a terminal so that nothing in it acts there.
    pub(crate) fn text(&self, text: &str) -> Result<(), Failure> {
        if self.out.is_terminal() { self.lines(text) } else { self.result(text) }
    }

    /// Says why the command did not do what it was asked to.
    pub(crate) fn error(&self, message: &str) {
        self.say(&format!("{}: {}", paint(self.colour_err, "1;31", "error"), plain(message)));
    }

    /// Says something worth knowing.
    pub(crate) fn note(&self, message: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.say(&plain(message));
        }
    }

    /// How many columns and rows there are to draw on, where lines can be drawn anew.
    pub(crate) fn size(&self) -> Option<(usize, usize)> {
        let is_dumb = env::var_os("TERM").is_none_or(|term| term == "dumb");
        if is_dumb || self.verbosity < Verbosity::Normal || !self.err.is_terminal() {
            return None;
        }
        let size = rustix::termios::tcgetwinsize(&self.err).ok()?;
        let or = |said: u16, usual: usize| if said == 0 { usual } else { usize::from(said) };
        Some((or(size.ws_col, 80), or(size.ws_row, 24)))
    }

    /// Draws lines that are taken away again.
    pub(crate) fn draw(&self, lines: &[String]) {
        for line in lines {
            self.say(&paint(self.colour_err, "2", &plain(line)));
        }
    }

    /// Takes away the last lines.
    pub(crate) fn erase(&self, lines: usize) {
        if lines > 0 {
            let _ = write!(self.err.lock(), "\r\x1b[{lines}A\x1b[J");
        }
    }

    /// Asks a person. Where there is none, `--yes` has to say it.
    pub(crate) fn agrees(&self, question: &str) -> Result<bool, Failure> {
        if !can_ask() {
            let reason = "nobody is there to ask whether this is wanted; --yes says that it is";
            return Err(Failure::cannot(reason));
        }
        self.say(&format!("{} [y/N]", plain(question)));
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::cannot(error.to_string()))?;
        Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
    }

    /// Asks a person to type something; `None` where nobody is there.
    pub(crate) fn typed(&self, question: &str) -> Result<Option<String>, Failure> {
        if !can_ask() {
            return Ok(None);
        }
        self.say(&plain(question));
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::cannot(error.to_string()))?;
        Ok(Some(answer.trim().to_owned()))
    }

    /// Says what is or was done.
    pub(crate) fn detail(&self, message: &str) {
        if self.verbosity >= Verbosity::Verbose {
            self.say(&plain(message));
        }
    }

    /// Shows problems that are not the result; quietly, only the errors.
    pub(crate) fn problems(
        &self,
        problems: &[Located],
        sources: &dyn Sources,
        path: &dyn Fn(&str) -> String,
    ) {
        let shown =
            |problem: &&Located| problem.severity() == Severity::Error || self.verbosity >= Verbosity::Normal;
        let problems: Vec<Located> = problems.iter().filter(shown).cloned().collect();
        let text = render::human(&problems, sources, path, self.colour_err);
        if !text.is_empty() {
            self.say(text.trim_end());
        }
    }

    fn say(&self, text: &str) {
        // There is nobody left to tell that stderr is closed.
        let _ = writeln!(self.err.lock(), "{text}");
    }
}

/// Whether somebody is there to be asked.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal()
}

/// The text in a style, if there are to be styles.
pub(crate) fn paint(colour: bool, style: &str, text: &str) -> String {
    if colour && !text.is_empty() { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
}

/// Lines in which nothing acts on the terminal. All that is said goes through here.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let is_plain = |line: &str| matches!(render::plain(line), Cow::Borrowed(_));
    if text.split('\n').all(is_plain) {
        return Cow::Borrowed(text);
    }
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(render::plain).collect();
    Cow::Owned(lines.join("\n"))
}

/// What a path is called in a sentence: nothing in it acts on the terminal.
pub(crate) fn shown(path: &std::path::Path) -> String {
    render::plain(&path.to_string_lossy()).into_owned()
}

fn environment_allows_colour() -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    !refused && !dumb
}
