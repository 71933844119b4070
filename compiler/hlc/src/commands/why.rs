//! `hlc why`: where a value comes from.

mod meant;

use diagnostics::{closest, did_you_mean};
use driver::why::{Path, Story, found, told};
use output::cores;
use types::{DeclRef, Value};
use workspace::crew;

use super::eval;
use crate::exit::{Exit, Failure};
use crate::load::Lab;
use crate::show;
use crate::terminal::{Terminal, paint};

/// Shows what set the value at `text`, and what that overrode.
pub(crate) fn run(lab: &Lab, text: &str, terminal: &Terminal) -> Result<Exit, Failure> {
    lab.is_untouched()?;
    crew::outline(&lab.session, cores());
    let meant = meant::meant(lab, text)?;
    let text = meant.as_deref().unwrap_or(text);
    let path = Path::read(text);
    let found = found(&lab.session, &path);
    if found.as_ref().is_some_and(|found| eval::is_broken(&found.why.value)) {
        eval::value(lab, path.whole(), terminal)?;
        return Err(Failure::cannot(format!("there is no value at {}", diagnostics::render::plain(text))));
    }
    let paint: fn(&str, &str) -> String = if terminal.colours_results() {
        |style, text| paint(true, style, text)
    } else {
        |_, text| text.to_owned()
    };
    let name = |file: &str| lab.path(file);
    let story = Story { session: &lab.session, paint, path: &name };
    let told = told(story, &path, found, || value(lab, &path, terminal))?;
    terminal.result(&told)?;
    Ok(Exit::Success)
}

/// What the path comes to as an expression; if to nothing, what is wrong has been shown.
fn value(lab: &Lab, path: &Path<'_>, terminal: &Terminal) -> Result<Value, Failure> {
    if path.count() > 1
        && let Ok(Value::Decl(decl)) = lab.session.eval(path.upto(path.count() - 1))
        && lab.session.eval(path.whole()).is_err()
        && let Some(name) = path.names_after(path.count() - 1).first()
        && !name.is_empty()
    {
        return Err(no_such_part(lab, &decl, name));
    }
    eval::value(lab, path.whole(), terminal)
}

fn no_such_part(lab: &Lab, decl: &DeclRef, name: &str) -> Failure {
    let fields = lab.session.fields(decl);
    let children = lab.session.children(decl);
    let children = children.iter().filter_map(|child| child.steps().last()).map(|step| step.name.as_str());
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).chain(children).collect();
    let help = did_you_mean(&closest(name, names.iter().copied(), 3));
    let help = help.unwrap_or_else(|| format!("it has {}", names.join(", ")));
    let name = diagnostics::render::plain(name);
    Failure::cannot(format!("{} has no '{name}'; {help}", show::reference(decl)))
}
