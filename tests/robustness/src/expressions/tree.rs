//! Expressions that are put together from others, and remember from which.

use std::rc::Rc;

/// An expression: a pattern, and what stands at its places.
///
/// `$0` in a pattern is the first part, in brackets where it is put together itself; `#0` is the same without brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// How the parts go together.
    pub pattern: String,
    /// The parts.
    pub parts: Vec<Rc<Tree>>,
}

impl Tree {
    /// An expression that is put together from nothing.
    pub fn leaf(text: impl Into<String>) -> Self {
        Self { pattern: text.into(), parts: Vec::new() }
    }

    /// An expression that is put together.
    pub fn of(pattern: impl Into<String>, parts: impl IntoIterator<Item = Rc<Tree>>) -> Self {
        Self { pattern: pattern.into(), parts: parts.into_iter().collect() }
    }

    /// As people write it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut chars = self.pattern.chars().peekable();
        while let Some(sign) = chars.next() {
            let part = chars.peek().and_then(|digit| digit.to_digit(10)).map(|at| at as usize);
            match part.and_then(|at| self.parts.get(at)).filter(|_| matches!(sign, '$' | '#')) {
                None => text.push(sign),
                Some(part) => {
                    chars.next();
                    let inner = part.text();
                    let in_brackets = sign == '$' && !part.parts.is_empty();
                    let (open, close) = if in_brackets { ("(", ")") } else { ("", "") };
                    text.extend([open, &inner, close]);
                }
            }
        }
        text
    }

    /// Calls `each` with all patterns in it.
    pub fn patterns(&self, each: &mut impl FnMut(&str)) {
        each(&self.pattern);
        self.parts.iter().for_each(|part| part.patterns(each));
    }

    /// The smallest expression in it of which `fails` holds; it must hold of this one.
    #[must_use]
    pub fn shrunk(&self, fails: &impl Fn(&Tree) -> bool) -> Tree {
        let mut smallest = self.clone();
        while let Some(smaller) = smallest.smaller().into_iter().find(|tree| fails(tree)) {
            smallest = smaller;
        }
        smallest
    }

    /// The same with less: each of its parts alone, a part shrunk by one, or nothing but a known value for a part.
    fn smaller(&self) -> Vec<Tree> {
        let mut all: Vec<Tree> = self.parts.iter().map(|part| (**part).clone()).collect();
        for (at, part) in self.parts.iter().enumerate() {
            let plain = ["1", "\"a\"", "true", "[1]", "none"].map(Tree::leaf);
            let plain = if part.parts.is_empty() { Vec::new() } else { plain.to_vec() };
            for inner in part.smaller().into_iter().chain(plain) {
                let mut parts = self.parts.clone();
                parts[at] = Rc::new(inner);
                all.push(Self { pattern: self.pattern.clone(), parts });
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn trees_are_written_and_shrunk() {
        let sum =
            Tree::of("$0 + $1", [Tree::leaf("1").into(), Tree::of("-$0", [Tree::leaf("2").into()]).into()]);
        let list = Tree::of("[#0, #1]", [sum.into(), Tree::leaf("3").into()]);
        assert_eq!(list.text(), "[1 + (-2), 3]");
        assert_eq!(list.shrunk(&|tree| tree.text().contains('2')).text(), "2");
        assert_eq!(list.shrunk(&|tree| tree.text().contains("+ ")).text(), "1 + 2");
    }
}
