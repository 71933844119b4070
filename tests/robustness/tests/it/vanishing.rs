//! Declarations that once vanished without a word: each has a problem now, of the right rule.

use diagnostics::Severity;
use driver::Session;

const AROUND: &str = r#"
lab home { domain = "home.example.net" }
network lan { cidr = 192.168.1.0/24, gateway = 192.168.1.1, address api = 192.168.1.20, address gone if lan.dhcp != none = 192.168.1.21 }
user ana { groups = [wheel], ssh-keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA ana@laptop"] }
host attic {
  network = lan, address = 192.168.1.10, users = [ana], memory = 32GiB
  disk system { device = /dev/nvme0n1 }
  device stick if lan.dhcp != none { path = /dev/serial/by-id/usb-stick }
  nixos { services.openssh.enable = true }
}
recipient laptop = "age1pngdpamgq8m2ldcx26cmm0qy7h9fxhlr3ztu0u7vh65guzendq3se2xpwu"
cluster k3s { servers = [attic] }
stage apps = 10
namespace media { stage = apps }
release rel in media { chart = chart("redis", repo = "https://charts.example.net", version = "1.2.3"), values { a = 1, b = [1], c = "text" } }
app web in media {
  image = "docker.io/library/httpd:2.4.65"
  port http if lan.dhcp != none = 80
  volume v if lan.dhcp != none { size = 1GiB, at = /v }
  volume w[n] for n in numbers(1, 2) { size = 1GiB, at = "/w${n}" }
}
secret one { key pw if lan.dhcp != none { } }
secret two if lan.dhcp != none { }
fn data(x: any) -> any = x
fn opt(x: int?) -> int? = x
"#;

/// Values that labels cannot have, and the rules that say so.
const VALUES: &[(&str, &str)] = &[
    // What may be none.
    ("string(attic.system.swap)", "may-be-none"),
    ("string(opt(1))", "may-be-none"),
    ("\"${attic.system.swap}\"", "may-be-none"),
    ("upper(attic.interface)", "may-be-none"),
    ("\"${length(attic.interface)}\"", "may-be-none"),
    ("\"${length(attic.mac)}\"", "may-be-none"),
    ("\"${lan.dhcp.length}\"", "may-be-none"),
    ("\"${max([opt(1), opt(2)])}\"", "wrong-arguments"),
    ("string(none)", "wrong-arguments"),
    ("\"${none}\"", "type-mismatch"),
    // What has no text.
    ("string([1])", "wrong-arguments"),
    ("string({ a = 1 })", "wrong-arguments"),
    ("string(attic)", "wrong-arguments"),
    ("string(web.resources)", "wrong-arguments"),
    ("string(nix\"1\")", "wrong-arguments"),
    ("\"${[1] ?? 1}\"", "type-mismatch"),
    ("\"${{ a = 1 } ?? 1}\"", "type-mismatch"),
    ("\"${attic ?? 1}\"", "type-mismatch"),
    ("\"${if true then [1] else 1}\"", "type-mismatch"),
    ("\"${if true then { a = 1 } else 1}\"", "type-mismatch"),
    ("\"${if true then attic else 1}\"", "type-mismatch"),
    ("\"${match true { true => [1], _ => \"a\" }}\"", "type-mismatch"),
    ("\"${web.resources}\"", "type-mismatch"),
    // Data whose value has none.
    ("\"${attic.nixos}\"", "invalid-value"),
    ("string(attic.nixos)", "invalid-value"),
    ("\"${rel.values}\"", "invalid-value"),
    ("\"${rel.values.b}\"", "invalid-value"),
    ("\"${data(none)}\"", "invalid-value"),
    ("\"${data({ a = 1 })}\"", "invalid-value"),
    ("join(keys(rel.values.a), \"\")", "invalid-value"),
    ("join(keys(data([1])), \"\")", "invalid-value"),
    // What has no order, no length, no sum.
    ("\"${length(8GiB)}\"", "wrong-arguments"),
    ("\"${length(data(1))}\"", "invalid-value"),
    ("\"${max([true])}\"", "wrong-arguments"),
    ("sort([[1], [2]]).length", "wrong-arguments"),
    ("sort([1, \"a\"]).length", "wrong-arguments"),
    ("min([attic]).name", "wrong-arguments"),
    ("\"${sum([1, 1.5])}\"", "wrong-arguments"),
    ("\"${sum([true])}\"", "wrong-arguments"),
    ("\"${sum([1, 1GiB])}\"", "wrong-arguments"),
    // Parts that are not there.
    ("\"${data(1).part}\"", "no-such-value"),
    ("\"${data([1]).part}\"", "no-such-value"),
    ("\"${rel.values.c.d}\"", "no-such-value"),
    ("\"${web.http}\"", "no-such-value"),
    ("web.http.address", "no-such-value"),
    ("web.w[3].name", "no-such-value"),
];

/// Whole items, and the rules that say what is wrong with them.
const ITEMS: &[(&str, &str)] = &[
    // Data where a reference, a record or a list of them is expected.
    ("app a in media { I, host = data(1) }", "type-mismatch"),
    ("app a in media { I, host = attic.nixos.services }", "type-mismatch"),
    ("app a in media { I, needs = [attic.nixos] }", "type-mismatch"),
    ("app a in media { I, needs = [rel.values.a] }", "type-mismatch"),
    ("app a in media { I, needs = data([]) }", "type-mismatch"),
    ("app a in media { I, resources = rel.values.a }", "type-mismatch"),
    ("app a in media { I, service = data({}) }", "type-mismatch"),
    ("app a in media { I, uses = [data(1)] }", "type-mismatch"),
    ("app a in media { I, port p = rel.values.c }", "invalid-value"),
    ("app a in media { I, args = rel.values.a }", "invalid-value"),
    ("app a in media { I, labels = data([1]) }", "invalid-value"),
    ("app a in media if data(1) { I }", "invalid-value"),
    ("app a[k] for k in data([1]) in media { I }", "invalid-value"),
    ("app a[k] for k, v in data([1]) in media { I }", "invalid-value"),
    ("app a in media { I, port p if data(\"x\") = 80 }", "invalid-value"),
    // References to nested things that are left out, or not among those that there are.
    ("job a in media { I, schedule = \"0 3 * * *\", mount = [web.v] }", "no-such-value"),
    ("job a in media { I, schedule = \"0 3 * * *\", mount = [web.w[3]] }", "no-such-value"),
    ("app a in media { I, uses = [attic.stick] }", "no-such-value"),
    (
        "host a { network = lan, address = lan.gone, users = [ana], disk system { device = /dev/sda } }",
        "no-such-value",
    ),
    (
        "app a in media { I, port x if false = 80, ingress i { host = \"a.home.example.net\", to = x } }",
        "no-such-value",
    ),
    ("app a in media { I, port x if false = 80, health { port = x } }", "no-such-value"),
    ("app a in media { I, env { P = one.pw } }", "no-such-value"),
    ("app a in media { I, env { P = two } }", "no-such-value"),
    ("app a in media { I, file \"/f\" = one.pw }", "no-such-value"),
    ("app a in media { I, needs = [web.v] }", "type-mismatch"),
    ("app a in media { I, labels { a = web.v.name } }", "no-such-value"),
];

/// The rules of the problems that an item has in a lab with what is around.
fn rules(item: &str) -> Vec<&'static str> {
    let item = item.replace("I,", "image = \"docker.io/library/httpd:2.4.65\",");
    let item = item.replace("{ I }", "{ image = \"docker.io/library/httpd:2.4.65\" }");
    let session = Session::open(vec![("homelab.hl".into(), format!("{AROUND}{item}\n"))]);
    let problems = session.problems();
    let errors = problems.iter().filter(|problem| problem.severity() == Severity::Error);
    errors.map(|problem| problem.rule.name).collect()
}

#[test]
fn what_is_around_has_no_problem() {
    assert_eq!(rules(""), Vec::<&str>::new());
}

#[test]
fn values_that_once_took_their_declaration_with_them_have_a_problem() {
    let labelled = |value: &str| format!("app a in media {{ I, labels {{ v = {value} }} }}");
    let wrong = VALUES.iter().filter(|(value, rule)| rules(&labelled(value)) != [*rule]);
    let wrong: Vec<String> =
        wrong.map(|(value, rule)| format!("{value}: {:?}, not {rule}", rules(&labelled(value)))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn items_that_once_vanished_have_a_problem() {
    let wrong = ITEMS.iter().filter(|(item, rule)| rules(item) != [*rule]);
    let wrong: Vec<String> =
        wrong.map(|(item, rule)| format!("{item}: {:?}, not {rule}", rules(item))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
