//! `hlc explain`.

use crate::world::{Run, World};

#[test]
fn pages() {
    let world = World::empty();
    let run = world.run(&["explain", "unknown-name"]);
    assert_eq!(run.code, 0);
    assert!(run.out.starts_with("# unknown-name") && !run.out.contains('\x1b'), "{}", run.out);
    assert_eq!(world.run(&["explain", "error[unknown-name]"]).out, run.out);
    assert!(world.run(&["explain", "unknown-name", "--color=always"]).out.starts_with("\x1b[1munknown-name"));
}

#[test]
fn every_thing_that_is_listed_has_a_page() {
    let world = World::empty();
    let list = world.run(&["explain", "--list"]).out;
    for sort in ["error", "warning", "kind", "type", "function"] {
        let of_sort = list.lines().filter(|line| line.split_whitespace().nth(1) == Some(sort));
        assert!(of_sort.count() > 20, "{sort}: {list}");
    }
    // All others have theirs in the book, whose tests look at them.
    for line in list.lines().filter(|line| line.contains("  error  ") || line.contains("  warning")) {
        let name = line.split(' ').next().expect("a name");
        assert_eq!(world.run(&["explain", name]).code, 0, "{name}");
    }
}

/// What is asked for, and what its page says.
const EXPLAINED: [(&str, &[&str]); 8] = [
    (
        "app",
        &[
            "# app\n\nA container of your own that keeps running.\n\nWritten `app NAME in NAMESPACE { … }`; declared in std/core/app.hl:",
            "\n- `image: image`, required. The image, with a tag or a digest.\n",
            "\n- `replicas: int(0..100) = 1`. How many pods.\n",
            "\n  - `scale.min: int(1..100) = 1`. The fewest.\n",
            "\n## port\n",
            "\n- `port.number: ",
            "\n## Example\n\n```hl\napp ",
        ],
    ),
    (
        "app.image",
        &[
            "# app.image\n\n`image: image`, required. The image",
            "A field of an app; declared in std/core/app.hl:",
            "  image = ",
        ],
    ),
    ("host.firewall.tcp", &["# host.firewall.tcp\n\n`tcp: list<port> = []`. TCP ports.\n"]),
    ("disk", &["# host.disk\n", "`disk NAME { … }`", "- `device: path`, required.", "```hl\nhost "]),
    ("size", &["# size, a type\n\nBytes, in powers of two or of ten.\n\nFor example `512MiB`, "]),
    ("resources.memory", &["# resources.memory\n\n`memory: size?`"]),
    (
        "file",
        &["# file, a function\n\n`file(path: ", "The text of a file of the lab. A function of the language."],
    ),
    // Two things are called so.
    ("string", &["# string, a type\n", "# string, a function\n", "string(8GiB)  =>  \"8GiB\"\n"]),
];

#[test]
fn kinds_fields_types_and_functions() {
    let world = World::empty();
    for (name, wanted) in EXPLAINED {
        let run = world.run(&["explain", name]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{name}");
        for part in wanted {
            assert!(run.out.contains(part), "{name} does not say {part:?}:\n{}", run.out);
        }
    }
}

#[test]
fn the_book_is_linked_where_it_is_said_where_that_is() {
    let world = World::empty();
    let link = |name: &str, more: &[&str]| {
        let run = world.run(&[&["explain", name], more].concat());
        run.out.lines().filter_map(|line| line.strip_prefix("See ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let url = ["--docs-url", "https://docs.example.net/"];
    assert_eq!(link("app.image", &url), ["https://docs.example.net/kinds/app.html#image"]);
    assert_eq!(link("app.port.number", &url), ["https://docs.example.net/kinds/app.html#port.number"]);
    assert_eq!(link("unknown-name", &url), ["https://docs.example.net/rules/unknown-name.html"]);
    let both =
        ["https://docs.example.net/types.html#string", "https://docs.example.net/functions.html#string"];
    assert_eq!(link("string", &url), both);
    assert_eq!(link("app", &[]), [""; 0]);
    let mut command = world.command(&["explain", "app"]);
    let run = Run::of(&command.env("HLC_DOCS_URL", "file:///srv/book").output().expect("hlc starts"));
    assert!(run.out.ends_with("\nSee file:///srv/book/kinds/app.html\n"), "{}", run.out);
}

#[test]
fn unknown_names() {
    let world = World::empty();
    for (name, said) in [
        ("unknown-nam", "did you mean 'unknown-name'?"),
        ("hots", "did you mean 'host'?"),
        ("app.imge", "did you mean 'app.image'?"),
        ("tolerates", "did you mean 'app.tolerates' or 'job.tolerates'?"),
        ("zzzzzzzz", "see hlc explain --list"),
    ] {
        let run = world.run(&["explain", name]);
        assert_eq!((run.code, run.out.as_str()), (1, ""));
        assert_eq!(run.err, format!("error: nothing is called '{name}'; {said}\n"));
    }
    assert_eq!(world.run(&["explain"]).code, 2);
}
