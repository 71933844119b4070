//! Problems as text.
//!
//! [`human()`] draws frames for people, [`short()`] has one line a problem, [`json()`] and [`sarif()`] are for
//! programs. All are pure functions of located problems, and the same on every run.
//!
//! No renderer lets a message control the terminal or reorder what is read: see [`plain`].

mod excerpt;
mod frame;
mod human;
mod json;
mod plain;
mod sarif;
mod short;
#[cfg(test)]
mod tests;

use crate::{Located, Severity};

pub use human::human;
pub use json::json;
pub use plain::plain;
pub use sarif::sarif;
pub use short::short;

/// How to show the path of a file, given as [`source::ItemKey::file`] names it.
pub type DisplayPath<'f> = &'f dyn Fn(&str) -> String;

/// Counts problems: `2 errors, 1 warning`, or `no problems`.
pub fn summary(problems: &[Located]) -> String {
    let count = |severity, one: &str| {
        let n = problems.iter().filter(|problem| problem.severity() == severity).count();
        match n {
            0 => None,
            1 => Some(format!("1 {one}")),
            n => Some(format!("{n} {one}s")),
        }
    };
    match (count(Severity::Error, "error"), count(Severity::Warning, "warning")) {
        (Some(errors), Some(warnings)) => format!("{errors}, {warnings}"),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => "no problems".to_owned(),
    }
}
