//! Objects with secrets in them: all but those stands in a template that anybody can read, and helm puts them in.

use std::collections::BTreeMap;
use std::fmt::Write;

use model::Data;
use source::Place;

use crate::chart::quoted;
use crate::cluster_object::{ClusterObject, Hole, take_words};
use crate::keys::Taken;
use crate::object::Object;

/// An object whose secrets the local chart puts in.
#[derive(Clone, Debug)]
pub(crate) struct SealedObject {
    /// The object, with a word where each secret is to be.
    pub(crate) object: Object,
    /// The words, each with what its secret is called among the values of the object.
    holes: Vec<(String, String)>,
    /// The secrets, by that.
    pub(crate) values: BTreeMap<String, Data>,
}

/// What puts a text into YAML, as JSON has it, which is YAML too: whatever is in it, nothing else is read than the text.
/// Kubernetes' reader takes no control characters, so those that JSON leaves as they are become escapes.
pub(crate) const TEXT: &str = r#"{{- define "hlc.text" -}}
{{- $text := toString . | toJson -}}
{{- range $code := concat (untilStep 127 160 1) (list 65279 65534 65535) -}}
{{- $text = replace (printf "%c" $code) (printf "\\u%04x" $code) $text -}}
{{- end -}}
{{- $text -}}
{{- end -}}
"#;

impl SealedObject {
    /// The object that `build` makes of fields without secrets, and the secrets of `fields` that belong into it.
    pub(crate) fn new(
        fields: &BTreeMap<String, Data>,
        build: impl Fn(&BTreeMap<String, Data>) -> Object,
    ) -> Self {
        let mut word = "hlcSecret".to_owned();
        loop {
            let mut taking = Taking {
                word: &word,
                path: Vec::new(),
                taken: Taken::default(),
                holes: Vec::new(),
                values: BTreeMap::new(),
            };
            let plain = fields.iter().map(|(key, value)| (key.clone(), taking.without(key, value))).collect();
            let Taking { holes, values, .. } = taking;
            let object = build(&plain);
            // Nothing else in it may look like a hole.
            if object.yaml.print().matches(word.as_str()).count() == holes.len() {
                return Self { object, holes, values };
            }
            word.push('X');
        }
    }

    /// As the cluster is to have it, where the chart calls it `key` among its values and `path` makes it.
    pub(crate) fn applied(&self, path: String, key: &str, place: &Place) -> ClusterObject {
        let mut yaml = self.object.yaml.clone();
        let hole = |(at, name): (Vec<String>, String)| Hole {
            at,
            value: vec!["objects".to_owned(), key.to_owned(), name],
            is_to_encode: false,
        };
        let holes = take_words(&mut yaml, &self.holes).into_iter().map(hole).collect();
        ClusterObject { path, header: String::new(), yaml, holes, place: place.clone() }
    }

    /// The template, of which `key` is what the object is called among all secrets.
    pub(crate) fn template(&self, key: &str) -> String {
        let mut out = String::from("{{- $objects := .Values.objects | default dict }}\n");
        let printed = self.object.yaml.print();
        let mut rest = printed.as_str();
        for (word, name) in &self.holes {
            let Some((before, behind)) = rest.split_once(word.as_str()) else { continue };
            out.push_str(&literal(before));
            let missing = quoted(&format!("no value for objects.{key}.{name}"));
            let value = format!("dig {} {} \"\" $objects", quoted(key), quoted(name));
            let _ = write!(out, "{{{{ include \"hlc.text\" (required {missing} ({value})) }}}}");
            rest = behind;
        }
        out.push_str(&literal(rest));
        out
    }
}

/// Text that helm interprets nothing in.
fn literal(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

/// Takes secrets out of data, in the order in which it is printed.
struct Taking<'w> {
    word: &'w str,
    path: Vec<String>,
    taken: Taken,
    holes: Vec<(String, String)>,
    values: BTreeMap<String, Data>,
}

impl Taking<'_> {
    /// What stands under `key`, with words for secrets.
    fn without(&mut self, key: &str, data: &Data) -> Data {
        self.path.push(key.to_owned());
        let plain = match data {
            Data::Secret(_) => {
                let word = format!("{}{}Z", self.word, self.holes.len());
                let name = self.taken.free([value_name(&self.path)]);
                self.holes.push((word.clone(), name.clone()));
                self.values.insert(name, data.clone());
                Data::Text(word)
            }
            Data::List(items) => {
                let items = items.iter().enumerate();
                Data::List(items.map(|(nth, item)| self.without(&nth.to_string(), item)).collect())
            }
            Data::Map(entries) => {
                let entries = entries.iter();
                Data::Map(entries.map(|(key, value)| (key.clone(), self.without(key, value))).collect())
            }
            plain => plain.clone(),
        };
        self.path.pop();
        plain
    }
}

/// What a secret at a path is called. SOPS leaves in plain what ends as it says of such.
fn value_name(path: &[String]) -> String {
    let name = path.join(".");
    if name.ends_with("_unencrypted") { format!("{name}_") } else { name }
}

/// Whether there are secrets in a field of an object.
pub(crate) fn is_sealed(fields: &BTreeMap<String, Data>) -> bool {
    fields.values().any(crate::secrets::has_secret)
}

/// The secrets of all, by what each object is called among them.
pub(crate) fn values<'a>(all: impl Iterator<Item = (String, &'a SealedObject)>) -> Data {
    Data::Map(all.map(|(key, sealed)| (key, Data::Map(sealed.values.clone()))).collect())
}

/// What an object is called among the secrets, by the name of its file.
pub(crate) fn object_key(stem: &str) -> String {
    value_name(&[stem.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{SecretRef, SecretText};
    use yaml::Yaml;

    fn sealed(fields: &[(&str, Data)]) -> SealedObject {
        let fields = fields.iter().map(|(key, data)| ((*key).to_owned(), data.clone())).collect();
        SealedObject::new(&fields, |fields| Object {
            api_version: "v1".into(),
            kind: "Thing".into(),
            name: "a".into(),
            namespace: None,
            yaml: Yaml::from(&Data::Map(fields.clone())),
        })
    }

    #[test]
    fn the_rest_stays_readable_and_nothing_else_is_a_hole() {
        let secret = Data::Secret(SecretText::of(SecretRef::whole("token")));
        let list = Data::List(vec![secret.clone(), Data::Text("{{ x }} hlcSecret0Z".into())]);
        let object = sealed(&[("b_unencrypted", secret), ("c", list)]);
        let template = object.template("thing-a");
        let call = |name: &str| {
            format!(
                "{{{{ include \"hlc.text\" (required \"no value for objects.thing-a.{name}\" (dig \"thing-a\" \"{name}\" \"\" $objects)) }}}}"
            )
        };
        let expected = format!(
            "{{{{- $objects := .Values.objects | default dict }}}}\nb_unencrypted: {}\nc:\n- {}\n- \"{{{{ \"{{{{\" }}}} x }}}} hlcSecret0Z\"\n",
            call("b_unencrypted_"),
            call("c.0")
        );
        assert_eq!(template, expected);
        let names: Vec<&String> = object.values.keys().collect();
        assert_eq!(names, ["b_unencrypted_", "c.0"]);
    }
}
