//! What is said of the functions and types of the language, for `hlc explain` and the book.

use crate::Builtin;

/// What a function does, and a call of it as an example.
pub fn about_function(function: Builtin) -> (&'static str, &'static str) {
    match function {
        Builtin::Length => {
            ("How many elements, entries, characters or addresses there are.", "length([1, 2, 3])")
        }
        Builtin::Join => ("One text of many, with the separator between them.", r#"join(["a", "b"], ", ")"#),
        Builtin::Split => ("The parts of a text between separators.", r#"split("a,b", ",")"#),
        Builtin::Lower => ("The text in small letters.", r#"lower("NAS")"#),
        Builtin::Upper => ("The text in capital letters.", r#"upper("nas")"#),
        Builtin::Trim => ("The text without blanks at its ends.", r#"trim("  a ")"#),
        Builtin::Replace => {
            ("The text with one part replaced by another, everywhere.", r#"replace("a.b", ".", "-")"#)
        }
        Builtin::StartsWith => ("Whether the text begins so.", r#"starts-with("nas-1", "nas")"#),
        Builtin::EndsWith => ("Whether the text ends so.", r#"ends-with("data.json", ".json")"#),
        Builtin::Keys => ("The keys of a map, in their order.", "keys({ b = 1, a = 2 })"),
        Builtin::Values => ("The values of a map, in the order of its keys.", "values({ b = 1, a = 2 })"),
        Builtin::Sort => ("The elements in order.", "sort([3, 1, 2])"),
        Builtin::Unique => ("Each element once, where it stands first.", "unique([1, 2, 1])"),
        Builtin::Flatten => ("One list of many.", "flatten([[1], [2, 3]])"),
        Builtin::Min => ("The least element.", "min([3, 1, 2])"),
        Builtin::Max => ("The greatest element.", "max([1GiB, 512MiB])"),
        Builtin::Sum => ("All elements together.", "sum([1GiB, 512MiB])"),
        Builtin::Numbers => ("All whole numbers from the first to the last.", "numbers(1, 3)"),
        Builtin::String => ("The value as a text.", "string(8GiB)"),
        Builtin::Int => ("The whole number that a text says.", r#"int("42")"#),
        Builtin::Json => ("The value as JSON.", "json({ a = [1, 2] })"),
        Builtin::Yaml => ("The value as YAML.", "yaml({ a = [1, 2] })"),
        Builtin::Base64 => ("The text as Base64.", r#"base64("a")"#),
        Builtin::PublicKey => ("The public half of a pair of keys.", "public-key(deploy-key)"),
        Builtin::Fingerprint => (
            "A text that is another one when the secret's value is, and says nothing of that.",
            "fingerprint(db-password)",
        ),
        Builtin::Any => ("Whether one of the conditions is true.", "any([false, true])"),
        Builtin::All => ("Whether none of the conditions is false.", "all([false, true])"),
        Builtin::First => ("The first element, or none.", "first([for n in [1, 2, 3] if n > 1 => n])"),
        Builtin::Reverse => ("The elements from the last to the first.", "reverse([1, 2, 3])"),
        Builtin::Slice => (
            "The elements from one number on up to another, which is not among them, counted from 0; of a text, its \
             characters.",
            "slice([1, 2, 3, 4], 1, 3)",
        ),
        Builtin::Zip => {
            ("Pairs `{ first, second }` of what stands at the same place.", r#"zip([1, 2], ["a", "b"])"#)
        }
        Builtin::Group => (
            "A map of lists: the elements that have the same key at their place.",
            r#"group([1, 2, 3], ["odd", "even", "odd"])"#,
        ),
        Builtin::Round => ("The nearest whole number.", "round(1.6)"),
        Builtin::Floor => ("The whole number below.", "floor(1.6)"),
        Builtin::Ceil => ("The whole number above.", "ceil(1.2)"),
        Builtin::IngressHosts => (
            "The names that ingresses in values of a chart, or in the `spec` of an Ingress or IngressRoute, have.",
            r#"ingress-hosts({ ingress = { enabled = true, hosts = ["a.example.net"] } })"#,
        ),
        Builtin::Exists => {
            ("Whether a declaration that is there only `if` something holds is there.", "exists(attic)")
        }
        Builtin::File => ("The text of a file of the lab.", r#"file("./nginx.conf")"#),
        Builtin::Files => {
            ("The texts of the files in a folder of the lab, by name.", r#"files("./dashboards")"#)
        }
        Builtin::YamlFile => ("What a YAML file of the lab says, as data.", r#"yaml-file("./values.yaml")"#),
        Builtin::JsonFile => ("What a JSON file of the lab says, as data.", r#"json-file("./board.json")"#),
        Builtin::Documents => (
            "All that stands in a YAML or JSON file of the lab, or in those of a folder, as a list.",
            r#"documents("./crds.yaml")"#,
        ),
    }
}

/// What values of a type of the language are, and some as examples. Those that take other types are among them.
pub const ABOUT_TYPES: &[(&str, &str, &[&str])] = &[
    (
        "address",
        "An address of IPv4 or IPv6; also any `address` that a network declares.",
        &["192.168.1.10", "fd00::10"],
    ),
    ("any", "Plain data of any shape, without secrets.", &["{ a = [1, 2] }"]),
    ("bool", "Whether something is so.", &["true", "false"]),
    (
        "cidr",
        "A network: an address and how many bits of it are the network's.",
        &["192.168.1.0/24", "fd00::/64"],
    ),
    ("cpu", "Parts of a processor: thousandths of a core, or cores.", &["250m", "250mcpu", "2"]),
    ("cron", "A text that says when something runs, as cron has it.", &[r#""0 4 * * *""#]),
    ("declaration", "The name of any declaration.", &["attic"]),
    (
        "deployed",
        "The name of what the cluster runs: an app, a job, a chart, an object, or what is made of them.",
        &["traefik"],
    ),
    ("duration", "A length of time.", &["30s", "5min", "1h30m", "30d"]),
    ("float", "A number with a fraction.", &["1.5"]),
    ("helm-values", "Values of a chart as it has them. Secrets may stand in them.", &["{ replicas = 2 }"]),
    ("hostname", "A text that is the name of a machine or a service.", &[r#""notes.home.example.net""#]),
    (
        "image",
        "A text that names the image of a container, with a tag or a digest.",
        &[r#""docker.io/library/redis:8.2.0""#],
    ),
    ("int", "A whole number; `int(1..9)` is one within limits, both included.", &["42", "1_000"]),
    ("list", "`list<T>`: values of one type, one after the other.", &["[1, 2, 3]"]),
    ("mac", "The hardware address of a network interface.", &["aa:bb:cc:dd:ee:ff"]),
    ("map", "`map<T>`: values of one type by their keys, which are texts.", &[r#"{ a = 1, "b c" = 2 }"#]),
    (
        "nixos-options",
        "Options of NixOS as it has them. Nix may stand in them.",
        &["{ services.fwupd.enable = true }"],
    ),
    ("package", "A package of nixpkgs.", &["git", "python3Packages.requests"]),
    ("path", "An absolute path.", &["/dev/nvme0n1", "/srv/data"]),
    ("port", "The number of a port, from 1 to 65535.", &["8080"]),
    ("range", "Addresses from a first to a last one.", &["192.168.1.100 .. 192.168.1.150"]),
    (
        "recipient-key",
        "A public key that secrets are encrypted to: of age, or of SSH.",
        &[r#""age1…""#, r#""ssh-ed25519 …""#],
    ),
    (
        "secret",
        "`secret<string>`: the name of a secret, which stands for its value; `secret<any>` takes bytes, too.",
        &["notes-key"],
    ),
    ("size", "Bytes, in powers of two or of ten.", &["512MiB", "8GiB", "4TB"]),
    (
        "string",
        "A text, into which `${…}` puts values; `string(\"[a-z]+\")` is one of a form.",
        &[r#""notes.${lab.domain}""#],
    ),
    ("url", "A text that says where something is reached.", &[r#""https://example.net/feed""#]),
    ("version", "A version.", &["1.2.3"]),
    ("word", "A bare word, which stands for itself.", &["wheel"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BUILTINS, TYPES};

    #[test]
    fn something_is_said_of_each() {
        assert!(ABOUT_TYPES.is_sorted_by_key(|(name, ..)| name));
        let missing = TYPES.iter().filter(|(name, _)| !ABOUT_TYPES.iter().any(|(other, ..)| other == name));
        assert_eq!(missing.count(), 0);
        for (name, _, function) in BUILTINS {
            assert!(about_function(*function).1.starts_with(&format!("{name}(")), "{name}");
        }
    }
}
