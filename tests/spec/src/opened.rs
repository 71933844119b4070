//! Labs of a page as sessions, for who wants more of them than the page asks.

use std::collections::BTreeMap;
use std::sync::Arc;

use driver::Session;

use crate::lab::{Files, Lab, labs};
use crate::page::Page;

/// A lab of a page.
pub struct Opened {
    /// The heading above it.
    pub heading: String,
    /// Its own text, without what is around it.
    pub text: String,
    /// The lab, with what is around it.
    pub session: Session,
}

/// Each lab of a page, but what is around them.
pub fn open_each(page: &Page) -> Vec<Opened> {
    let labs = own_labs(page).into_iter();
    labs.map(|(heading, lab)| Opened {
        heading: heading.to_owned(),
        text: lab.files.first().map(|(_, block)| block.text()).unwrap_or_default(),
        session: opened(lab.texts(), &lab.data()),
    })
    .collect()
}

/// All labs of a page as one.
pub fn open_as_one(page: &Page) -> Session {
    let (mut files, mut data) = (BTreeMap::new(), Files::new());
    for (nth, (_, lab)) in own_labs(page).into_iter().enumerate() {
        for (name, text) in lab.texts() {
            // What is around them is there once.
            let name = if name == crate::lab::MAIN { format!("{nth}.hl") } else { name };
            files.insert(name, text);
        }
        data.extend(lab.data());
    }
    opened(files.into_iter().collect(), &data)
}

fn own_labs(page: &Page) -> Vec<(&str, Lab<'_>)> {
    let sections = page.sections.iter();
    let all = sections.flat_map(|section| {
        let labs = labs(&section.blocks, page.around.as_ref());
        labs.into_iter().map(|lab| (section.heading.as_str(), lab))
    });
    all.filter(|(_, lab)| !lab.is("around")).collect()
}

fn opened(files: Files, data: &Files) -> Session {
    let mut session = Session::open(files);
    let data: BTreeMap<String, Arc<str>> =
        data.iter().map(|(name, text)| (name.clone(), text.as_str().into())).collect();
    workspace::read_data(&mut session, &data);
    session
}
