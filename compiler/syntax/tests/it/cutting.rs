//! Files to items.

use std::fmt::Write;

use syntax::cut;

/// Each item with its head, a bar before each of its lines.
fn items(text: &str) -> String {
    let mut out = String::new();
    for cut in cut(text) {
        let head = &cut.head;
        let repeated = if head.repeated { " repeated" } else { "" };
        let _ = writeln!(out, "{:?} {:?} {:?}{repeated} [{}]", head.form, head.kind, head.name, head.key);
        for line in text[cut.range].split_inclusive('\n') {
            let _ = writeln!(out, "  | {}", line.trim_end_matches('\n'));
        }
    }
    out
}

macro_rules! cuts {
    ($($name:ident: $text:expr;)*) => { $(#[test] fn $name() { insta::assert_snapshot!(items($text)); })* };
}

cuts! {
    every_shape: include_str!("sample.hl");
    leading_trivia: "# a\n\n# b\n\n## doc\napp a { }\n# trailing\n\n## lost\n\n## doc\n## more\napp b { }\n";
    separators: "a = 1, b = 2; c = 3\napp x[k] for k, v in m { }, d = 4";
    continued_lines: "a = 1\n  + 2\nb =\n  3\nc = if x\n  then 1\n  else 2\nd =\ne = 1\nf = g\n  .h\n";
    missing_brace: "app a {\n  port http = 80\n\n## doc\napp b {\n}\napp c {\n";
    missing_brace_without_indentation: "app a {\nport http = 80\nimage = \"x\"\n";
    no_indentation: "app a {\nport http = 80\nimage = \"x\"\n}\napp b { }\n";
    missing_and_extra_brace: "app a {\n  x = 1\napp b {\n  y = 2\n}\n}\napp c { }\n";
    unclosed_list: "x = [\n  a,\n  b\ny = 2\napp c { }\n";
    unclosed_block_text: "app a {\n  x = \"\"\"\n    b\napp c { }\ny = \"\"\"\nfoo = 1\n\"\"\"\n";
    nothing: "";
    only_trivia: "\n# a\n";
    garbage: "}}\n)\n42\napp a { }\n";
}
