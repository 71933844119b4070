//! `hlc why`: where a value comes from.

mod meant;
mod path;
mod story;

use diagnostics::{closest, did_you_mean};
use output::cores;
use smol_str::SmolStr;
use types::{DeclRef, Value};
use values::Why;
use workspace::crew;

use self::path::Path;
use self::story::Story;
use super::eval;
use crate::exit::{Exit, Failure};
use crate::load::Lab;
use crate::show;
use crate::terminal::Terminal;

/// A field of a declaration, or a part of one.
struct Found {
    decl: DeclRef,
    field: SmolStr,
    within: Vec<SmolStr>,
    why: Why,
    /// How many parts of the path it is.
    parts: usize,
}

/// Shows what set the value at `text`, and what that overrode.
pub(crate) fn run(lab: &Lab, text: &str, terminal: &Terminal) -> Result<Exit, Failure> {
    lab.is_untouched()?;
    crew::outline(&lab.session, cores());
    let meant = meant::meant(lab, text)?;
    let text = meant.as_deref().unwrap_or(text);
    let path = Path::read(text);
    let story = Story::new(lab, terminal.colours_results());
    let told = match field(lab, &path).or_else(|| only_field(lab, &path)) {
        Some(found) if eval::is_broken(&found.why.value) => {
            eval::value(lab, path.whole(), terminal)?;
            return Err(Failure::cannot(format!(
                "there is no value at {}",
                diagnostics::render::plain(text)
            )));
        }
        Some(found) if found.parts == path.len() => {
            story.field(text, &found.why, follow(lab, &found).as_ref())
        }
        found => match (value(lab, &path, terminal)?, found) {
            (Value::Decl(decl), _) => story.declaration(&decl),
            (value, Some(found)) => story.computed(text, &value, path.upto(found.parts), &found.why),
            (value, None) => story.constant(text, &value, lab.session.constant(path.first())),
        },
    };
    terminal.result(&told)?;
    Ok(Exit::Success)
}

/// The longest beginning of the path that is a field of a declaration, or a part of one.
fn field(lab: &Lab, path: &Path<'_>) -> Option<Found> {
    let (decl, at) = (1..path.len()).rev().find_map(|at| match lab.session.eval(path.upto(at)) {
        Ok(Value::Decl(decl)) => Some((decl, at)),
        _ => None,
    })?;
    if is_child(lab, path, &decl) {
        return None;
    }
    let rest = path.names_after(at);
    let (field, within) = rest.split_first()?;
    (0..=within.len()).rev().find_map(|length| {
        let within = &within[..length];
        let why = lab.session.why(&decl, field, within)?;
        let parts = at + 1 + length;
        let (decl, field, within) = (decl.clone(), field.clone(), within.to_vec());
        Some(Found { decl, field, within, why, parts })
    })
}

/// Whether the path as a whole is a declaration that stands in `decl`, and not a field that refers to one.
fn is_child(lab: &Lab, path: &Path<'_>, decl: &DeclRef) -> bool {
    match lab.session.eval(path.whole()) {
        Ok(Value::Decl(whole)) => whole.parent().is_some_and(|parent| parent == *decl),
        _ => false,
    }
}

/// What the path comes to as an expression; if to nothing, what is wrong has been shown.
fn value(lab: &Lab, path: &Path<'_>, terminal: &Terminal) -> Result<Value, Failure> {
    if path.len() > 1
        && let Ok(Value::Decl(decl)) = lab.session.eval(path.upto(path.len() - 1))
        && lab.session.eval(path.whole()).is_err()
        && let Some(name) = path.names_after(path.len() - 1).first()
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

/// Where the value is set that the winning line refers to, if that line is a path: from the lab's scope, or from a
/// declaration that the line stands in.
fn follow(lab: &Lab, found: &Found) -> Option<(String, Why)> {
    let reason = found.why.reasons.last()?;
    let text = lab.session.text_of(&reason.place)?;
    if !Path::read(text).is_plain() {
        return None;
    }
    candidates(text, &found.decl).into_iter().find_map(|text| {
        let path = Path::read(&text);
        let next = field(lab, &path).or_else(|| only_field(lab, &path))?;
        let is_itself = next.decl == found.decl && next.field == found.field && next.within == found.within;
        let is_it = !is_itself && next.parts == path.len() && next.why.value == found.why.value;
        is_it.then_some((text, next.why))
    })
}

/// What `text`, a path, may mean where it stands in `decl`: from within out, as `self` is; but a name of the lab
/// first.
fn candidates(text: &str, decl: &DeclRef) -> Vec<String> {
    let outer = std::iter::successors(Some(decl.clone()), DeclRef::parent);
    let of_itself = text.strip_prefix("self.");
    let scoped = outer.map(|decl| format!("{}.{}", show::path(&decl), of_itself.unwrap_or(text)));
    let bare = of_itself.is_none().then(|| text.to_owned());
    bare.into_iter().chain(scoped).collect()
}

/// The field of a declaration that has no others, such as `address ingress = …`: it stands for its value.
fn only_field(lab: &Lab, path: &Path<'_>) -> Option<Found> {
    let Ok(Value::Decl(decl)) = lab.session.eval(path.whole()) else { return None };
    let field = show::primary(&lab.session, &decl)?;
    if lab.session.fields(&decl).len() > 1 {
        return None;
    }
    let why = lab.session.why(&decl, &field, &[])?;
    Some(Found { decl, field, within: Vec::new(), why, parts: path.len() })
}
