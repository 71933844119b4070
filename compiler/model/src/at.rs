//! A fact and its place.

use std::ops::Deref;

use source::Place;

use crate::Map;

/// A value and the place that set it: what the user wrote, or the default in the kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it was set.
    pub place: Place,
}

impl<T> At<T> {
    /// `value` as set at `place`.
    pub fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The entries of a map without their places.
pub fn plain<T: Clone>(entries: &Map<String, At<T>>) -> impl Iterator<Item = (String, T)> + '_ {
    entries.iter().map(|(key, value)| (key.clone(), value.value.clone()))
}
