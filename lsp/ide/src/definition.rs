//! Where what a name refers to is declared.

use driver::Session;

use crate::data_paths::data_path_at;
use crate::here::{Here, range};
use crate::{FilePosition, FileRange};

/// Where what stands at a place is declared: several places where a declaration is reopened.
pub fn definition(session: &Session, at: &FilePosition) -> Vec<FileRange> {
    if let Some((used, _)) = data_path_at(session, at) {
        let is_there = session.text(&used.path).is_some();
        return is_there.then(|| FileRange::new(&used.path, 0, 0)).into_iter().collect();
    }
    let Some(here) = Here::at(session, at) else { return Vec::new() };
    let Some((_, symbol)) = here.symbol(session) else { return Vec::new() };
    symbol.places(session.db()).iter().filter_map(|place| range(session, place)).collect()
}

/// Where the kind of what stands at a place is declared.
pub fn type_definition(session: &Session, at: &FilePosition) -> Vec<FileRange> {
    let Some(here) = Here::at(session, at) else { return Vec::new() };
    let Some((_, _, found)) = here.noted(session).value_at(here.offset) else { return Vec::new() };
    let name = match found.required().0 {
        types::Ty::Kind(name) | types::Ty::Record(name) => name,
        types::Ty::List(of) => match &**of {
            types::Ty::Kind(name) => name,
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let places = types::Symbol::Kind(name.clone()).places(session.db());
    places.iter().filter_map(|place| range(session, place)).collect()
}
