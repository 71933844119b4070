//! What names look like to Kubernetes.

/// Whether it is a name in the manner of DNS: labels with dots between them.
pub(super) fn is_subdomain(name: &str) -> bool {
    name.len() <= 253 && name.split('.').all(is_label)
}

/// A label, of any length.
fn is_label(label: &str) -> bool {
    let allowed = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
    !label.is_empty() && label.chars().all(allowed) && !label.starts_with('-') && !label.ends_with('-')
}

/// Whether it can be a label's or taint's key: a name, perhaps with a domain and '/' before it.
pub(super) fn is_key(key: &str) -> bool {
    let (domain, name) = key.split_once('/').map_or((None, key), |(domain, name)| (Some(domain), name));
    domain.is_none_or(is_subdomain) && is_part(name)
}

/// Whether it can be a label's or taint's value.
pub(super) fn is_value(value: &str) -> bool {
    value.is_empty() || is_part(value)
}

/// Whether it can be a label's value that is not empty, or the part of a key behind its domain.
pub(super) fn is_part(text: &str) -> bool {
    let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
    let is_end = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
    text.len() <= 63
        && text.chars().all(allowed)
        && is_end(text.chars().next())
        && is_end(text.chars().last())
}
