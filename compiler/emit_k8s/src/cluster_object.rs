//! Objects as the cluster is to have them, for whoever applies them without Helm.

use source::Place;
use yaml::Yaml;

/// An object as the cluster is to have it.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterObject {
    /// The file that it stands in or is made by, relative to `k8s/`.
    pub path: String,
    /// What stands above it there.
    pub(crate) header: String,
    /// All of it, with `null` where secrets are to be.
    pub yaml: Yaml,
    /// Where secrets are to be; none in an object that is a file.
    pub holes: Vec<Hole>,
    /// Where it is declared.
    pub place: Place,
}

/// A place in an object where a secret is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// The keys and numbers that lead there.
    pub at: Vec<String>,
    /// The keys that lead to the value in the component's encrypted file.
    pub value: Vec<String>,
    /// Whether the object has it in Base64 and the file has not.
    pub is_to_encode: bool,
}

impl ClusterObject {
    /// The file that it is; `None` where Helm makes it of a template.
    pub(crate) fn file(&self) -> Option<(String, String)> {
        self.holes.is_empty().then(|| (self.path.clone(), self.yaml.print_under(&self.header)))
    }
}

/// Puts `null` in the place of each of these words, and says where each was.
pub(crate) fn take_words(yaml: &mut Yaml, words: &[(String, String)]) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    take(yaml, &mut Vec::new(), words, &mut found);
    found
}

fn take(
    yaml: &mut Yaml,
    at: &mut Vec<String>,
    words: &[(String, String)],
    found: &mut Vec<(Vec<String>, String)>,
) {
    match yaml {
        Yaml::Text(text) => {
            if let Some((_, name)) = words.iter().find(|(word, _)| word == text) {
                found.push((at.clone(), name.clone()));
                *yaml = Yaml::Null;
            }
        }
        Yaml::List(items) => {
            for (nth, item) in items.iter_mut().enumerate() {
                at.push(nth.to_string());
                take(item, at, words, found);
                at.pop();
            }
        }
        Yaml::Map(entries) => {
            for (key, value) in entries {
                at.push(key.clone());
                take(value, at, words, found);
                at.pop();
            }
        }
        Yaml::Under(_, inner) => take(inner, at, words, found),
        Yaml::Null | Yaml::Bool(_) | Yaml::Int(_) | Yaml::Float(_) => {}
    }
}
