//! Labs of older editions of HL, which `hlc fix` brings over.

use diagnostics::{Located, Severity};

use crate::Page;
use crate::lab::{MAIN, labs};
use crate::reused::Reused;
use crate::run::{is_of_the_lab, listed};

/// What is wrong with labs of a page that had no problems, once they have been brought over; each with its place. The
/// rules between the declarations of a lab are no matter of the language, and a warning stops no lab.
pub fn not_brought_over(page: &Page) -> Vec<String> {
    let mut session = Reused::new();
    let mut wrong = Vec::new();
    for section in &page.sections {
        for lab in labs(&section.blocks, None) {
            session.know(lab.facts());
            let left = session.mended(&lab.texts());
            let stops = |one: &&Located| one.severity() == Severity::Error && !is_of_the_lab(one);
            let left: Vec<String> = left.iter().filter(stops).map(listed).collect();
            if !left.is_empty() {
                wrong.push(format!("{}: {}\n{}", page.name, section.heading, left.join("\n")));
            }
        }
    }
    wrong
}

/// Labs of a page that are built into something else, or have other problems, once they have been brought over to the
/// newest edition; each with its place.
pub fn built_otherwise(page: &Page) -> Vec<String> {
    let mut session = Reused::new();
    let mut wrong = Vec::new();
    for section in &page.sections {
        for lab in labs(&section.blocks, None) {
            session.know(lab.facts());
            if session.raised(&lab.texts()).is_some_and(|(before, after)| before != after) {
                wrong.push(format!("{}: {}", page.name, section.heading));
            }
        }
    }
    wrong
}

/// As [`not_brought_over`], of a lab of one file.
pub fn not_brought_over_whole(text: &str) -> Vec<String> {
    let left = Reused::new().mended(&vec![(MAIN.to_owned(), text.to_owned())]);
    left.iter().map(listed).collect()
}
