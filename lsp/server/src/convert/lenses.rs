//! Who uses what is declared.

use serde_json::{Value, json};
use tower_lsp::ls_types::{CodeLens, Command, Position};

use crate::scene::Here;

/// The lenses of a file. What they say is found when they are shown.
pub(crate) fn of_file(here: &Here<'_>, data: &Value) -> Vec<CodeLens> {
    let places = ide::lens_places(here.session, &here.file);
    let lens = |range| CodeLens { range: here.range(range), command: None, data: Some(data.clone()) };
    places.iter().map(lens).collect()
}

/// What the lens at a position says, and the command that shows what it is about.
pub(crate) fn command(here: &Here<'_>, position: Position, name: &str) -> Option<Command> {
    let uri = here.scene.uri(&here.file)?;
    let lens = ide::lens(here.session, &here.at(position))?;
    let start = here.range(&lens.range).start;
    let arguments = vec![json!(uri), json!(start), json!(here.locations(lens.uses))];
    Some(Command::new(lens.title, name.to_owned(), Some(arguments)))
}
