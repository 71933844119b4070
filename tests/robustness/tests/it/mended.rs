//! What `hlc fix` does to any text comes to an end, and makes nothing worse.

use diagnostics::Located;
use driver::{RULES, Session};
use robustness::{Random, mutate, seeds};

/// How many texts are tried.
const TEXTS: usize = 600;

/// How many problems there are with what cannot be read.
fn unread(problems: &[Located]) -> usize {
    problems.iter().filter(|problem| is_of_syntax(problem.rule.name)).count()
}

fn is_of_syntax(rule: &str) -> bool {
    RULES[0].iter().any(|known| known.name == rule)
}

#[test]
fn fixes_of_any_text_come_to_an_end_and_make_nothing_worse() {
    let seeds = seeds();
    let mut random = Random::new(13);
    let mut session = Session::open(vec![("homelab.hl".to_owned(), String::new())]);
    let (mut mended, mut offered) = (0, 0);
    for _ in 0..TEXTS {
        let seed = &seeds[random.below(seeds.len())];
        let text = (0..=random.below(2)).fold(seed.clone(), |text, _| mutate(&text, &mut random));
        session.set_text("homelab.hl", &text);
        let before = session.problems();
        offered += usize::from(before.iter().any(|one| !one.fixes.is_empty() && !one.is_choice));
        let applied = session.mend(&mut |_| {});
        let (after, once) = (session.problems(), session.texts());
        if applied.is_empty() {
            assert_eq!(once[0].1, text, "what is changed is said");
            continue;
        }
        mended += 1;
        let is_better = unread(&after) < unread(&before);
        let is_worse = unread(&after) > unread(&before);
        let guesses = applied.iter().any(|one| is_of_syntax(one.rule));
        assert!(is_better || !(guesses || is_worse), "{applied:#?}\nmake it worse:\n{text}\n{after:#?}");
        session.mend(&mut |_| {});
        assert_eq!(session.texts(), once, "what was mended is mended again");
    }
    assert!(offered > TEXTS / 3, "{offered} texts had fixes");
    // Some of what chance does to a text is no mistake that anybody makes, and guessed wrongly.
    assert!(mended * 3 > offered * 2, "{mended} of {offered} texts with fixes were mended");
}
