//! Every text that somebody passes through while typing what people wrote, and what hands may type there by habit. By
//! number, not by chance: what is tried here is tried everywhere. `examples/half_typed.rs` tries every habit everywhere.

use robustness::{HABITS, tell, typed, up_to_characters, up_to_tokens, written_items, written_labs};

/// Items of so many bytes are tried up to each character, longer ones up to each third token.
const SHORT: usize = 160;
/// Every how many tokens one of the habits is tried, in turns: every habit comes up some hundred times.
const HABIT_STRIDE: usize = 2;
/// Every how many tokens a lab is looked at as a whole.
const STRIDE: usize = 24;

/// It is read, every byte of it, and formatted so that it stays.
fn is_read_and_formatted(text: &str) {
    tell(text, || {
        robustness::syntax(text);
        robustness::format(text);
    });
}

/// `text` up to every so many of its tokens, each with the next of the habits.
fn with_habits(text: &str, stride: usize, turn: &mut usize) -> Vec<String> {
    let mut with_habit = |half: &str| {
        *turn += 1;
        format!("{half}{}", HABITS[*turn % HABITS.len()])
    };
    up_to_tokens(text).step_by(stride).map(&mut with_habit).collect()
}

#[test]
fn an_item_up_to_any_character_is_read_and_formatted() {
    let mut texts = 0;
    for item in written_items() {
        let halves: Vec<&str> = if item.len() > SHORT {
            up_to_tokens(&item).collect()
        } else {
            up_to_characters(&item).collect()
        };
        texts += halves.into_iter().map(is_read_and_formatted).count();
    }
    assert!(texts > 10_000, "{texts}");
}

#[test]
fn an_item_with_a_habit_behind_any_token_is_read_and_formatted() {
    let (mut turn, mut texts) = (0, 0);
    for item in written_items() {
        for text in with_habits(&item, HABIT_STRIDE, &mut turn) {
            is_read_and_formatted(&text);
            texts += 1;
        }
    }
    assert!(texts > 10_000, "{texts}");
}

#[test]
fn every_habit_is_read_and_formatted_by_itself_and_behind_every_other() {
    for first in HABITS {
        for second in HABITS {
            for begin in ["", "x", "x =", "app a in b {"] {
                is_read_and_formatted(&format!("{begin}{first}{second}"));
            }
        }
    }
}

#[test]
fn a_lab_up_to_any_token_is_checked() {
    let mut texts = 0;
    for lab in written_labs() {
        texts += typed(up_to_tokens(&lab).step_by(STRIDE).map(str::to_owned));
    }
    assert!(texts > 500, "{texts}");
}

#[test]
fn a_lab_with_a_habit_behind_any_token_is_checked() {
    let (mut turn, mut texts) = (0, 0);
    for lab in written_labs() {
        texts += typed(with_habits(&lab, STRIDE, &mut turn));
    }
    assert!(texts > 500, "{texts}");
}
