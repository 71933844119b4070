//! What is said about mistakes: each once, in its place, with a remedy.

use syntax::{TokenKind, cut};

use crate::show::{fixed, items, problems};

macro_rules! mistakes {
    ($($name:ident: $text:expr;)*) => {
        $(#[test] fn $name() { insta::assert_snapshot!(problems($text)); })*
    };
}

mistakes! {
    missing_comma_in_a_list: "xs = [a, b c\n  \"d\"]\n";
    missing_comma_in_a_call: "x = chart(\"traefik\" repo = \"https://x\")";
    missing_comma_between_statements: "host a { address = 192.168.1.1 memory = 8GiB }";
    list_not_closed: "cluster k3s {\n  servers = [homelab-0, homelab-1\n  api = lan.api\n}\n";
    call_not_closed: "release x {\n  chart = chart(\"a\", version = \"1\"\n  stage = apps\n}\n";
    block_not_closed: "app a {\n  port http = 80\n\napp b {\n  port http = 81\n}\n";
    inner_block_not_closed: "app a {\n  resources {\n    cpu = 1\n  image = \"x\"\n}\napp b { }\n";
    inner_block_not_closed_by_indentation: "app a {\n  volume data {\n    size = 1GiB\n}\napp b { }\n";
    too_many_brackets: "app a {\n  x = 1\n}\n}\napp b { x = [1]] }\n";
    wrong_bracket: "app a {\n  xs = [1, 2)\n  y = 3\n}\n";
    text_not_closed: "lab home {\n  domain = \"example.net\n  timezone = \"Europe/Lisbon\"\n}\n";
    text_swallows_bracket: "app a { image = \"x:1 }\napp b { }\n";
    block_text_not_closed: "app a {\n  file x = \"\"\"\n    hello\n    world\n}\n\napp b { image = \"\"\"x\"\"\" }\n";
    value_in_text_not_closed: "x = \"a ${b\"\ny = 2\n";
    text_not_closed_behind_value: "x = \"a ${b} c\ny = 2\n";
    equals_for_assign: "app a {\n  replicas == 3\n}\n";
    colon_for_assign: "app a {\n  replicas: 3\n  image: \"x\"\n  ports: [1, 2]\n}\n";
    operators_of_other_languages: "x = a && !b || c // comment\ny = 1\n";
    other_quotes: "x = 'a \"b\"'\ny = “smart”\n";
    bad_escapes: "x = \"a\\d ${y} \\u{110000} \\q\"\n";
    stray_characters: "x = 3 § 4\nhost größe { memory = 8GiB }\ny = `ls`\n";
    unseen_characters: "x\u{200b} = 1\ny \u{202e}= 2\nz = \u{2060}3\nw = 4 \u{fe0f}\nv = 5 \u{7}\n";
    bad_numbers: "x = 1e3\ny = 12_abc\n";
    comparison_chain: "x = 0 < a < 10\ny = (a < b) == (c < d)\n";
    bare_word: "app a {\n  hostNetwork\n  image = \"x\"\n}\n";
    missing_value: "app a {\n  replicas =\n  image = \"x\"\n  y = [1, 2,, 3]\n  z = 1 +\n}\n";
    missing_else: "x = if a then b\n";
    missing_then: "x = if a b else c\n";
    missing_type: "kind a {\n  x: = 3\n  y: list<string\n  z: int = 4\n}\n";
    brace_on_the_next_line: "app a\n{\n  image = \"x\"\n}\n";
    several_mistakes: "app a {\n  x = = 3\n  ok = 1\n  y = [1 2]\n  nested {\n    z = )\n    w = * 2\n  }\n  v = 1 2\n}\n";
    statement_cannot_start: "app a {\n  42\n  = 3\n}\n";
    yaml_words_are_untouched: "x = yes\ny = on\n";
    match_without_arrow: "x = match y {\n  a => 1\n  b 2\n}\n";
    comprehension_without_in: "x = [for a of b => c]\n";
    function_without_result: "fn f(a: int) = 3\n";
    block_not_opened: "app a\n  image = \"x\"\n}\nhost a {\n  disk b size = 1GiB }\n  memory = 8GiB\n}\n";
    text_not_opened: "xs = [a\", \"b c\"]\nh = pi.${x}\"\n";
    inner_block_not_opened: "app a in b {\n  env\n    X = 1\n  }\n  port http = 80\n}\napp c { }\n";
    list_closed_by_a_brace: "app a {\n  xs = [1, 2}\n  y = 3\n}\napp b { }\n";
    text_over_lines: "app a {\n  file x = \"\n    hello\n    world\n    \"\n  y = 1\n}\n";
    text_of_nix: "x = ''\n  hello\n''\ny = ''a''\n";
    text_closed_too_early: "xs = [\"a, \"b\"]\n";
    unquoted: "app a {\n  image = docker.io/a/b:1.2\n  schedule = 0 4 * * *\n  name = Rui Costa\n  url = https://a.b/c\n}\n";
    yaml_blocks: "app a {\n  resources:\n    memory = 1GiB\n    cpu = 2\n  args:\n    - \"a\"\n    - b\n  xs =\n    - x: 1\n      y: 2\n}\n";
    braces_of_other_templates: "x = {{ a.b }}\ny = ${c}\nz = \"${}\"\n";
    signs_of_other_languages: "a = b === c\nd = e <> f\ng = [1] ++ [2]\nh = 2 ** 3\ni = j ? 1 : 2\nk := 3\nl = m = n\n";
    numbers_of_other_languages: "a = 1,5GiB\nb = 1.5 GiB\nc = .5\nd = 5.\ne = 50%\nf = 80:80\ng = 1.2.3.4.5\n";
    comments_of_other_languages: "/* a\n * b\n */\nx = 1 /* c */\n";
    heads_of_other_languages: "stage last 20\nstage next => 3\nstage 2nd = 4\napp my player in media { }\ncheck { true }\nimport ./a.hl\n";
    half_typed: "app player in\napp b in c { }\nx = lan.\ny = 1 +\nz = 2\nkind k {\n  a:\n  b: int\n}\n";
    half_typed_field: "host a {\n  deploy.user\n  deploy.\n  address = 1\n  b = { c.d, e = 1 }\n}\n";
    merge_conflict: "app a {\n<<<<<<< ours\n  x = 1\n=======\n  x = 2\n>>>>>>> theirs\n}\n";
    too_deep: &format!("x = {}1{}\ny = 2\n", "(".repeat(100), ")".repeat(100));
}

/// Wherever a comment of another language stands: its fix leaves all that is no comment, and an item behind one is the
/// item that it is without.
#[test]
fn a_comment_that_is_mended_takes_nothing_with_it() {
    for comment in ["/* a */", "/* a\n * b */", "/**/", "// a\n"] {
        for around in [
            "§stage b = 2\n",
            "stage b = 2 §\n",
            "stage §b = 2",
            "§ § stage b = 2",
            "host a {\n  § b = 2 §\n}\n",
            "x = [1, § 2]\n",
            "x = 1\n\n§",
        ] {
            let text = around.replace('§', comment);
            let without = around.replace('§', if comment.ends_with('\n') { "\n" } else { " " });
            let words = |text: &str| -> Vec<String> {
                let mut start = 0;
                let all = syntax::tokens(text).map(|token| {
                    let word = text[start..start + token.len as usize].to_owned();
                    start += token.len as usize;
                    (token.kind, word)
                });
                let says = |kind: TokenKind| !kind.is_trivia() && kind != TokenKind::WrongComment;
                all.filter(|(kind, _)| says(*kind)).map(|(_, word)| word).collect()
            };
            let mended = fixed(&text).unwrap_or_else(|| text.clone());
            assert_eq!(words(&mended), words(&without), "{text}\n{mended}");
            let keys = |text: &str| -> Vec<String> {
                cut(text).into_iter().map(|cut| cut.head.key).filter(|key| !key.is_empty()).collect()
            };
            assert_eq!(keys(&text), keys(&without), "{text}");
            assert!(items(&text).iter().any(|(_, parsed)| !parsed.problems.is_empty()), "{text}");
        }
    }
}
