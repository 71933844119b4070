//! After any edits, a lab is what it is to somebody who opens it then. By number, the same each time.

use robustness::{Random, mutate};

use crate::world::{ROOT, SECRETS, World};

/// Files that a lab may import, and others that are beside it.
const FILES: [&str; 8] =
    [ROOT, "media.hl", "nas.hl", "parts/disks.hl", "parts/more.hl", "data/a.yaml", "data/b.json", SECRETS];

/// Items and parts of items, whole and broken, which mean each other.
const PIECES: [&str; 32] = [
    "text = file(\"data/a.yaml\")\n",
    "data = yaml-file(\"./data/a.yaml\")\n",
    "all = documents(\"./data\")\n",
    "texts = files(\"data\")\n",
    "far = json-file(\"../data/b.json\")\n",
    "a: {b: 1}\n",
    "import \"media.hl\"\n",
    "import \"./nas.hl\"\n",
    "import \"parts/disks.hl\"\n",
    "import \"../media.hl\"\n",
    "import \"more.hl\"\n",
    "import \"homelab.hl\"\n",
    "lab home { domain = \"home.example.net\" }\n",
    "network lan { cidr = 192.168.1.0/24 }\n",
    "stage apps = 10\n",
    "namespace main { stage = apps }\n",
    "app web in main {\n  image = \"docker.io/library/httpd:2.4.65\"\n  port http = 8080\n}\n",
    "app web in main { image = base, port http = 80, needs = [other] }\n",
    "app other in main { image = base, port http = size }\n",
    "base = \"docker.io/library/redis:8.2.0\"\n",
    "size = 8000 + count\n",
    "count = size\n",
    "count = 1\n",
    "secret key { generate = random(32) }\n",
    "template small : app { resources { memory = 64MiB } }\n",
    "app tiny : small in main { image = base }\n",
    "check \"none\" { count > 0 }\n",
    "kind shelf { n: int }\n",
    "shelf books { n = count }\n",
    "x = \"a ${",
    "}\n",
    "# é \u{1f600}\r\n",
];

/// Values of secrets, in files that can be read and not.
const VALUES: [&str; 4] = ["key: hunter2\n", "key: ENC[x]\n", "- a\n", ""];

/// One of them.
fn of<'a, T>(random: &mut Random, all: &'a [T]) -> &'a T {
    &all[random.below(all.len())]
}

/// A text with a change in it.
fn edited(text: &str, random: &mut Random) -> String {
    let boundary = |at: usize| text.floor_char_boundary(at);
    let at = boundary(random.below(text.len() + 1));
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    let piece = *of(random, &PIECES);
    match random.below(7) {
        // A line more, a line less, a little less, one character more, another order, or something else again.
        0 | 1 => format!("{}{piece}{}", &text[..line], &text[line..]),
        2 => format!("{}{}", &text[..line], &text[line_end..]),
        3 => {
            let end = boundary((at + random.below(20)).min(text.len())).max(at);
            format!("{}{}", &text[..at], &text[end..])
        }
        4 => format!("{}{}{}", &text[..at], of(random, &["x", "1", "\"", "{", " ", "\n", "é"]), &text[at..]),
        5 => format!("{}{}", &text[line..], &text[..line]),
        _ => mutate(text, random),
    }
}

/// Something happens; says what.
fn step(world: &mut World, random: &mut Random) -> String {
    let name = *of(random, &FILES);
    let text =
        if name == SECRETS { (*of(random, &VALUES)).to_owned() } else { edited(&world.text(name), random) };
    match random.below(10) {
        0..=4 => {
            world.set_buffer(name, &text);
            format!("{name} in a buffer: {text:?}")
        }
        5 | 6 => {
            world.write(name, &text);
            format!("{name} on the disk: {text:?}")
        }
        7 => {
            world.remove(name);
            format!("{name} removed")
        }
        8 => {
            world.close_buffer(name);
            format!("{name} closed")
        }
        _ => {
            world.disk.write(name, &text);
            world.lab.reread();
            format!("{name} on the disk, told of nothing in particular: {text:?}")
        }
    }
}

#[test]
fn after_any_edits_a_lab_is_as_one_that_is_opened_then() {
    let first: String = PIECES[..21].concat();
    for number in 0..12 {
        let mut random = Random::new(number);
        let mut world = World::new(&[(ROOT, &first), ("media.hl", PIECES[13])]);
        let mut done = Vec::new();
        for _ in 0..25 {
            done.push(step(&mut world, &mut random));
            world.is_as_fresh(&format!("the edits of number {number}:\n{}", done.join("\n")));
        }
    }
}

#[test]
fn who_opens_it_once_finds_the_same() {
    for number in 100..104 {
        let mut random = Random::new(number);
        let mut world = World::new(&[(ROOT, &PIECES[..16].concat())]);
        for _ in 0..30 {
            step(&mut world, &mut random);
        }
        // The file of values is read by whoever opens a lab for itself.
        world.remove(SECRETS);
        world.close_buffer(SECRETS);
        let opened = workspace::open(ROOT, &world.texts());
        let Ok(opened) = opened else { continue };
        let mut session = opened.session;
        session.set_secret_facts(model::SecretFacts { file: SECRETS.to_owned(), ..Default::default() });
        assert_eq!(session.problems_by_file(), world.problems(), "number {number}");
    }
}

#[test]
fn what_is_mended_is_open_and_as_fresh() {
    let mut world = World::new(&[
        (ROOT, "import \"media.hl\"\nstage apps = 10;\nnamespace main { stage = aps }\n"),
        ("media.hl", "namespace films { stage = aps }\n"),
    ]);
    assert!(!world.said(ROOT).is_empty() && !world.said("media.hl").is_empty());
    let applied = world.lab.rewrite(|session, follow| session.mend(follow));
    assert!(applied.len() > 1, "{applied:?}");
    for (name, text) in world.lab.session().texts() {
        world.open.insert(name, text);
    }
    assert_eq!(world.said("media.hl"), [""; 0]);
    world.is_as_fresh("repairs");
}
