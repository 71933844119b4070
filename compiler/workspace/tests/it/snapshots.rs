//! Questions on other threads while the lab changes.

use std::sync::mpsc;
use std::thread;

use driver::Unanswered;
use types::Value;
use workspace::crew::{self, STACK};

use crate::world::{ROOT, World};

/// A lab of so many constants, each of which needs the next; the last says `end`.
fn chain(length: usize, end: &str) -> String {
    let lines = (0..length).map(|nth| format!("a{nth} = a{} + 1\n", nth + 1));
    lines.chain([format!("a{length} = {end}\n")]).collect()
}

#[test]
fn a_change_overtakes_what_is_being_asked() {
    let changes: [fn(&mut World); 4] = [
        |world| world.set_buffer(ROOT, &chain(60, "true")),
        |world| world.write("media.hl", "films = a0\n"),
        |world| world.lab.set_today(workspace::clock::today()),
        |world| world.lab.renew(),
    ];
    for change in changes {
        let mut world = World::new(&[(ROOT, &format!("import \"media.hl\"\n{}", chain(60, "0")))]);
        let (started, has_started) = mpsc::channel();
        let ask = |world: &World| {
            let (snapshot, started) = (world.lab.snapshot(), started.clone());
            let ask = move || {
                snapshot.ask(|session| {
                    started.send(()).expect("somebody waits");
                    // Goes on until somebody changes the lab.
                    loop {
                        session.problems();
                    }
                })
            };
            thread::Builder::new().stack_size(STACK).spawn(ask).expect("a thread")
        };
        let threads = [ask(&world), ask(&world), ask(&world)];
        for _ in &threads {
            has_started.recv().expect("each has started");
        }
        change(&mut world);
        for thread in threads {
            let answer: Result<(), Unanswered> = thread.join().expect("nobody panics");
            assert_eq!(answer, Err(Unanswered::Overtaken));
        }
        world.lab.set_today(None);
        world.is_as_fresh("a change");
    }
}

#[test]
fn threads_that_share_a_question_are_overtaken_together() {
    let lab =
        |end: &str| (0..50).map(|nth| chain(3, end).replace('a', &format!("n{nth}a"))).collect::<String>();
    let mut world = World::new(&[(ROOT, &lab("0"))]);
    for nth in 0..12 {
        let (snapshot, (started, has_started)) = (world.lab.snapshot(), mpsc::channel());
        let canceller = snapshot.canceller();
        let ask = move || {
            snapshot.ask(|session| {
                started.send(()).expect("somebody waits");
                crew::evaluate(session, 3);
                loop {
                    session.problems();
                }
            })
        };
        let asked = thread::Builder::new().stack_size(STACK).spawn(ask).expect("a thread");
        has_started.recv().expect("it has started");
        let by_whom = if nth % 3 == 0 {
            canceller.give_up();
            Unanswered::GivenUp
        } else {
            world.set_buffer(ROOT, &lab(&format!("{nth}")));
            Unanswered::Overtaken
        };
        let answer: Result<(), Unanswered> = asked.join().expect("nobody panics");
        assert_eq!(answer, Err(by_whom));
    }
    world.is_as_fresh("all of that");
}

#[test]
fn a_question_can_be_given_up_alone() {
    let world = World::new(&[(ROOT, &chain(60, "0"))]);
    let (snapshot, other) = (world.lab.snapshot(), world.lab.snapshot());
    let canceller = snapshot.canceller();
    let asked = thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            snapshot.ask(|session| {
                loop {
                    session.problems();
                }
            })
        })
        .expect("a thread");
    canceller.give_up();
    let answer: Result<(), Unanswered> = asked.join().expect("nobody panics");
    assert_eq!(answer, Err(Unanswered::GivenUp));
    assert_eq!(other.ask(|session| session.problems().len()), Ok(0), "others are answered");
    assert_eq!(world.said(ROOT), [""; 0]);
}

#[test]
fn many_changes_and_questions_end_where_one_who_comes_begins() {
    let mut world = World::new(&[(ROOT, &chain(20, "0")), ("media.hl", "films = a0\n")]);
    let mut asked = Vec::new();
    for nth in 0..60 {
        let snapshot = world.lab.snapshot();
        let ask = move || snapshot.ask(driver::Session::problems_by_file).map(|problems| problems.len());
        asked.push(thread::Builder::new().stack_size(STACK).spawn(ask).expect("a thread"));
        match nth % 4 {
            0 => world.set_buffer(ROOT, &chain(20 + nth, if nth % 3 == 0 { "0" } else { "true" })),
            1 => world.set_buffer(ROOT, &format!("import \"media.hl\"\n{}", chain(20, "1"))),
            2 => world.write("media.hl", &format!("films = a{nth}\n")),
            _ => world.remove("media.hl"),
        }
    }
    for thread in asked {
        match thread.join().expect("nobody panics") {
            Ok(files) => assert!((1..=2).contains(&files), "{files} files"),
            Err(unanswered) => assert_eq!(unanswered, Unanswered::Overtaken),
        }
    }
    world.is_as_fresh("all of that");
}

#[test]
fn a_snapshot_answers_what_editors_ask() {
    let world = World::new(&[(ROOT, "# first\nstage apps = 10\nnamespace main { stage = apps }\n")]);
    let answer = world.lab.snapshot().ask(|session| {
        let items = session.items(ROOT);
        let heads: Vec<&str> = items.iter().map(|item| item.key.head()).collect();
        assert_eq!(heads, ["stage apps", "namespace main"]);
        let text = session.text(ROOT).expect("a text");
        let at = u32::try_from(text.find("stage = apps").expect("it is there")).expect("small");
        let item = session.item_at(ROOT, at).expect("an item");
        assert_eq!(item.key, items[1].key);
        let range = item.range.start as usize..item.range.end as usize;
        assert_eq!(text.get(range), session.item_text(&item.key).map(|text| &**text));
        assert!(session.parsed(&item.key).is_some_and(|parsed| parsed.problems.is_empty()));
        assert!(session.core(&item.key).is_some_and(|core| core.problems.is_empty() && core.decl.is_some()));
        let Ok(Value::Decl(decl)) = session.eval("main") else { panic!("it is declared") };
        let Value::Decl(stage) = &session.value(&decl, &"stage".into()).value else { panic!("a reference") };
        session.value(stage, &"number".into()).value.shown()
    });
    assert_eq!(answer, Ok(Some("10".to_owned())));
}
