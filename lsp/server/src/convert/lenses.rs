//! Who uses what is declared.

use serde_json::json;
use tower_lsp::ls_types::{CodeLens, Command};

use crate::scene::Here;

/// The lenses of a file. What they do is done by the client, which has the command.
pub(crate) fn of_file(here: &Here<'_>) -> Vec<CodeLens> {
    let Some(uri) = here.scene.uri(&here.file) else { return Vec::new() };
    let lens = |lens: ide::Lens| {
        let range = here.range(&lens.range);
        let arguments = vec![json!(uri), json!(range.start), json!(here.locations(lens.uses))];
        let command = Command::new(lens.title, "hlc.showReferences".to_owned(), Some(arguments));
        CodeLens { range, command: Some(command), data: None }
    };
    ide::lenses(here.session, &here.file).into_iter().map(lens).collect()
}
