//! `ambiguous-name`: a name that several things have.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub AMBIGUOUS_NAME, "ambiguous-name", error, since "0.1", "a name that several things have", page "ambiguous_name.md" }

/// `name` can mean each of `meanings`, given as people can write them without doubt.
pub fn ambiguous_name(place: Place, name: &str, meanings: &[String]) -> Problem {
    let list = meanings.iter().map(|meaning| format!("'{meaning}'")).collect::<Vec<_>>().join(" or ");
    let problem = Problem::new(&AMBIGUOUS_NAME, place.clone(), format!("'{name}' can mean {list}"))
        .label("which one is meant?")
        .help(format!("write {list}"))
        .choice();
    meanings.iter().fold(problem, |problem, meaning| {
        problem.fix(format!("write '{meaning}'"), place.clone(), meaning.clone())
    })
}
