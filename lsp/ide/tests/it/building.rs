//! What declarations are built to, who is beside an address, where values come from, and imports in order.

use ide::{FileEdit, built, built_from, hover, organize_imports, rename_files, why};

use crate::structure::edited;
use crate::{MAIN, at_cursor, open, root_lab};

const LAB: &str = r#"lab home { domain = "home.example.net" }
network lan { cidr = 192.168.1.0/24, gateway = 192.168.1.1, pool services = 192.168.1.200 .. 192.168.1.219, address door = services.first }
stage apps = 10
namespace media { stage = apps }
secret key { generate = random(32) }
template web : app { replicas = 2 }
app small in media : web { image = "docker.io/library/httpd:2.4.65", env { KEY = key }, port http = 80, service { kind = load-balancer, address = lan.door } }
app other in media { image = "docker.io/library/httpd:2.4.65" }
"#;

fn at(place: &str) -> (driver::Session, ide::FilePosition) {
    let plain = place.replace("$0", "");
    at_cursor(&LAB.replacen(&plain, place, 1))
}

#[test]
fn a_declaration_is_shown_as_what_it_is_built_to() {
    let (session, at) = at("app $0small");
    let from = built_from(&session, &at).expect("something is built of it");
    assert_eq!((from.head.as_str(), from.language), ("app small", "yaml"));
    let text = built(&session, MAIN, &from.head).expect("it is there");
    assert!(text.starts_with("# k8s/"), "{text}");
    assert!(text.contains("kind: Deployment") && text.contains("name: small"), "{text}");
    assert!(!text.contains("name: other\n"), "only of this: {text}");
    assert!(text.contains("ENC[key]"), "secrets have no value: {text}");
}

/// Each file of a build is that of a declaration, and each that is shown is built.
#[test]
fn what_is_shown_is_what_is_built() {
    let text = root_lab();
    let session = open(&text);
    let outputs = session.outputs();
    let all: Vec<_> = session.items(MAIN).iter().flat_map(|item| session.built(&item.key)).collect();
    for file in all.iter().filter(|file| !file.path.contains("secrets/")) {
        let (nixos, k8s) = (file.path.strip_prefix("nixos/"), file.path.strip_prefix("k8s/"));
        let built = nixos
            .and_then(|path| outputs.nixos.get(path))
            .or_else(|| k8s.and_then(|path| outputs.k8s.get(path)));
        assert_eq!(built, Some(&file.text), "{}", file.path);
    }
    let is_shown = |path: String| all.iter().any(|file| file.path == path);
    let nixos = outputs.nixos.keys().filter(|path| !is_shown(format!("nixos/{path}")));
    let k8s = outputs.k8s.keys().filter(|path| !is_shown(format!("k8s/{path}")));
    let left: Vec<&String> = nixos.chain(k8s).collect();
    // What is made of all together is nobody's.
    let of_all = ["lines.nix", ".sops.yaml", "helmfile.yaml"];
    let left: Vec<&&String> = left.iter().filter(|path| !of_all.contains(&path.as_str())).collect();
    assert!(left.is_empty(), "{left:?}");
    let secrets: Vec<&String> =
        all.iter().map(|file| &file.path).filter(|path| path.contains("secrets/")).collect();
    for delivered in &outputs.secrets {
        assert!(secrets.contains(&&delivered.path), "{} of {secrets:?}", delivered.path);
    }
}

#[test]
fn hover_says_who_is_beside_an_address_and_what_is_built() {
    for (place, part) in [
        ("= lan.$0door", "pool 'lan.services' (192.168.1.200 .. 192.168.1.219): `192.168.1.200` "),
        ("$0services = 192", "app 'small'"),
        ("gateway = 192.168$0.1.1", "`192.168.1.1` the gateway of network 'lan'"),
        ("network $0lan", "network 'lan' ("),
        ("services.$0first", "pool 'lan.services'"),
    ] {
        let (session, at) = at(place);
        let said = hover(&session, &at).unwrap_or_else(|| panic!("{place}")).text;
        assert!(said.contains(part), "{place}: {said}");
    }
    for (place, head) in [
        ("app $0small", Some("app small")),
        ("in $0media {", Some("namespace media")),
        ("$0replicas = 2", None),
    ] {
        let (session, at) = at(place);
        let built = hover(&session, &at).and_then(|hover| hover.built);
        assert_eq!(built.map(|built| built.head).as_deref(), head, "{place}");
    }
}

#[test]
fn where_values_come_from_is_told() {
    let (session, at) = at("image = \"$0docker.io/library/httpd:2.4.65\", env");
    let told = why(&session, &at).expect("it is told");
    assert!(told.starts_with("small.image = \"docker.io/library/httpd:2.4.65\"\n"), "{told}");
    assert!(told.contains("homelab.hl:7: set here"), "{told}");
    let (session, at) = at_cursor(&LAB.replacen("app small", "app $0small", 1));
    let told = why(&session, &at).expect("it is told");
    assert!(told.contains("replicas") && told.contains("template 'web'"), "{told}");
}

#[test]
fn imports_are_brought_in_order() {
    let text = "import \"./b.hl\"\nimport std.core.network\n# Of the hub.\nimport \"./a.hl\"\nimport std.apps.pihole\nimport \"./b.hl\"\n\nlab home { domain = \"home.example.net\" }\nnetwork lan { cidr = 192.168.1.0/24 }\n";
    let session = open(text);
    let new = edited(text, &organize_imports(&session, MAIN));
    let imports = "import std.core.network\n# Of the hub.\nimport \"./a.hl\"\nimport \"./b.hl\"\n\nlab";
    assert!(new.starts_with(imports), "{new}");
    assert!(organize_imports(&open(&new), MAIN).is_empty(), "there is nothing more to do");
    assert!(
        organize_imports(&session, "std/core/network.hl").is_empty(),
        "the library is nobody's to change"
    );
}

#[test]
fn imports_follow_folders() {
    let files = [
        (MAIN, "import \"./parts/media.hl\"\n"),
        ("parts/media.hl", "import \"./more/a.hl\"\nimport \"../other.hl\"\n"),
        ("parts/more/a.hl", ""),
        ("other.hl", ""),
    ];
    let session = driver::Session::open(
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
    );
    let shown = |edits: Vec<FileEdit>| -> Vec<String> {
        edits.into_iter().map(|edit| format!("{} {}", edit.range.file, edit.text)).collect()
    };
    let pair = |old: &str, new: &str| vec![(old.to_owned(), new.to_owned())];
    let edits = shown(rename_files(&session, &pair("parts", "lab/pieces")));
    assert_eq!(edits, ["homelab.hl \"./lab/pieces/media.hl\"", "parts/media.hl \"../../other.hl\""]);
    assert!(rename_files(&session, &pair("part", "x")).is_empty());
    // Several at once.
    let names = [pair("parts/media.hl", "media.hl"), pair("parts/more", "more")].concat();
    let edits = shown(rename_files(&session, &names));
    assert_eq!(
        edits,
        ["homelab.hl \"./media.hl\"", "parts/media.hl \"./more/a.hl\"", "parts/media.hl \"./other.hl\""]
            .map(str::to_owned)
            .into_iter()
            .filter(|edit| !edit.contains("./more/a.hl"))
            .collect::<Vec<_>>()
    );
}
