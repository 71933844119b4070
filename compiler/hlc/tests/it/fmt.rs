//! `hlc fmt`.

use crate::world::World;

const UGLY: &str = "lab home {domain=\"home.example.net\"}\nstage   apps=10\n";
const NEAT: &str = "lab home { domain = \"home.example.net\" }\nstage apps = 10\n";

#[test]
fn the_labs_files_are_formatted() {
    let world = World::with(&format!("{UGLY}import \"./more.hl\"\n")).file("more.hl", "stage   more=11\n");
    assert_eq!(world.run(&["fmt", "--check"]).code, 1);
    assert_eq!(world.text("more.hl"), "stage   more=11\n", "--check writes nothing");
    assert_eq!(world.run(&["fmt"]).code, 0);
    assert_eq!(world.text("homelab.hl"), format!("{NEAT}import \"./more.hl\"\n"));
    assert_eq!(world.text("more.hl"), "stage more = 11\n");
    let again = world.run(&["fmt", "--check"]);
    assert_eq!((again.code, again.out.as_str()), (0, ""));
}

#[test]
fn what_cannot_be_read_is_left() {
    let world = World::with(&format!("{UGLY}network lan {{ cidr = = }}\n"));
    let run = world.run(&["fmt"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("homelab.hl:3: this cannot be read"), "{}", run.err);
    assert_eq!(world.text("homelab.hl"), format!("{NEAT}network lan {{ cidr = = }}\n"));
}

#[test]
fn a_missing_file_is_said() {
    let run = World::empty().run(&["fmt", "none.hl"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("cannot format none.hl: there is no such file"), "{}", run.err);
}
