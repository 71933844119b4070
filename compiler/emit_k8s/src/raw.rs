//! What the lab says in Kubernetes' own words, over what is made.
//!
//! As `kubectl patch` does it: maps are joined key by key, lists by what their elements are known by, and everything
//! else is replaced. `null` takes away what is made.

use model::Raw;
use model::kubernetes::Type;
use yaml::Yaml;

/// `said` over `made`, which is of the type `of`.
pub(crate) fn over(made: impl Into<Yaml>, said: &Raw, of: &Type) -> Yaml {
    match (made.into(), said, of) {
        (Yaml::Map(mut entries), Raw::Map(_), _) => {
            join(&mut entries, said, of);
            Yaml::Map(entries)
        }
        (Yaml::List(mut items), Raw::List(more), Type::List(of, keys)) if !keys.is_empty() => {
            for item in more {
                add(&mut items, &item.value, of, keys);
            }
            Yaml::List(items)
        }
        // What is taken away in nothing is not there.
        (_, Raw::Map(_), _) => over(Yaml::Map(Vec::new()), said, of),
        (_, Raw::List(items), _) => {
            let inner = if let Type::List(inner, _) = of { inner } else { &Type::Any };
            Yaml::List(items.iter().map(|item| over(Yaml::Null, &item.value, inner)).collect())
        }
        (_, Raw::Plain(value), _) => Yaml::from(value),
    }
}

fn join(entries: &mut Vec<(String, Yaml)>, said: &Raw, of: &Type) {
    for (key, value) in said.entries() {
        let value = &value.value;
        if value.is_null() {
            entries.retain(|(name, _)| name != key);
            continue;
        }
        if of.is_choice(key) {
            entries.retain(|(name, _)| name == key || !of.is_choice(name));
        }
        let inner = of.field(key).unwrap_or(&Type::Any);
        match entries.iter_mut().find(|(name, _)| name == key) {
            Some((_, made)) => *made = over(std::mem::replace(made, Yaml::Null), value, inner),
            // A name comes first, as people look for it.
            None if key == "name" => entries.insert(0, (key.to_owned(), over(Yaml::Null, value, inner))),
            None => entries.push((key.to_owned(), over(Yaml::Null, value, inner))),
        }
    }
}

/// Joins an element with the one that is known by the same, or puts it behind the others.
fn add(items: &mut Vec<Yaml>, said: &Raw, of: &Type, keys: &[String]) {
    let new = over(Yaml::Null, said, of);
    let is_same = |made: &Yaml| {
        keys.iter().all(|key| if key == "*" { *made == new } else { key_of(made, key) == key_of(&new, key) })
    };
    match items.iter_mut().find(|made| is_same(made)) {
        Some(made) => *made = over(std::mem::replace(made, Yaml::Null), said, of),
        None => items.push(new),
    }
}

/// What an element has for a key; a port that says no protocol is one of TCP.
fn key_of(element: &Yaml, key: &str) -> Option<Yaml> {
    let Yaml::Map(entries) = element else { return None };
    let found = entries.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
    found.or_else(|| (key == "protocol").then(|| Yaml::text("TCP")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use model::{At, Data};
    use source::{ItemKey, Place, Span};
    use yaml::MapBuilder;

    use super::*;

    fn at(raw: Raw) -> At<Raw> {
        At::new(raw, Place::new(&ItemKey::new("a.hl".into(), "app a".into(), 0), Span::new(0, 1)))
    }

    fn map<const N: usize>(entries: [(&str, Raw); N]) -> Raw {
        let entries = entries.into_iter().map(|(key, value)| (key.to_owned(), at(value)));
        Raw::Map(entries.collect::<BTreeMap<_, _>>())
    }

    fn list<const N: usize>(items: [Raw; N]) -> Raw {
        Raw::List(items.into_iter().map(at).collect())
    }

    fn text(text: &str) -> Raw {
        Raw::Plain(Data::Text(text.to_owned()))
    }

    fn shown(made: MapBuilder, said: &Raw, of: &str) -> String {
        over(made, said, &Type::object(of)).print()
    }

    #[test]
    fn named_things_are_joined_by_their_names() {
        let variable = MapBuilder::new().set("name", "A").set("value", "1");
        let made = MapBuilder::new().set("name", "web").set("env", vec![variable.into()]);
        let from = map([("secretKeyRef", map([("name", text("s")), ("key", text("k"))]))]);
        let said = map([(
            "env",
            list([
                map([("name", text("A")), ("valueFrom", from)]),
                map([("name", text("B")), ("value", text("2"))]),
            ]),
        )]);
        assert_eq!(
            shown(made, &said, "Container"),
            "name: web\nenv:\n- name: A\n  valueFrom:\n    secretKeyRef:\n      name: s\n      key: k\n\
             - name: B\n  value: \"2\"\n"
        );
    }

    #[test]
    fn ports_are_known_by_number_and_protocol() {
        let port = |protocol: &str| {
            MapBuilder::new()
                .set("name", protocol.to_lowercase())
                .set("containerPort", 53_i64)
                .set("protocol", protocol)
        };
        let made = MapBuilder::new().set("ports", vec![port("UDP").into(), port("TCP").into()]);
        let number = |number| Raw::Plain(Data::Int(number));
        let said = map([("ports", list([map([("containerPort", number(53)), ("hostPort", number(5353))])]))]);
        assert_eq!(
            shown(made, &said, "Container"),
            "ports:\n- name: udp\n  containerPort: 53\n  protocol: UDP\n- name: tcp\n  containerPort: 53\n  \
             protocol: TCP\n  hostPort: 5353\n"
        );
    }

    #[test]
    fn null_takes_away_and_lists_of_words_are_replaced() {
        let made = MapBuilder::new().set("enableServiceLinks", false).set("restartPolicy", "Never");
        let said = map([
            ("enableServiceLinks", Raw::Plain(Data::Null)),
            ("dnsConfig", map([("a", Raw::Plain(Data::Null))])),
        ]);
        assert_eq!(shown(made, &said, "PodSpec"), "restartPolicy: Never\ndnsConfig: {}\n");
        let made = MapBuilder::new().set("command", Yaml::texts(["a", "b"]));
        assert_eq!(shown(made, &map([("command", list([text("c")]))]), "Container"), "command:\n- c\n");
    }
}
