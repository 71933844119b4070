//! What names refer to.

use ide::{FilePosition, definition, references};

use crate::{MAIN, at_cursor, names, open, root_lab};

/// Words that begin or join statements, and stand for nothing.
const WORDS: &[&str] = &[
    "and", "check", "contains", "derived", "else", "false", "fn", "for", "if", "import", "in", "kind", "let",
    "make", "match", "none", "not", "or", "self", "template", "then", "true", "type", "_",
];

/// Of a lab without problems, each name refers to something that is noted, but for data, whose keys are nobody's.
#[test]
fn every_name_of_the_lab_refers_to_something() {
    let text = root_lab();
    let session = open(&text);
    let mut lost = Vec::new();
    for (start, word) in names(&text) {
        let offset = u32::try_from(start).expect("small");
        let at = FilePosition { file: MAIN.into(), offset };
        if !WORDS.contains(&word) && ide::hover(&session, &at).is_none_or(|hover| hover.range.start != offset)
        {
            let line = text[..start].matches('\n').count() + 1;
            lost.push(format!("{line}: {word}"));
        }
    }
    assert!(lost.is_empty(), "{} names:\n{}", lost.len(), lost.join("\n"));
}

/// The text that each range holds, with its line.
fn shown(session: &driver::Session, ranges: &[ide::FileRange]) -> Vec<String> {
    use diagnostics::Sources as _;
    let sources = session.sources();
    let one = |range: &ide::FileRange| {
        let text = sources.text(&range.file).expect("a file");
        let line = text[..range.start as usize].matches('\n').count() + 1;
        let file = if range.file == MAIN { String::new() } else { format!("{}:", range.file) };
        format!("{file}{line} {}", &text[range.start as usize..range.end as usize])
    };
    ranges.iter().map(one).collect()
}

const LAB: &str = r#"lab home { domain = "home.example.net" }
stage apps = 10
namespace media { stage = apps }
limit: size = 1GiB
fn image(name: string, tag: string = "1") -> string = "docker.io/library/${name}:${tag}"
template web(port-number: port) : app { port http = port-number, resources { memory = limit } }
kind database(in namespace: namespace) {
  ## How large.
  size: size = 1GiB
  derived where: string = self.db.sql.address
  make {
    secret password { generate = random(32) }
    app db in namespace { image = image("postgres"), port sql = 5432, env { PASSWORD = password } }
  }
}
database main in media { size = 2GiB, app db { replicas = 1 } }
app player in media : web(8080) {
  let host = "player.${lab.domain}"
  image = image("httpd", tag = "2.4.65")
  needs = [main]
  ingress front { host = host, to = http }
  env { DB = main.where, PASSWORD = main.password, HOST = host }
}
check "small" { for a in apps => a.replicas < 10 }
"#;

#[test]
fn definitions_and_references() {
    let all = [
        ("in $0media : web", "3 media", "3 media, 16 media, 17 media"),
        ("stage = $0apps", "2 apps", "2 apps, 3 apps"),
        ("memory = $0limit", "4 limit", "4 limit, 6 limit"),
        (": $0web(8080)", "6 web", "6 web, 17 web"),
        ("= $0port-number", "6 port-number", "6 port-number, 6 port-number"),
        ("to = $0http", "6 http", "6 http, 21 http"),
        ("PASSWORD = main.$0password", "12 password", "12 password, 13 password, 22 password"),
        ("app $0db { replicas", "13 db", "10 db, 13 db, 16 db"),
        ("main.$0where", "10 where", "10 where, 22 where"),
        ("{ $0size = 2GiB", "9 size", "9 size, 16 size"),
        ("HOST = $0host", "18 host", "18 host, 21 host, 22 host"),
        ("needs = [$0main]", "16 main", "16 main, 20 main, 22 main, 22 main"),
        ("$0tag = \"2.4", "5 tag", "5 tag, 5 tag, 19 tag"),
        ("image = $0image(\"httpd", "5 image", "5 image, 13 image, 19 image"),
        ("$0database main", "7 database", "7 database, 16 database"),
        ("=> $0a.replicas", "24 a", "24 a, 24 a"),
    ];
    for (place, declared, used) in all {
        let plain = place.replace("$0", "");
        assert_eq!(LAB.matches(&plain).count(), 1, "{plain}");
        let (session, at) = at_cursor(&LAB.replacen(&plain, place, 1));
        assert_eq!(shown(&session, &definition(&session, &at)).join(", "), declared, "{place}");
        assert_eq!(shown(&session, &references(&session, &at, true)).join(", "), used, "{place}");
    }
}

#[test]
fn the_library_is_found() {
    let (session, at) = at_cursor(&LAB.replacen("needs = [", "$0needs = [", 1));
    let found = shown(&session, &definition(&session, &at));
    assert!(found[0].starts_with("std/core/") && found[0].ends_with(" needs"), "{found:?}");
}
