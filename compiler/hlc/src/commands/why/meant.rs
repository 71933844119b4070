//! What a path means that is no expression as it stands: it begins with a name in what is built, or with one that several
//! declarations have.

use diagnostics::{closest, did_you_mean};
use driver::why::Path;
use types::{DeclRef, last_segment};

use crate::exit::Failure;
use crate::load::Lab;
use crate::show;

/// The path that `text` stands for; nothing where it stands for itself.
pub(super) fn meant(lab: &Lab, text: &str) -> Result<Option<String>, Failure> {
    let path = Path::read(text);
    let first = path.first();
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if first.is_empty() || !first.chars().all(is_word) || lab.session.eval(path.upto(1)).is_ok() {
        return Ok(None);
    }
    let all = lab.session.declarations();
    let second = path.names_after(1).into_iter().next().unwrap_or_default();
    // `node-1`, or `host.node-1`: how many parts of the path name it.
    let parts = |decl: &DeclRef| {
        let name = values::name_of(decl);
        let is_qualified = last_segment(values::kind_of(decl)) == first && name == *second;
        if name == first { Some(1) } else { is_qualified.then_some(2) }
    };
    let reached = all.iter().filter(|decl| !is_nested(decl));
    let found: Vec<(&DeclRef, usize)> = reached.filter_map(|decl| Some((decl, parts(decl)?))).collect();
    if found.is_empty() {
        // A kind or a collection before what is there has its own message.
        let is_known = all.iter().any(|decl| last_segment(values::kind_of(decl)) == first);
        return if is_known { Ok(None) } else { Err(unknown(&all, first)) };
    }
    let written = |(decl, parts): &(&DeclRef, usize)| {
        format!("{}{}", reference(decl, found.len() > 1 || *parts == 2), path.behind(*parts))
    };
    let paths: Vec<String> = found.iter().map(written).collect();
    let mut there = paths.iter().filter(|path| lab.session.eval(path).is_ok());
    match (there.next(), there.next()) {
        (Some(one), None) => Ok(Some(one.clone())),
        (None, None) if paths.len() == 1 => Ok(paths.into_iter().next()),
        (None, None) => Err(ambiguous(first, &paths, "none of them is there: ")),
        _ => Err(ambiguous(first, &paths, "write ")),
    }
}

/// Whether it is called by a name of its own only within another: a port, a disk.
fn is_nested(decl: &DeclRef) -> bool {
    decl.steps().last().is_some_and(|step| step.kind.contains('.'))
}

/// How a declaration is reached; with its kind where that was said, or others are called so, too.
fn reference(decl: &DeclRef, with_kind: bool) -> String {
    let path = show::path(decl);
    if with_kind && decl.steps().is_empty() { format!("{}.{path}", values::kind_of(decl)) } else { path }
}

fn ambiguous(name: &str, paths: &[String], what: &str) -> Failure {
    let paths: Vec<String> = paths.iter().map(|path| format!("'{path}'")).collect();
    Failure::cannot(format!("several declarations are called '{name}'; {what}{}", paths.join(" or ")))
}

fn unknown(all: &[DeclRef], name: &str) -> Failure {
    let names: Vec<String> = all.iter().filter(|decl| !is_nested(decl)).map(values::name_of).collect();
    let near = did_you_mean(&closest(name, names.iter().map(String::as_str), 3));
    // What stands in others is reached by way of them.
    let inside = all
        .iter()
        .find(|decl| values::name_of(decl) == name)
        .map(|decl| format!("did you mean '{}'?", show::path(decl)));
    let help = near.or(inside).unwrap_or_else(|| {
        let such = names.first().map_or("lab", String::as_str);
        format!("a path begins with the name of a declaration, such as '{such}'")
    });
    Failure::cannot(format!("nothing is called '{}'; {help}", diagnostics::render::plain(name)))
}
