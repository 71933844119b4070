//! `hlc watch`: what changes is built, and what is wrong for a while stops nothing.

use std::io::{BufRead, BufReader};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::world::{GOOD, World};

/// So long is waited for a line that must come; a test that waits so long has failed.
const LONGEST: Duration = Duration::from_mins(2);

/// A process that watches a lab, and what it says.
struct Watching {
    child: Child,
    said: Receiver<String>,
}

impl Watching {
    fn new(world: &World) -> Self {
        // One pipe for both, so that lines come in order.
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let mut command = world.command(&["--color", "never", "watch"]);
        command.stdout(writer.try_clone().expect("a pipe")).stderr(writer);
        let child = command.spawn().expect("hlc runs");
        drop(command);
        let (send, said) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(reader).lines().map_while(Result::ok) {
                let _ = send.send(line);
            }
        });
        Self { child, said }
    }

    /// Waits for a line with `text` in it; all lines up to there.
    fn until(&self, text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            match self.said.recv_timeout(LONGEST) {
                Ok(line) => lines.push(line),
                Err(error) => panic!("no '{text}' ({error}) in {lines:#?}"),
            }
            if lines.last().is_some_and(|line| line.contains(text)) {
                return lines;
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_changes_is_built() {
    let world = World::good();
    let watching = Watching::new(&world);
    watching.until("watching homelab.hl");
    assert!(world.path("k8s").exists() && world.path("nixos").exists(), "it is built at first");

    world.write("homelab.hl", "");
    let said = watching.until("watching homelab.hl").join("\n");
    assert!(said.contains("homelab.hl is empty") && world.path("k8s/.hlc.json").exists(), "{said}");

    world.write("homelab.hl", format!("{GOOD}\napp broken in nowhere {{ }}\n"));
    let said = watching.until("watching homelab.hl").join("\n");
    assert!(said.contains("nowhere") && said.contains("nothing was written"), "{said}");

    world.write("homelab.hl", format!("{GOOD}\nimport \"./more.hl\"\n"));
    let said = watching.until("watching homelab.hl").join("\n");
    assert!(said.contains("more.hl"), "{said}");

    world.write("more.hl", "stage later = 77\n");
    let said = watching.until("watching homelab.hl").join("\n");
    assert!(!said.contains("error"), "{said}");

    world.write("more.hl", "stage later = 77\nnamespace later { stage = later }\n");
    let said = watching.until("watching homelab.hl").join("\n");
    assert!(said.contains("77_later"), "{said}");

    let reads = "namespace later { stage = later }\nmanifests objects in later = documents(\"./objects\")\n";
    let object = |name: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: {name} }}\n");
    world.write("objects/a.yaml", object("one"));
    world.write("more.hl", format!("stage later = 77\n{reads}"));
    let said = watching.until("watching homelab.hl").join("\n");
    assert!(said.contains("configmap-one"), "{said}");

    world.write("objects/a.yaml", object("two"));
    let said = watching.until("watching homelab.hl").join("\n");
    assert!(said.contains("configmap-two"), "{said}");

    world.write("objects/b.yaml", object("three"));
    let said = watching.until("watching homelab.hl").join("\n");
    assert!(said.contains("configmap-three"), "{said}");
}
