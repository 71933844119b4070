//! The parameters of a call.

use tower_lsp::ls_types::{
    Documentation, ParameterInformation, ParameterLabel, Position, SignatureHelp, SignatureInformation,
};

use crate::convert::hover::markdown;
use crate::lines::Encoding;
use crate::scene::Here;

/// Those of the call around a position.
pub(crate) fn help(here: &Here<'_>, position: Position) -> Option<SignatureHelp> {
    let help = ide::signature_help(here.session, &here.at(position))?;
    let active = u32::try_from(help.active).ok();
    // Whatever a client counts in lines, here it counts UTF-16.
    let units = |end: u32| {
        let before = help.label.get(..end as usize).unwrap_or(&help.label);
        u32::try_from(Encoding::Utf16.length(before)).unwrap_or(u32::MAX)
    };
    let parameter = |(start, end): &(u32, u32)| ParameterInformation {
        label: ParameterLabel::LabelOffsets([units(*start), units(*end)]),
        documentation: None,
    };
    let signature = SignatureInformation {
        parameters: Some(help.parameters.iter().map(parameter).collect()),
        documentation: help.doc.map(|doc| Documentation::MarkupContent(markdown(doc))),
        active_parameter: active,
        label: help.label,
    };
    Some(SignatureHelp { signatures: vec![signature], active_signature: Some(0), active_parameter: active })
}
