//! Expressions that stand in no file.

use driver::Session;

/// A lab of `count` apps, each of which refers to the one before.
fn lab(count: usize) -> Session {
    let mut text =
        "lab home { domain = \"home.lan\" }\nstage apps = 10\nnamespace web { stage = apps }\n".to_owned();
    for nth in 0..count {
        let before = nth.saturating_sub(1);
        let replicas = if nth == 0 { "1".to_owned() } else { format!("app{before}.replicas + 1") };
        text += &app(nth, &replicas);
    }
    Session::open(vec![("homelab.hl".to_owned(), text)])
}

fn app(nth: usize, replicas: &str) -> String {
    format!("app app{nth} in web {{\n  image = \"ghcr.io/org/app:{nth}\"\n  replicas = {replicas}\n}}\n")
}

#[test]
fn a_value_is_the_same_whatever_parts_of_it_were_computed_before() {
    let expressions = [
        "{ for app in apps => app.name: app.replicas }",
        "[for app in apps if app.replicas > 2 => app.image.tag]",
        "[for a in apps => for b in apps if b.replicas == a.replicas + 1 => \"${a.name}-${b.name}\"]",
        "apps.length",
        "lab.domain",
    ];
    for expression in expressions {
        let wanted = lab(7).eval(expression).expect("a value");
        for of in 1..9 {
            let session = lab(7);
            let typed = session.expression(expression).expect("an expression");
            session.collect(&typed, 1..3);
            for nth in (0..of).rev() {
                session.compute_part(&typed, (nth, of));
            }
            assert_eq!(session.value(&typed), Ok(wanted.clone()), "{expression} in {of} parts");
        }
    }
}

#[test]
fn what_is_asked_for_all_of_is_known_before() {
    let session = lab(5);
    let count = |expression: &str| {
        let typed = session.expression(expression).expect("an expression");
        session.collected_count(&typed)
    };
    assert_eq!(count("[for app in apps => app.name]"), 5);
    assert_eq!(count("[for app in apps => namespaces.length]"), 6);
    assert_eq!(count("app0.replicas"), 0);
}
