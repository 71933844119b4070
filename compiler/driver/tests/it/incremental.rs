//! What is computed again after an edit: the declaration that was edited, and what really depends on it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use diagnostics::Severity;
use driver::{Database, Found, Log, Session};

/// What a lab has besides apps: one of most kinds, and one user of every kind of reference.
const REST: &str = r#"lab home { domain = "home.example.net" }
stage apps = 10
namespace main { stage = apps }
namespace other { stage = apps }
registry = "ghcr.io"
network lan { cidr = 192.168.1.0/24 }
user ana { groups = [wheel], ssh-keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA ana@laptop"] }
template node(address: address) : host { network = lan, address = address, users = [ana] }
host one : node(192.168.1.10) { }
host two : node(192.168.1.11) { }
cluster k3s { servers = [one], agents = [two] }
secret key { generate = random(32) }
fn tag(of: string) -> string = "${of}.${lab.domain}"
n8n in other { encryption-key = key }
pihole in other { address = 192.168.1.53, password = key, records = { for h in hosts => h.name: h.address } }
job nightly in main { schedule = "0 3 * * *", image = "docker.io/library/redis:8.2.0", run = ["true"] }
release chart in main { chart = chart("redis", repo = "https://charts.example.net", version = "1.2.3") }
manifest quota in main { apiVersion = "v1", kind = "ResourceQuota" }
check "'${a.name}' must say how much memory it gets" { for a in apps => a.replicas > 0 }
"#;

/// A lab of `count` apps and the rest. Of ten apps one has an ingress, one is in another namespace.
fn lab(count: usize) -> String {
    let mut text = REST.to_owned();
    for n in 0..count {
        let place = if n % 10 == 3 { "other" } else { "main" };
        let host = if n % 10 == 5 {
            format!("  ingress web {{ host = \"app{n}.${{lab.domain}}\", to = http }}\n")
        } else {
            String::new()
        };
        write!(
            text,
            "app app{n} in {place} {{\n  image = \"${{registry}}/org/app{n}:1.{n}\"\n  port http = {}\n  \
             resources {{ memory = 64MiB }}\n{host}}}\n",
            8000 + n
        )
        .expect("writing to a text works");
    }
    text
}

/// The executed queries by name, with how often each was.
fn counts(executed: &[String]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for query in executed {
        let name = query.split('(').next().unwrap_or_default().to_owned();
        *counts.entry(name).or_insert(0) += 1;
    }
    counts
}

/// A lab that is open, with all of it computed.
struct Open {
    session: Session,
    log: Log,
}

/// A text with a blank more at the end of each line.
///
/// The first edit of an item tells salsa that it is one that is edited, and those who use it are worked out once more
/// ([`names::any_item`] says why). Tests that count what an edit costs make this one first.
fn touched(text: &str) -> String {
    text.replace('\n', " \n")
}

impl Open {
    fn new(text: &str) -> Self {
        let db = Database::counting();
        let log = db.log();
        let session = Session::with(db, vec![("homelab.hl".into(), text.into())]);
        let problems = session.problems();
        assert!(!problems.iter().any(|problem| problem.severity() == Severity::Error), "{problems:?}");
        session.outputs();
        log.take();
        Self { session, log }
    }

    /// Changes the lab's text and computes all of it again: what was executed for that.
    fn edited(&mut self, text: &str) -> BTreeMap<String, usize> {
        self.edited_file("homelab.hl", text)
    }

    fn edited_file(&mut self, file: &str, text: &str) -> BTreeMap<String, usize> {
        self.session.set_text(file, text);
        self.session.problems();
        self.session.outputs();
        counts(&self.log.take())
    }
}

/// Edits of one app in each lab of [`lab`], whatever its size.
const VALUES: [(&str, &str, &str); 6] = [
    ("memory", "memory = 64MiB", "memory = 96MiB"),
    ("an image", "/org/app1:1.1", "/org/app1:1.2"),
    ("a port", "port http = 8002", "port http = 9002"),
    ("a port of the host", "port http = 8004", "port http { number = 8004, host-port = 8004 }"),
    ("an ingress", "host = \"app5.", "host = \"five."),
    ("one field more", "port http = 8006", "port http = 8006\n  replicas = 2"),
];

/// Edits after which a directory of `k8s/` is there, is not, or needs another.
const DIRECTORIES: [(&str, &str, &str); 4] = [
    ("a mistake", "port http = 8007", "port http = nowhere"),
    ("another namespace", "app app8 in main", "app app8 in other"),
    ("a need", "port http = 8009", "port http = 8009\n  needs = [app0]"),
    ("less", "app app8 in main", "# app app8 in main"),
];

/// Edits after which there are other items.
const ITEMS: [(&str, &str, &str); 4] = [
    ("an item more", "app app0 ", "secret more { }\napp app0 "),
    ("another name", "app app1 ", "app one-more "),
    ("another place", "app app2 ", "\n\napp app2 "),
    ("one less", "secret key { generate = random(32) } \n", ""),
];

/// The queries that are asked once for each item, or each name, when there is another item or directory. Each says one
/// small thing of one, read off an index, so that others depend on nothing more; `ARCHITECTURE.md` lists them.
const SCANS: [&str; 4] = ["component_items", "defined", "item", "meanings"];

/// Makes edits in labs of 10, 100 and 1000 apps, and fails where one costs more in a larger lab: what an edit costs,
/// without scans.
fn in_labs_of_any_size(edits: &[(&str, &str, &str)], may_scan: bool) -> Vec<BTreeMap<String, usize>> {
    let counted = [10, 100, 1000].map(|count| {
        let mut open = Open::new(&lab(count));
        let text = touched(&lab(count));
        let edits = edits.iter().map(|(name, old, new)| {
            let edited = text.replacen(old, new, 1);
            assert_ne!(text, edited, "{name}");
            open.edited(&text);
            let mut counts = open.edited(&edited);
            let scans: usize = SCANS.iter().filter_map(|scan| counts.remove(*scan)).sum();
            assert!(scans <= if may_scan { 400 + 5 * count } else { 5 }, "{name}: {scans} of {count}");
            counts
        });
        edits.collect::<Vec<_>>()
    });
    for (nth, (name, ..)) in edits.iter().enumerate() {
        let [few, some, many] = [0, 1, 2].map(|size: usize| &counted[size][nth]);
        assert_eq!(few, some, "{name}");
        assert_eq!(some, many, "{name}");
    }
    counted.into_iter().next().unwrap_or_default()
}

#[test]
fn one_value_costs_the_same_in_a_lab_of_any_size() {
    let counted = in_labs_of_any_size(&VALUES, false);
    let image = &counted[1];
    assert_eq!(image.get("evaluated"), Some(&1), "{image:?}");
    assert_eq!(image.get("item_core"), Some(&1), "{image:?}");
    assert_eq!(image.get("component_files"), Some(&1), "{image:?}");
    assert_eq!(image.get("checked"), None, "what checks look at did not change: {image:?}");
}

#[test]
fn the_first_edit_of_an_item_works_out_no_more_in_a_larger_lab() {
    let counted = [10, 100, 1000].map(|count| {
        let text = lab(count);
        let mut open = Open::new(&text);
        open.edited(&text.replacen("org/app1:1.1", "org/app1:1.2", 1))
    });
    assert_eq!(counted[0], counted[1]);
    assert_eq!(counted[1], counted[2]);
    // The app, the check that asks something of all apps, and Pi-hole, which knows all names.
    assert_eq!(counted[0].get("evaluated"), Some(&3), "{:?}", counted[0]);
}

#[test]
fn directories_that_come_and_go_concern_no_others() {
    let counted = in_labs_of_any_size(&DIRECTORIES, true);
    let files: Vec<_> = counted.iter().map(|counts| counts.get("component_files")).collect();
    assert_eq!(files, [None, Some(&1), Some(&1), None], "{counted:?}");
}

#[test]
fn items_that_come_and_go_concern_those_who_mention_them() {
    let counted = in_labs_of_any_size(&ITEMS, true);
    assert_eq!(counted[0].get("evaluated"), Some(&1), "{:?}", counted[0]);
    assert_eq!(counted[2].get("evaluated"), None, "{:?}", counted[2]);
}

#[test]
fn what_only_moves_is_no_work() {
    let text = lab(50);
    let mut open = Open::new(&text);
    for top in ["# a comment\n", "\n", "\n\n# two\n\n", ""] {
        let counts = open.edited(&format!("{top}{text}"));
        assert_eq!(counts, BTreeMap::new(), "{top:?}");
    }
}

#[test]
fn the_domain_concerns_those_who_mention_it() {
    let mut open = Open::new(&lab(100));
    let text = touched(&lab(100));
    open.edited(&text);
    let counts = open.edited(&text.replace("home.example.net", "lab.example.org"));
    // Ten apps have an ingress under the domain, so do n8n and Pi-hole; hosts and the cluster have names there, and the
    // lab itself says it.
    assert_eq!(counts.get("evaluated"), Some(&16), "{counts:?}");
    assert_eq!(counts.get("component_files"), Some(&12), "{counts:?}");
    assert_eq!(counts.get("item_core"), Some(&1), "types do not depend on values: {counts:?}");
}

#[test]
fn a_namespace_concerns_its_users() {
    let mut open = Open::new(&lab(100));
    let text = touched(&lab(100));
    open.edited(&text);
    let renamed = |name: &str| {
        text.replace("namespace other", &format!("namespace {name}"))
            .replace("in other", &format!("in {name}"))
    };
    open.edited(&renamed("first"));
    let counts = open.edited(&renamed("second"));
    // Ten apps are in it, n8n and Pi-hole, and the namespace is a new item.
    assert_eq!(counts.get("evaluated"), Some(&13), "{counts:?}");
    assert_eq!(counts.get("component_files"), Some(&12), "{counts:?}");
    let counts = open.edited(&renamed("second").replace("namespace second", "namespace third"));
    assert_eq!(counts.get("evaluated"), Some(&13), "its users do not find it any more: {counts:?}");
}

#[test]
fn a_kind_of_the_library_concerns_its_users() {
    let mut open = Open::new(&lab(100));
    let mut edited = |file: &str, old: &str, new: &str| {
        let text = touched(stdlib::text(file).expect("a file of the library"));
        assert!(text.contains(old), "{file}: {old}");
        open.edited_file(file, &text);
        open.edited_file(file, &text.replacen(old, new, 1))
    };
    let volume = edited("std/apps/n8n.hl", "volume: size = 8GiB", "volume: size = 9GiB");
    // The one n8n, whose directory is written again.
    assert_eq!(volume.get("evaluated"), Some(&1), "{volume:?}");
    assert_eq!(volume.get("component_files"), Some(&1), "{volume:?}");
    assert_eq!(volume.get("host_files"), None, "{volume:?}");
    let comment = edited("std/apps/n8n.hl", "## The image.", "## Its image.");
    assert_eq!(comment.get("component_files"), None, "{comment:?}");
    let unused = edited("std/apps/ollama.hl", "kind ollama", "# unused\nkind ollama");
    assert_eq!(unused.get("evaluated"), None, "{unused:?}");
    let replicas = edited("std/core/app.hl", "replicas: int(0..100) = 1", "replicas: int(0..100) = 2");
    // All apps, that of n8n, and not that of Pi-hole, which says itself how many it is.
    assert_eq!(replicas.get("host_files"), None, "{replicas:?}");
    assert_eq!(replicas.get("component_files"), Some(&101), "{replicas:?}");
}

#[test]
fn hosts_depend_on_the_ports_of_apps_and_on_nothing_else_of_them() {
    let text = lab(3);
    let mut open = Open::new(&text);
    let memory = open.edited(&text.replacen("memory = 64MiB", "memory = 96MiB", 1));
    assert_eq!(memory.get("host_files"), None, "{memory:?}");
    let port = "port http { number = 8000, host-port = 8000 }";
    let port = open.edited(&text.replacen("port http = 8000", port, 1));
    assert_eq!(port.get("host_files"), Some(&2), "{port:?}");
}

/// Opens a lab, computes all of it, learns more of its secrets, computes all of it again: what was executed for that.
fn after_learning(text: &str, first: &str, later: &str) -> BTreeMap<String, usize> {
    let facts = |text| driver::stored_secrets("homelab.secrets.yaml", text).expect("the file can be read");
    let db = Database::counting();
    let log = db.log();
    let mut session = Session::with(db, vec![("homelab.hl".into(), text.into())]);
    session.set_secret_facts(facts(first));
    session.problems();
    session.outputs();
    log.take();
    session.set_secret_facts(facts(later));
    session.problems();
    session.outputs();
    counts(&log.take())
}

#[test]
fn what_is_known_of_values_concerns_rules_and_who_asks_for_public_keys() {
    let secrets = "secret deploy { generate = ssh-key() }\nuser git { ssh-keys = [deploy.public-key] }\n";
    let text = format!("{secrets}{}", lab(20));
    let known = |day: &str, key: &str| {
        format!(
            "deploy: ENC[x]\nhlc_unencrypted: {{ changed: {{ deploy: {day} }}, public: {{ deploy: ssh-ed25519 {key} }} }}\n"
        )
    };
    let counts = after_learning(&text, &known("2026-01-01", "AAAA"), &known("2026-02-02", "AAAA"));
    assert_eq!((counts.get("checked"), counts.get("evaluated")), (Some(&1), None), "{counts:?}");
    let counts = after_learning(&text, &known("2026-01-01", "AAAA"), &known("2026-01-01", "BBBB"));
    assert_eq!(counts.get("evaluated"), Some(&1), "only the user has the key: {counts:?}");
    let counts = after_learning(&text, &known("2026-01-01", "AAAA"), &known("2026-01-01", "AAAA"));
    assert!(counts.is_empty(), "nothing new: {counts:?}");
}

/// What reads files: the text of one as a file of an app, another as data of a chart, and a folder of objects.
const READERS: &str = r#"lab home { domain = "home.example.net" }
stage apps = 10
namespace main { stage = apps }
app web in main {
  image = "docker.io/library/httpd:2.4.65"
  file "/etc/web.conf" = file("./web.conf")
}
release chart in main {
  chart = chart("redis", repo = "https://charts.example.net", version = "1.2.3")
  values = yaml-file("./values.yaml")
}
manifests objects in main = documents("./objects")
app other in main { image = "docker.io/library/httpd:2.4.65" }
"#;

fn texts(entries: &[(&str, &str)]) -> BTreeMap<String, Found> {
    let text = |(path, text): &(&str, &str)| ((*path).to_owned(), Found::Text((*text).into()));
    entries.iter().map(text).collect()
}

#[test]
fn a_file_that_is_read_computes_what_uses_it_again_and_nothing_else() {
    let db = Database::counting();
    let log = db.log();
    let mut session = Session::with(db, vec![("homelab.hl".into(), READERS.into())]);
    let object = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n";
    session.set_data_files(texts(&[
        ("web.conf", "a"),
        ("values.yaml", "a: 1"),
        ("objects/a.yaml", object),
        ("unused.yaml", "a: 1"),
    ]));
    let folder = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        BTreeMap::from([("objects".to_owned(), Found::Folder(names.into()))])
    };
    session.set_data_files(folder(&["a.yaml"]));
    let compute = |session: &Session| {
        assert_eq!(session.problems().iter().map(|it| it.message.clone()).collect::<Vec<_>>(), [""; 0]);
        session.outputs();
        let mut counts = counts(&log.take());
        let mut of = |name: &str| counts.remove(name).unwrap_or_default();
        [of("evaluated"), of("file_text"), of("file_documents"), of("component_files")]
    };
    compute(&session);
    // Each reads its own file; one item and one directory follow from it.
    session.set_data_files(texts(&[("web.conf", "b")]));
    assert_eq!(compute(&session), [1, 1, 0, 1]);
    session.set_data_files(texts(&[("values.yaml", "a: 2")]));
    assert_eq!(compute(&session), [1, 1, 1, 1]);
    session.set_data_files(texts(&[("objects/a.yaml", &object.replace("name: a", "name: b"))]));
    assert_eq!(compute(&session), [1, 1, 1, 1]);
    // What means the same is built the same.
    session.set_data_files(texts(&[("values.yaml", "a: 2 # two")]));
    assert_eq!(compute(&session)[3], 0);
    // What nobody reads concerns nobody, and what is as it was neither.
    session.set_data_files(texts(&[("unused.yaml", "a: 2"), ("web.conf", "b")]));
    assert_eq!(compute(&session), [0, 0, 0, 0]);
    // A file more in the folder is read; a file more elsewhere is looked up by nobody.
    session.set_data_files(texts(&[("objects/b.yaml", &object.replace("name: a", "name: c"))]));
    assert_eq!(compute(&session), [0, 0, 0, 0]);
    session.set_data_files(folder(&["a.yaml", "b.yaml"]));
    assert_eq!(compute(&session), [1, 1, 1, 1]);
}
