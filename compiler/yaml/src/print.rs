//! The layout: maps, lists, and what stands above their entries.

use std::borrow::Cow;

use crate::scalar::{STEP, float, one_line, text};
use crate::{Lead, Yaml};

/// The longest key that stands before its colon. Readers look at most 1024 bytes ahead for the colon.
const LONGEST_KEY: usize = 512;

/// A document under a comment, if that is not empty.
pub(super) fn document(comment: &str, yaml: &Yaml) -> String {
    let mut out = String::new();
    let (leads, inner) = peel(yaml);
    push_comment(&mut out, comment, 0);
    push_leads(&mut out, &leads, 0);
    match inner {
        Yaml::Map(entries) if !entries.is_empty() => push_map(&mut out, entries, 0, false),
        Yaml::List(items) if !items.is_empty() => push_list(&mut out, items, 0, false),
        Yaml::Text(text) => push_line(&mut out, &one_line(text)),
        scalar => push_line(&mut out, &one_word(scalar)),
    }
    out
}

/// The lines above, from the outside in, and what they are above of.
fn peel(yaml: &Yaml) -> (Vec<&Lead>, &Yaml) {
    let mut leads = Vec::new();
    let mut inner = yaml;
    while let Yaml::Under(lead, next) = inner {
        leads.push(lead);
        inner = next;
    }
    (leads, inner)
}

/// Entries at `indent`. If `inline`, the first one starts where the output ends: behind a dash.
fn push_map(out: &mut String, entries: &[(String, Yaml)], indent: usize, inline: bool) {
    for (at, (key, value)) in entries.iter().enumerate() {
        let (leads, value) = peel(value);
        if !(inline && at == 0) {
            push_leads(out, &leads, indent);
            push_indent(out, indent);
        }
        let key = one_line(key);
        if key.len() > LONGEST_KEY {
            out.push_str("? ");
            push_line(out, &key);
            push_indent(out, indent);
            out.push(':');
        } else {
            out.push_str(&key);
            out.push(':');
        }
        push_value(out, value, indent, indent);
    }
}

/// Items at `indent`. If `inline`, the first one starts where the output ends.
fn push_list(out: &mut String, items: &[Yaml], indent: usize, inline: bool) {
    for (at, item) in items.iter().enumerate() {
        let (leads, item) = peel(item);
        if !(inline && at == 0) {
            push_leads(out, &leads, indent);
            push_indent(out, indent);
        }
        out.push('-');
        match item {
            Yaml::Map(entries) if starts_inline(entries) => {
                out.push(' ');
                push_map(out, entries, indent + STEP, true);
            }
            Yaml::List(items) if matches!(items.first(), Some(first) if !matches!(first, Yaml::Under(..))) => {
                out.push(' ');
                push_list(out, items, indent + STEP, true);
            }
            item => push_value(out, item, indent, indent + STEP),
        }
    }
}

/// Whether a map may start behind a dash: nothing is to stand above its first entry, which has a usual key.
fn starts_inline(entries: &[(String, Yaml)]) -> bool {
    entries.first().is_some_and(|(_, value)| !matches!(value, Yaml::Under(..)))
}

/// A value behind `key:` or `-` at `indent`; a list in it is at `list_indent`.
fn push_value(out: &mut String, value: &Yaml, indent: usize, list_indent: usize) {
    match value {
        Yaml::Map(entries) if !entries.is_empty() => {
            out.push('\n');
            push_map(out, entries, indent + STEP, false);
        }
        Yaml::List(items) if !items.is_empty() => {
            out.push('\n');
            push_list(out, items, list_indent, false);
        }
        Yaml::Text(content) => {
            out.push(' ');
            push_line(out, &text(content, indent + STEP));
        }
        scalar => {
            out.push(' ');
            push_line(out, &one_word(scalar));
        }
    }
}

/// A scalar that is not a text, or an empty collection.
fn one_word(yaml: &Yaml) -> Cow<'_, str> {
    match yaml {
        Yaml::Null => "null".into(),
        Yaml::Bool(value) => if *value { "true" } else { "false" }.into(),
        Yaml::Int(value) => value.to_string().into(),
        Yaml::Float(value) => float(*value).into(),
        Yaml::Text(text) => one_line(text),
        Yaml::List(_) => "[]".into(),
        Yaml::Map(_) => "{}".into(),
        Yaml::Under(_, inner) => one_word(inner),
    }
}

/// Empty lines and comments above an entry.
fn push_leads(out: &mut String, leads: &[&Lead], indent: usize) {
    for lead in leads {
        if lead.blank && !out.is_empty() {
            out.push('\n');
        }
        push_comment(out, &lead.comment, indent);
    }
}

fn push_comment(out: &mut String, comment: &str, indent: usize) {
    for line in comment.lines() {
        push_indent(out, indent);
        push_line(out, comment_line(line).trim_end());
    }
}

/// A line of a comment, in which nothing can end it.
fn comment_line(line: &str) -> String {
    let shown = line.chars().map(|char| if crate::plain::is_shown(char) { char } else { ' ' });
    "# ".chars().chain(shown).collect()
}

fn push_indent(out: &mut String, indent: usize) {
    const BLANKS: &str = "                                ";
    let mut left = indent;
    while left > 0 {
        let now = left.min(BLANKS.len());
        out.push_str(&BLANKS[..now]);
        left -= now;
    }
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use crate::{MapBuilder, Yaml};

    #[test]
    fn is_laid_out_as_kubectl_does() {
        let container = MapBuilder::new()
            .set("name", "n8n")
            .set("args", Yaml::texts(["-v", "no"]))
            .set("script", "a\nb\n")
            .set("none", Yaml::List(vec![]));
        let nested = Yaml::List(vec![Yaml::texts(["a", "b"]), Yaml::Int(1), "c\nd".into()]);
        let yaml: Yaml = MapBuilder::new()
            .set("spec", MapBuilder::new().set("containers", vec![container.into()]))
            .set("nested", nested.under("Above.\nTwo lines.").after_blank())
            .into();
        insta::assert_snapshot!(yaml.under("Made by a test.").print(), @r#"
        # Made by a test.
        spec:
          containers:
          - name: n8n
            args:
            - -v
            - "no"
            script: |
              a
              b
            none: []

        # Above.
        # Two lines.
        nested:
        - - a
          - b
        - 1
        - |-
          c
          d
        "#);
    }

    #[test]
    fn a_long_key_is_an_explicit_one() {
        let key = "k".repeat(2000);
        let yaml = Yaml::Map(vec![(key.clone(), Yaml::texts(["a"]))]);
        assert_eq!(yaml.print(), format!("? {key}\n:\n- a\n"));
    }
}
