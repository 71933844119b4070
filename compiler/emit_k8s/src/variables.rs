//! The order of variables.
//!
//! Kubernetes puts the value of another variable in the place of `$(NAME)` only if that one stands before it.

use std::collections::BTreeSet;

use model::{At, EnvValue, Map};

/// A variable and its value.
pub(crate) type Variable<'a> = (&'a String, &'a At<EnvValue>);

/// The variables by name, each behind those that it refers to. Of a circle, the first by name comes last.
pub(crate) fn ordered(env: &Map<String, At<EnvValue>>) -> Vec<Variable<'_>> {
    let mut order = Vec::with_capacity(env.len());
    let mut seen = BTreeSet::new();
    for start in env {
        let mut open = vec![(start, false)];
        while let Some((variable, is_done)) = open.pop() {
            if is_done {
                order.push(variable);
            } else if seen.insert(variable.0) {
                open.push((variable, true));
                let referred = referred(&variable.1.value)
                    .filter_map(|name| env.iter().find(|(other, _)| *other == name));
                // The last one put there comes first.
                let referred: Vec<_> = referred.collect();
                open.extend(referred.into_iter().rev().map(|variable| (variable, false)));
            }
        }
    }
    order
}

/// What a text refers to. Two dollars mean one, and refer to nothing.
fn referred(value: &EnvValue) -> impl Iterator<Item = &str> {
    let text = if let EnvValue::Plain(text) = value { text.as_str() } else { "" };
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let (_, behind) = rest.split_once('$')?;
            if let Some(escaped) = behind.strip_prefix('$') {
                rest = escaped;
            } else if let Some((name, behind)) =
                behind.strip_prefix('(').and_then(|name| name.split_once(')'))
            {
                rest = behind;
                return Some(name);
            } else {
                rest = behind;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use source::{ItemKey, Place, Span};

    fn order(variables: &[(&str, &str)]) -> Vec<String> {
        let place = Place::new(&ItemKey::new("a.hl".into(), "app a".into(), 0), Span::new(0, 1));
        let variables = variables.iter().map(|(name, value)| {
            ((*name).to_owned(), At::new(EnvValue::Plain((*value).to_owned()), place.clone()))
        });
        ordered(&variables.collect()).into_iter().map(|(name, _)| name.clone()).collect()
    }

    #[test]
    fn what_is_referred_to_comes_before() {
        assert_eq!(
            order(&[("A", "http://$(B)/$(C)"), ("B", "$(D)"), ("C", ""), ("D", "")]),
            ["D", "B", "C", "A"]
        );
        assert_eq!(order(&[("A", "$$(B) $B $( $(NONE)"), ("B", "")]), ["A", "B"]);
        assert_eq!(order(&[("A", "$(B)"), ("B", "$(A)"), ("C", "$(C)")]), ["B", "A", "C"], "a circle ends");
    }
}
