//! Changes that are offered: what they lead to is as right as what was there, and builds the same.

use std::collections::BTreeSet;

use ide::{Assist, AssistSort, FilePosition, FileRange, assists, lens, lens_places};

use crate::renaming::{applied, errors};
use crate::{MAIN, at_cursor, open, root_lab};

fn offered(text: &str) -> Vec<Assist> {
    let (session, at) = at_cursor(text);
    assists(&session, &FileRange { file: MAIN.into(), start: at.offset, end: at.offset })
}

const BEFORE: &str = r#"lab home { domain = "home.example.net" }
network lan { cidr = 192.168.1.0/24 }
stage apps = 10
namespace media { stage = apps }
"#;

fn after(text: &str, title: &str) -> String {
    let all = offered(&format!("{BEFORE}{text}"));
    let titles: Vec<&str> = all.iter().map(|one| one.title.as_str()).collect();
    let chosen = all.iter().find(|one| one.title == title).unwrap_or_else(|| panic!("{text}: {titles:?}"));
    let mut edits = chosen.edits.clone();
    edits.sort();
    applied(&format!("{BEFORE}{}", text.replacen("$0", "", 1)), &edits)
}

#[test]
fn what_is_offered() {
    let host = after("host attic { $0 }\n", "set what must be set");
    assert!(host.ends_with("host attic { network = lan, address = 192.168.1.10   }\n"), "{host}");
    let app = after("app web in media {\n  $0replicas = 1\n}\n", "set 'image'");
    assert!(app.ends_with("{\n  image = \"docker.io/library/name:1.0\"\n  replicas = 1\n}\n"), "{app}");
    let app = after(
        "app web in new$0s { image = \"docker.io/library/httpd:2.4.65\" }\n",
        "declare namespace 'news'",
    );
    assert!(app.contains("namespace news { stage = apps }\n\napp web in news"), "{app}");
    let text = after("app web in media { resources { memory = 1$0GiB } }\n", "make it the constant 'memory'");
    assert!(text.contains("memory = 1GiB\n\napp web in media { resources { memory = memory } }"), "{text}");
    let text = after(
        "limit = 1GiB\napp web in media { resources { memory = lim$0it } }\n",
        "put '1GiB' in the place of 'limit'",
    );
    assert!(text.ends_with("app web in media { resources { memory = 1GiB } }\n"), "{text}");
    let web = "app web in media { image = \"docker.io/library/httpd:2.4.65\" }\n";
    let text = after(&web.replacen("web", "w$0eb", 1), "make it the template 'web-base'");
    let template = "template web-base : app { image = \"docker.io/library/httpd:2.4.65\" }\n\n";
    assert!(text.ends_with(&format!("{template}app web in media : web-base\n")), "{text}");
    let used = format!("{template}app web in media : web-$0base {{ replicas = 2 }}\n");
    let text = after(&used, "put what 'web-base' says here");
    let body = "image = \"docker.io/library/httpd:2.4.65\"\n replicas = 2";
    assert!(text.ends_with(&format!("app web in media {{ {body} }}\n")), "{text}");
    let text =
        after("host attic { network = lan, address = 192.1$068.1.10 }\n", "make it the address 'lan.attic'");
    assert!(text.contains("192.168.1.0/24 , address attic = 192.168.1.10 }"), "{text}");
    assert!(text.contains("address = lan.attic"), "{text}");
}

/// Several that differ by a number become one with a `for`, and what is built stays.
#[test]
fn several_become_one_with_a_for() {
    let host = |n: u32| {
        let address = 10 + n;
        format!(
            "host node-{n} {{\n  network = lan\n  address = 192.168.1.{address}\n  interface = \"en{n}\"\n  memory = 8GiB\n  disk system {{ device = /dev/sda }}\n}}\n\n"
        )
    };
    let user = "user ana {\n  groups = [wheel]\n  ssh-keys = [\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA ana@laptop\"]\n}\n";
    let hosts: String = (1..4).map(host).collect();
    let rest = "cluster k3s { servers = [node-1], agents = [node-2, node-3] }\n";
    let text = format!("{user}{hosts}{rest}").replace("  memory", "  users = [ana]\n  memory");
    let new = after(&text.replacen("host node-2", "host no$0de-2", 1), "make one of 3 with a 'for'");
    for said in [
        "host node[n] for n in [1, 2, 3] {\n  network = lan\n  address = 192.168.1.10 + n\n  interface = \"en${n}\"\n",
        "servers = [node[1]], agents = [node[2], node[3]]",
    ] {
        assert!(new.contains(said), "{new}");
    }
    let (before, now) = (open(&format!("{BEFORE}{text}")), open(&new));
    assert!(errors(&now).is_empty() && errors(&before).is_empty(), "{:?}", errors(&now));
    let (before, now) = (before.outputs(), now.outputs());
    assert_eq!(hosts_of(&now.nixos), hosts_of(&before.nixos));
    assert_eq!(now.k8s, before.k8s);
    // What differs in more than that stays.
    let other = text.replace("8GiB\n  disk system { device = /dev/sda }\n}\n\ncluster", "9GiB }\n\ncluster");
    let all = offered(&format!("{BEFORE}{}", other.replacen("host node-2", "host no$0de-2", 1)));
    assert!(all.iter().all(|one| one.title != "make one of 3 with a 'for'"), "{all:?}");
}

/// Whatever gives a value another name, or takes one away, changes nothing of what is built.
#[test]
fn extracting_and_inlining_build_the_same() {
    let text = root_lab();
    let mut session = open(&text);
    let built = session.outputs();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    let mut done = 0;
    for start in (0..text.len()).step_by(7).filter(|start| text.is_char_boundary(*start)) {
        let start = u32::try_from(start).expect("small");
        let range = FileRange { file: MAIN.into(), start, end: start };
        for assist in assists(&session, &range) {
            if assist.sort == AssistSort::QuickFix || !seen.insert(assist.edits.clone()) {
                continue;
            }
            done += 1;
            let mut edits = assist.edits.clone();
            edits.sort();
            let new = applied(&text, &edits);
            session.set_text(MAIN, &new);
            let errors = errors(&session);
            let outputs = session.outputs();
            let is_same = outputs.k8s == built.k8s && hosts_of(&outputs.nixos) == hosts_of(&built.nixos);
            if !errors.is_empty() || !is_same {
                let line = text[..start as usize].matches('\n').count() + 1;
                wrong.push(format!("{line}: {}: {errors:?}", assist.title));
            }
            session.set_text(MAIN, &text);
        }
    }
    assert!(wrong.is_empty(), "{} of {done}\n{}", wrong.len(), wrong.join("\n"));
    assert!(done > 10, "{done}");
}

/// All but the one file that has line numbers.
fn hosts_of(files: &std::collections::BTreeMap<String, String>) -> Vec<(&String, &String)> {
    files.iter().filter(|(name, _)| !name.ends_with("lines.nix")).collect()
}

#[test]
fn who_uses_what() {
    let text = format!(
        "{BEFORE}template web : app {{ replicas = 2 }}\nsecret key {{ generate = random(32) }}\napp a in media : web {{ image = \"docker.io/library/httpd:2.4.65\", env {{ KEY = key }} }}\napp b in media : web {{ image = \"docker.io/library/httpd:2.4.65\" }}\n"
    );
    let session = open(&text);
    let places = lens_places(&session, MAIN).into_iter();
    let lenses = places.filter_map(|at| lens(&session, &FilePosition { file: at.file, offset: at.start }));
    let found: Vec<String> = lenses.map(|lens| lens.title).collect();
    assert_eq!(found, ["2 uses", "1 reader"]);
}
