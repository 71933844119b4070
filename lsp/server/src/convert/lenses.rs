//! Who uses what is declared, and what can be done with what is deployed.

use serde_json::{Value, json};
use tower_lsp::ls_types::{CodeLens, Command, Position};
use workspace::LAB;

use crate::scene::Here;

/// The lenses of a file. What they say is found when they are shown.
pub(crate) fn of_file(here: &Here<'_>, data: &Value) -> Vec<CodeLens> {
    let places = ide::lens_places(here.session, &here.file);
    let lens = |range| CodeLens { range: here.range(range), command: None, data: Some(data.clone()) };
    places.iter().map(lens).collect()
}

/// What can be done with what is deployed, above each declaration: a lens for each command of the client's, which is
/// called with the lab's file and what `hlc` takes for it.
pub(crate) fn deploying(here: &Here<'_>, commands: &[&str]) -> Vec<CodeLens> {
    let is_lab = here.session.has_file(LAB) && here.scene.home.folder().is_some();
    let Some(lab) = here.scene.uri(LAB).filter(|_| is_lab) else { return Vec::new() };
    let lens = |(one, command): (&ide::Deployed, &&str)| {
        let title = command.rsplit('.').next().unwrap_or_default().to_owned();
        let arguments = vec![json!(lab), json!(one.targets)];
        let command = Command::new(title, (*command).to_owned(), Some(arguments));
        CodeLens { range: here.range(&one.range), command: Some(command), data: None }
    };
    let deployed = ide::deployed(here.session, &here.file);
    deployed.iter().flat_map(|one| commands.iter().map(move |command| (one, command))).map(lens).collect()
}

/// What the lens at a position says, and the command that shows what it is about.
pub(crate) fn command(here: &Here<'_>, position: Position, name: &str) -> Option<Command> {
    let uri = here.scene.uri(&here.file)?;
    let lens = ide::lens(here.session, &here.at(position))?;
    let start = here.range(&lens.range).start;
    let arguments = vec![json!(uri), json!(start), json!(here.locations(lens.uses))];
    Some(Command::new(lens.title, name.to_owned(), Some(arguments)))
}
