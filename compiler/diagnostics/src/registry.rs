//! All the rules there are.

use crate::{Rule, closest};

/// The rules of all phases, by name.
#[derive(Clone, Debug)]
pub struct Registry {
    rules: Vec<&'static Rule>,
}

impl Registry {
    /// Collects what the phases export as their `RULES`.
    ///
    /// # Panics
    ///
    /// If two rules have the same name.
    pub fn new(phases: &[&[&'static Rule]]) -> Self {
        let mut rules = phases.concat();
        rules.sort();
        for pair in rules.windows(2) {
            assert!(pair[0] != pair[1], "two rules are called '{}'", pair[0].name);
        }
        Self { rules }
    }

    /// All rules, sorted by name.
    pub fn rules(&self) -> &[&'static Rule] {
        &self.rules
    }

    /// The rule called `name`.
    pub fn find(&self, name: &str) -> Option<&'static Rule> {
        self.index(name).map(|index| self.rules[index])
    }

    /// Where in [`Registry::rules`] the rule called `name` stands.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.rules.binary_search_by(|rule| rule.name.cmp(name)).ok()
    }

    /// Names of rules that `name` may have been meant to be, the likeliest first.
    pub fn suggest(&self, name: &str) -> Vec<&'static str> {
        closest(name, self.rules.iter().map(|rule| rule.name), 3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{UNKNOWN_NAME, UNUSED};

    #[test]
    fn finds_rules_by_name_and_suggests_others() {
        let registry = Registry::new(&[&[&UNUSED], &[&UNKNOWN_NAME], &[]]);
        assert_eq!(registry.rules(), [&UNKNOWN_NAME, &UNUSED]);
        assert_eq!(registry.find("unused"), Some(&UNUSED));
        assert_eq!(registry.index("unused"), Some(1));
        assert_eq!(registry.find("unusde"), None);
        assert_eq!(registry.suggest("unusde"), ["unused"]);
        assert_eq!(registry.suggest("name-unknown"), ["unknown-name"]);
    }

    #[test]
    #[should_panic(expected = "two rules are called 'unused'")]
    fn names_are_unique() {
        Registry::new(&[&[&UNUSED], &[&UNUSED]]);
    }
}
