//! What has been tried: each operator, form, function and sort of type in an expression that was accepted.

use std::collections::{BTreeMap, BTreeSet};

use types::{BUILTINS, TYPES};

use super::grow::{FORMS, OPERATORS};
use super::kinds_of_types::{OTHER_SORTS, sort};

/// How often each pattern, and each sort of type, was in an accepted expression.
#[derive(Clone, Debug, Default)]
pub struct Covered {
    pub(super) patterns: BTreeMap<String, usize>,
    pub(super) sorts: BTreeMap<&'static str, usize>,
}

impl Covered {
    /// What was never tried of all that the compiler's tables have.
    pub fn missing(&self) -> BTreeSet<String> {
        let patterns =
            OPERATORS.iter().map(|(_, pattern)| *pattern).chain(FORMS.iter().map(|(pattern, _)| *pattern));
        let patterns = patterns.filter(|pattern| !self.patterns.contains_key(*pattern)).map(str::to_owned);
        let is_called =
            |name: &str| self.patterns.keys().any(|pattern| pattern.starts_with(&format!("{name}(")));
        let functions = BUILTINS.iter().map(|(name, ..)| *name).filter(|name| !is_called(name));
        let sorts = TYPES.iter().map(|(_, ty)| sort(ty)).chain(OTHER_SORTS.iter().copied());
        let sorts = sorts.filter(|sort| !self.sorts.contains_key(sort));
        patterns
            .chain(functions.map(|name| format!("function {name}")))
            .chain(sorts.map(|sort| format!("type {sort}")))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::OPERATORS;
    use crate::expressions::grow::position;

    #[test]
    fn every_operator_is_tried() {
        assert!(OPERATORS.iter().enumerate().all(|(at, (op, _))| position(*op) == at));
    }
}
