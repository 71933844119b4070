//! `hlc eval`.

use insta::assert_snapshot;

use crate::world::World;

#[test]
fn values_are_written_as_in_the_language() {
    let world = World::good();
    let of = |expression: &str| {
        let run = world.run(&["eval", expression]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{expression}");
        run.out
    };
    assert_eq!(of("2 * 8GiB"), "16GiB\n");
    assert_eq!(of("-1"), "-1\n");
    assert_eq!(of("lab.domain"), "\"home.example.net\"\n");
    assert_eq!(of("apps"), "[app exporter[one], app web]\n");
    assert_eq!(of("[for h in hosts => h.address]"), "[192.168.1.10]\n");
    assert_eq!(of("{ for h in hosts => h.name: h.memory }"), "{ one = 16GiB }\n");
    assert_eq!(of("web.env"), "{ TOKEN = <secret token>, URL = \"http://192.168.1.200/\" }\n");
    assert_eq!(of("\"a\\u{1b}[1m\\n\""), "\"a\\u{1b}[1m\\n\"\n");
    assert_eq!(of("none"), "none\n");
}

#[test]
fn values_as_json() {
    let world = World::good();
    let of = |expression: &str| world.run(&["eval", expression, "--json"]).out;
    assert_eq!(of("apps"), "[\n  \"exporter-one\",\n  \"web\"\n]\n");
    assert_eq!(of("8GiB"), "\"8GiB\"\n");
    assert_eq!(of("web.env.TOKEN"), "\"<secret token>\"\n");
    assert_eq!(of("none"), "null\n");
    let app: serde_json::Value = serde_json::from_str(&of("app.web")).expect("JSON");
    assert_eq!(app["replicas"], 1);
    assert_eq!(app["port"]["http"]["number"], 80);
    assert_eq!(world.run(&["eval", "--json", "1 + 1"]).out, "2\n");
}

#[test]
fn a_declaration_has_its_fields() {
    let world = World::with(
        "## A box.\nkind box {\n  size: size\n  notes: map<string> = {}\n  tags: list<string> = []\n  kind slot { n: int @primary }\n\
         \n  derived half: size = self.size / 2\n}\nbox b {\n  size = 4GiB\n  slot left = 1\n  tags = [\"a\"]\n  notes = { \"x.y\" = \"z\", \
         long = \"0123456789012345678901234567890123456789\", other = \"01234567890123456789012345678901234567890123456789\" }\n}\n",
    );
    assert_snapshot!(world.run(&["eval", "b"]).all());
    assert_snapshot!(world.run(&["eval", "box.b", "--json"]).all());
}

#[test]
fn problems_are_shown_in_the_expression() {
    assert_snapshot!(World::good().run(&["eval", "[\n  app.wbe.image,\n  8GiB + 1,\n]"]).all());
    assert_snapshot!(World::good().run(&["eval", "1 +"]).all());
}

#[test]
fn nothing_to_evaluate() {
    let world = World::good();
    assert_eq!(world.run(&["eval", " "]).code, 1);
    assert_eq!(world.run(&["eval"]).code, 2);
}

#[test]
fn a_broken_lab() {
    let world = World::with("lab home { domain = nope }\nx = 1\n");
    assert_eq!(world.run(&["eval", "x"]).out, "1\n");
    let run = world.run(&["eval", "lab.domain"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(
        run.err.contains("nope") && run.err.ends_with("has no value; the lab has errors\n"),
        "{}",
        run.err
    );
}
