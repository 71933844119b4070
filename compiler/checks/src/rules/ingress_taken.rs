//! `ingress-taken`: a name and path under which two are reached.

use diagnostics::{Problem, declare_rule};

use super::owner::Owner;
use super::{collision, repeated};
use crate::facts::IngressFact;
use crate::lab::Lab;

declare_rule! { pub INGRESS_TAKEN, "ingress-taken", error, since "0.1", "a name and path under which two are reached", page "ingress_taken.md" }

/// Looks for ingresses of one class with the same name and path.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let apps = lab.workloads.iter().map(|work| (Owner::Workload(work), &work.ingresses));
    let releases = lab.releases.iter().map(|release| (Owner::Release(release), &release.ingresses));
    let owned = apps
        .chain(releases)
        .flat_map(|(owner, ingresses)| ingresses.iter().map(move |ingress| (owner, ingress)));
    let keyed = owned.map(|one| ((&one.1.class, &one.1.host.value, path(one.1)), one));
    // A chart may say the same name at several places.
    let shown = |one: (Owner<'_>, _)| (one.0.shown(), one.1);
    let shown = repeated(keyed).into_iter().map(|(first, later)| (shown(first), shown(later)));
    let taken = shown.filter(|(first, later)| first.0 != later.0 || later.1.object.is_some());
    taken.map(|(first, later)| ingress_taken(&first, &later)).collect()
}

/// A prefix means the same with a slash at its end and without.
fn path(ingress: &IngressFact) -> &str {
    ingress.path.trim_end_matches('/')
}

/// `later` would be reached as `first` is.
fn ingress_taken(first: &(String, &IngressFact), later: &(String, &IngressFact)) -> Problem {
    let ingress = later.1;
    let name = format!("{}{}", ingress.host.value, path(ingress));
    let message = if first.0 == later.0 {
        format!("{} has two ingresses for '{name}'", later.0)
    } else {
        format!("{} is reached at '{name}', where {} is already", later.0, first.0)
    };
    collision(
        &INGRESS_TAKEN,
        message,
        (&first.1.host.place, format!("{} is reached there", first.0)),
        (&ingress.host.place, format!("{} too", later.0)),
    )
    .help("give each a 'host' of its own, or a 'path'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, ingress, messages, release};
    use model::{Data, Entity};
    use std::collections::BTreeMap;

    fn lab(host: &str, path: &str, class: Option<&str>) -> Vec<Entity> {
        let (mut one, mut two) = (app("one", "media"), app("two", "media"));
        one.ingresses.insert("web".into(), ingress("a.home.example.net", "/x"));
        let mut second = ingress(host, path);
        second.class = class.map(str::to_owned);
        two.ingresses.insert("web".into(), second);
        vec![one.into_entity(), two.into_entity()]
    }

    #[test]
    fn one_is_reached_at_a_name_and_path() {
        assert_eq!(
            messages(&INGRESS_TAKEN, &lab("a.home.example.net", "/x/", None)),
            ["app 'two' is reached at 'a.home.example.net/x', where app 'one' is already"]
        );
        assert_eq!(messages(&INGRESS_TAKEN, &lab("a.home.example.net", "/y", None)), [""; 0]);
        assert_eq!(messages(&INGRESS_TAKEN, &lab("b.home.example.net", "/x", None)), [""; 0]);
        assert_eq!(messages(&INGRESS_TAKEN, &lab("a.home.example.net", "/x", Some("inner"))), [""; 0]);
    }

    #[test]
    fn charts_are_reached_too() {
        let mut chart = release("pihole", "dns", "pihole");
        let hosts = Data::List(vec![Data::Text("b.home.example.net".into())]);
        let ingress = BTreeMap::from([("enabled".into(), Data::Bool(true)), ("hosts".into(), hosts)]);
        chart.values = Data::Map(BTreeMap::from([("ingress".into(), Data::Map(ingress))]));
        let mut lab = lab("b.home.example.net", "/", None);
        lab.push(chart.into_entity());
        assert_eq!(
            messages(&INGRESS_TAKEN, &lab),
            ["release 'pihole' is reached at 'b.home.example.net', where app 'two' is already"]
        );
    }
}
