//! A large text in parts, which may be cut at the same time.
//!
//! Cutting goes from the first byte to the last, because what opens a bracket or a text is known only from what is
//! before. But nearly always nothing is open where a line begins a statement below a line that is a lone `}`. So a text
//! is taken apart at such lines, each part is cut on its own, and what comes of it holds where it turns out that each
//! part ends as it seemed to. Where one does not, or where anything is wrong with brackets, the text is cut as a whole.

use super::{Cut, Cuts, Cutter, cut_whole};
use crate::layout::goes_on;
use crate::lexer::starts_statement;
use crate::token::TokenKind as K;

/// Parts have so many bytes at least: smaller ones are cut before anybody could help.
const LEAST: usize = 64 << 10;
/// So many bytes are looked through for a line where a part may end.
const NEAR: usize = 16 << 10;

/// A text in parts. Who cuts which of them, and when, is up to whoever asks.
pub struct Parts<'t> {
    text: &'t str,
    /// Where all parts but the first start.
    seams: Vec<usize>,
}

impl<'t> Parts<'t> {
    /// Shorter texts have one part.
    pub const WORTH: usize = 2 * LEAST;

    /// `text` in `most` parts of about one size, or in fewer.
    pub fn of(text: &'t str, most: usize) -> Self {
        Self { text, seams: seams(text, most.min(text.len() / LEAST)) }
    }

    /// How many there are: one at least.
    pub fn count(&self) -> usize {
        self.seams.len() + 1
    }

    /// How part `nth` is cut, for [`Parts::join`]; nothing where that may be otherwise in the whole.
    pub fn cut(&self, nth: usize) -> Option<Cuts> {
        let start = if nth == 0 { 0 } else { self.seams[nth - 1] };
        let end = self.seams.get(nth).copied();
        let mut cutter =
            Cutter::new(&self.text[start..end.unwrap_or(self.text.len())], Vec::new(), Vec::new());
        cutter.run();
        let is_sound = cutter.is_sound();
        // What has begun in a part and does not end there is not sound; of the last, brackets that close what they
        // should are enough.
        let holds = match end {
            Some(_) => is_sound && cutter.last.kind == K::RightBrace,
            None => !cutter.hidden && cutter.strays.is_empty(),
        };
        let moved = |cut: Cut| Cut { range: cut.range.start + start..cut.range.end + start, ..cut };
        holds.then(|| Cuts { items: cutter.cuts.into_iter().map(moved).collect(), is_sound })
    }

    /// How the text is cut, given that of all of its parts in their order.
    pub fn join(&self, parts: impl IntoIterator<Item = Option<Cuts>>) -> Cuts {
        let joined = |mut all: Cuts, part: Option<Cuts>| {
            let part = part?;
            all.items.extend(part.items);
            all.is_sound &= part.is_sound;
            Some(all)
        };
        let none = Cuts { items: Vec::new(), is_sound: true };
        parts.into_iter().try_fold(none, joined).unwrap_or_else(|| cut_whole(self.text))
    }
}

/// Where `text` may be taken apart into `count` parts of about one size: fewer where no line is fit for it.
fn seams(text: &str, count: usize) -> Vec<usize> {
    let mut seams: Vec<usize> = (1..count).filter_map(|nth| seam(text, text.len() / count * nth)).collect();
    seams.dedup();
    seams
}

/// The start of the first line behind byte `from`, and near it, that begins a statement below a lone `}`.
fn seam(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let near = &bytes[from..bytes.len().min(from + NEAR)];
    let ends = near.windows(3).enumerate().filter(|(_, three)| *three == b"\n}\n");
    ends.map(|(at, _)| from + at + 3).find_map(|at| {
        let start = at + bytes[at..].iter().position(|byte| *byte != b'\n')?;
        let rest = &text[start..];
        (bytes[start].is_ascii_alphabetic()
            && starts_statement(rest.as_bytes())
            && !goes_on(K::RightBrace, "", K::Word, rest))
        .then_some(start)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Cuts, cut_whole};
    use super::{Parts, seam, seams};

    /// How a text is cut that is taken apart at `seams`; nothing where that does not hold.
    fn cut_at(text: &str, seams: &[usize]) -> Option<Cuts> {
        let parts = Parts { text, seams: seams.to_vec() };
        let cuts: Option<Vec<_>> = (0..parts.count()).map(|nth| parts.cut(nth)).collect();
        cuts.map(|cuts| parts.join(cuts.into_iter().map(Some)))
    }

    /// Wherever a text is taken apart, and at every place where it can be, its items are the same.
    fn is_the_same(text: &str) {
        let whole = cut_whole(text);
        let mut all = Vec::new();
        let mut from = 0;
        while let Some(at) = seam(text, from) {
            if let Some(cuts) = cut_at(text, &[at]) {
                assert_eq!(cuts, whole, "at {at} of {text:?}");
            }
            all.push(at);
            from = at;
        }
        if let Some(cuts) = cut_at(text, &all) {
            assert_eq!(cuts, whole, "at {all:?} of {text:?}");
        }
    }

    /// A line of a lab, right or wrong.
    fn line() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "app a {",
            "}",
            "",
            "  x = 1",
            "b = 2",
            "app c in d {",
            "## words",
            "# words",
            "\"\"\"",
            "  \"\"\"",
            "t = \"\"\"",
            "u = \"${",
            "v = [",
            "]",
            "and = 1",
            "in d",
            "w = \"",
            "/x",
            "port http = 80",
            ", ",
            "x {}",
            "{",
            "nix\"\"\"",
            "y = 1, z = 2",
            "'",
            "}}",
            "  }",
        ])
    }

    proptest! {
        #[test]
        fn a_text_has_the_same_items_however_it_is_taken_apart(lines in prop::collection::vec(line(), 0..40)) {
            is_the_same(&lines.join("\n"));
        }
    }

    #[test]
    fn a_lab_is_taken_apart_where_an_item_begins() {
        let app = |nth: usize| format!("app a{nth} {{\n  port http = 80\n}}\n\n");
        let text: String = (0..100).map(app).collect();
        let seams = seams(&text, 4);
        assert_eq!(seams.len(), 3);
        assert!(seams.iter().all(|at| text[*at..].starts_with("app a")));
        assert_eq!(cut_at(&text, &seams), Some(cut_whole(&text)));
        is_the_same(&text);
    }

    #[test]
    fn what_is_open_at_a_seam_is_cut_as_a_whole() {
        for opening in ["a = [\n", "a {\n b {\n", "t = \"\"\"\n", "x = nix\"\"\"\n"] {
            let text = format!("{opening}}}\n\napp b {{\n}}\n");
            let at = seam(&text, 0).expect("a line that looks like it");
            assert_eq!(cut_at(&text, &[at]), None, "{opening}");
            let parts = Parts { text: &text, seams: vec![at] };
            assert_eq!(parts.join([parts.cut(0), parts.cut(1)]), cut_whole(&text), "{opening}");
        }
    }
}
