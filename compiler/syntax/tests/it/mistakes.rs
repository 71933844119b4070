//! What is said about mistakes: each once, in its place, with a remedy.

use crate::show::problems;

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
    too_deep: &format!("x = {}1{}\ny = 2\n", "(".repeat(100), ")".repeat(100));
}
