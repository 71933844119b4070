//! The local chart: a few lines that wrap plain manifests for helm.

use std::collections::BTreeMap;
use std::fmt::Write;

use model::{At, Data};

use crate::keys::Taken;
use crate::names::object_files;
use crate::object::Object;
use crate::sealed::{self, SealedObject, TEXT, object_key};
use crate::secrets::SecretObject;
use crate::{ClusterObject, Emitted, header};
use yaml::{MapBuilder, Yaml};

/// A component's own objects.
#[derive(Clone, Debug, Default)]
pub(crate) struct LocalChart<'a> {
    /// The chart's name.
    pub(crate) name: &'a str,
    /// Objects that are files.
    pub(crate) objects: Vec<At<Object>>,
    /// Secrets that the chart makes.
    pub(crate) secrets: Vec<At<SecretObject>>,
    /// Objects that the chart puts secrets into.
    pub(crate) sealed: Vec<At<SealedObject>>,
}

impl LocalChart<'_> {
    /// Whether there is nothing to deploy.
    pub(crate) fn is_empty(&self) -> bool {
        self.objects.is_empty() && !self.has_secrets()
    }

    /// Whether there are encrypted values.
    pub(crate) fn has_secrets(&self) -> bool {
        !self.secrets.is_empty() || !self.sealed.is_empty()
    }

    /// Writes the chart to `folder`.
    pub(crate) fn write(&self, folder: &str, source: &str, emitted: &mut Emitted) {
        let files = &mut emitted.texts;
        files.insert(format!("{folder}/Chart.yaml"), self.chart_yaml(source));
        files.insert(format!("{folder}/.helmignore"), helmignore(source));
        if !self.objects.is_empty() {
            files.insert(format!("{folder}/templates/manifests.yaml"), manifests_template(source));
        }
        for (stem, sealed) in stems(&self.sealed, |sealed| &sealed.object) {
            let text = format!("{}{}", template_header(source), sealed.template(&object_key(&stem)));
            let path = format!("{folder}/templates/objects/{stem}.yaml");
            emitted.objects.push(sealed.applied(path.clone(), &object_key(&stem), &sealed.place));
            files.insert(path, text);
        }
        if !self.sealed.is_empty() {
            files.insert(
                format!("{folder}/templates/_text.tpl"),
                format!("{}{TEXT}", template_header(source)),
            );
        }
        for (stem, object) in stems(&self.objects, |object| object) {
            emitted.objects.push(ClusterObject {
                path: format!("{folder}/manifests/{stem}.yaml"),
                header: header(source),
                yaml: object.yaml.clone(),
                holes: Vec::new(),
                place: object.place.clone(),
            });
        }
        if !self.secrets.is_empty() {
            let path = format!("{folder}/templates/secrets.yaml");
            let keyed = self.keyed_secrets();
            emitted
                .objects
                .extend(keyed.iter().map(|(key, secret)| secret.applied(path.clone(), key, &secret.place)));
            files.insert(path, self.secrets_template(source));
        }
    }

    /// The tree of the encrypted values.
    pub(crate) fn secret_values(&self) -> Data {
        let values = |(key, secret): (String, &At<SecretObject>)| (key, Data::Map(secret.values.clone()));
        let secrets = Data::Map(self.keyed_secrets().into_iter().map(values).collect());
        let mut all = BTreeMap::new();
        if !self.secrets.is_empty() {
            all.insert("secrets".to_owned(), secrets);
        }
        if !self.sealed.is_empty() {
            let named = stems(&self.sealed, |sealed| &sealed.object).into_iter();
            let named = named.map(|(stem, sealed)| (object_key(&stem), &sealed.value));
            all.insert("objects".to_owned(), sealed::values(named));
        }
        Data::Map(all)
    }

    /// The Secrets by what they are called among the encrypted values.
    fn keyed_secrets(&self) -> Vec<(String, &At<SecretObject>)> {
        let mut taken = Taken::default();
        let key = |secret: &At<SecretObject>| {
            let long = format!("{}.{}", secret.name, secret.namespace.as_deref().unwrap_or("cluster"));
            taken.free([secret.name.clone(), long])
        };
        let keys: Vec<String> = self.secrets.iter().map(key).collect();
        keys.into_iter().zip(&self.secrets).collect()
    }

    fn chart_yaml(&self, source: &str) -> String {
        let chart = MapBuilder::new().set("apiVersion", "v2").set("name", self.name).set("version", "1.0.0");
        Yaml::from(chart).print_under(&header(source))
    }

    /// The template of the Secrets. A value that is missing stops helm: an empty password is worse.
    fn secrets_template(&self, source: &str) -> String {
        let mut out = template_header(source);
        out.push_str("{{- $secrets := .Values.secrets | default dict }}\n");
        for (key, secret) in self.keyed_secrets() {
            push_secret(&mut out, &key, secret);
        }
        out
    }
}

/// A file's name for each object.
fn stems<T>(all: &[T], object: impl Fn(&T) -> &Object) -> Vec<(String, &T)> {
    let mut taken = Taken::default();
    let stem = |one: &T| {
        let Object { api_version, kind, name, namespace, .. } = object(one);
        taken.free(object_files(kind, name, namespace.as_deref(), api_version))
    };
    let stems: Vec<String> = all.iter().map(stem).collect();
    stems.into_iter().zip(all).collect()
}

/// The manifests as they are: helm interprets nothing in them. The comment behind each keeps the line break that ends
/// a text at its end, which helm strips.
fn manifests_template(source: &str) -> String {
    let mut out = template_header(source);
    out.push_str(
        "{{- range $path, $_ := .Files.Glob \"manifests/*.yaml\" }}
---
{{ $.Files.Get $path }}
# end of {{ $path }}
{{- end }}
",
    );
    out
}

/// A comment that is not rendered.
fn template_header(source: &str) -> String {
    format!("{{{{- /* {} */ -}}}}\n", header(source).replace("*/", "* /"))
}

fn push_secret(out: &mut String, name: &str, secret: &SecretObject) {
    out.push_str("---\n");
    // Nothing in it is for helm to interpret.
    out.push_str(&secret.head.print().replace("{{", "{{ \"{{\" }}"));
    out.push_str("data:\n");
    for (key, content) in &secret.values {
        let shown = yaml::key(key);
        // Helm takes an empty text for none at all.
        if matches!(content, Data::Text(text) if text.is_empty()) {
            let _ = writeln!(out, "  {shown}: \"\"");
            continue;
        }
        let missing = quoted(&format!("no value for secrets.{name}.{key}"));
        let value = format!("dig {} {} \"\" $secrets", quoted(name), quoted(key));
        // Bytes come in Base64, which is what Kubernetes wants.
        let is_bytes = matches!(content, Data::Secret(text) if text.is_bytes());
        let encoded = if is_bytes { "toString | quote" } else { "toString | b64enc" };
        let _ = writeln!(out, "  {shown}: {{{{ required {missing} ({value}) | {encoded} }}}}");
    }
}

/// A text as Go templates quote it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            ' '..='~' => out.push(char),
            char => {
                let _ = write!(out, "\\U{:08X}", u32::from(char));
            }
        }
    }
    out.push('"');
    out
}

/// What is beside the chart and no part of it: without this, helm would keep it in the cluster with the release.
fn helmignore(source: &str) -> String {
    format!("# {}\nhelmfile.yaml\nsecrets/\nvalues/\n", header(source))
}
