//! Secrets in the middle of objects: what helm makes of them, with the real helmfile, helm and SOPS. By number, the same
//! each time.

use std::fmt::Write;

use harness::charts::Charts;
use harness::{tools, yaml_readers};
use serde_json::{Map, Value};

use crate::vault::{Vault, keys};
use crate::world::World;

/// Pieces of values that something on the way could take for something else.
const PIECES: [&str; 34] = [
    "\"",
    "'",
    "\\",
    "\n",
    "\n\n",
    "\t",
    "{{",
    "}}",
    "{{ .Values.x }}",
    "{{- ",
    "$",
    "${HOME}",
    "$(x)",
    "`",
    "0",
    "007",
    "1e3",
    "yes",
    "null",
    "~",
    ": ",
    " #",
    "- ",
    "---\n",
    "%",
    "&a",
    "*a",
    "!!int ",
    "é",
    "\u{1f600}",
    "\u{2028}",
    "<&>",
    "hlcSecret0Z",
    " ",
];

/// Values that are whole.
const WHOLE: [&str; 8] =
    ["0123", "yes", "null", "{{ fail \"x\" }}", "1_000", "\u{7f}\u{85}\u{feff}", "'", "a: b\n"];

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("it is small") % end
    }

    fn text(&mut self, most: usize) -> String {
        (0..=self.below(most)).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }
}

/// The values of all secrets, by number.
fn values(random: &mut Random) -> Vec<String> {
    let mut all: Vec<String> = WHOLE.iter().map(|text| (*text).to_owned()).collect();
    all.push(format!("begin{}end", "long \"and\" {{ wide }}\n".repeat(2_000)));
    // So that it can be looked for where it must not be.
    all.extend((0..8).map(|nth| format!("value-{nth}-{}", random.text(12))));
    all
}

/// Data as the lab writes it, into `written`, and what is to come of it.
fn data(random: &mut Random, values: &[String], depth: usize, written: &mut String) -> Value {
    let secret = |random: &mut Random| {
        let nth = random.below(values.len());
        (format!("s{nth}"), values[nth].clone())
    };
    match random.below(if depth == 0 { 4 } else { 7 }) {
        0 => {
            let (name, value) = secret(random);
            written.push_str(&name);
            value.into()
        }
        1 => {
            let ((first, one), (second, two)) = (secret(random), secret(random));
            // SOPS writes nothing for what begins with a tab and has several lines, and helm stops then.
            let around = random.text(3).trim_start_matches('\t').to_owned();
            let _ = write!(written, "\"{}${{{first}}}@${{{second}}}\"", quoted(&around));
            format!("{around}{one}@{two}").into()
        }
        2 => {
            let text = random.text(6);
            let _ = write!(written, "\"{}\"", quoted(&text));
            text.into()
        }
        3 => {
            let number = i64::try_from(random.below(1000)).expect("it is small") - 500;
            let _ = write!(written, "{number}");
            number.into()
        }
        4 => {
            written.push('[');
            let items = (0..random.below(4)).map(|nth| {
                written.push_str(if nth == 0 { "" } else { ", " });
                data(random, values, depth - 1, written)
            });
            let items: Vec<Value> = items.collect();
            written.push(']');
            items.into()
        }
        _ => map(random, values, depth - 1, written),
    }
}

fn map(random: &mut Random, values: &[String], depth: usize, written: &mut String) -> Value {
    const KEYS: [&str; 6] = ["a", "b.c", "x_unencrypted", "{{ k }}", "0", "yes"];
    let mut entries = Map::new();
    written.push_str("{ ");
    for key in KEYS {
        if random.below(2) == 0 {
            let _ = write!(written, "\"{}\" = ", quoted(key));
            entries.insert(key.to_owned(), data(random, values, depth, written));
            written.push_str(", ");
        }
    }
    written.push('}');
    entries.into()
}

/// A text as the lab writes it between quotes.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
    escaped.replace('\n', "\\n").replace('\t', "\\t").replace('\u{2028}', "\\u{2028}")
}

#[test]
fn secrets_arrive_where_they_are_wanted_and_nowhere_else() {
    if tools::unavailable("helm-secrets").is_some() {
        return tools::leave_out("secrets in objects, which helm-secrets decrypts");
    }
    let random = &mut Random(15);
    let values = values(random);
    let mut lab = format!(
        "lab home {{ domain = \"home.example.net\" }}\nrecipient admin = \"{}\"\nstage apps = 10\nnamespace tools {{ stage = \
         apps }}\n",
        keys().admin.recipient()
    );
    for nth in 0..values.len() {
        let _ = writeln!(lab, "secret s{nth} {{ kind = file }}");
    }
    let mut expected = Vec::new();
    lab.push_str("manifests all in tools = [\n");
    for nth in 0..40 {
        let head =
            format!("apiVersion = \"example.net/v1\", kind = \"Thing\", metadata {{ name = \"t{nth}\" }}");
        let _ = write!(lab, "  {{ {head}, spec = ");
        expected.push(map(random, &values, 3, &mut lab));
        lab.push_str(" },\n");
    }
    lab.push_str("]\n");
    let vault = Vault { world: World::with(&lab) };
    for (nth, value) in values.iter().enumerate() {
        vault.set(&format!("s{nth}"), value);
    }
    vault.build();

    // Nobody reads a value in what is built.
    for (path, text) in vault.world.tree("k8s") {
        for value in values.iter().filter(|value| value.len() > 12) {
            let shown = value.get(..12).unwrap_or(value).trim_end();
            assert!(!text.contains(shown), "{}: {shown:?}", path.display());
        }
    }
    let charts = Charts::serve_none();
    let folder = vault.world.path("k8s/10_apps/all");
    let rendered = charts.helmfile(&folder).age_key(&keys().admin.file()).template().succeeded().stdout;
    let file = vault.world.path("rendered.yaml");
    std::fs::write(&file, &rendered).expect("it is written");
    let documents = yaml_readers::read(&file).agreed().unwrap_or_else(|error| panic!("{error}"));
    for (nth, spec) in expected.iter().enumerate() {
        let name = format!("t{nth}");
        let found = documents.iter().find(|object| object["metadata"]["name"] == name.as_str());
        let found = found.unwrap_or_else(|| panic!("{name} is not there"));
        assert_eq!(found["spec"], *spec, "{name}");
    }
    // A value that is missing stops helm, and so does a key that opens nothing.
    charts.helmfile(&folder).template().failed();
}
