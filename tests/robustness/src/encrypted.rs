//! Files of strangers that SOPS could have made, and keys of age.

use sops::keys::{Access, Identities, Recipient, identity_from_ssh, recipient_from_ssh};
use sops::{Document, Format, Node, Settings, Timestamp, Tree, Value, encrypt};

const FORMATS: [Format; 5] = [Format::Yaml, Format::Json, Format::Dotenv, Format::Ini, Format::Binary];

/// An identity that was published, and is nobody's, with its recipient.
const SOMEBODY: [&str; 2] = [
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
];

/// A text is read as an encrypted file of each format, as a tree in the clear, and as keys, or refused. What is read in
/// the clear is written so that it is read the same again.
pub fn encrypted(text: &str) {
    let _ = Identities::new().add(text.as_bytes(), "keys");
    let _ = (text.parse::<Recipient>(), recipient_from_ssh(text), identity_from_ssh(text));
    typed(text);
    for format in FORMATS {
        in_clear(text, format);
        texts(text, format);
        let Ok(document) = Document::parse(text.as_bytes(), format) else { continue };
        assert!(!format!("{:?}", document.visible()).is_empty());
        if let Ok(key) = document.unwrap_key(&Access::new(&somebody())) {
            let _ = document.decrypt_documents(&key);
        }
    }
}

fn in_clear(text: &str, format: Format) {
    let Ok(tree) = Tree::from_text(text.as_bytes(), format) else { return };
    let Ok(written) = tree.to_text(format) else { return };
    let again = Tree::from_text(written.expose(), format).expect("what was written is read");
    let again = again.to_text(format).expect("what was read is written");
    assert!(
        again.expose() == written.expose(),
        "what is written as {format:?} changes when it is read and written again"
    );
}

/// What somebody typed into an editor is texts, and shown again it is the same.
fn typed(text: &str) {
    let Ok(tree) = Tree::typed(text) else { return };
    assert!(tree.iter().all(|(_, node)| is_text(node)), "what is typed is a text");
    // An editor is shown values; nothing is none.
    if !tree.iter().all(|(_, node)| is_value(node)) {
        return;
    }
    let Ok(written) = tree.to_text(Format::Yaml) else { return };
    let written = std::str::from_utf8(written.expose()).expect("what is written is a text");
    assert!(
        Tree::typed(written).expect("what was written is read") == tree,
        "what is shown is what was typed"
    );
}

/// A file that values are taken from holds texts, whatever its format.
fn texts(text: &str, format: Format) {
    let Ok(tree) = Tree::of_texts(text.as_bytes(), format) else { return };
    assert!(
        format == Format::Binary || tree.iter().all(|(_, node)| is_text(node)),
        "what is taken is a text"
    );
}

fn is_value(node: &Node<Value>) -> bool {
    match node {
        Node::Leaf(value) => *value != Value::Null,
        Node::List(items) => !items.is_empty() && items.iter().all(is_value),
        Node::Map(entries) => !entries.is_empty() && entries.iter().all(|(_, node)| is_value(node)),
    }
}

fn is_text(node: &Node<Value>) -> bool {
    match node {
        Node::Leaf(value) => matches!(value, Value::Str(_) | Value::Null),
        Node::List(items) => items.iter().all(is_text),
        Node::Map(entries) => entries.iter().all(|(_, node)| is_text(node)),
    }
}

/// Files to begin with: a small one of each format that is written, for somebody.
pub fn encrypted_seeds() -> Vec<String> {
    let recipient: Recipient = SOMEBODY[1].parse().expect("a recipient");
    let now = Timestamp::from_unix(1_700_000_000);
    let settings = Settings::new([recipient], now);
    let clear = [
        (Format::Yaml, "# a comment\na: one\nb:\n  - 1\n  - true\nc: {}\nd: |\n  two\n  lines\n"),
        (Format::Json, "{\"a\": [1.5, {\"b\": null}], \"c\": \"é\"}"),
        (Format::Dotenv, "A=one\nB=\n"),
        (Format::Yaml, "a: 0123\nb: +1_0\nc: 'no'\nd: 2024-01-02\ne: |\n  x\n"),
        (Format::Binary, "one"),
    ];
    let mut seeds: Vec<String> = clear.iter().map(|(_, text)| (*text).to_owned()).collect();
    seeds.extend(SOMEBODY.map(str::to_owned));
    seeds.extend(clear.iter().filter_map(|(format, text)| {
        let tree = match format {
            Format::Binary => Tree::binary(text.as_bytes().to_vec()),
            format => Tree::from_text(text.as_bytes(), *format).ok()?,
        };
        encrypt(&tree, *format, &settings).ok()
    }));
    seeds
}

fn somebody() -> Identities {
    let mut identities = Identities::new();
    identities.add(SOMEBODY[0].as_bytes(), "keys").expect("an identity");
    identities
}
