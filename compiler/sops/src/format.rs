//! The formats of secrets files.

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.yaml`, `.yml`.
    Yaml,
    /// `.json`.
    Json,
    /// `.env`.
    Dotenv,
    /// `.ini`. Is read, not written.
    Ini,
    /// Everything else: the bytes of a file as one value, in JSON.
    Binary,
}

impl Format {
    /// What SOPS takes a file of this name for: it goes by the very end, so `a.yaml.enc` is binary.
    pub fn of(file_name: &str) -> Self {
        let ends = |end: &str| file_name.ends_with(end);
        if ends(".yaml") || ends(".yml") {
            Self::Yaml
        } else if ends(".json") {
            Self::Json
        } else if ends(".env") {
            Self::Dotenv
        } else if ends(".ini") {
            Self::Ini
        } else {
            Self::Binary
        }
    }
}
