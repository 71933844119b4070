//! Where in a tree something is.

use std::fmt;

use crate::shown::Shown;

/// The keys and indices on the way from the root to a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Key(String),
    Index(usize),
}

impl Path {
    /// The root.
    pub fn root() -> Self {
        Self::default()
    }

    /// The keys on the way, without the indices of lists.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
    }

    /// What SOPS binds a value to: all keys on the way. Indices of lists are not part of it.
    pub(crate) fn additional_data(&self) -> String {
        let mut data = String::new();
        for key in self.keys() {
            data.push_str(key);
            data.push(':');
        }
        // A comment at the root is in no container that has a name.
        if data.is_empty() { ":".to_owned() } else { data }
    }

    pub(crate) fn len(&self) -> usize {
        self.steps.len()
    }

    pub(crate) fn enter_key(&mut self, key: &str) {
        self.steps.push(Step::Key(key.to_owned()));
    }

    pub(crate) fn enter_index(&mut self, index: usize) {
        self.steps.push(Step::Index(index));
    }

    pub(crate) fn leave(&mut self) {
        self.steps.pop();
    }
}

/// `db.users[2].password`. Keys are a stranger's: what a terminal would act upon is escaped.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            match step {
                Step::Key(key) if at == 0 => write!(f, "{}", Shown(key))?,
                Step::Key(key) => write!(f, ".{}", Shown(key))?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
