//! What a type does not say: the shapes that Kubernetes and NixOS have for data of any shape.

use types::{Hatch, Ty};

use crate::hostile::TEXTS;
use crate::lab::{Declaration, Setting};
use crate::literal;
use crate::maker::Maker;

/// Paths in containers and on hosts.
const PATHS: [&str; 14] = [
    "/srv/data",
    "/dev/disk/by-id/nvme-7",
    "/dev/video0",
    "/etc/app.conf",
    "/with space/it's",
    "/etc/${x}/{{ y }}",
    "/ä/家",
    "/a#b/c: d",
    "/no",
    "/1e3",
    "/very/deep/in/folders/that/do/not/end/soon/enough/for/a/name/that/is/short",
    "/tmp/\"quoted\"",
    "/back\\slash",
    "/.hidden/x",
];

/// A path; mostly another one each time.
pub(crate) fn path(maker: &mut Maker<'_>) -> String {
    let number = maker.random.below(1000);
    let path = maker.one(&PATHS);
    if maker.is(80) { format!("{path}{number}") } else { path.to_owned() }
}

/// A key of a map.
pub(crate) fn key(maker: &mut Maker<'_>, of: &Ty) -> String {
    let number = maker.random.below(100);
    match maker.random.below(10) {
        // What is counted are resources, what has addresses are host names, and texts are labels.
        0..=4 if matches!(of, Ty::Int(..)) => format!("example.net/r{number}"),
        0..=4 if matches!(of, Ty::Address) => format!("n{number}.home.example.net"),
        0..=2 => format!("example.net/k{number}"),
        3..=6 => format!("KEY_{number}"),
        7 => maker.one(&crate::hostile::WORDS).to_owned(),
        8 => maker.one(&crate::hostile::QUOTED).to_owned(),
        _ => maker.one(&TEXTS).to_owned(),
    }
}

/// Objects that a cluster takes.
pub(crate) fn objects(maker: &mut Maker<'_>) -> String {
    let number = maker.random.below(1000);
    let names = (0..=maker.random.below(2)).map(|nth| format!("settings-{number}-{nth}"));
    let objects = names.map(|name| {
        format!("{{ apiVersion = \"v1\", kind = \"ConfigMap\", metadata = {{ name = \"{name}\" }} }}")
    });
    format!("[{}]", objects.collect::<Vec<_>>().join(", "))
}

/// A path in data of any shape, and a value for it.
pub(crate) fn free(maker: &mut Maker<'_>, hatch: Hatch) -> (String, String) {
    if hatch == Hatch::Nixos {
        return option(maker);
    }
    let path = match maker.random.below(3) {
        0 => String::new(),
        1 => format!(".{}", literal::text(&key(maker, &Ty::Bool))),
        _ => format!(".deep.{}.x", literal::text(&key(maker, &Ty::Bool))),
    };
    if path.is_empty() { (path, map(maker, 2)) } else { (path, data(maker, 2)) }
}

/// Options of NixOS that hold anything.
fn option(maker: &mut Maker<'_>) -> (String, String) {
    let name = literal::text(&format!(
        "k{}{}",
        maker.random.below(100),
        maker.one(&["", ".x", "-y", " z", "''", "${q}"])
    ));
    let text = literal::text(literal::any(maker));
    match maker.random.below(9) {
        0 => (format!(".environment.etc.{name}.text"), text),
        1 => (format!(".environment.variables.{name}"), text),
        2 => (".users.motd".to_owned(), text),
        3 => (".networking.extraHosts".to_owned(), text),
        4 => (".systemd.tmpfiles.rules".to_owned(), format!("[{text}]")),
        5 => (format!(".boot.kernel.sysctl.{name}"), maker.one(&["1", "true", "\"1\"", "65536"]).to_string()),
        6 => (format!(".programs.bash.shellAliases.{name}"), text),
        7 => (".environment.systemPackages".to_owned(), "nix\"[ pkgs.git ]\"".to_owned()),
        _ => (format!(".services.openssh.settings.{name}"), text),
    }
}

fn map(maker: &mut Maker<'_>, depth: usize) -> String {
    let mut keys: Vec<String> = (0..=maker.random.below(3)).map(|_| key(maker, &Ty::Bool)).collect();
    keys.sort();
    keys.dedup();
    let parts: Vec<String> =
        keys.iter().map(|key| format!("{} = {}", literal::text(key), data(maker, depth))).collect();
    format!("{{ {} }}", parts.join(", "))
}

fn data(maker: &mut Maker<'_>, depth: usize) -> String {
    match maker.random.below(12) {
        0 | 1 if depth > 0 => map(maker, depth - 1),
        2 | 3 if depth > 0 => {
            let parts: Vec<String> = (0..maker.random.below(4)).map(|_| data(maker, depth - 1)).collect();
            format!("[{}]", parts.join(", "))
        }
        4 => maker.any_number(),
        5 => literal::plain(maker, &Ty::Float).unwrap_or_default(),
        6 => literal::plain(maker, &Ty::Bool).unwrap_or_default(),
        7 => literal::plain(maker, &Ty::Size).unwrap_or_default(),
        8 => literal::plain(maker, &Ty::Address).unwrap_or_default(),
        _ => literal::text(literal::any(maker)),
    }
}

/// Whether a field of an open kind is said by [`add`].
pub(crate) fn says(field: &str) -> bool {
    matches!(field, "apiVersion" | "kind" | "cluster-wide" | "stringData")
}

/// Makes of a manifest one of an object that Kubernetes knows.
pub(crate) fn add(maker: &mut Maker<'_>, made: &mut Declaration) {
    let (version, kind) = maker.one(&[
        ("v1", "ConfigMap"),
        ("v1", "ConfigMap"),
        ("v1", "Secret"),
        ("v1", "ServiceAccount"),
        ("rbac.authorization.k8s.io/v1", "ClusterRole"),
        ("v1", "ResourceQuota"),
    ]);
    let mut set = |path: &str, value: String, sets: &[&str]| {
        let sets = sets.iter().map(|field| format!("manifest.{field}")).collect();
        let required = matches!(path, "apiVersion" | "kind" | "cluster-wide");
        made.settings.push(Setting { path: path.to_owned(), value, sets, required, primary: false });
    };
    set("apiVersion", literal::text(version), &["apiVersion"]);
    set("kind", literal::text(kind), &["kind"]);
    let key = |maker: &mut Maker<'_>| match maker.random.below(3) {
        0 => maker.one(&["on", "no", "1e3", "null", "a.b", "_", "0x1f", "12:30"]).to_owned(),
        _ => format!("k{}.conf", maker.random.below(100)),
    };
    match kind {
        "ConfigMap" => {
            let key = literal::text(&key(maker));
            set(&format!("data.{key}"), literal::text(literal::any(maker)), &[]);
        }
        "Secret" => {
            let value = maker.reference(&Ty::Kind("secret".into()), crate::maker::Around::default());
            let value = value.unwrap_or_else(|| literal::text(literal::any(maker)));
            let key = literal::text(&key(maker));
            set("stringData", format!("{{ {key} = {value} }}"), &["stringData"]);
        }
        "ClusterRole" => set("cluster-wide", "true".to_owned(), &["cluster-wide"]),
        "ResourceQuota" => set("spec.hard.pods", "\"20\"".to_owned(), &[]),
        _ => {}
    }
    if maker.is(50) {
        let key = format!("example.net/a{}", maker.random.below(100));
        let value = literal::text(literal::any(maker));
        set(&format!("metadata.annotations.{}", literal::text(&key)), value, &[]);
    }
}
