//! Correct items to trees, one area of the grammar a test.

use source::Span;
use syntax::ast::{Content, ExprKind, StatementKind};

use crate::show::trees;

macro_rules! parses {
    ($($name:ident: $text:expr;)*) => { $(#[test] fn $name() { insta::assert_snapshot!(trees($text)); })* };
}

parses! {
    sets: "a = 1\na.b.\"c d\" = 2\na += [1]\nin = 3\nkind = bcrypt\ntype = \"x\"\nmatch.if = 1\n";
    records: "a { b = 1, c { }; d.e { f = 2 } }\na.b { }\nx = { a = 1, \"b c\" = 2, d { e = 1 }, f.g = 3 }\n";
    declarations: "app a\napp a { }\napp a in b { }\na in b\na in b.c[d] : t(1, x = 2) if e { }\nstage x = 1\nnetwork.pool x { }\nfile \"/etc/x\" = y\nhost a : node { }\nhost : node\n";
    repeated: "app e[h] for h in hosts in m { }\napp e[k] for k, v in a + b if k { }\n";
    kinds: "kind a(in n: namespace) @plural(\"as\") {\n  ## Doc.\n  b: int(0..3) = 1 @primary @deprecated(\"x\")\n  kind c { d: string }\n  derived e: url = \"x\"\n  make { secret f { } }\n  check \"m\" { b > 1 }\n  check: bool\n  make: int\n  type: x | y = x\n}\n";
    types: "type a = T?\ntype b = a | \"x y\" | none\ntype c = map<string | secret<string>>\ntype d = string(\"[a-z]+\")\ntype e = a.b\ntype f = { a: int = 1, b: U? }\ntype g = list<{ a: T }>?\n";
    templates: "template a : b { c = 1 }\ntemplate a(p: int, q: string = \"x\") : b(p, r = q) { }\n";
    functions: "fn f(a: int, b: string = \"x\") -> list<string> = [b]\nfn g() -> int = 1\n";
    imports: "import \"./a.hl\"\nimport std.apps.b\n";
    checks: "check \"m\" { for a in apps => a.x != none }\ncheck \"m ${a}\" { for a in b => for c in a.d if c.e => c }\ncheck \"m\" { true }\n";
    literals: "a = [none, true, false, 42, 1_000, 1.5, 8GiB, 192.168.1.1, 10.0.0.0/8, aa:bb:cc:dd:ee:ff, 1.2.3, /dev/sda, self]\n";
    texts: "a = \"x${b.c}y\\n\\u{e4}\"\nb = \"\"\"\n    one\n      two ${x}\n\n    three\n    \"\"\"\nc = \"\"\"\n  a\n b\"\"\"\nd = nix\"pkgs.${x} \\\"y\\\"\"\ne = \"\"\n";
    precedence: "a = b ?? c or d and not e == f .. g + h * -i\nb = a - b - c\nc = (a + b) * c\nd = a in b and c contains d\ne = a ?? b ?? c\n";
    suffixes: "a = b.c?.d.\"e f\"[0](1, g = 2,)\n";
    conditionals: "a = if b then c else if d then e else f\nm = match x {\n  tcp | udp => 1\n  8GiB => 2, _ => if a then b\n    else c\n}\n";
    comprehensions: "a = [for b in c => b]\nb = [for k, v in m if v > 1 => for x in v => x,]\nc = { for b in c => b.k: b.v }\n";
    layout: "a = [\n  1,\n  2,\n]\nb = f(\n  1,\n  x = 2,\n)\nc = 1 +\n  2\n  * 3\nd = x\n  .y\n  ?.z\ne = {\n\n  a = 1;;\n  b = 2,\n}\n";
    documentation: "# no\n## One.\n##  Two.\na {\n  ## In.\n  b = 1 ## not\n  c = 2\n}\n";
    other_line_ends: "\u{feff}## Doc.\r\na {\r\n  b = 1\r\n  c = \"\"\"\r\n    x\r\n    \"\"\"\r\n}\r\n";
}

#[test]
fn the_sample_has_no_problems() {
    let problems: Vec<_> = crate::show::items(include_str!("sample.hl"))
        .into_iter()
        .flat_map(|(_, parsed)| parsed.problems)
        .collect();
    assert_eq!(problems, []);
}

#[test]
fn places_are_relative_to_the_item() {
    let (_, parsed) = crate::show::items("# x\n\na.b = c").remove(1);
    assert_eq!(parsed.statement.span, Span::new(0, 7));
}

#[test]
fn a_path_that_nothing_follows_is_a_field_without_a_value_yet() {
    let statement = |text: &str| {
        let (_, parsed) = crate::show::items(text).remove(0);
        assert_eq!(parsed.problems.len(), 1, "{text}: {:?}", parsed.problems);
        let StatementKind::Declare(declare) = parsed.statement.kind else { return parsed.statement.kind };
        let Content::Body(mut body) = declare.content else { panic!("{text}: it has a body") };
        body.statements.remove(0).kind
    };
    for text in
        ["host a { deploy.user }", "host a {\n  deploy.user\n  b = 1\n}", "host a { deploy.user, b = 1 }"]
    {
        let StatementKind::Set(set) = statement(text) else { panic!("{text}: it sets a field") };
        assert_eq!(set.path.iter().map(|name| name.text.as_str()).collect::<Vec<_>>(), ["deploy", "user"]);
        assert!(matches!(set.value.kind, ExprKind::Error), "{text}");
        let end = text.find("user").expect("it is there") + "user".len();
        assert_eq!(set.value.span, Span::empty(u32::try_from(end).expect("small")));
    }
    for text in ["host a { deploy }", "lan.dns"] {
        assert!(matches!(statement(text), StatementKind::Error), "{text}: it may become anything");
    }
}

/// The examples of a rule's page.
fn examples<'a>(page: &'a str, info: &'a str) -> impl Iterator<Item = &'a str> {
    page.split("```hl ").skip(1).filter_map(move |block| {
        let (head, rest) = block.split_once('\n')?;
        (head == info).then(|| rest.split("\n```").next().unwrap_or_default())
    })
}

#[test]
fn pages_show_what_they_say() {
    for rule in syntax::RULES {
        let found = |text: &str| -> Vec<_> {
            let items = crate::show::items(text).into_iter();
            items.flat_map(|(_, parsed)| parsed.problems).map(|problem| problem.rule.name).collect()
        };
        assert!(rule.page.starts_with(&format!("# {}\n", rule.name)));
        assert_eq!(examples(rule.page, "bad").count(), 1, "{}", rule.name);
        for bad in examples(rule.page, "bad") {
            assert!(found(bad).contains(&rule.name), "{}: {:?}", rule.name, found(bad));
        }
        for good in examples(rule.page, "good") {
            assert_eq!(found(good), Vec::<&str>::new(), "{}", rule.name);
        }
    }
}
