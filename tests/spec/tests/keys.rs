//! What has keys can do the same, whatever it is: each form of a table, in each operation of another.

use driver::Session;
use spec::evaluated;

/// The lab that the forms stand in. Each has the entries `a = 1`, `b = 2`, and one that is none.
const LAB: &str = r#"
lab home { domain = "home.example.net" }
stage apps = 10
namespace media { stage = apps }
type record = { a: int, b: int = 2, c: int? }
fn recorded(r: record) -> record = r
fn mapped(m: map<int>) -> map<int> = m
fn plain(x: any) -> any = x
release chart in media {
  chart = chart("traefik", repo = "https://traefik.github.io/charts", version = "39.0.8")
  values { a = 1, b = 2 }
}
network lan { cidr = 192.168.1.0/24 }
host attic { network = lan, address = 192.168.1.10, nixos { a = 1, b = 2 } }
manifest quota in media { apiVersion = "v1", kind = "ResourceQuota", spec { a = 1, b = 2 } }
"#;

/// All that has keys, by its sort, and whether an entry that it cannot have is a problem.
const FORMS: &[(&str, bool)] = &[
    ("{ a = 1, b = 2, c = none }", true),
    ("recorded({ a = 1 })", true),
    ("mapped({ a = 1, b = 2 })", false),
    ("{ for k in [\"a\", \"b\"] => k: if k == \"a\" then 1 else 2 }", false),
    ("(let k = \"a\" => { \"${k}\" = 1, b = 2 })", false),
    ("plain({ a = 1, b = 2 })", false),
    ("chart.values", false),
    ("attic.nixos", false),
    ("quota.spec", false),
];

/// What is done with one, and what comes of it.
const OPERATIONS: &[(&str, &str)] = &[
    ("X.a", "1"),
    ("X[\"a\"]", "1"),
    ("let k = \"b\" => X[k]", "2"),
    ("let k = \"zz\" => X[k]", "none"),
    ("[for k, v in X => k]", "[\"a\", \"b\"]"),
    ("[for k, v in X => \"${v}\"]", "[\"1\", \"2\"]"),
    ("{ for k, v in X => k: v }", "{ a = 1, b = 2 }"),
    ("{ for k, v in X if k != \"a\" => \"x-${k}\": v }", "{ x-b = 2 }"),
    ("keys(X)", "[\"a\", \"b\"]"),
    ("values(X)", "[1, 2]"),
    ("length(X)", "2"),
    ("\"a\" in X", "true"),
    ("X contains \"zz\"", "false"),
    ("keys(X + { b = 3, d = 4 })", "[\"a\", \"b\", \"d\"]"),
    ("(X + { b = 3 }).b", "3"),
    ("({ b = 3 } + X).b", "2"),
    ("keys(X + { a = none })", "[\"b\"]"),
    ("let k = \"d\" => keys(X + { \"${k}\" = 4 })", "[\"a\", \"b\", \"d\"]"),
];

#[test]
fn what_has_keys_can_do_the_same() {
    let session = Session::open(vec![("homelab.hl".into(), LAB.into())]);
    for (form, _) in FORMS {
        for (operation, expected) in OPERATIONS {
            let expression = operation.replace('X', form);
            assert_eq!(evaluated(&session, &expression), *expected, "{expression}");
        }
    }
}

#[test]
fn an_entry_that_cannot_be_there_is_a_problem() {
    let session = Session::open(vec![("homelab.hl".into(), LAB.into())]);
    for (form, is_problem) in FORMS {
        for operation in ["X.zz", "X[\"zz\"]"] {
            let expression = operation.replace('X', form);
            assert_eq!(is_refused(&session, &expression), *is_problem, "{expression}");
        }
    }
}

/// Data may also be a list, which the value tells.
#[test]
fn data_is_a_list_too() {
    let session = Session::open(vec![("homelab.hl".into(), LAB.into())]);
    for (expression, expected) in [
        ("plain([1, 2])[0]", "1"),
        ("[for x in plain([1, 2]) => \"${x}\"]", "[\"1\", \"2\"]"),
        ("length(plain([1, 2]))", "2"),
        ("first(plain([1, 2]))", "1"),
        ("reverse(plain([1, 2]))", "[2, 1]"),
        ("plain({ a = [{ b = 1 }] }).a[0].b", "1"),
    ] {
        assert_eq!(evaluated(&session, expression), expected, "{expression}");
    }
    for expression in
        ["plain([1, 2])[2]", "plain([1, 2])[\"a\"]", "keys(plain([1, 2]))", "plain({ a = 1 })[0]"]
    {
        assert!(is_refused(&session, expression), "{expression}");
    }
}

/// What a computed key comes to is set once, as what is written is.
#[test]
fn a_key_that_comes_up_twice_is_a_problem() {
    let session = Session::open(vec![("homelab.hl".into(), LAB.into())]);
    for block in [
        "{ \"${k}\" = 1, a = 2 }",
        "{ a = 2, \"${k}\" = 1 }",
        "{ \"${k}\" = 1, \"${k}\" = 2 }",
        "{ \"${k}\".x = 1, a = 2 }",
        "{ \"${k}\" = 1, a.x = 2 }",
        "{ \"${k}\" { x = 1 }, a { x = 2 } }",
    ] {
        let expression = format!("let k = \"a\" => {block}");
        let found = evaluated(&session, &expression);
        assert!(found.starts_with("error duplicate-field") && !found.contains(';'), "{expression}: {found}");
    }
    for block in ["{ \"${k}\" { x = 1 }, a { y = 2 } }", "{ \"${k}\" = 1, b = 2 }"] {
        let expression = format!("let k = \"a\" => {block}");
        assert!(!is_refused(&session, &expression), "{expression}");
    }
}

fn is_refused(session: &Session, expression: &str) -> bool {
    evaluated(session, expression).starts_with("error ")
}
