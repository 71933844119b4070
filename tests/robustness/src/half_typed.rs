//! Texts that somebody is in the middle of typing: each text that people wrote up to some place, and the beginning of a
//! habit from here or elsewhere behind it.
//!
//! ```text
//! app web in media { image = "nginx" … }  ─ up to a token ─▶  app web in media { image =  ─ and a habit ─▶  … =⏎-
//! ```

use std::collections::BTreeSet;

use driver::Session;
use syntax::{cut, tokens};

use crate::lab::come_to;
use crate::seeds::seeds;

/// What hands begin to type: signs of this language, and of YAML, Nix, JSON, HCL, Docker, shells and TOML.
pub const HABITS: [&str; 80] = [
    // Half of something of this language.
    "=",
    " = ",
    " += ",
    "\n",
    "\n}",
    "}",
    " {",
    " {\n  ",
    "[",
    "]",
    "(",
    ")",
    ",",
    ":",
    ".",
    "..",
    "?.",
    " ?? ",
    "=>",
    "->",
    "@",
    "\"",
    "\"${",
    "\"${a",
    "\"${a}",
    "\"\"\"",
    "\"\"\"\n",
    "nix\"",
    " nix\"\"\"\n",
    " if ",
    " if true then ",
    " for ",
    "[for x in ",
    "{ for k, v in ",
    " match x {",
    " match x { a => ",
    " in ",
    " in a in ",
    " if a in ",
    " for a, ",
    " : a + ",
    " : a(",
    "[1] ",
    "[a] for b in c if ",
    "<a>=",
    "\nhost ",
    "\nin ",
    "\nlab.",
    "\nfn f(",
    "\ncheck ",
    "\ncheck \"a\" ",
    "\nkind k { a: ",
    "\ntemplate t : ",
    "\nimport ",
    "\n##",
    "\n#",
    // YAML.
    "\n-",
    "\n- ",
    "\n  - a: b\n  - ",
    " -\n",
    "\nx: ",
    "\nx =\n-",
    "x: |\n  a",
    "x: >-\n",
    "---\n",
    "!x",
    "&a",
    "*a",
    // Nix, JSON, HCL, shells, other languages.
    "'",
    "''\n",
    "`",
    "{ \"a\": ",
    "\nvariable \"a\" {",
    "<<EOF\n",
    "$a",
    "${",
    "//",
    "/* ",
    "“",
    "\\",
];

/// The labs that people wrote, the reference lab first.
pub fn written_labs() -> Vec<String> {
    seeds().into_iter().filter(|text| !stdlib::FILES.iter().any(|(_, of_std)| of_std == text)).collect()
}

/// Each item that people wrote, once.
pub fn written_items() -> Vec<String> {
    let seeds = seeds();
    let items = seeds.iter().flat_map(|text| cut(text).into_iter().map(|cut| text[cut.range].to_owned()));
    items.collect::<BTreeSet<_>>().into_iter().collect()
}

/// `text` up to the end of each of its tokens, blanks and line ends among them; the beginning is the empty one.
pub fn up_to_tokens(text: &str) -> impl Iterator<Item = &str> {
    let ends = tokens(text).scan(0, |end, token| {
        *end += token.len as usize;
        Some(*end)
    });
    std::iter::once(0).chain(ends).map(|end| &text[..end])
}

/// `text` up to each of its characters.
pub fn up_to_characters(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, _)| &text[..at])
}

/// Each of `texts` in turn is what stands in the lab's file, while the lab stays open: its problems can be shown, and
/// what has no error is built.
pub fn typed(texts: impl IntoIterator<Item = String>) -> usize {
    let mut session = Session::open(vec![("homelab.hl".into(), String::new())]);
    let mut tried = 0;
    for text in texts {
        session.set_text("homelab.hl", &text);
        tell(&text, || come_to(&session));
        tried += 1;
    }
    tried
}

/// Does what may panic with `text`, and says then with which text it did.
pub fn tell<T>(text: &str, work: impl FnOnce() -> T) -> T {
    struct Tried<'t>(&'t str);
    impl Drop for Tried<'_> {
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("with the text {:?}", self.0);
            }
        }
    }
    let _tried = Tried(text);
    work()
}
