//! `host-folder-anywhere`: a folder of a host for a pod that runs on any of them.

use diagnostics::{Problem, declare_rule};
use model::{At, Form};

use crate::facts::WorkloadFact;
use crate::lab::Lab;

declare_rule! { pub HOST_FOLDER_ANYWHERE, "host-folder-anywhere", warning, since "0.1", "a folder of a host for a pod that runs on any of them", page "host_folder_anywhere.md" }

/// Looks for pods that keep data in a folder of their host, where there are several hosts and none is named. Folders that
/// every host has of its own, such as `/dev`, are meant that way.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    if lab.nodes().count() < 2 {
        return Vec::new();
    }
    let moving = lab.workloads.iter().filter(|work| work.pin().is_none() && work.form != Form::DaemonSet);
    let problems = moving.filter_map(|work| Some(host_folder_anywhere(work, work.host_folders.first()?)));
    problems.collect()
}

/// Its data is wherever it happened to run.
fn host_folder_anywhere(work: &WorkloadFact, folder: &At<String>) -> Problem {
    let message = format!(
        "{} keeps data in '{}' of its host, and may run on another host tomorrow, without it",
        work.shown(),
        folder.value
    );
    Problem::new(&HOST_FOLDER_ANYWHERE, folder.place.clone(), message)
        .help("name the host by 'host = …', or mount it 'read-only = true' if all hosts have the same")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, claim, cluster, messages, path};
    use model::{Access, VolumeSource};

    fn found(folder: &str, pin: Option<&str>, read_only: bool, agents: &[&str]) -> usize {
        let mut app = app("web", "media");
        let mut volume = claim(Access::OneHost);
        volume.source = VolumeSource::HostPath(path(folder));
        volume.read_only = read_only;
        app.container.volumes.insert("data".into(), volume);
        app.container.host = pin.map(|pin| at(pin.to_owned()));
        messages(&HOST_FOLDER_ANYWHERE, &[cluster(&["a"], agents).into_entity(), app.into_entity()]).len()
    }

    #[test]
    fn folders_are_where_pods_are() {
        assert_eq!(found("/srv/media", None, false, &["b"]), 1);
        assert_eq!(found("/devices", None, false, &["b"]), 1);
        assert_eq!(found("/srv/media", Some("a"), false, &["b"]), 0);
        assert_eq!(found("/srv/media", None, true, &["b"]), 0);
        assert_eq!(found("/srv/media", None, false, &[]), 0, "there is only the one");
        for folder in ["/dev/dri", "/run/dbus", "/etc/localtime", "/var/run/docker.sock", "/sys"] {
            assert_eq!(found(folder, None, false, &["b"]), 0, "{folder}");
        }
    }
}
