//! A lab that something is wrong with, made as small as it gets.

use std::ops::Range;

/// `text` without all that is not needed for `fails` to hold. It is tried at most so often.
pub fn shrink(text: &str, mut tries: usize, mut fails: impl FnMut(&str) -> bool) -> String {
    let mut text = text.to_owned();
    loop {
        let before = text.len();
        for range in blocks(&text).into_iter().rev() {
            if tries == 0 {
                return text;
            }
            if !text.is_char_boundary(range.end.min(text.len())) || range.end > text.len() {
                continue;
            }
            let mut smaller = text.clone();
            smaller.replace_range(range, "");
            tries -= 1;
            if fails(&smaller) {
                text = smaller;
            }
        }
        if text.len() == before {
            return text;
        }
    }
}

/// Lines, and blocks from the line that opens one to the line that closes it; those that stand in others behind them.
fn blocks(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut open, mut at) = (Vec::new(), Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        let own = at..at + line.len();
        at = own.end;
        match line.trim() {
            "}" => {
                if let Some(start) = open.pop() {
                    found.push(start..own.end);
                }
            }
            opens if opens.ends_with('{') => open.push(own.start),
            _ => found.push(own),
        }
    }
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    found
}
