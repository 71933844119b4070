//! `mount-path-taken`: two things at one path of a container.

use std::collections::BTreeMap;

use diagnostics::{Problem, declare_rule};
use model::{Container, Entity, Mounted};
use source::Place;

use super::collision;
use crate::facts::{Pod, near};

declare_rule! { pub MOUNT_PATH_TAKEN, "mount-path-taken", error, since "0.1", "two things at one path of a container", page "mount_path_taken.md" }

/// Looks for volumes and files that are mounted where another one is.
pub(crate) fn check(entity: &Entity) -> Vec<Problem> {
    let Some(of) = Pod::of(entity) else { return Vec::new() };
    of.container.all().flat_map(|container| in_container(&of, container)).collect()
}

fn in_container(of: &Pod<'_>, container: &Container) -> Vec<Problem> {
    let mut first: BTreeMap<&str, (String, &Place)> = BTreeMap::new();
    let mut problems = Vec::new();
    for (path, mounted) in container.mounts() {
        let (what, place) = match mounted {
            Mounted::Volume(name, volume) => (format!("volume '{name}'"), &volume.place),
            Mounted::File(file) => (format!("file '{path}'"), &file.content.place),
            Mounted::Device(device) => (format!("device '{}'", device.device), &device.place),
        };
        match first.get(path) {
            // The same device is mounted once, however often it is named.
            Some((earlier, _)) if matches!(mounted, Mounted::Device(_)) && *earlier == what => {}
            Some(earlier) => problems.push(mount_path_taken(of, path, earlier, (what, place))),
            None => drop(first.insert(path, (what, place))),
        }
    }
    problems
}

/// Both are at the path.
fn mount_path_taken(
    of: &Pod<'_>,
    path: &str,
    earlier: &(String, &Place),
    later: (String, &Place),
) -> Problem {
    let owner = &of.placement.place;
    collision(
        &MOUNT_PATH_TAKEN,
        format!("{} has two things at '{path}': {} and {}", of.shown(), earlier.0, later.0),
        (&near(earlier.1, owner), format!("{} is there", earlier.0)),
        (&near(later.1, owner), format!("{} too", later.0)),
    )
    .help("mount one of them at another path; a volume of another app is mounted where that app has it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, claim, messages, uses};
    use model::{Access, File, FileContent};

    #[test]
    fn each_path_is_one_things() {
        let mut app = app("web", "media");
        app.container.volumes.insert("a".into(), claim(Access::OneHost));
        let file = |path: &str| {
            let content = at(FileContent::Plain(String::new()));
            (path.to_owned(), File { content, mode: None })
        };
        app.container.files.extend([file("/data/a.conf")]);
        assert_eq!(messages(&MOUNT_PATH_TAKEN, &[app.clone().into_entity()]), [""; 0], "a file in a volume");
        app.container.volumes.insert("b".into(), claim(Access::OneHost));
        app.container.files.extend([file("/data")]);
        assert_eq!(
            messages(&MOUNT_PATH_TAKEN, &[app.into_entity()]),
            [
                "app 'web' has two things at '/data': volume 'a' and volume 'b'",
                "app 'web' has two things at '/data': volume 'a' and file '/data'",
            ]
        );
    }
    #[test]
    fn devices_are_mounted_too() {
        let mut app = app("web", "media");
        app.container.devices = vec![uses("a", "stick"), uses("a", "stick")];
        assert_eq!(
            messages(&MOUNT_PATH_TAKEN, &[app.clone().into_entity()]),
            [""; 0],
            "one device, named twice"
        );
        let content = at(FileContent::Plain(String::new()));
        app.container.files.insert("/dev/serial/by-id/stick".into(), File { content, mode: None });
        assert_eq!(
            messages(&MOUNT_PATH_TAKEN, &[app.into_entity()])[0],
            "app 'web' has two things at '/dev/serial/by-id/stick': file '/dev/serial/by-id/stick' and device 'stick'"
        );
    }
}
