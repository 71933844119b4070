//! Places that an expression can stand in, and what comes of it there.

use types::{Form, Hatch, STRING, Ty};

/// A place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// What it is called.
    pub name: &'static str,
    /// What is taken there.
    pub wants: fn() -> Ty,
    /// The items, in one line: `$N` is a number of the case's own, `$E` the expression.
    pub items: &'static str,
    /// What is asked for to know the value: `$E` is the expression.
    pub asks: &'static str,
    /// What comes of that value.
    pub comes: Comes,
}

/// What comes of a value; files are called by their last part, `$N` is the case's number.
#[derive(Clone, Copy, Debug)]
pub(super) enum Comes {
    /// It stands in a file at a place.
    At(&'static str, &'static str),
    /// The text at a place reads as it, as YAML.
    ReadBack(&'static str, &'static str),
    /// A file is there.
    There(&'static str),
    /// A file is there if it is true.
    When(&'static str),
    /// Something stands at a place of a file if it is true.
    WhenAt(&'static str, &'static str),
    /// There is a file for each of its elements, called by its number or key, with the element in an annotation.
    Each(&'static str),
    /// A file of a host, by its path under `nixos/`, is there.
    Host(&'static str),
}

fn data() -> Ty {
    Ty::Free(Hatch::Any)
}

fn shown() -> Ty {
    let plain =
        [STRING, Ty::Bool, types::INT, Ty::Float, Ty::Address, Ty::Cidr, Ty::Range, Ty::Size, Ty::Cpu];
    Ty::union(plain.into_iter().chain([Ty::Duration]))
}

fn kind(name: &str) -> Ty {
    Ty::Kind(name.into())
}

const ANNOTATION: Comes = Comes::At("deployment-a$N.yaml", "/spec/template/metadata/annotations/v");
const APP: &str = "deployment-a$N.yaml";

/// All places.
pub(super) const PLACES: &[Place] = &[
    Place {
        name: "text",
        wants: shown,
        items: r#"app a$N in media { $I, annotations { v = "x${$E}" } }"#,
        asks: r#""x${$E}""#,
        comes: ANNOTATION,
    },
    Place {
        name: "map",
        wants: || STRING,
        items: "app a$N in media { $I, annotations = { v = $E, w = \"w\" } }",
        asks: "opt-string($E)",
        comes: ANNOTATION,
    },
    Place {
        name: "argument of string",
        wants: shown,
        items: "app a$N in media { $I, annotations { v = string($E) } }",
        asks: "string($E)",
        comes: ANNOTATION,
    },
    Place {
        name: "argument of json",
        wants: data,
        items: "app a$N in media { $I, annotations { v = json($E) } }",
        asks: "json($E)",
        comes: ANNOTATION,
    },
    Place {
        name: "argument of yaml",
        wants: data,
        items: "app a$N in media { $I, annotations { v = yaml($E) } }",
        asks: "a-any($E)",
        comes: Comes::ReadBack(APP, "/spec/template/metadata/annotations/v"),
    },
    Place {
        name: "list",
        wants: || STRING,
        items: "app a$N in media { $I, args = [\"first\", $E] }",
        asks: "a-string($E)",
        comes: Comes::At(APP, "/spec/template/spec/containers/0/args/1"),
    },
    Place {
        name: "record",
        wants: || Ty::Size,
        items: "app a$N in media { $I, resources = { memory = $E, cpu = 1 } }",
        asks: "a-size($E)",
        comes: Comes::At(APP, "/spec/template/spec/containers/0/resources/requests/memory"),
    },
    Place {
        name: "record in a list in a map",
        wants: data,
        items: "app a$N in media { $I, annotations { v = json({ a = [{ b = $E }] }) } }",
        asks: "json({ a = [{ b = $E }] })",
        comes: ANNOTATION,
    },
    Place {
        name: "number",
        wants: || types::INT,
        items: "app a$N in media { $I, replicas = $E }",
        asks: "a-int($E)",
        comes: Comes::At(APP, "/spec/replicas"),
    },
    Place {
        name: "argument of a function",
        wants: data,
        items: "fn g$N(x: any, y: string = json(x)) -> string = y; app a$N in media { $I, annotations { v = g$N($E) } }",
        asks: "json($E)",
        comes: ANNOTATION,
    },
    Place {
        name: "named argument of a function",
        wants: shown,
        items: r#"fn g$N(y: string = "x", x: string | int | bool | float | address | size | duration) -> string = "${x}"; app a$N in media { $I, annotations { v = g$N(x = $E) } }"#,
        asks: "string($E)",
        comes: ANNOTATION,
    },
    Place {
        name: "record with defaults as an argument",
        wants: || STRING,
        items: "fn g$N(x: opts) -> any = [x.replicas, x.tag, x.limits.memory]; app a$N in media { $I, annotations { v = json(g$N({ tag = $E })) } }",
        asks: "json([2, a-string($E), 1GiB])",
        comes: ANNOTATION,
    },
    Place {
        name: "records with defaults as a result",
        wants: || Ty::list(STRING),
        items: "fn g$N(x: list<string>) -> list<opts> = [for y in x => { tag = y }]; app a$N in media { $I, annotations { v = json([for o in g$N($E) => o.replicas]) } }",
        asks: "json([for o in $E => 2])",
        comes: ANNOTATION,
    },
    Place {
        name: "parameter of a template",
        wants: data,
        items: "template t$N(x: any) : app { $I, annotations { v = json(x) } }; app a$N in media : t$N($E) { }",
        asks: "json($E)",
        comes: ANNOTATION,
    },
    Place {
        name: "record with defaults for a template",
        wants: || STRING,
        items: "template t$N(x: opts | string) : app { $I, annotations { v = json(x) } }; app a$N in media : t$N({ tag = $E }) { }",
        asks: "json({ limits = { memory = 1GiB, words = [\"w\"] }, replicas = 2, tag = a-string($E) })",
        comes: ANNOTATION,
    },
    Place {
        name: "field of a kind",
        wants: data,
        items: "kind k$N(in namespace: namespace) { x: any, make { app in namespace { $I, annotations { v = json(self.x) } } } }; k$N a$N in media { x = $E }",
        asks: "json($E)",
        comes: ANNOTATION,
    },
    Place {
        name: "record with defaults in a field of a kind",
        wants: || STRING,
        items: "kind k$N(in namespace: namespace) { x: map<list<opts>>, make { app in namespace { $I, annotations { v = json(self.x.m) } } } }; k$N a$N in media { x { m = [{ tag = $E }] } }",
        asks: "json([{ limits = { memory = 1GiB, words = [\"w\"] }, replicas = 2, tag = a-string($E) }])",
        comes: ANNOTATION,
    },
    Place {
        name: "constant",
        wants: data,
        items: "c$N = $E; app a$N in media { $I, annotations { v = json(c$N) } }",
        asks: "let it = $E => json(it)",
        comes: ANNOTATION,
    },
    Place {
        name: "comprehension",
        wants: || Ty::list(data()),
        items: "app a$N in media { $I, annotations { v = json([for x in $E => [x]]) } }",
        asks: "json([for x in $E => [x]])",
        comes: ANNOTATION,
    },
    Place {
        name: "comprehension of a map",
        wants: || Ty::map(data()),
        items: "app a$N in media { $I, annotations { v = json({ for k, x in $E => k: x }) } }",
        asks: "json({ for k, x in $E => k: x })",
        comes: ANNOTATION,
    },
    Place {
        name: "condition of a comprehension",
        wants: || Ty::Bool,
        items: "app a$N in media { $I, annotations { v = json([for x in [1, 2] if $E => x]) } }",
        asks: "json(if $E then [1, 2] else [])",
        comes: ANNOTATION,
    },
    Place {
        name: "condition of an app",
        wants: || Ty::Bool,
        items: "app a$N in media if $E { $I }",
        asks: "$E",
        comes: Comes::When(APP),
    },
    Place {
        name: "condition of a job",
        wants: || Ty::Bool,
        items: "job a$N in media if $E { $I, schedule = \"0 3 * * *\" }",
        asks: "$E",
        comes: Comes::When("cronjob-a$N.yaml"),
    },
    Place {
        name: "condition of a port",
        wants: || Ty::Bool,
        items: "app a$N in media { $I, port o = 8000, port p if $E = 8080 }",
        asks: "$E",
        comes: Comes::WhenAt("service-a$N.yaml", "/spec/ports/1"),
    },
    Place {
        name: "condition of a volume",
        wants: || Ty::Bool,
        items: "app a$N in media { $I, volume d if $E { size = 1GiB, at = /d } }",
        asks: "$E",
        comes: Comes::When("persistentvolumeclaim-a$N-d.yaml"),
    },
    Place {
        name: "condition of a value",
        wants: || Ty::Bool,
        items: "app a$N in media { $I, replicas = if $E then 2 else 3 }",
        asks: "if $E then 2 else 3",
        comes: Comes::At(APP, "/spec/replicas"),
    },
    Place {
        name: "head of `for`",
        wants: || Ty::list(data()),
        items: "app a$N[i] for i, x in $E in media { $I, annotations { v = json(x) } }",
        asks: "[for i, x in $E => [\"${i}\", json(x)]]",
        comes: Comes::Each("deployment-a$N"),
    },
    Place {
        name: "values of a chart",
        wants: || Ty::Free(Hatch::HelmValues),
        items: "release r$N in media { chart = chart(\"redis\", repo = \"https://charts.example.net\", version = \"1.2.3\"), values { v = [$E] } }",
        asks: "a-helm-values($E)",
        comes: Comes::At("r$N.values.yaml", "/v/0"),
    },
    Place {
        name: "part of an object",
        wants: || Ty::Free(Hatch::HelmValues),
        items: "manifest m$N in media { apiVersion = \"example.net/v1\", kind = \"Thing\", spec { v = [$E] } }",
        asks: "a-helm-values($E)",
        comes: Comes::At("thing-m$N.yaml", "/spec/v/0"),
    },
    Place {
        name: "file",
        wants: || STRING,
        items: "app a$N in media { $I, file \"/etc/f\" = $E }",
        asks: "a-string($E)",
        comes: Comes::There("configmap-a$N-files.yaml"),
    },
    Place {
        name: "variable",
        wants: || Ty::union([STRING, types::INT, Ty::Bool]),
        items: "app a$N in media { $I, env { V = $E } }",
        asks: "as-variable($E)",
        comes: Comes::At(APP, "/spec/template/spec/containers/0/env/0/value"),
    },
    Place {
        name: "option of NixOS",
        wants: || Ty::Free(Hatch::Nixos),
        items: "host h$N { network = lan, address = 192.168.1.30 + $N % 60, users = [ana], disk system { device = /dev/sda }, nixos { x.v = [$E] } }",
        asks: "a-nixos-options($E)",
        comes: Comes::Host("hosts/h$N/default.nix"),
    },
    Place {
        name: "reference to a host",
        wants: || kind("host"),
        items: "app a$N in media { $I, host = $E }",
        asks: "$E.name",
        comes: Comes::At(
            APP,
            "/spec/template/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchExpressions/0/values/0",
        ),
    },
    Place {
        name: "references to anything",
        wants: || Ty::Declaration,
        items: "app a$N in media { $I, needs = [$E] }",
        asks: "$E",
        comes: Comes::There(APP),
    },
    Place {
        name: "references to devices",
        wants: || Ty::list(kind("host.device")),
        items: "app a$N in media { $I, uses = $E }",
        asks: "$E",
        comes: Comes::There(APP),
    },
    Place {
        name: "references to volumes",
        wants: || Ty::list(kind("app.volume")),
        items: "job a$N in media { $I, schedule = \"0 3 * * *\", mount = $E }",
        asks: "$E",
        comes: Comes::There("cronjob-a$N.yaml"),
    },
    Place {
        name: "reference to a stage",
        wants: || kind("stage"),
        items: "app a$N in media { $I, stage = $E }",
        asks: "$E",
        comes: Comes::There(APP),
    },
    Place {
        name: "reference to a whole",
        wants: || kind("app"),
        items: "app a$N in media { $I, part-of = $E }",
        asks: "$E",
        comes: Comes::There(APP),
    },
    Place {
        name: "address",
        wants: || Ty::Address,
        items: "host h$N { network = lan, address = $E, users = [ana], disk system { device = /dev/sda } }",
        asks: "$E",
        comes: Comes::Host("hosts/h$N/default.nix"),
    },
    Place {
        name: "path",
        wants: || Ty::Text(Form::Path),
        items: "app a$N in media { $I, volume d { size = 1GiB, at = $E } }",
        asks: "$E",
        comes: Comes::At(APP, "/spec/template/spec/containers/0/volumeMounts/0/mountPath"),
    },
];
