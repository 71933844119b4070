//! What could stand at a place: each name of a lab, cut to its first two letters, is found again.

use ide::{FilePosition, completion};

use crate::{MAIN, at_cursor, names, open, root_lab};

/// How often the name that stood there comes first, and is among the first five, in hundredths.
fn found_again(text: &str) -> (usize, usize, Vec<String>) {
    let (mut all, mut first, mut near, mut missed) = (0, 0, 0, Vec::new());
    for (start, word) in names(text) {
        // What is new is nobody's to know.
        if word.len() < 4 || crate::completing::is_new(text, start, word) {
            continue;
        }
        let cut = format!("{}{}{}", &text[..start], &word[..2], &text[start + word.len()..]);
        let session = open(&cut);
        let at = FilePosition { file: MAIN.into(), offset: u32::try_from(start + 2).expect("small") };
        let labels: Vec<String> = completion(&session, &at).into_iter().map(|one| one.label).collect();
        let place = labels.iter().position(|label| label == word);
        all += 1;
        first += usize::from(place == Some(0));
        near += usize::from(place.is_some_and(|place| place < 5));
        if place.is_none_or(|place| place >= 5) {
            let line = text[..start].matches('\n').count() + 1;
            let shown = labels.iter().take(5).cloned().collect::<Vec<_>>().join(" ");
            missed.push(format!("{line}: {word} {place:?} ({shown})"));
        }
    }
    (first * 100 / all, near * 100 / all, missed)
}

/// Whether a word is declared where it stands, or is a key or value of data, so that nothing could know it.
fn is_new(text: &str, start: usize, word: &str) -> bool {
    let session = open(text);
    let at = FilePosition { file: MAIN.into(), offset: u32::try_from(start).expect("small") };
    let defined = ide::definition(&session, &at);
    let here = defined.iter().any(|range| range.file == MAIN && range.start as usize == start);
    let is_nobodys = defined.is_empty() && !matches!(word, "true" | "false" | "none" | "self");
    here || is_nobodys
}

#[test]
fn names_of_the_lab_are_found_again() {
    let (first, near, missed) = found_again(&root_lab());
    assert!(near >= 95 && first >= 80, "first {first} %, among five {near} %\n{}", missed.join("\n"));
}

/// A lab that nobody looked at while the order was chosen.
#[test]
fn names_of_another_lab_are_found_again() {
    let text = include_str!("other.hl");
    assert_eq!(crate::renaming::errors(&open(text)), [""; 0]);
    let (first, near, missed) = found_again(text);
    assert!(near >= 95 && first >= 80, "first {first} %, among five {near} %\n{}", missed.join("\n"));
}

#[test]
fn half_written() {
    const BEFORE: &str = "lab home { domain = \"home.example.net\" }\nstage apps = 10\nnamespace media { stage = apps }\nnetwork lan { cidr = 192.168.1.0/24 }\nhost attic { network = lan, address = 192.168.1.10, device zigbee { path = /dev/ttyUSB0 } }\ntemplate web : app { replicas = 2 }\n";
    for (text, wanted) in [
        ("app x in $0", "media"),
        ("app x in me$0", "media"),
        ("app x in media : $0", "web"),
        ("app x in media { uses = [attic.$0", "zigbee"),
        ("app x in media { uses = [attic.$0] }", "zigbee"),
        ("x = lab.$0", "domain"),
        ("x = \"${la$0", "lab"),
        ("x = \"a ${lab.$0} b\"", "domain"),
        ("host b { $0 }", "address"),
        ("host b { network = $0", "lan"),
        ("host b { network = lan, ad$0", "address"),
        ("host b { deploy.$0 }", "user"),
        ("host b { deploy.us$0\n  network = lan\n}", "user"),
        ("app x in media { resources { $0 } }", "memory"),
        ("app x in media { resources.$0 }", "memory"),
        ("app x in media { resources { memory = 5$0 } }", "GiB"),
        ("app x in media { po$0", "port"),
        ("app x in media { service { kind = $0 } }", "load-balancer"),
        ("app x in media { pod { tol$0 } }", "tolerations"),
        ("app x in media { pod { tolerations = [{ op$0 }] } }", "operator"),
        ("app x in media { pod.securityContext.$0 }", "fsGroup"),
        ("app x in media { container { livenessProbe { httpGet { $0 } } } }", "path"),
        ("app x in media { service { spec { external$0 } } }", "externalTrafficPolicy"),
        ("app x in media { port http = 80, ingress i { to = http, spec { ing$0 } } }", "ingressClassName"),
        ("app x in media { volume v { size = 1GiB, claim { vol$0 } } }", "volumeName"),
        ("traefik in media { address = 1.1.1.1, values { de$0 } }", "deployment"),
        ("traefik in media { address = 1.1.1.1, values.deployment.$0 }", "replicas"),
        ("traefik in media { address = 1.1.1.1, values { tolerations = [{ $0 }] } }", "operator"),
        (
            "release own in media { chart = chart(\"traefik\", repo = \"x\"), values { ports.web.$0 } }",
            "http",
        ),
        (
            "release own in media { chart = \"./c\", values { deep { er = 1 } } }\nrelease too in media { chart = \"./c\", values.deep.$0 }",
            "er",
        ),
        (
            "feature f { nixos { services.openssh.enable = true } }\nhost b { nixos { services.op$0 } }",
            "openssh",
        ),
        ("component all = [x]\napp x in media { needs = [$0] }", "all"),
        ("app x in media { image = \"a\" }\ny = x.pa$0", "path"),
        ("manifest m in media { kind = \"A\" }\napp x in media { needs = [$0] }", "m"),
        ("manifest m in media { kind = \"A\" }\napp x in media { needs = [media.$0] }", "m"),
        ("ho$0", "host"),
        ("$0", "app"),
        ("app x in media { replicas = le$0 }", "length"),
        ("check \"x\" { for a in $0", "apps"),
        ("check \"x\" { for a in apps => a.$0", "replicas"),
    ] {
        let (session, at) = at_cursor(&format!("{BEFORE}{text}"));
        let labels: Vec<String> = completion(&session, &at).into_iter().map(|one| one.label).collect();
        assert!(labels.iter().any(|label| label == wanted), "{text}: {labels:?}");
    }
}
