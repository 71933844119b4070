//! Expressions that stand in no file.

use std::sync::OnceLock;

use driver::Session;
use spec::project;

use crate::lab::look_at;

/// An expression in the scope of the reference lab comes to something that can be shown, or has problems that can.
pub fn eval(text: &str) {
    thread_local! {
        static LAB: Session = Session::open(vec![("homelab.hl".into(), reference_lab().into())]);
    }
    LAB.with(|session| match session.eval(text) {
        Ok(value) => {
            let shown = values::data::readable(&value).to_string();
            assert!(!shown.is_empty());
        }
        Err(problems) => {
            assert!(!problems.is_empty(), "neither a value nor a problem");
            look_at(&session.locate_with(&problems, text), &session.sources_with(text));
        }
    });
}

/// The lab at the root of the project.
pub(crate) fn reference_lab() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| std::fs::read_to_string(project().join("homelab.hl")).expect("the reference lab"))
}
