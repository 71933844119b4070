//! The clauses of heads: any order says the same, and is written in one.

use syntax::format;

use crate::show::{items, problems, tree};

/// Each clause, in the order in which they are written.
const CLAUSES: [&str; 4] = ["in a.b[c]", ": t(x = [y]) + u", "for k, v in w + [1]", "if x > y or (p in q)"];

/// The orders in which some of `clauses` can stand.
fn orders<'c>(clauses: &[&'c str]) -> Vec<Vec<&'c str>> {
    let mut all = vec![Vec::new()];
    for (nth, first) in clauses.iter().enumerate() {
        let others: Vec<&str> = clauses[..nth].iter().chain(&clauses[nth + 1..]).copied().collect();
        all.extend(orders(&others).into_iter().map(|rest| [vec![*first], rest].concat()));
    }
    all
}

/// The tree of the only item of a text, which has no problem.
fn sound(text: &str) -> String {
    let mut items = items(text);
    assert_eq!(items.len(), 1, "{text}");
    let (_, parsed) = items.remove(0);
    assert_eq!(parsed.problems, [], "in {text}");
    tree(&parsed.statement)
}

#[test]
fn any_order_says_the_same() {
    let mut count = 0;
    for head in ["app web[k]", "app[k]", "app web", "app \"w x\"", "a.b"] {
        for order in orders(&CLAUSES) {
            // Who repeats says a key.
            if order.contains(&CLAUSES[2]) && !head.ends_with(']') {
                continue;
            }
            let written: Vec<&str> = CLAUSES.into_iter().filter(|clause| order.contains(clause)).collect();
            for content in ["", " { a = 1 }", " = [x in y]"] {
                let usual = format!("{}{content}\n", [&[head], written.as_slice()].concat().join(" "));
                let text = format!("{}{content}\n", [&[head], order.as_slice()].concat().join(" "));
                // A name and `=` is a constant.
                if order.is_empty() && !head.contains(' ') {
                    continue;
                }
                assert_eq!(sound(&text), sound(&usual), "{text}");
                assert_eq!(format(&text).text, usual, "{text}");
                count += 1;
            }
        }
    }
    assert!(count > 400, "{count}");
}

#[test]
fn an_order_with_comments_in_it_stays() {
    let text = "app web if c # why\n  in b\n";
    let formatted = format(text).text;
    assert!(formatted.starts_with("app web if c ") && formatted.ends_with("# why\n  in b\n"), "{formatted}");
    assert_eq!(sound(text), sound(&formatted));
    let behind = "app web if c in b # why\n";
    assert_eq!(format(behind).text, format("app web in b if c # why\n").text);
}

#[test]
fn what_must_hold_is_no_head() {
    for text in
        ["check \"m\" { a in b }\n", "x = match y { a => b in c, _ => d }\n", "kind k { x: in | for | if }\n"]
    {
        sound(text);
        assert_eq!(format(text).text, text);
    }
}

macro_rules! mistakes {
    ($($name:ident: $text:expr;)*) => {
        $(#[test] fn $name() { insta::assert_snapshot!(problems($text)); })*
    };
}

mistakes! {
    clauses_twice: "app a in b : t in c { }\napp d : t : u { }\napp e if f if g { }\napp h[k] for k in l for m in n { }\napp o : t in p : u\n";
    membership_in_a_head: "app a in b if c in d { }\napp e if f in g and h in i { }\napp o in p if q in r or s { }\napp j[k] for k in l if k in m in n { }\n";
    key_is_missing: "app a for b in c { }\napp d in e for f in g { }\napp in h for i in j\n";
    clauses_that_end_early: "app a in b : { }\napp c : t + { }\napp d if in e { }\napp f[g] for in h { }\n";
}
