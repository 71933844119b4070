//! What a problem is.

use source::Place;

use crate::{Rule, Severity};

/// Something wrong in the lab, at a place, with what is known about it.
///
/// Built by the factory functions beside each rule:
///
/// ```ignore
/// Problem::new(&UNKNOWN_NAME, place, "no namespace is called 'automaton'")
///     .label("not a namespace")
///     .also(namespaces, "the namespaces are declared here")
///     .help("did you mean 'automation'?")
///     .fix("change to 'automation'", place, "automation")
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// What is wrong, in one line that stands alone: lower case, no full stop.
    pub message: String,
    /// The smallest place that is wrong.
    pub place: Place,
    /// What to say at the place itself, if something shorter or more precise than the message.
    pub label: Option<String>,
    /// Other places that matter, such as where the requirement comes from.
    pub labels: Vec<Label>,
    /// The remedy, in one line.
    pub help: Option<String>,
    /// Ways to repair it that a machine can apply, the best first.
    pub fixes: Vec<Fix>,
    /// Whether no way is better than the others, so that only a person can choose.
    pub is_choice: bool,
}

/// Another place that matters to a problem.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// The place.
    pub place: Place,
    /// Why it matters.
    pub message: String,
}

/// A way to repair a problem: all its edits together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fix {
    /// What it does, as an order: `change to 'automation'`.
    pub title: String,
    /// The edits, which do not overlap.
    pub edits: Vec<Edit>,
}

/// Puts a text where another stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub place: Place,
    /// What stands there afterwards.
    pub text: String,
}

impl Problem {
    /// A problem of `rule` at `place`.
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            message: brief(message.into()),
            place,
            label: None,
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            is_choice: false,
        }
    }

    /// Says `label` at the place itself.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(brief(label.into()));
        self
    }

    /// Points at another place too.
    #[must_use]
    pub fn also(mut self, place: Place, message: impl Into<String>) -> Self {
        self.labels.push(Label { place, message: brief(message.into()) });
        self
    }

    /// Says what the remedy is.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(brief(help.into()));
        self
    }

    /// Says what the remedy is, if there is one, and leaves what was said before if not.
    #[must_use]
    pub fn help_if(self, help: Option<impl Into<String>>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// Offers to put `text` where `place` is.
    #[must_use]
    pub fn fix(self, title: impl Into<String>, place: Place, text: impl Into<String>) -> Self {
        self.fix_all(title, vec![Edit { place, text: text.into() }])
    }

    /// Offers several edits that only make sense together.
    #[must_use]
    pub fn fix_all(mut self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fixes.push(Fix { title: title.into(), edits });
        self
    }

    /// Says that none of the fixes is better than the others.
    #[must_use]
    pub fn choice(mut self) -> Self {
        self.is_choice = true;
        self
    }

    /// How bad it is, which the rule says.
    pub fn severity(&self) -> Severity {
        self.rule.severity
    }

    /// Whether it stands in the way of a build.
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }
}

/// How many bytes of what is said nobody shortens.
const LONGEST: usize = 2000;
/// How many bytes are kept of each end of what is longer.
const KEPT: usize = 400;

/// What is said, without the middle of a name or value that fills screens.
fn brief(text: String) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    let (head, tail) = (text.floor_char_boundary(KEPT), text.ceil_char_boundary(text.len() - KEPT));
    format!("{} … {}", &text[..head], &text[tail..])
}
