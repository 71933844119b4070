//! `hlc explain`: the pages of rules.

use std::fmt::Write;

use diagnostics::{Registry, Severity, did_you_mean};

use crate::exit::{Exit, Failure};
use crate::terminal::{Terminal, paint};

/// Shows the page of the rule called `name`; `error[name]` is understood too.
pub(crate) fn page(name: &str, terminal: &Terminal) -> Result<Exit, Failure> {
    let registry = Registry::new(driver::RULES);
    let bare = name.trim_end_matches(']').rsplit('[').next().unwrap_or(name);
    let Some(rule) = registry.find(bare) else {
        let help =
            did_you_mean(&registry.suggest(bare)).unwrap_or_else(|| "see hlc explain --list".to_owned());
        let name = diagnostics::render::plain(bare);
        return Err(Failure::cannot(format!("there is no rule '{name}'; {help}")));
    };
    terminal.result(&styled(&rule.full_page(), terminal.colours_results()))?;
    Ok(Exit::Success)
}

/// Shows all rules.
pub(crate) fn list(terminal: &Terminal) -> Result<Exit, Failure> {
    let registry = Registry::new(driver::RULES);
    let colour = terminal.colours_results();
    let width = registry.rules().iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in registry.rules() {
        let style = if rule.severity == Severity::Error { "31" } else { "33" };
        let name = paint(colour, "1", &format!("{:width$}", rule.name));
        let severity = paint(colour, style, &format!("{:7}", rule.severity.word()));
        let _ = writeln!(text, "{name}  {severity}  {}", rule.summary);
    }
    terminal.result(&text)?;
    Ok(Exit::Success)
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
