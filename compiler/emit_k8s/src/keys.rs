//! Names that have to differ from each other.

use std::collections::BTreeSet;

/// Names that are taken, and a way to find free ones. Asked in the same order, it gives the same names.
#[derive(Debug, Default)]
pub(crate) struct Taken(BTreeSet<String>);

impl Taken {
    /// With these taken.
    pub(crate) fn of<'a>(names: impl IntoIterator<Item = &'a String>) -> Self {
        Self(names.into_iter().cloned().collect())
    }

    /// The first free one of `wanted`, or else the last one with a number; it is taken from now on.
    pub(crate) fn free<const N: usize>(&mut self, wanted: [String; N]) -> String {
        let last = wanted.last().cloned().unwrap_or_default();
        let numbered = (2..).map(|number: u64| format!("{last}-{number}"));
        for name in wanted.into_iter().chain(numbered) {
            if self.0.insert(name.clone()) {
                return name;
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::Taken;

    #[test]
    fn finds_the_first_free_one() {
        let mut taken = Taken::of(&["a".to_owned()]);
        let wanted = || ["a".to_owned(), "b".to_owned()];
        assert_eq!([taken.free(wanted()), taken.free(wanted()), taken.free(wanted())], ["b", "b-2", "b-3"]);
    }
}
