//! The same tree as JSON has it, which the API of Kubernetes speaks.

use serde_json::{Map, Number, Value};

use crate::Yaml;

impl From<&Yaml> for Value {
    /// What is not finite is `null`: JSON has no such numbers, and Kubernetes no such fields.
    fn from(yaml: &Yaml) -> Self {
        match yaml {
            Yaml::Null => Self::Null,
            Yaml::Bool(value) => Self::Bool(*value),
            Yaml::Int(number) => Self::Number((*number).into()),
            Yaml::Float(number) => Number::from_f64(*number).map_or(Self::Null, Self::Number),
            Yaml::Text(text) => Self::String(text.clone()),
            Yaml::List(items) => Self::Array(items.iter().map(Self::from).collect()),
            Yaml::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| (key.clone(), Self::from(value)));
                Self::Object(entries.collect::<Map<_, _>>())
            }
            Yaml::Under(_, inner) => Self::from(&**inner),
        }
    }
}
