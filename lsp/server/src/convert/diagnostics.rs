//! Problems, and how clients tell whether they have them already.

use std::hash::{DefaultHasher, Hash, Hasher};

use diagnostics::{Located, Severity};
use driver::Session;
use ide::FileRange;
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    FullDocumentDiagnosticReport, NumberOrString, Uri,
};

use crate::scene::{Here, Locator, Scene};

/// Rules about what is going away.
const DEPRECATED: [&str; 1] = ["deprecated-field"];
/// Rules about what could as well not be there.
const UNNECESSARY: [&str; 1] = ["setting-without-effect"];

/// The problems of all files of a lab, also of those that have none.
pub(crate) fn all(session: &Session, scene: &Scene) -> Vec<(Uri, Vec<Diagnostic>)> {
    let locator = Locator::new(session, scene);
    let by_file = session.problems_by_file().into_iter();
    by_file.filter_map(|(file, found)| Some((scene.uri(&file)?, of(&locator, &found)))).collect()
}

/// The problems of a file.
pub(crate) fn of_file(here: &Here<'_>) -> Vec<Diagnostic> {
    of(here.locator(), &here.session.problems_of(&here.file))
}

fn of(locator: &Locator<'_>, found: &[Located]) -> Vec<Diagnostic> {
    found.iter().filter_map(|problem| diagnostic(locator, problem)).collect()
}

/// One problem; nothing where its file is not there.
pub(crate) fn diagnostic(locator: &Locator<'_>, problem: &Located) -> Option<Diagnostic> {
    let location =
        |at: &diagnostics::Range| locator.location(&FileRange::new(&at.file, at.start.byte, at.end.byte));
    let related = problem.labels.iter().filter_map(|label| {
        let location = location(&label.range)?;
        Some(DiagnosticRelatedInformation { location, message: label.message.clone() })
    });
    let related: Vec<DiagnosticRelatedInformation> = related.collect();
    let name = problem.rule.name;
    let tag = if DEPRECATED.contains(&name) {
        Some(DiagnosticTag::DEPRECATED)
    } else {
        UNNECESSARY.contains(&name).then_some(DiagnosticTag::UNNECESSARY)
    };
    Some(Diagnostic {
        range: location(&problem.range)?.range,
        severity: Some(match problem.severity() {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        code: Some(NumberOrString::String(name.to_owned())),
        code_description: locator.rule(problem.rule).map(|href| CodeDescription { href }),
        source: Some("hlc".to_owned()),
        message: message(problem),
        related_information: (!related.is_empty()).then_some(related),
        tags: tag.map(|tag| vec![tag]),
        data: None,
    })
}

/// What is wrong, and below it what can be done.
fn message(problem: &Located) -> String {
    match &problem.help {
        Some(help) => format!("{}\n{help}", problem.message),
        None => problem.message.clone(),
    }
}

/// A report with a mark that is the same whenever the problems are.
pub(crate) fn report(items: Vec<Diagnostic>) -> FullDocumentDiagnosticReport {
    let mut hasher = DefaultHasher::new();
    // A list of problems can always be written.
    serde_json::to_string(&items).unwrap_or_default().hash(&mut hasher);
    FullDocumentDiagnosticReport { result_id: Some(format!("{:016x}", hasher.finish())), items }
}
