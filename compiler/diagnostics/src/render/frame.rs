//! A problem's places, drawn by ariadne.
//!
//! Only this file knows ariadne, and ariadne only gets [`Excerpt`]s: short texts in which nothing can go wrong.
//! It counts in characters there, because its byte mode takes the start of labels in other files for bytes though
//! it is in characters, and may then cut a character in two. Its headings have the position in the
//! excerpt, which for a clipped line is not the one in the file, so they are marked and written anew.

use ariadne::{Color, Config, IndexType, Label, Report, ReportKind};

use super::excerpt::Excerpt;
use super::plain::clipped;
use super::{DisplayPath, plain};
use crate::{Located, Range, Severity, Sources};

/// Begins and ends the number of a file in what ariadne draws; in no excerpt and no label.
const MARK: char = '\u{1}';

/// Said at a place for which there are no words.
const HERE: &str = "here";

/// A place to point at.
#[derive(Clone, Copy)]
struct Mark<'p> {
    range: &'p Range,
    words: &'p str,
    main: bool,
}

/// A file to draw, with what to point at in it.
struct File<'p> {
    text: &'p str,
    excerpt: Excerpt,
    marks: Vec<Mark<'p>>,
}

/// Draws the problem's place and, after it, at most `most` of its labels. Nothing if there is no text to show.
pub(super) fn frame(
    problem: &Located,
    most: usize,
    sources: &dyn Sources,
    display_path: DisplayPath<'_>,
    colour: bool,
) -> Option<String> {
    let files = files(problem, most, sources)?;
    let config = Config::new().with_index_type(IndexType::Char).with_color(colour);
    let main = &files[0].marks[0].range.file;
    debug_assert_eq!(main, &problem.range.file);
    let start = files[0].excerpt.characters(files[0].text, &problem.range)?.start;
    let mut report = Report::build(ReportKind::Error, (name(0), start..start + 1)).with_config(config);
    for (number, file) in files.iter().enumerate() {
        for mark in &file.marks {
            let Some(characters) = file.excerpt.characters(file.text, mark.range) else { continue };
            let colour = colour_of(problem.severity(), mark.main);
            let label = Label::new((name(number), characters)).with_message(clipped(mark.words));
            report.add_label(label.with_color(colour));
        }
    }
    let texts = files.iter().enumerate().map(|(number, file)| (name(number), file.excerpt.text.as_str()));
    let mut drawn = Vec::new();
    report.finish().write(ariadne::sources(texts), &mut drawn).ok()?;
    Some(finished(&String::from_utf8_lossy(&drawn), problem, &files, display_path))
}

/// What to draw, by file: the file of the problem first, the others in order of their first label.
fn files<'p>(problem: &'p Located, most: usize, sources: &'p dyn Sources) -> Option<Vec<File<'p>>> {
    let words = problem.label.as_deref().unwrap_or(HERE);
    let main = Mark { range: &problem.range, words, main: true };
    let others = problem.labels.iter().take(most);
    let others = others.map(|label| Mark { range: &label.range, words: &label.message, main: false });
    let mut by_file: Vec<Vec<Mark<'p>>> = Vec::new();
    for mark in std::iter::once(main).chain(others) {
        match by_file.iter_mut().find(|marks| marks[0].range.file == mark.range.file) {
            Some(marks) => marks.push(mark),
            None => by_file.push(vec![mark]),
        }
    }
    sources.text(&problem.range.file)?;
    let file = |mut marks: Vec<Mark<'p>>| {
        let text = sources.text(&marks[0].range.file)?;
        let excerpt = Excerpt::new(text, marks.iter().map(|mark| mark.range));
        // A label that ends in an earlier line than the one before it would begin another section.
        marks.sort_by_key(|mark| (mark.range.end.line, mark.range.start));
        Some(File { text, excerpt, marks })
    };
    Some(by_file.into_iter().filter_map(file).collect())
}

fn name(number: usize) -> String {
    format!("{MARK}{number}{MARK}")
}

fn colour_of(severity: Severity, main: bool) -> Color {
    match severity {
        _ if !main => Color::Blue,
        Severity::Error => Color::Red,
        Severity::Warning => Color::Yellow,
    }
}

/// The drawing without ariadne's own message, with the right positions in its headings and no blanks at the ends
/// of lines.
fn finished(drawn: &str, problem: &Located, files: &[File<'_>], display_path: DisplayPath<'_>) -> String {
    let mut text = String::with_capacity(drawn.len());
    for line in drawn.lines().skip(1) {
        match heading(line, problem, files, display_path) {
            Some(heading) => text.push_str(&heading),
            None => text.push_str(line.trim_end()),
        }
        text.push('\n');
    }
    text
}

/// The line with path and position in the file, if it is a heading.
fn heading(
    line: &str,
    problem: &Located,
    files: &[File<'_>],
    display_path: DisplayPath<'_>,
) -> Option<String> {
    let (before, rest) = line.split_once(MARK)?;
    let (number, rest) = rest.split_once(MARK)?;
    let after = rest.trim_start_matches(|c: char| c == ':' || c == '?' || c.is_ascii_digit());
    let file = files.get(number.parse::<usize>().ok()?)?;
    let first = file.marks.first()?.range;
    let range = if first.file == problem.range.file { &problem.range } else { first };
    let path = display_path(&range.file);
    Some(format!("{before}{}:{}:{}{after}", plain(&path), range.start.line, range.start.column))
}
