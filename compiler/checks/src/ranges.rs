//! Ranges of addresses that can be searched.

use domain::{Address, AddressRange};

/// A range, and what it is of.
pub(crate) type Entry<T> = (AddressRange, T);

/// Ranges, each with what it is of.
pub(crate) struct Ranges<T> {
    /// By their first address.
    sorted: Vec<Entry<T>>,
    /// The highest address of a range and of all before it.
    reach: Vec<Address>,
}

impl<T> Ranges<T> {
    pub(crate) fn new(ranges: impl IntoIterator<Item = (AddressRange, T)>) -> Self {
        let mut sorted: Vec<_> = ranges.into_iter().collect();
        sorted.sort_by_key(|(range, _)| *range);
        let mut reach: Vec<Address> = Vec::with_capacity(sorted.len());
        for (range, _) in &sorted {
            let before = reach.last().copied();
            reach.push(before.map_or(range.last(), |before| before.max(range.last())));
        }
        Self { sorted, reach }
    }

    /// The range that `address` is in; of several, the one that begins last.
    pub(crate) fn containing(&self, address: Address) -> Option<&Entry<T>> {
        let begun = self.sorted.partition_point(|(range, _)| range.first() <= address);
        let candidates = self.sorted[..begun].iter().zip(&self.reach).rev();
        candidates
            .take_while(|(_, reach)| **reach >= address)
            .map(|(range, _)| range)
            .find(|(range, _)| range.contains(address))
    }

    /// Each range that overlaps one that begins before it, after that one. Families never overlap.
    pub(crate) fn overlaps(&self) -> Vec<(&Entry<T>, &Entry<T>)> {
        let mut found = Vec::new();
        let mut furthest: Option<&Entry<T>> = None;
        for entry in &self.sorted {
            if let Some(before) = furthest
                && before.0.overlaps(entry.0)
            {
                found.push((before, entry));
            }
            if furthest.is_none_or(|before| before.0.last() < entry.0.last()) {
                furthest = Some(entry);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges() -> Ranges<char> {
        let range = |text: &str, name| (AddressRange::parse(text).unwrap(), name);
        Ranges::new([
            range("10.0.0.50 .. 10.0.0.60", 'c'),
            range("10.0.0.1 .. 10.0.0.100", 'a'),
            range("10.0.0.5 .. 10.0.0.9", 'b'),
            range("10.0.1.1 .. 10.0.1.2", 'd'),
        ])
    }

    #[test]
    fn finds_the_range_of_an_address() {
        let of = |address| ranges().containing(Address::parse(address).unwrap()).map(|(_, name)| *name);
        assert_eq!(of("10.0.0.7"), Some('b'));
        assert_eq!(of("10.0.0.30"), Some('a'));
        assert_eq!(of("10.0.0.100"), Some('a'));
        assert_eq!((of("10.0.0.101"), of("10.0.1.3"), of("::1")), (None, None, None));
    }

    #[test]
    fn finds_overlaps() {
        let ranges = ranges();
        let found: Vec<_> = ranges.overlaps().iter().map(|(one, other)| (one.1, other.1)).collect();
        assert_eq!(found, [('a', 'b'), ('a', 'c')]);
    }
}
