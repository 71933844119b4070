//! Schemas, readers of YAML, and secrets files.

use std::collections::BTreeSet;

use harness::{kubeconform, tools, yaml_readers};
use serde_json::Value;

use crate::lab::{Written, is_manifest, outputs};
use crate::rendered::rendered;

#[test]
fn manifests_are_valid() {
    let written = Written::new(outputs());
    let problems = kubeconform::problems(&written.k8s(), is_manifest);
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn what_is_rendered_is_valid() {
    let Some(rendered) = rendered() else { return };
    let has_crds = tools::test_data("custom resources against the schemas of their kinds").is_some();
    let folder = tempfile::tempdir().unwrap();
    for (n, object) in rendered.objects.iter().enumerate() {
        let is_known =
            object.kind() != "CustomResourceDefinition" && (has_crds || object.kind() != "IngressRoute");
        if is_known {
            let file = folder.path().join(format!("{n}.json"));
            std::fs::write(file, object.value.to_string()).unwrap();
        }
    }
    let problems = kubeconform::problems(folder.path(), |_| true);
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn yaml_reads_the_same_to_every_reader() {
    let written = Written::new(outputs());
    let yaml =
        outputs().k8s.keys().filter(|path| !path.contains("/templates/") && !path.ends_with(".helmignore"));
    for path in yaml {
        yaml_readers::read(&written.k8s().join(path)).agreed().unwrap_or_else(|why| panic!("{path}: {why}"));
    }
}

#[test]
fn helmfiles_name_the_secrets_files_that_there_are() {
    let mut named = BTreeSet::new();
    for (path, text) in &outputs().k8s {
        let Some(folder) = path.strip_suffix("helmfile.yaml") else { continue };
        let helmfile: Value = serde_yaml::from_str(text).unwrap();
        for release in helmfile["releases"].as_array().into_iter().flatten() {
            for secrets in release["secrets"].as_array().into_iter().flatten() {
                named.insert(format!("{folder}{}", secrets.as_str().unwrap()));
            }
            for values in release["values"].as_array().into_iter().flatten() {
                let values = format!("{folder}{}", values.as_str().unwrap());
                assert!(outputs().k8s.contains_key(&values), "{path} names {values}");
            }
        }
    }
    let delivered = outputs().secrets.iter().filter_map(|file| file.path.strip_prefix("k8s/"));
    assert_eq!(named, delivered.map(str::to_owned).collect());
    assert!(named.iter().all(|path| !outputs().k8s.contains_key(path)));
    for component in
        ["n8n", "pihole", "argo-cd", "influxdb", "opentelemetry-collector", "stash", "open-webui"]
    {
        assert!(named.iter().any(|path| path.contains(component)), "{component}");
    }
}
