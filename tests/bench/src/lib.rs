//! The labs that benchmarks run on: the same text that the peers have in their languages.

/// A lab in which one part is there for each app; see `workload.py`.
const TEMPLATE: &str = include_str!("../labs/homelab.hl");

/// The lab of `count` apps.
pub fn lab(count: usize) -> String {
    let (head, rest) = TEMPLATE.split_once("<each app>\n").unwrap_or_default();
    let (each, foot) = rest.split_once("<end>\n").unwrap_or_default();
    let app = |n: usize| {
        let numbers = [("<n>", n), ("<port>", 8000 + n), ("<replicas>", 1 + n % 3)];
        numbers.iter().fold(each.to_owned(), |text, (mark, number)| text.replace(mark, &number.to_string()))
    };
    let apps: String = (0..count).map(app).collect();
    format!("{head}{apps}{foot}")
}

/// The lab of so many apps that it has about `lines` lines.
pub fn lab_of_lines(lines: usize) -> String {
    let each = lab(2).lines().count() - lab(1).lines().count();
    lab(lines / each)
}
