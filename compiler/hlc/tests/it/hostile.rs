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
    assert_snapshot!(told("x\0 = 1\n"), @"");
    assert_snapshot!(told("x = \"a\rb\"\r\ry = \u{1}1\n\u{7f}"), @"");
}

#[test]
fn what_turns_the_direction_of_reading() {
    let lab = "# a \u{202e}comment\nx = \"a \u{2066}text\u{2069}\"\ny = \u{202d}1\n\n# the last \u{202c}";
    assert_snapshot!(told(lab), @"");
    assert_snapshot!(told("# \u{202e}nothing else"), @"");
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
    assert_snapshot!(told(lab), @"");
    let quoted = "kind shelf { n: int }\nshelf \"b\u{43e}ok\" { n = 1 }\nx = book.n\n";
    assert_snapshot!(told(quoted), @"");
}

#[test]
fn lines_of_a_megabyte() {
    let long = "a".repeat(1_000_000);
    assert_eq!(told(&format!("x = \"{long}\"\n{long} = 1\n# {long}\ny = [{}]\n", "1, ".repeat(250_000))), "");
    assert_snapshot!(told(&format!("x = {long}\n")), @"");
    assert_snapshot!(told(&format!("x = \"{long}\n")), @"");
    assert_snapshot!(told(&format!("x = {}\n", "\u{1}".repeat(1_000_000))).lines().last().unwrap_or_default(), @"");
    assert_snapshot!(told(&format!("x = {}\n", "9".repeat(1_000_000))), @"");
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
    assert_snapshot!(told(&circle), @"");
    let functions = lines(1..1_000, |n| format!("fn f{}(x: int) -> int = f{n}(x)", n - 1));
    assert_snapshot!(told(&format!("{functions}fn f999(x: int) -> int = x\nstage x = f0(1)\n")), @"");
}

#[test]
fn deep_nesting() {
    let deep = 100_000;
    assert_snapshot!(told(&format!("x = {}1{}\n", "[".repeat(deep), "]".repeat(deep))), @"");
    assert_snapshot!(told(&format!("{}1", "a { ".repeat(deep))), @"");
    assert_snapshot!(told(&format!("x = {}1\n", "1 + ".repeat(deep))), @"");
    assert_snapshot!(told(&format!("x = {}\n", "\"${".repeat(deep))), @"");
    assert_snapshot!(told(&format!("kind a {{ x: {}int{} }}\n", "list<".repeat(deep), ">".repeat(deep))), @"");
    let lists = lines(1..1_000, |n| format!("a{n} = [a{}]", n - 1));
    assert_snapshot!(told(&format!("a0 = 1\n{lists}")), @"");
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
    assert_snapshot!(doubled("\"text\"", "THIS = \"${LAST}${LAST}\""), @"");
    assert_snapshot!(doubled("\"a\"", "THIS = replace(LAST, \"a\", \"aaaa\")"), @"");
    assert_snapshot!(doubled("[1]", "THIS = LAST + LAST"), @"");
    assert_snapshot!(doubled("[1]", "THIS = flatten([LAST, LAST, LAST])"), @"");
    assert_snapshot!(doubled("1", "THIS = [LAST, LAST]"), @"");
    assert_snapshot!(doubled("1", "THIS = { x = LAST, y = LAST }"), @"");
    assert_snapshot!(told("n = numbers(1, 60000)\nx = [for a in n => [for b in n => a]]\n"), @"");
    assert_snapshot!(told("n = numbers(1, 60000)\ncheck \"x\" { for a in n => for b in n => a < 0 or b > 0 }\n"), @"");
    assert_snapshot!(told("x = [for a in 10.0.0.0 .. 10.255.255.255 => a]\n"), @"");
    assert_snapshot!(told("x = unique(numbers(1, 60000))\n"), @"");
}

#[test]
fn functions_types_templates_and_kinds_that_multiply() {
    let each = |first: &str, next: &str, last: &str| {
        let next = |n: u32| next.replace("THIS", &n.to_string()).replace("LAST", &(n - 1).to_string());
        told(&format!("{first}\n{}{last}\n", lines(1..40, next)))
    };
    assert_snapshot!(each("fn f0(x: int) -> int = x", "fn fTHIS(x: int) -> int = fLAST(fLAST(x))", "x = f39(1)"), @"");
    assert_snapshot!(
        each("fn f0(x: string) -> string = x", "fn fTHIS(x: string) -> string = fLAST(\"${x}${x}\")", "x = f39(\"a\")"), @"");
    assert_snapshot!(each("type t0 = int", "type tTHIS = list<tLAST> | map<tLAST>", "kind k { x: t39 = [] }\nk a { }"), @"");
    assert_snapshot!(
        each("type t0 = { a: int = 1 }", "type tTHIS = { a: tLAST = {}, b: tLAST = {} }", "kind k { x: t39 = {} }\nk a { }"), @"");
    assert_snapshot!(
        each(
            "kind shelf { x: string }\ntemplate t0(x: string) : shelf { x = x }",
            "template tTHIS(x: string) : tLAST(\"${x}${x}\") { }",
            "shelf a : t39(\"a\") { }",
        ), @"");
    assert_snapshot!(
        each("kind k0 { x: int = 1 }", "kind kTHIS { make { kLAST a { }\n kLAST b { } } }", "k39 x { }"), @"");
    assert_snapshot!(told("kind k { }\nk x[n] for n in [for a in numbers(1, 60000) => \"${a}\"] { }\n"), @"");
}

#[test]
fn circles_of_many() {
    let fields = lines(0..1_000, |n| format!("shelf a{n} {{ n = a{}.n }}", (n + 1) % 1_000));
    let told = told(&format!("kind shelf {{ n: int }}\n{fields}"));
    assert_eq!(told.lines().count(), 1_000);
    assert_snapshot!(told.lines().next().unwrap_or_default(), @"");
}
