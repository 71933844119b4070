//! The colours of words: each token by where it is from the one before.

use std::hash::{DefaultHasher, Hash, Hasher};

use ide::{FileRange, TokenSort};
use tower_lsp::ls_types::{
    SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensEdit,
    SemanticTokensLegend,
};

use crate::lines::Encoding;
use crate::scene::Here;

/// Which number stands for which sort.
const SORTS: [(TokenSort, SemanticTokenType); 14] = [
    (TokenSort::Keyword, SemanticTokenType::KEYWORD),
    (TokenSort::Kind, SemanticTokenType::CLASS),
    (TokenSort::Declaration, SemanticTokenType::VARIABLE),
    (TokenSort::Field, SemanticTokenType::PROPERTY),
    (TokenSort::Constant, SemanticTokenType::NAMESPACE),
    (TokenSort::Local, SemanticTokenType::PARAMETER),
    (TokenSort::Function, SemanticTokenType::FUNCTION),
    (TokenSort::Template, SemanticTokenType::INTERFACE),
    (TokenSort::Word, SemanticTokenType::ENUM_MEMBER),
    (TokenSort::Secret, SemanticTokenType::new("secret")),
    (TokenSort::Number, SemanticTokenType::NUMBER),
    (TokenSort::Address, SemanticTokenType::new("address")),
    (TokenSort::Text, SemanticTokenType::STRING),
    (TokenSort::Comment, SemanticTokenType::COMMENT),
];

/// What the numbers of sorts and marks mean.
pub(crate) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: SORTS.into_iter().map(|(_, sort)| sort).collect(),
        token_modifiers: vec![SemanticTokenModifier::DECLARATION, SemanticTokenModifier::DEFAULT_LIBRARY],
    }
}

/// The tokens of a file, or of a part of it, with a mark that is the same whenever they are.
pub(crate) fn of_file(here: &Here<'_>, part: Option<&FileRange>) -> SemanticTokens {
    let text = here.text();
    let mut data = Vec::new();
    let mut before = here.position(0);
    for token in ide::semantic_tokens(here.session, &here.file) {
        let end = token.start.saturating_add(token.len);
        if part.is_some_and(|part| end < part.start || part.end < token.start) {
            continue;
        }
        let Some(written) = text.get(token.start as usize..end as usize) else { continue };
        let mut start = token.start;
        // What has several lines is a token in each: few clients take another.
        for line in written.split_inclusive('\n') {
            let shown = line.trim_end_matches(['\r', '\n']);
            let at = here.position(start);
            start += u32::try_from(line.len()).unwrap_or(u32::MAX);
            if shown.is_empty() {
                continue;
            }
            let is_below = at.line > before.line;
            data.push(SemanticToken {
                delta_line: at.line - before.line,
                delta_start: if is_below { at.character } else { at.character - before.character },
                length: length(here.scene.encoding, shown),
                token_type: number(token.sort),
                token_modifiers_bitset: u32::from(token.declares) | u32::from(token.library) << 1,
            });
            before = at;
        }
    }
    let mut hasher = DefaultHasher::new();
    for token in &data {
        let SemanticToken { delta_line, delta_start, length, token_type, token_modifiers_bitset } = token;
        (delta_line, delta_start, length, token_type, token_modifiers_bitset).hash(&mut hasher);
    }
    SemanticTokens { result_id: Some(format!("{:016x}", hasher.finish())), data }
}

fn length(encoding: Encoding, text: &str) -> u32 {
    u32::try_from(encoding.length(text)).unwrap_or(u32::MAX)
}

fn number(sort: TokenSort) -> u32 {
    let at = SORTS.iter().position(|(known, _)| *known == sort).unwrap_or_default();
    u32::try_from(at).unwrap_or_default()
}

/// The one edit that makes `after` of `before`; none where they are the same.
pub(crate) fn difference(before: &[SemanticToken], after: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
    if before == after {
        return Vec::new();
    }
    let same = |pairs: &mut dyn Iterator<Item = (&SemanticToken, &SemanticToken)>| {
        pairs.take_while(|(a, b)| a == b).count()
    };
    let head = same(&mut before.iter().zip(after));
    let tail = same(&mut before[head..].iter().rev().zip(after[head..].iter().rev()));
    let numbers = |tokens: usize| u32::try_from(tokens * 5).unwrap_or(u32::MAX);
    vec![SemanticTokensEdit {
        start: numbers(head),
        delete_count: numbers(before.len() - head - tail),
        data: Some(after[head..after.len() - tail].to_vec()),
    }]
}
