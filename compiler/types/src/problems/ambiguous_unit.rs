//! `ambiguous-unit`: an amount that may measure two things.

use diagnostics::{Problem, declare_rule};
use domain::Measure;
use source::Place;

declare_rule! { pub AMBIGUOUS_UNIT, "ambiguous-unit", error, since "0.1", "an amount that may measure two things", page "ambiguous_unit.md" }

/// Nothing says which of `forms` the amount `text` is, each with how it is written without doubt.
pub fn ambiguous_unit(place: Place, text: &str, forms: &[(Measure, String)]) -> Problem {
    let each =
        |each: &dyn Fn(&(Measure, String)) -> String| forms.iter().map(each).collect::<Vec<_>>().join(" or ");
    let measures = each(&|(measure, _)| measure.article().to_owned());
    let written = each(&|(_, form)| format!("'{form}'"));
    let problem = Problem::new(&AMBIGUOUS_UNIT, place.clone(), format!("'{text}' may be {measures}"))
        .label("nothing here says which")
        .help(format!("write {written}, or give it a type"));
    let problem = forms.iter().fold(problem, |problem, (_, form)| {
        problem.fix(format!("write '{form}'"), place.clone(), form.clone())
    });
    problem.choice()
}
