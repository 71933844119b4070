//! Input and output of all renderers, side by side.

use super::*;
use crate::testing::{Lab, UNKNOWN_NAME, UNUSED};
use crate::{Edit, Problem, Registry, locate};

const LAB: &str = "\
namespace automation {
\tquota 4 cpu
}

app n8n {
    image \"n8nio/n8n\"
    in automaton
}
";

fn dot(file: &str) -> String {
    file.to_owned()
}

fn people(lab: &Lab, problems: &[Problem]) -> String {
    human(&locate(problems, lab), lab, &dot, false)
}

/// What the lab says, then what people and scripts are told.
fn both(lab: &Lab, problems: &[Problem]) -> String {
    let inputs = lab.texts.iter().map(|(file, text)| format!("--- {file}\n{text}\n"));
    let inputs = inputs.collect::<Vec<_>>().concat();
    let located = locate(problems, lab);
    format!("{inputs}--- human\n{}--- short\n{}", people(lab, problems), short(&located, &dot))
}

fn unknown_name(lab: &Lab) -> Problem {
    let place = lab.find("homelab.hl", "automaton");
    Problem::new(&UNKNOWN_NAME, place.clone(), "no namespace is called 'automaton'")
        .label("not a namespace")
        .help("did you mean 'automation'?")
        .fix("change to 'automation'", place, "automation")
}

#[test]
fn single() {
    let lab = Lab::new(&[("homelab.hl", LAB)]);
    insta::assert_snapshot!(both(&lab, &[unknown_name(&lab)]));
}

#[test]
fn several_places_files_fixes_and_warnings() {
    let library = "# every app – größer\n\n\napp {\n    in: namespace = \"ä→ö\"\n}\n";
    let lab = Lab::new(&[("homelab.hl", LAB), ("std/app.hl", library)]);
    let problems = [
        unknown_name(&lab)
            .also(lab.find("std/app.hl", "namespace"), "the type is declared here")
            .also(lab.find("homelab.hl", "automation"), "the only namespace")
            .also(lab.find("std/app.hl", "app {"), "every app has one"),
        Problem::new(&UNUSED, lab.find("homelab.hl", LAB[..38].trim_end()), "no app is in 'automation'")
            .fix_all(
                "remove it, and say so",
                vec![
                    Edit { place: lab.find("homelab.hl", "namespace automation {\n"), text: String::new() },
                    Edit { place: lab.place("std/app.hl", 0, 0), text: "# see homelab.hl\n".to_owned() },
                ],
            ),
        Problem::new(&UNUSED, lab.find("std/app.hl", "ä→ö"), "a default that nothing takes"),
    ];
    insta::assert_snapshot!("several", both(&lab, &problems));
    let located = locate(&problems, &lab);
    insta::assert_snapshot!("several_json", json(&located, &|file| format!("lab/{file}")));
    let rules = Registry::new(&[&[&UNUSED, &UNKNOWN_NAME]]);
    let log = sarif(&located, &rules, &|file| format!("my lab/{file}"));
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    insta::assert_snapshot!("several_sarif", log.replace(&version, "\"version\": \"[version]\""));
}

#[test]
fn unicode_tabs_and_windows_line_ends() {
    let lab = Lab::new(&[("homelab.hl", "app \"日本 é👩‍👧\" {\r\n\tname\t= größe # ü\r\n}\r\n")]);
    let problems = [
        Problem::new(&UNKNOWN_NAME, lab.find("homelab.hl", "größe"), "nothing is called 'größe'")
            .label("this"),
        Problem::new(&UNUSED, lab.find("homelab.hl", "日本"), "wide").label("two characters, four cells"),
        Problem::new(&UNUSED, lab.find("homelab.hl", "é"), "after wide").label("one character"),
    ];
    insta::assert_snapshot!(both(&lab, &problems));
}

#[test]
fn empty_places_at_the_end_and_in_empty_files() {
    let lab = Lab::new(&[("a.hl", "app n8n {"), ("b.hl", "app n8n {\n"), ("empty.hl", "")]);
    let end = |file, at| {
        Problem::new(&UNKNOWN_NAME, lab.place(file, at, at), "a '}' is missing").label("here, at the end")
    };
    insta::assert_snapshot!(both(
        &lab,
        &[end("a.hl", 9), end("b.hl", 10), end("b.hl", 999), end("empty.hl", 0)]
    ));
}

#[test]
fn very_long_lines_are_clipped() {
    let text = format!("a\n[{}, wrong, {}]\n", "1, ".repeat(300_000), "2, ".repeat(300_000));
    let lab = Lab::new(&[("homelab.hl", &text)]);
    let list = lab.place("homelab.hl", 2, 1_800_000);
    let wrong = lab.find("homelab.hl", "wrong");
    let problems = [
        Problem::new(&UNKNOWN_NAME, wrong, "nothing is called 'wrong'").also(list, "in this list"),
        Problem::new(&UNUSED, lab.place("homelab.hl", 0, 1), "x".repeat(2_000_000)),
    ];
    let output = people(&lab, &problems);
    assert!(output.len() < 6_000, "{}", output.len());
    insta::assert_snapshot!(output);
}

#[test]
fn nothing_can_be_smuggled_into_a_terminal() {
    let lab = Lab::new(&[("ev\x1bil.hl", "app \"\x1b[31m\u{202e}\" {}\n"), ("gone.hl", "")]);
    let evil = "a\nb\x1b[31m\u{202e}";
    let place = lab.find("ev\x1bil.hl", "\x1b[31m\u{202e}");
    let problem = |place| Problem::new(&UNUSED, place, evil).label(evil).help(evil);
    let problems = [
        problem(place.clone()).also(place.clone(), evil).fix(evil, place, evil),
        problem(lab.place_in("go\x1bne.hl", "x", 0, 0)),
    ];
    let located = locate(&problems, &lab);
    let all = [
        human(&located, &lab, &dot, false),
        short(&located, &dot),
        json(&located, &dot),
        sarif(&located, &Registry::new(&[]), &dot),
    ];
    for output in &all {
        assert!(output.lines().all(|line| !line.contains(plain::is_active)), "{output:?}");
    }
    insta::assert_snapshot!(all.concat());
}

#[test]
fn many_places_are_counted() {
    let lab = Lab::new(&[("homelab.hl", &"line\n".repeat(40))]);
    let problem = Problem::new(&UNUSED, lab.place("homelab.hl", 0, 4), "much");
    let problem =
        (1..30).fold(problem, |problem, n| problem.also(lab.place("homelab.hl", n * 5, n * 5 + 4), "too"));
    let output = people(&lab, &[problem]);
    assert!(output.contains("note: 21 more places are not shown"), "{output}");
    assert_eq!(output.matches("too").count(), 8, "{output}");
}

#[test]
fn colour_only_if_wanted() {
    let lab = Lab::new(&[("homelab.hl", LAB)]);
    let located = locate(&[unknown_name(&lab)], &lab);
    let coloured = human(&located, &lab, &dot, true);
    assert!(coloured.starts_with("\x1b[1;31merror[unknown-name]\x1b[0m\x1b[1m: no namespace"), "{coloured}");
    assert!(coloured.contains("homelab.hl:7:8"), "{coloured}");
}

#[test]
fn no_problems_no_words() {
    assert_eq!(people(&Lab::default(), &[]), "");
    assert_eq!(summary(&[]), "no problems");
    assert_eq!(json(&[], &dot), "{\n  \"version\": 1,\n  \"problems\": []\n}\n");
}

/// Whatever the places, there is output and no panic.
#[test]
fn any_places_can_be_drawn() {
    let text = "aé\r\n\t日\u{2028}\n\n\x0b👩‍👧\r x\n";
    let lab = Lab::new(&[("a.hl", text), ("b.hl", text)]);
    let size = u32::try_from(text.len()).unwrap() + 2;
    for start in 0..size {
        for end in start..size {
            let problem = Problem::new(&UNUSED, lab.place("a.hl", start, end), "m")
                .also(lab.place("b.hl", start, end), "b")
                .also(lab.place("a.hl", end, end), "c");
            let output = people(&lab, &[problem]);
            assert!(
                output.contains("here") && output.contains(" b\n") && output.contains(" c\n"),
                "{output}"
            );
        }
    }
}
