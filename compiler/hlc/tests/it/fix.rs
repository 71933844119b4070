//! `hlc fix`.

use crate::world::World;

/// Two phases of mistakes with fixes, and two files.
const WRONG: &str = "lab home { domain == \"home.example.net\" }\nstage apps = 10\nnamespace media { stage = aps }\nimport \"./more.hl\"\n";
const RIGHT: &str = "lab home { domain = \"home.example.net\" }\nstage apps = 10\nnamespace media { stage = apps }\nimport \"./more.hl\"\n";

const MORE: &str = "namespace tools { stage = app }  # kept as it is\r\n";

fn world() -> World {
    World::with(WRONG).file("more.hl", MORE)
}

#[test]
fn all_fixes_are_applied_to_all_files_of_the_lab() {
    let world = world();
    let run = world.run(&["fix", "-v"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    assert_eq!(world.text("homelab.hl"), RIGHT);
    assert_eq!(world.text("more.hl"), MORE.replace("= app ", "= apps "));
    for said in [
        "fixed 2 problems in homelab.hl",
        "fixed 1 problem in more.hl",
        "homelab.hl:3: change to 'apps' [unknown-name]",
    ] {
        assert!(run.err.contains(said), "{said}: {}", run.err);
    }
    let again = world.run(&["fix"]);
    assert_eq!((again.code, again.out.as_str()), (0, ""), "{}", again.err);
    assert!(again.err.contains("nothing to do"), "{}", again.err);
}

#[test]
fn a_dry_run_shows_a_diff_and_writes_nothing() {
    let world = world();
    let run = world.run(&["fix", "--dry-run"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert_eq!((world.text("homelab.hl").as_str(), world.text("more.hl").as_str()), (WRONG, MORE));
    let lines: Vec<&str> = run.out.split('\n').collect();
    for line in [
        "--- homelab.hl",
        "+++ homelab.hl",
        "@@ -1,4 +1,4 @@",
        "-lab home { domain == \"home.example.net\" }",
        "+lab home { domain = \"home.example.net\" }",
        " stage apps = 10",
        "--- more.hl",
        "+namespace tools { stage = apps }  # kept as it is\r",
    ] {
        assert!(lines.contains(&line), "{line}\n{}", run.out);
    }
    assert_eq!(world.run(&["fix"]).code, 0);
    let nothing = world.run(&["fix", "--dry-run"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (0, ""), "{}", nothing.err);
}

#[test]
fn what_has_no_fix_is_shown_and_left() {
    let text = "lab home { domain == \"home.example.net\" }\nnamespace media { stage = nothing-like-it }\n";
    let world = World::with(text);
    let run = world.run(&["fix"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{}", run.err);
    assert_eq!(world.text("homelab.hl"), text.replace("==", "="));
    assert!(run.err.contains("nothing-like-it"), "{}", run.err);
    let before =
        std::fs::metadata(world.path("homelab.hl")).expect("it is there").modified().expect("a time");
    assert_eq!(world.run(&["fix"]).code, 1);
    let after = std::fs::metadata(world.path("homelab.hl")).expect("it is there").modified().expect("a time");
    assert_eq!(before, after, "what does not change is not written");
}

#[test]
fn a_choice_is_left_to_people() {
    let text = "lab home { domain = \"home.example.net\" }\nstage tools = 10\nnamespace tools { stage = tools }\nx = tools\n";
    let world = World::with(text);
    let run = world.run(&["fix"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.err.contains("try: write 'stage.tools'"), "{}", run.err);
    assert_eq!(world.text("homelab.hl"), text);
}

#[test]
fn what_an_import_brings_once_it_can_be_read_is_known() {
    let world = World::with("import std.core\nimport ./more.hl\nlab home { domain = \"home.example.net\" }\nnamespace media { stage = apps }\n")
        .file("more.hl", "stage apps = 10\nstage app = 11\n");
    let run = world.run(&["fix"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(world.text("homelab.hl").contains("import \"./more.hl\"\n"), "{}", world.text("homelab.hl"));
    assert!(world.text("homelab.hl").contains("stage = apps }"), "{}", world.text("homelab.hl"));
}

#[test]
fn a_lab_that_is_not_there_cannot_be_fixed() {
    assert_eq!(World::empty().run(&["fix"]).code, 2);
}

const OLD: &str = "lab home { domain = \"home.example.net\" }\nstage apps = 10\n";

#[test]
fn a_lab_is_brought_over_to_an_edition() {
    let world = World::with(OLD);
    let run = world.run(&["fix", "--edition", "0.2", "--dry-run"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("+lab home { edition = \"0.2\", domain"), "{}", run.out);
    assert_eq!(world.text("homelab.hl"), OLD);
    let run = world.run(&["fix", "--edition", "0.2"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    let brought = world.text("homelab.hl");
    assert!(brought.contains("edition = \"0.2\""), "{brought}");
    let again = world.run(&["fix", "--edition", "0.2", "--dry-run"]);
    assert_eq!((again.code, again.out.as_str()), (0, ""), "{}", again.err);
}

#[test]
fn what_no_lab_declares_has_no_edition() {
    let world = World::with("stage apps = 10\n");
    let run = world.run(&["fix", "--edition", "0.2"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("declare 'lab NAME { … }' first"), "{}", run.err);
    assert_eq!(world.text("homelab.hl"), "stage apps = 10\n");
    assert_eq!(world.run(&["fix", "--edition", "7.5"]).code, 2);
}

/// Where it is meant, the word is read otherwise: only a person can give it another name.
#[test]
fn what_is_called_by_a_word_of_the_language_is_left_to_people() {
    let text =
        "lab home { domain = \"home.example.net\" }\nstage apps = 10\nnamespace let { stage = apps }\n";
    let world = World::with(text);
    let run = world.run(&["fix", "--edition", "0.2", "--dry-run"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.err.contains("'let' is a word of the language"), "{}", run.err);
    assert_eq!(world.run(&["fix"]).code, 1);
    assert_eq!(world.text("homelab.hl"), text);
}
