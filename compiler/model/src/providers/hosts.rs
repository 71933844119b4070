//! The names that the ingresses of charts and of objects have.

use std::collections::BTreeSet;

use domain::Hostname;

use crate::Data;

/// The names at which something is reached that values of a chart, or the `spec` of an Ingress or of a route, give.
pub fn ingress_hosts(data: &Data) -> BTreeSet<Hostname> {
    let mut found = BTreeSet::new();
    if let Data::Map(fields) = data {
        // An object's own.
        let objects =
            |key: &str| if let Some(Data::List(all)) = fields.get(key) { all.as_slice() } else { &[] };
        found.extend(objects("rules").iter().filter_map(host_of));
        let rules = objects("routes").iter().filter_map(|route| route.text_at(&["match"]));
        found.extend(rules.flat_map(of_rule));
    }
    walk(data, &mut found);
    found
}

fn walk(data: &Data, found: &mut BTreeSet<Hostname>) {
    match data {
        Data::List(all) => all.iter().for_each(|one| walk(one, found)),
        Data::Map(all) => {
            let is_on = all.get("enabled") == Some(&Data::Bool(true));
            if let Some(Data::Text(rule)) = all.get("matchRule").filter(|_| is_on) {
                found.extend(of_rule(rule));
            }
            for (key, value) in all {
                if key == "ingress" && value.at(&["enabled"]) == Some(&Data::Bool(true)) {
                    found.extend(named(value));
                }
                walk(value, found);
            }
        }
        _ => {}
    }
}

/// The names of an `ingress` of values.
pub fn named(ingress: &Data) -> BTreeSet<Hostname> {
    let one = ["hostname", "host"].into_iter().filter_map(|key| parsed(ingress.text_at(&[key])?));
    let lists = ["hosts", "extraHosts", "additionalHosts"].into_iter().filter_map(|key| ingress.at(&[key]));
    let lists = lists.flat_map(|list| if let Data::List(all) = list { all.as_slice() } else { &[] });
    one.chain(lists.filter_map(host_of)).collect()
}

/// A name, alone or with more about it.
fn host_of(data: &Data) -> Option<Hostname> {
    match data {
        Data::Text(text) => parsed(text),
        _ => ["host", "name"].into_iter().find_map(|key| parsed(data.text_at(&[key])?)),
    }
}

fn parsed(text: &str) -> Option<Hostname> {
    Hostname::parse(text).ok().filter(|_| text.contains('.'))
}

/// The names in a rule of Traefik: ``Host(`a.example.net`) || Host(`b.example.net`)``.
fn of_rule(rule: &str) -> impl Iterator<Item = Hostname> {
    let arguments = rule.split("Host(").skip(1).filter_map(|rest| rest.split(')').next());
    arguments.flat_map(|list| list.split(',')).filter_map(|one| parsed(one.trim().trim_matches(['`', '"'])))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn map<const N: usize>(entries: [(&str, Data); N]) -> Data {
        Data::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<BTreeMap<_, _>>())
    }

    fn text(text: &str) -> Data {
        Data::Text(text.to_owned())
    }

    fn found(data: &Data) -> Vec<String> {
        ingress_hosts(data).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn charts_say_names_in_many_ways() {
        let on = || ("enabled", Data::Bool(true));
        let ways = [
            map([("ingress", map([on(), ("hostname", text("a.example.net"))]))]),
            map([("ingress", map([on(), ("host", text("a.example.net"))]))]),
            map([("ingress", map([on(), ("hosts", Data::List(vec![text("a.example.net")]))]))]),
            map([(
                "ingress",
                map([on(), ("hosts", Data::List(vec![map([("host", text("a.example.net"))])]))]),
            )]),
            map([("server", map([("ingress", map([on(), ("hostname", text("a.example.net"))]))]))]),
            map([("dashboard", map([on(), ("matchRule", text("Host(`a.example.net`) && Path(`/x`)"))]))]),
            map([("rules", Data::List(vec![map([("host", text("a.example.net"))])]))]),
            map([("routes", Data::List(vec![map([("match", text("Host(`a.example.net`)"))])]))]),
        ];
        for way in ways {
            assert_eq!(found(&way), ["a.example.net"], "{way:?}");
        }
        let off = map([("ingress", map([("enabled", Data::Bool(false)), ("host", text("a.example.net"))]))]);
        assert_eq!(found(&off), [""; 0]);
        let two = map([(
            "routes",
            Data::List(vec![map([("match", text("Host(`a.net`) || Host(`b.net`, `c.net`)"))])]),
        )]);
        assert_eq!(found(&two), ["a.net", "b.net", "c.net"]);
    }
}
