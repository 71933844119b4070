//! Labs that nobody would write: large, deep, made to multiply, or not what they look like.

use std::fmt::Write as _;

use insta::assert_snapshot;

use crate::world::{GOOD, World};

/// What is said of a lab, a line a problem, in little memory.
fn told(text: &str) -> String {
    let run = World::with(text).run_in_little_memory(&["check", "--format", "short"]);
    assert_eq!(run.err, "", "{}", run.out);
    assert_eq!(run.code, i32::from(run.out.contains(": error[")), "{}", run.out);
    run.out
}

/// `lines(1..3)`: a line for each number.
fn lines(numbers: std::ops::Range<u32>, line: impl Fn(u32) -> String) -> String {
    numbers.fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{}", line(number));
        text
    })
}

#[test]
fn windows_line_ends_marks_and_strange_bytes() {
    assert_eq!(told(&format!("\u{feff}{}", GOOD.replace('\n', "\r\n"))), told(GOOD));
    assert_eq!(told(""), "");
    assert_eq!(told("\u{feff}"), "");
    assert_eq!(told("x = 1"), "");
    assert_snapshot!(told("x\0 = 1\n"), @"homelab.hl:1:2: error[stray-character]: the character U+0000 means nothing here");
    assert_snapshot!(told("x = \"a\rb\"\r\ry = \u{1}1\n\u{7f}"), @"
    homelab.hl:1:10: error[missing-comma]: a ',' is missing before 'y'
    homelab.hl:1:16: error[stray-character]: the character U+0001 means nothing here
    homelab.hl:2:1: error[stray-character]: the character U+007F means nothing here
    ");
}

#[test]
fn what_turns_the_direction_of_reading() {
    let lab = "# a \u{202e}comment\nx = \"a \u{2066}text\u{2069}\"\ny = \u{202d}1\n\n# the last \u{202c}";
    assert_snapshot!(told(lab), @"
    homelab.hl:1:5: error[text-direction]: the character U+202E turns the direction of reading; whoever reads this sees something else than hlc does
    homelab.hl:2:8: error[text-direction]: the character U+2066 turns the direction of reading; in a text that needs it, write it as an escape
    homelab.hl:2:13: error[text-direction]: the character U+2069 turns the direction of reading; in a text that needs it, write it as an escape
    homelab.hl:3:5: error[text-direction]: the character U+202D turns the direction of reading; whoever reads this sees something else than hlc does
    homelab.hl:5:12: error[text-direction]: the character U+202C turns the direction of reading; whoever reads this sees something else than hlc does
    ");
    assert_snapshot!(told("# \u{202e}nothing else"), @"homelab.hl:1:3: error[text-direction]: the character U+202E turns the direction of reading; whoever reads this sees something else than hlc does");
    assert_eq!(
        told("x = \"\\u{202e} and العربية\"\n"),
        "",
        "an escape, and a text that is read so by itself"
    );
}

#[test]
fn names_that_look_like_others() {
    let lab = "stage apps = 10\nnamespace main { stage = \u{430}pps }\nnamespace other { stage = app\u{ff53} }\n\
               st\u{430}ge x = 1\nopen\u{2013}webui = 1\n";
    assert_snapshot!(told(lab), @"
    homelab.hl:2:26: error[stray-character]: 'аpps' is not a name; its 'а' (U+0430) only looks like 'a'
    homelab.hl:3:27: error[stray-character]: 'appｓ' is not a name; its 'ｓ' (U+FF53) only looks like 's'
    homelab.hl:4:1: error[stray-character]: 'stаge' is not a name; its 'а' (U+0430) only looks like 'a'
    homelab.hl:5:5: error[stray-character]: '–' means nothing here; it only looks like '-'
    ");
    let quoted = "kind shelf @quoted { n: int }\nshelf \"b\u{43e}ok\" { n = 1 }\nx = book.n\n";
    assert_snapshot!(told(quoted), @"homelab.hl:3:5: error[unknown-name]: nothing is called 'book'; did you mean 'bоok'? its 'о' (U+043E) only looks like 'o'");
}

#[test]
fn lines_of_a_megabyte() {
    let long = "a".repeat(1_000_000);
    assert_eq!(told(&format!("x = \"{long}\"\n{long} = 1\n# {long}\ny = [{}]\n", "1, ".repeat(250_000))), "");
    assert_snapshot!(told(&format!("x = {long}\n")), @"homelab.hl:1:5: error[unknown-name]: nothing is called 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa … aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'; declare it, or put a text in quotes");
    assert_snapshot!(told(&format!("x = \"{long}\n")), @r#"homelab.hl:1:5: error[unclosed-text]: this text is not closed; a text of several lines stands between """"#);
    assert_snapshot!(told(&format!("x = {}\n", "\u{1}".repeat(1_000_000))).lines().last().unwrap_or_default(), @"homelab.hl:1:54: error[stray-character]: the character U+0001 means nothing here");
    assert_snapshot!(told(&format!("x = {}\n", "9".repeat(1_000_000))), @"homelab.hl:1:5: error[invalid-value]: 9999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999 … 999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999 is too large a number; whole numbers have up to 18 digits");
}

#[test]
fn a_hundred_thousand_declarations() {
    assert_eq!(told(&lines(0..100_000, |n| format!("a{n} = {n}"))), "");
    let secrets = told(&lines(0..100_000, |n| format!("secret s{n} {{ }}")));
    assert!(secrets.lines().count() == 1 && secrets.contains("the 100000 secrets of the lab have no values"));
    let twice = told(&lines(0..100_000, |n| format!("stage s{n} = {}", n % 50)));
    assert_eq!(twice.lines().count(), 100_000 - 50);
    let unknown = told(&lines(0..10_000, |n| format!("stage s{n} = t{n}")));
    assert_eq!(unknown.lines().count(), 10_000);
}

#[test]
fn long_chains() {
    let chain = lines(1..10_000, |n| format!("a{} = a{n}", n - 1));
    assert_eq!(told(&format!("{chain}a9999 = 1\nstage apps = a0\n")), "");
    let types = lines(1..10_000, |n| format!("type t{} = t{n}", n - 1));
    assert_eq!(told(&format!("{types}type t9999 = int\n")), "");
    let templates = lines(1..5_000, |n| format!("template t{} : t{n} {{ }}", n - 1));
    assert_eq!(
        told(&format!("{templates}template t4999 : stage {{ }}\nstage x : t0 {{ number = 1 }}\n")),
        ""
    );
    let circle = lines(0..10_000, |n| format!("a{n} = a{}", (n + 1) % 10_000));
    assert_snapshot!(told(&circle), @"homelab.hl:1:1: error[refers-to-itself]: 'a0' needs itself, and so would never end; break the circle: one of its parts must do without the others");
    let functions = lines(1..1_000, |n| format!("fn f{}(x: int) -> int = f{n}(x)", n - 1));
    assert_snapshot!(told(&format!("{functions}fn f999(x: int) -> int = x\nstage x = f0(1)\n")), @"homelab.hl:1001:14: error[too-much]: this goes through more than 64 functions, one in the other; let one function do more, or give what some of them come to a name");
}

#[test]
fn deep_nesting() {
    let deep = 100_000;
    assert_snapshot!(told(&format!("x = {}1{}\n", "[".repeat(deep), "]".repeat(deep))), @"homelab.hl:1:37: error[too-deep]: this is nested too deeply to be read; give parts of it names of their own");
    assert_snapshot!(told(&format!("{}1", "a { ".repeat(deep))), @"homelab.hl:1:131: error[too-deep]: this is nested too deeply to be read; give parts of it names of their own");
    assert_snapshot!(told(&format!("x = {}1\n", "1 + ".repeat(deep))), @"homelab.hl:1:1603: error[too-deep]: this is nested too deeply to be read; give parts of it names of their own");
    assert_snapshot!(told(&format!("x = {}\n", "\"${".repeat(deep))), @"homelab.hl:1:101: error[too-deep]: this is nested too deeply to be read; give parts of it names of their own");
    assert_snapshot!(told(&format!("kind a {{ x: {}int{} }}\n", "list<".repeat(deep), ">".repeat(deep))), @"homelab.hl:1:172: error[too-deep]: this is nested too deeply to be read; give parts of it names of their own");
    let lists = lines(1..1_000, |n| format!("a{n} = [a{}]", n - 1));
    assert_snapshot!(told(&format!("a0 = 1\n{lists}")), @"
    homelab.hl:66:7: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:131:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:196:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:261:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:326:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:391:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:456:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:521:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:586:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:651:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:716:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:781:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:846:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:911:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    homelab.hl:976:8: error[too-much]: this is nested in more than 64 levels; declare a 'type' for parts of it, or take 'any'
    ");
}

#[test]
fn numbers_that_are_too_large() {
    let lab = "a = 9223372036854775807 + 1\nb = 99999999999999999999\nc = 99999999999999999999GiB\nd = 1e400\n\
               e = 18446744073709551615B * 2\nf = 10.0.0.300\ng = 0.0.0.0 - 1\nh = 99999999999d\n\
               stage apps = 9999999999\ni = -9223372036854775807 - 2\nj = ::ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\n";
    assert_snapshot!(told(lab));
}

#[test]
fn values_that_multiply() {
    let doubled = |first: &str, next: &str| {
        let next = |n: u32| next.replace("THIS", &format!("a{n}")).replace("LAST", &format!("a{}", n - 1));
        told(&format!("a0 = {first}\n{}", lines(1..64, next)))
    };
    assert_snapshot!(doubled("\"text\"", "THIS = \"${LAST}${LAST}\""), @"homelab.hl:21:7: error[too-much]: this text has more than 2097152 bytes; nothing that is built has room for as much");
    assert_snapshot!(doubled("\"a\"", "THIS = replace(LAST, \"a\", \"aaaa\")"), @"homelab.hl:12:7: error[too-much]: this text has more than 2097152 bytes; nothing that is built has room for as much");
    assert_snapshot!(doubled("[1]", "THIS = LAST + LAST"), @"homelab.hl:19:7: error[too-much]: this has more than 262144 values in it; nothing that is built has room for as much");
    assert_snapshot!(doubled("[1]", "THIS = flatten([LAST, LAST, LAST])"), @"homelab.hl:13:15: error[too-much]: this has more than 262144 values in it; nothing that is built has room for as much");
    assert_snapshot!(doubled("1", "THIS = [LAST, LAST]"), @"
    homelab.hl:19:7: error[too-much]: this has more than 262144 values in it; nothing that is built has room for as much
    homelab.hl:37:7: error[too-much]: this has more than 262144 values in it; nothing that is built has room for as much
    homelab.hl:55:7: error[too-much]: this has more than 262144 values in it; nothing that is built has room for as much
    ");
    assert_snapshot!(doubled("1", "THIS = { x = LAST, y = LAST }"), @"
    homelab.hl:14:7: error[too-much]: the type of this is made of more than 10000 others; declare a 'type' for parts of it, or take 'any'
    homelab.hl:27:7: error[too-much]: the type of this is made of more than 10000 others; declare a 'type' for parts of it, or take 'any'
    homelab.hl:40:7: error[too-much]: the type of this is made of more than 10000 others; declare a 'type' for parts of it, or take 'any'
    homelab.hl:53:7: error[too-much]: the type of this is made of more than 10000 others; declare a 'type' for parts of it, or take 'any'
    ");
    assert_snapshot!(told("n = numbers(1, 60000)\nx = [for a in n => [for b in n => a]]\n"), @"
    homelab.hl:2:5: error[too-much]: this has more than 262144 values in it; nothing that is built has room for as much
    homelab.hl:2:20: error[too-much]: this takes too many steps to work out; split it up, or go through fewer elements
    ");
    assert_snapshot!(told("n = numbers(1, 60000)\ncheck \"x\" { for a in n => for b in n => a < 0 or b > 0 }\n"), @"homelab.hl:2:41: error[too-much]: this takes too many steps to work out; split it up, or go through fewer elements");
    assert_snapshot!(told("x = [for a in 10.0.0.0 .. 10.255.255.255 => a]\n"), @"homelab.hl:1:15: error[too-much]: this has 16777216 elements; at most 65536 can be gone through");
    assert_snapshot!(told("x = unique(numbers(1, 60000))\n"), @"homelab.hl:1:5: error[too-much]: this takes too many steps to work out; split it up, or go through fewer elements");
}

/// `5m` in each of many levels, and what tells its unit in the innermost: each level is looked at once.
#[test]
fn amounts_whose_unit_is_told_from_afar() {
    let nested =
        |levels: u32, next: &str| (0..levels).fold("1h".to_owned(), |inner, _| next.replace("INNER", &inner));
    let chain = nested(30, "if c then 5m else INNER");
    assert_snapshot!(told(&format!("c = true\nx = {chain}\ny = x + 1h\n")), @"");
    let arms = nested(15, "match c { true => 5m, _ => INNER }");
    assert_snapshot!(told(&format!("c = true\nx = {arms}\ny = x + 1h\n")), @"");
    // A list of lists tells nothing of an amount beside it.
    let lists = told(&format!("x = {}\n", nested(30, "[5m, INNER]")));
    assert_eq!(lists.lines().filter(|line| line.contains("ambiguous-unit")).count(), 29, "{lists}");
}

#[test]
fn functions_types_templates_and_kinds_that_multiply() {
    let each = |first: &str, next: &str, last: &str| {
        let next = |n: u32| next.replace("THIS", &n.to_string()).replace("LAST", &(n - 1).to_string());
        told(&format!("{first}\n{}{last}\n", lines(1..40, next)))
    };
    assert_snapshot!(each("fn f0(x: int) -> int = x", "fn fTHIS(x: int) -> int = fLAST(fLAST(x))", "x = f39(1)"), @"homelab.hl:41:9: error[too-much]: this takes too many steps to work out; split it up, or go through fewer elements");
    assert_snapshot!(
        each("fn f0(x: string) -> string = x", "fn fTHIS(x: string) -> string = fLAST(\"${x}${x}\")", "x = f39(\"a\")"), @"homelab.hl:41:9: error[too-much]: this text has more than 2097152 bytes; nothing that is built has room for as much");
    assert_snapshot!(each("type t0 = int", "type tTHIS = list<tLAST> | map<tLAST>", "kind k { x: t39 = [] }\nk a { }"), @"
    homelab.hl:13:12: error[too-much]: the type of this is made of more than 10000 others; declare a 'type' for parts of it, or take 'any'
    homelab.hl:25:12: error[too-much]: the type of this is made of more than 10000 others; declare a 'type' for parts of it, or take 'any'
    homelab.hl:37:12: error[too-much]: the type of this is made of more than 10000 others; declare a 'type' for parts of it, or take 'any'
    ");
    let twice = "type aTHIS = { p: aLAST, q: aLAST }\ntype bTHIS = { p: bLAST, q: bLAST }";
    let (first, last) =
        ("type a0 = { x: int }\ntype b0 = { x: int }", "fn f(x: a39) -> b39 = x\nfn g(x: a39) -> any = x");
    assert_snapshot!(each(first, twice, last), @"");
    assert_snapshot!(
        each("type t0 = { a: int = 1 }", "type tTHIS = { a: tLAST = {}, b: tLAST = {} }", "kind k { x: t39 = {} }\nk a { }"), @"
    homelab.hl:41:19: error[too-much]: this has more than 262144 values in it; nothing that is built has room for as much
    homelab.hl:42:3: error[too-much]: this takes too many steps to work out; split it up, or go through fewer elements
    ");
    assert_snapshot!(
        each(
            "kind shelf { x: string }\ntemplate t0(x: string) : shelf { x = x }",
            "template tTHIS(x: string) : tLAST(\"${x}${x}\") { }",
            "shelf a : t39(\"a\") { }",
        ), @"homelab.hl:42:15: error[too-much]: this text has more than 2097152 bytes; nothing that is built has room for as much");
    assert_snapshot!(
        each("kind k0 { x: int = 1 }", "kind kTHIS { make { kLAST a { }\n kLAST b { } } }", "k39 x { }"), @"
    homelab.hl:26:6: error[too-much]: each 'k13' makes too many declarations; what it makes makes declarations too, and so on: let them make fewer
    homelab.hl:52:6: error[too-much]: each 'k26' makes too many declarations; what it makes makes declarations too, and so on: let them make fewer
    homelab.hl:78:6: error[too-much]: each 'k39' makes too many declarations; what it makes makes declarations too, and so on: let them make fewer
    ");
    assert_snapshot!(told("kind k { }\nk x[n] for n in [for a in numbers(1, 60000) => \"${a}\"] { }\n"), @"homelab.hl:2:5: error[too-much]: this has 60000 elements; at most 4096 can be gone through");
}

#[test]
fn circles_of_many() {
    let fields = lines(0..1_000, |n| format!("shelf a{n} {{ n = a{}.n }}", (n + 1) % 1_000));
    let told = told(&format!("kind shelf {{ n: int }}\n{fields}"));
    assert_eq!(told.lines().count(), 1_000);
    assert_snapshot!(told.lines().next().unwrap_or_default(), @"homelab.hl:2:12: error[refers-to-itself]: 'n' of shelf 'a0' depends on itself; break the circle: give one of the values directly");
}
