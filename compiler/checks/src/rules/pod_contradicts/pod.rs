//! What is said of the pod.

use model::{Data, Holder, Kept};

use super::{Clashes, Word, text};
use crate::facts::Pod;

pub(super) fn compare(of: &Pod<'_>, clashes: &mut Clashes<'_>) {
    let (words, said) = (of.container, &of.container.pod);
    if let Some(place) = &words.host_network {
        let word = Word::at("host-network", place);
        clashes.compare(&word, said.at(&["hostNetwork"]), &Data::Bool(true));
    }
    host(of, clashes);
    for (fields, word, number) in [
        (&["runAsUser"][..], "user", words.user),
        // A group without a user is none of the process.
        (&["runAsGroup", "fsGroup"], "group", words.group),
    ] {
        let Some(number) = number else { continue };
        for field in fields {
            for block in [&words.pod, &words.fields] {
                let found = block.at(&["securityContext", field]);
                clashes.compare(&Word::new(word), found, &Data::Int(number));
            }
        }
    }
    volumes(of, clashes);
}

/// The host that the words name, or that a device is of.
fn host(of: &Pod<'_>, clashes: &mut Clashes<'_>) {
    let (words, said) = (of.container, &of.container.pod);
    let device = || words.devices.first().map(|device| ("uses", &device.host, &device.place));
    let host = words.host.as_ref().map(|host| ("host", &host.value, &host.place));
    let Some((word, host, place)) = host.or_else(device) else { return };
    let word = Word::at(word, place);
    clashes.compare(&word, said.at(&["nodeName"]), &text(host));
    clashes.compare(&word, said.at(&["nodeSelector", "kubernetes.io/hostname"]), &text(host));
    let required = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
    // It would take the place of what binds the pod to its host.
    if let Some(required) = said.at(&required) {
        clashes.add(&word, required);
    }
}

/// A volume of one name is one thing.
fn volumes(of: &Pod<'_>, clashes: &mut Clashes<'_>) {
    for item in of.container.pod.items_at(&["volumes"]) {
        let Some(name) = item.value.text_at(&["name"]) else { continue };
        let Some(volume) = of.container.volumes.get(name) else { continue };
        let word = Word { name: format!("volume {name}"), place: Some(&volume.place) };
        let (source, field, value) = match volume.kept(&of.placement.name, name) {
            Kept::Claim(claim) => ("persistentVolumeClaim", "claimName", Some(text(claim))),
            Kept::Folder(path) => ("hostPath", "path", Some(text(path))),
            Kept::Pod(_) | Kept::Memory(_) | Kept::InPod(_) => ("emptyDir", "", None),
            Kept::Nfs(server, _) => ("nfs", "server", Some(text(server))),
            Kept::Object(Holder::ConfigMap, object) => ("configMap", "name", Some(text(object))),
            Kept::Object(Holder::Secret, object) => ("secret", "secretName", Some(text(object))),
        };
        if item.value.entries().any(|(said, _)| said != "name" && said != source) {
            clashes.add(&word, item);
        } else if let Some(value) = value {
            clashes.compare(&word, item.value.at(&[source, field]), &value);
        }
    }
}
