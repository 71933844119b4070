use std::path::Path;

use harness::kubeconform::problems;
use harness::tools;

use crate::write;

const GOOD: &str = "
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: blue}
";

#[test]
fn good_manifests_and_files_that_are_none() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("apps/settings.yaml"), GOOD);
    write(&folder.path().join("helmfile.yaml"), "releases: []\n");
    assert_eq!(problems(folder.path(), not_helmfile), []);
}

#[test]
fn a_value_of_the_wrong_type() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("apps/web.yaml");
    write(&file, &deployment("replicas: \"two\""));
    write(&folder.path().join("settings.yaml"), GOOD);

    let found = problems(folder.path(), not_helmfile);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((&found[0].file, found[0].object.as_str()), (&file, "Deployment/web"));
    assert!(found[0].message.contains("/spec/replicas"), "{}", found[0]);
}

#[test]
fn a_field_that_does_not_exist() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("web.yaml"), &deployment("replica: 2"));
    let found = problems(folder.path(), not_helmfile);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].message.contains("replica"), "{}", found[0]);
}

#[test]
fn a_kind_without_a_schema() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("web.yaml"), "apiVersion: v1\nkind: Website\nmetadata: {name: web}\n");
    let found = problems(folder.path(), not_helmfile);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].message.contains("could not find schema"), "{}", found[0]);
}

#[test]
fn kinds_of_extensions() {
    if tools::test_data("kubeconform with the kinds of extensions").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let pool = |field: &str| {
        format!(
            "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {{name: lan}}\nspec: {{{field}: [10.0.0.8/29]}}\n"
        )
    };
    write(&folder.path().join("pool.yaml"), &pool("addresses"));
    assert_eq!(problems(folder.path(), not_helmfile), []);

    write(&folder.path().join("pool.yaml"), &pool("adresses"));
    let found = problems(folder.path(), not_helmfile);
    assert!(found[0].message.contains("adresses"), "{found:#?}");
}

fn not_helmfile(path: &Path) -> bool {
    !path.ends_with("helmfile.yaml")
}

fn deployment(field: &str) -> String {
    format!(
        "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  {field}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{containers: [{{name: web, image: nginx}}]}}
"
    )
}
