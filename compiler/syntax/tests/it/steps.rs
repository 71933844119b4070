//! Whether work grows with the text.

/// A text so many times as long must not take more than a little more than so many times as many steps.
const TIMES: usize = 4;

/// Makes a text that is so many times as long as its part.
pub(crate) type Input = fn(usize) -> String;

/// Checks that what `work` looks at grows with the texts that `input` makes, and no faster.
pub(crate) fn grows_with(name: &str, input: Input, work: impl Fn(&str)) {
    let steps = |n: usize| {
        let text = input(n);
        syntax::steps_of(|| work(&text))
    };
    // So long that limits on what is looked at are reached by both.
    let (short, long) = (steps(2_000), steps(TIMES * 2_000));
    assert!(short >= 2_000, "{name}: {short} steps, which are counted in debug builds");
    assert!(
        long <= (TIMES as u64 + 1) * short,
        "{name}: {short} steps, and {long} for {TIMES} times the text"
    );
}
