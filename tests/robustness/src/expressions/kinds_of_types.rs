//! Which sorts of types there are, and values of them that are written out.

use types::{Form, Hatch, Ty};

/// The sort of a type: one for each that the compiler tells apart.
pub fn sort(ty: &Ty) -> &'static str {
    match ty {
        Ty::Error => "unknown",
        Ty::Never => "never",
        Ty::None => "none",
        Ty::Bool => "bool",
        Ty::Int(..) => "int",
        Ty::Float => "float",
        Ty::Text(form) => sort_of_text(*form),
        Ty::Pattern(..) => "pattern",
        Ty::Literal(_) => "literal",
        Ty::Address => "address",
        Ty::Cidr => "cidr",
        Ty::Range => "range",
        Ty::Port => "port",
        Ty::Size => "size",
        Ty::Cpu => "cpu",
        Ty::Duration => "duration",
        Ty::Nix => "nix",
        Ty::List(_) => "list",
        Ty::Map(_) => "map",
        Ty::Optional(_) => "optional",
        Ty::Union(_) => "union",
        Ty::Secret(_) => "secret",
        Ty::Kind(_) => "kind",
        Ty::Declaration => "declaration",
        Ty::Deployed => "deployed",
        Ty::Record(_) => "record",
        Ty::Fields(_) => "fields",
        Ty::Free(Hatch::Any) => "any",
        Ty::Free(Hatch::HelmValues) => "helm-values",
        Ty::Free(Hatch::Nixos) => "nixos-options",
    }
}

fn sort_of_text(form: Form) -> &'static str {
    match form {
        Form::Any => "string",
        Form::Mac => "mac",
        Form::Cron => "cron",
        Form::Hostname => "hostname",
        Form::Url => "url",
        Form::Image => "image",
        Form::Version => "version",
        Form::Path => "path",
        Form::Word => "word",
        Form::Package => "package",
        Form::RecipientKey => "recipient-key",
    }
}

/// The sorts that only types made of others, or of no declared name, are of.
pub(super) const OTHER_SORTS: &[&str] = &[
    "none", "pattern", "literal", "nix", "list", "map", "optional", "union", "secret", "kind", "record",
    "fields",
];

/// Types that are made of others, or of no declared name, as people write them, each with a value.
pub(super) const COMPOSED: &[(&str, &str)] = &[
    ("int(0..9)", "3"),
    ("string(\"[a-z]+\", \"small letters\")", "\"abc\""),
    ("tcp | udp", "\"tcp\""),
    ("\"cluster\"", "\"cluster\""),
    ("string | int", "1"),
    ("opts | string", "{ tag = \"t\" }"),
    ("list<opts>", "[{ tag = \"t\" }]"),
    ("map<opts>", "{ a { tag = \"t\" } }"),
    ("map<list<opts>>", "{ a = [{ tag = \"t\" }] }"),
    ("list<string>", "[\"t\"]"),
    ("list<int?>", "[1, none]"),
    ("map<any>", "{ a = [1] }"),
    ("secret<string>", "token"),
    ("secret<any>", "token"),
    ("string | secret<string>", "\"t\""),
    ("{ a: string, b: int = 3, c: opts = { tag = \"t\" } }", "{ a = \"a\" }"),
];

/// Values of the language's own types, written out.
pub(super) fn literals(ty: &Ty) -> &'static [&'static str] {
    match ty {
        Ty::Bool => &["true", "false"],
        Ty::Int(..) => &["0", "1", "-1", "2", "42", "1_000", "9223372036854775807"],
        Ty::Float => &["0.5", "-1.5", "2.0"],
        Ty::Text(form) => texts(*form),
        Ty::Address => &["192.168.1.10", "fd00::10"],
        Ty::Cidr => &["192.168.1.0/24", "fd00::/64", "10.0.0.0/8"],
        Ty::Range => &["192.168.1.100 .. 192.168.1.150"],
        Ty::Port => &["8080", "1", "65535"],
        Ty::Size => &["512MiB", "8GiB", "4TB", "0B"],
        Ty::Cpu => &["250m", "2"],
        Ty::Duration => &["30s", "1h30m", "30d", "5m"],
        Ty::Free(Hatch::Any) => &["{ a = 1, b = [\"x\", true] }", "[]", "{}", "\"on\"", "none"],
        Ty::Free(Hatch::HelmValues) => &["{ a = 1, b { c = token } }", "8GiB"],
        Ty::Free(Hatch::Nixos) => &["{ a = nix\"pkgs.git\" }", "[1]"],
        Ty::Nix => &["nix\"1 + 1\""],
        Ty::None => &["none"],
        Ty::Declaration => &["web", "attic", "web.data"],
        Ty::Deployed => &["web", "redis"],
        Ty::Error
        | Ty::Never
        | Ty::Pattern(..)
        | Ty::Literal(_)
        | Ty::List(_)
        | Ty::Map(_)
        | Ty::Optional(_)
        | Ty::Union(_)
        | Ty::Secret(_)
        | Ty::Kind(_)
        | Ty::Record(_)
        | Ty::Fields(_) => &[],
    }
}

fn texts(form: Form) -> &'static [&'static str] {
    match form {
        Form::Any => &["\"\"", "\"a\"", "\"two words\"", "\"on\"", "\"12:30:45\"", "\"ä\\n\""],
        Form::Mac => &["aa:bb:cc:dd:ee:ff"],
        Form::Cron => &["\"0 4 * * *\""],
        Form::Hostname => &["\"notes.home.example.net\""],
        Form::Url => &["\"https://example.net/feed\"", "\"http://[fd00::1]:8080/\""],
        Form::Image => &["\"docker.io/library/redis:8.2.0\"", "\"redis\""],
        Form::Version => &["1.2.3", "25"],
        Form::Path => &["/dev/nvme0n1", "/"],
        Form::Word => &["wheel"],
        Form::Package => &["git", "python3Packages.requests"],
        Form::RecipientKey => &["\"age1pngdpamgq8m2ldcx26cmm0qy7h9fxhlr3ztu0u7vh65guzendq3se2xpwu\""],
    }
}
