//! `hlc eval`: the value of an expression.

use output::cores;
use types::Value;
use workspace::crew;

use crate::exit::{Exit, Failure};
use crate::load::{Lab, has_errors};
use crate::show;
use crate::terminal::Terminal;

/// Shows what `expression` comes to. A declaration is shown with its fields, elsewhere it is a name.
pub(crate) fn run(lab: &Lab, expression: &str, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    lab.is_untouched()?;
    let value = value(lab, expression, terminal)?;
    let session = &lab.session;
    let text = match (&value, json) {
        (Value::Decl(decl), true) => show::json(&show::declaration_json(session, decl)),
        (value, true) => show::json(&values::data::readable(value)),
        (Value::Decl(decl), false) => show::declaration(session, decl),
        (value, false) => show::value(value) + "\n",
    };
    terminal.result(&text)?;
    Ok(Exit::Success)
}

/// What `expression` comes to; if to nothing, what is wrong has been shown.
pub(crate) fn value(lab: &Lab, expression: &str, terminal: &Terminal) -> Result<Value, Failure> {
    let session = &lab.session;
    if expression.trim().is_empty() {
        return Err(Failure::cannot("there is no expression; one is 'lab.domain'"));
    }
    crew::outline(session, cores());
    match session.eval(expression) {
        Ok(value) if !is_broken(&value) => Ok(value),
        Ok(_) => {
            let problems = lab.problems()?;
            terminal.problems(&problems, &session.sources(), &|name| lab.path(name));
            let reason = if has_errors(&problems) { "; the lab has errors" } else { "" };
            Err(Failure::cannot(format!("the expression has no value{reason}")))
        }
        Err(problems) => {
            let sources = session.sources_with(expression);
            let problems = session.locate_with(&problems, expression);
            terminal.problems(&problems, &sources, &|name| lab.path(name));
            Err(Failure::Told)
        }
    }
}

/// Whether a problem of the lab made the value, or a part of it.
pub(crate) fn is_broken(value: &Value) -> bool {
    match value {
        Value::Error(_) => true,
        Value::List(list) => list.iter().any(|field| is_broken(&field.value)),
        Value::Map(map) => map.values().any(|field| is_broken(&field.value)),
        _ => false,
    }
}
