//! `two-default-storage-classes`: a volume without a class is of either.

use diagnostics::{Problem, declare_rule};

use super::default_classes::two_defaults;
use crate::facts::ClassSort;
use crate::lab::Lab;

declare_rule! { pub TWO_DEFAULT_STORAGE_CLASSES, "two-default-storage-classes", warning, since "0.1", "two classes of storage that are taken where none is said", page "two_default_storage_classes.md" }

/// Looks for two default classes of storage.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let two = two_defaults(lab, ClassSort::Storage, &TWO_DEFAULT_STORAGE_CLASSES, "storage");
    let help = "which one a volume without 'class' gets depends on which was made later: leave one out, such as \
                'local-storage' by 'disable' of the cluster, or say in the chart's values that its class is not the default";
    two.map(|problem| problem.help(help)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, cluster, cluster_without, manifest, messages, release, text};
    use model::{Data, Entity};

    fn lab(disable: &[&str], chart: &str, values: Data) -> Vec<Entity> {
        let k3s = cluster_without(disable);
        let mut provider = release("provider", "storage", chart);
        provider.values = values;
        vec![k3s.into_entity(), provider.into_entity()]
    }

    #[test]
    fn one_class_is_the_default() {
        let none = || Data::Map([].into());
        let off = || text(&["persistence", "defaultClass"], "false");
        let found = |disable: &[&str], chart, values| {
            messages(&TWO_DEFAULT_STORAGE_CLASSES, &lab(disable, chart, values)).len()
        };
        assert_eq!(
            messages(&TWO_DEFAULT_STORAGE_CLASSES, &lab(&[], "longhorn", none())),
            [
                "'local-path' of k3s itself and 'longhorn' of release 'provider' are both the default class of storage"
            ]
        );
        assert_eq!(found(&["local-storage"], "longhorn", none()), 0);
        assert_eq!(found(&[], "longhorn", off()), 0);
        assert_eq!(found(&[], "nfs-subdir-external-provisioner", none()), 0);
        assert_eq!(
            found(&[], "nfs-subdir-external-provisioner", text(&["storageClass", "defaultClass"], "true")),
            1
        );
        assert_eq!(found(&[], "local-path-provisioner", none()), 0, "'provided-twice' says it");
    }

    #[test]
    fn objects_are_defaults_by_a_mark() {
        let class = |mark: &str| {
            let mut class = manifest("fast", "storage", "storage.k8s.io/v1", "StorageClass");
            let path = ["annotations", "storageclass.kubernetes.io/is-default-class"];
            class.fields.insert("metadata".into(), text(&path, mark));
            messages(&TWO_DEFAULT_STORAGE_CLASSES, &[cluster(&["a"], &[]).into_entity(), class.into_entity()])
        };
        assert_eq!(class("false"), [""; 0]);
        assert_eq!(
            class("true"),
            [
                "'local-path' of k3s itself and 'fast' of manifest 'fast' are both the default class of storage"
            ]
        );
    }
}
