//! HL as HTML, coloured as the compiler reads it: by the tokens that editors get, so that no second grammar can differ.

use std::fmt::Write;

use driver::Session;
use ide::{SemanticToken, TokenSort};

/// The file that a lab is taken for.
const FILE: &str = "homelab.hl";

/// Who colours labs, one after the other.
pub struct Painter {
    session: Session,
}

impl Default for Painter {
    fn default() -> Self {
        Self { session: Session::open(vec![(FILE.to_owned(), String::new())]) }
    }
}

impl Painter {
    /// A lab as HTML, with what is said of it behind its fence. The classes are those of highlight.js, for which every
    /// theme of the book has colours.
    pub fn painted(&mut self, text: &str, about: &[&str]) -> String {
        self.session.set_text(FILE, text);
        let mut html = String::new();
        let mut end = 0;
        for token in ide::semantic_tokens(&self.session, FILE) {
            let (start, next) = (token.start as usize, (token.start + token.len) as usize);
            let (before, word) = (escaped(&text[end..start]), escaped(&text[start..next]));
            let _ = write!(html, "{before}<span class=\"{}\">{word}</span>", class(&token));
            end = next;
        }
        html.push_str(&escaped(&text[end..]));
        let about = about.iter().find(|word| matches!(**word, "bad" | "good"));
        let about = about.map(|word| format!(" {word}")).unwrap_or_default();
        // A theme colours `hljs`; `nohighlight` keeps its script from doing it again.
        format!("<pre class=\"hl{about}\"><code class=\"hljs nohighlight language-hl\">{html}</code></pre>")
    }
}

fn class(token: &SemanticToken) -> &'static str {
    match token.sort {
        TokenSort::Keyword => "hljs-keyword",
        TokenSort::Kind => "hljs-type",
        TokenSort::Declaration if token.declares => "hljs-title",
        TokenSort::Declaration => "hljs-name",
        TokenSort::Field => "hljs-attribute",
        TokenSort::Constant | TokenSort::Local => "hljs-variable",
        TokenSort::Function => "hljs-built_in",
        TokenSort::Template => "hljs-section",
        TokenSort::Word => "hljs-literal",
        TokenSort::Secret => "hljs-meta",
        TokenSort::Number => "hljs-number",
        TokenSort::Address => "hljs-symbol",
        TokenSort::Text => "hljs-string",
        TokenSort::Comment => "hljs-comment",
    }
}

/// Text as it stands in HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_coloured_by_what_they_mean() {
        let html = Painter::default()
            .painted("host attic { memory = 4GiB }\nlet x = 1 < 2 # & so on\n", &["hl", "bad"]);
        for part in [
            "<pre class=\"hl bad\"><code class=\"hljs nohighlight language-hl\">",
            "<span class=\"hljs-type\">host</span> <span class=\"hljs-title\">attic</span> {",
            "<span class=\"hljs-attribute\">memory</span> = <span class=\"hljs-number\">4GiB</span>",
            " &lt; ",
            "<span class=\"hljs-comment\"># &amp; so on</span>\n</code></pre>",
        ] {
            assert!(html.contains(part), "{part}\n{html}");
        }
    }

    #[test]
    fn no_character_is_lost() {
        let text = "app x in y { image = \"a:1\" }\n# é 😀 <b>\nunfinished = [\n";
        let html = Painter::default().painted(text, &[]);
        let plain: String =
            html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
        assert_eq!(plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), text);
    }
}
