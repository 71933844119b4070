//! `hlc explain`: the pages of rules, and of all that the language and the library have.

use std::fmt::Write;

use diagnostics::{Registry, Severity, did_you_mean};
use driver::Session;
use driver::explain::{Reader, Topic, functions, kinds, summary, told, types};

use crate::exit::{Exit, Failure};
use crate::terminal::{Terminal, paint};

/// The variable that says where the book of the documentation begins.
const DOCS_URL: &str = "HLC_DOCS_URL";

/// Shows the page of what is called `name`; of rules, `error[name]` is understood too. `docs_url` is where the book
/// begins, if that is said.
pub(crate) fn page(name: &str, docs_url: Option<&str>, terminal: &Terminal) -> Result<Exit, Failure> {
    let bare = name.trim_end_matches(']').rsplit('[').next().unwrap_or(name);
    let pages = pages(bare);
    if pages.is_empty() {
        return Err(unknown(bare));
    }
    let said = docs_url.map(str::to_owned).or_else(|| std::env::var(DOCS_URL).ok());
    let book = said.filter(|url| !url.is_empty());
    let mut text = String::new();
    for (page, address) in pages {
        let between = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{between}{}", page.trim_end());
        if let Some(book) = &book {
            let _ = writeln!(text, "\nSee {}/{address}", book.trim_end_matches('/'));
        }
    }
    terminal.result(&styled(&text, terminal.colours_results()))?;
    Ok(Exit::Success)
}

/// The pages of all that has a name, and where each is in the book.
fn pages(name: &str) -> Vec<(String, String)> {
    if let Some(rule) = Registry::new(driver::RULES).find(name) {
        return vec![(rule.full_page(), rule.address())];
    }
    let session = Session::open(Vec::new());
    let page = |topic: Topic| (told(&session, &topic, Reader::Terminal), topic.address());
    Topic::find(&session, name).into_iter().map(page).collect()
}

fn unknown(name: &str) -> Failure {
    let session = Session::open(Vec::new());
    let topics = Topic::suggest(&session, name);
    let near = Registry::new(driver::RULES).suggest(name).into_iter().map(str::to_owned).chain(topics);
    let near: Vec<String> = near.collect();
    let near: Vec<&str> = near.iter().map(String::as_str).collect();
    let help = did_you_mean(&near).unwrap_or_else(|| "see hlc explain --list".to_owned());
    Failure::cannot(format!("nothing is called '{}'; {help}", diagnostics::render::plain(name)))
}

/// Shows all that can be explained: rules, kinds, types and functions.
pub(crate) fn list(terminal: &Terminal) -> Result<Exit, Failure> {
    let rows = rows();
    let colour = terminal.colours_results();
    let width = rows.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, sort, summary) in rows {
        let style = match sort {
            "error" => "31",
            "warning" => "33",
            _ => "36",
        };
        let name = paint(colour, "1", &format!("{name:width$}"));
        let sort = paint(colour, style, &format!("{sort:8}"));
        let _ = writeln!(text, "{name}  {sort}  {summary}");
    }
    terminal.result(&text)?;
    Ok(Exit::Success)
}

/// All that can be explained: its name, what it is, and what is said of it.
fn rows() -> Vec<(String, &'static str, String)> {
    let registry = Registry::new(driver::RULES);
    let severity = |severity: Severity| severity.word();
    let rules = registry.rules().iter();
    let mut rows: Vec<_> =
        rules.map(|rule| (rule.name.to_owned(), severity(rule.severity), rule.summary.to_owned())).collect();
    let session = Session::open(Vec::new());
    let row = |topic: Topic, sort| (topic.name(), sort, summary(&session, &topic));
    rows.extend(kinds(&session).into_iter().map(|name| row(Topic::Kind(name), "kind")));
    rows.extend(types(&session).into_iter().map(|name| row(Topic::Type(name), "type")));
    rows.extend(functions(&session).into_iter().map(|name| row(Topic::Function(name), "function")));
    rows
}

/// A page for a terminal: headings bold, code set off. Without colour it is the Markdown as it is, which reads well.
fn styled(page: &str, colour: bool) -> String {
    let page = page.trim_end();
    if !colour {
        return format!("{page}\n");
    }
    let mut text = String::new();
    let mut in_code = false;
    for line in page.lines() {
        if let Some(about) = line.strip_prefix("```") {
            in_code = !in_code;
            text.push_str(&example(about));
            continue;
        }
        let line = match line.strip_prefix('#') {
            _ if in_code => paint(true, "36", &format!("    {line}")),
            Some(rest) => paint(true, "1", rest.trim_start_matches('#').trim_start()),
            None => inline(line),
        };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// What is said before an example that shows how not to, or how to.
fn example(about: &str) -> String {
    let mut words = about.split_whitespace();
    match words.find(|word| matches!(*word, "bad" | "good")) {
        Some("bad") => paint(true, "31", "wrong:") + "\n",
        Some(_) => paint(true, "32", "right:") + "\n",
        None => String::new(),
    }
}

/// A line with its `code` in another colour. What has no end is left as it is.
fn inline(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return line.to_owned();
    }
    let style =
        |(at, part): (usize, &&str)| if at % 2 == 1 { paint(true, "36", part) } else { (*part).to_owned() };
    parts.iter().enumerate().map(style).collect()
}

#[cfg(test)]
mod tests {
    use super::styled;

    #[test]
    fn pages_are_styled_for_terminals_only() {
        let page = "# a rule\n\nSay `x`.\n\n```hl bad\n# y\n```\n";
        assert_eq!(styled(page, false), page);
        let styled = styled(page, true);
        assert_eq!(
            styled,
            "\x1b[1ma rule\x1b[0m\n\nSay \x1b[36mx\x1b[0m.\n\n\x1b[31mwrong:\x1b[0m\n\x1b[36m    # y\x1b[0m\n"
        );
    }
}
