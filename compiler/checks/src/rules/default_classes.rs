//! Classes that are taken where none is said: who makes one of them the default.

use diagnostics::{Problem, Rule};
use model::Part;
use model::providers::part_of_k3s;
use source::Place;

use super::collision;
use crate::facts::ClassSort;
use crate::lab::Lab;

/// A default class, who makes it so, and where that is declared.
type Default<'a> = (&'a str, String, &'a Place);

/// Two default classes of a sort, if there are: what is wrong, for the rule that says why.
pub(super) fn two_defaults(
    lab: &Lab<'_>,
    sort: ClassSort,
    rule: &'static Rule,
    what: &str,
) -> Option<Problem> {
    let all = defaults(lab, sort);
    let first = all.first()?;
    let second = all.iter().find(|other| other.0 != first.0)?;
    let message = format!(
        "'{}' of {} and '{}' of {} are both the default class of {what}",
        first.0, first.1, second.0, second.1
    );
    let said = |one: &Default<'_>| format!("{} makes '{}' the default", one.1, one.0);
    Some(collision(rule, message, (first.2, said(first)), (second.2, said(second))))
}

/// The default classes of a sort: of k3s, of charts and of objects.
fn defaults<'a>(lab: &Lab<'a>, sort: ClassSort) -> Vec<Default<'a>> {
    // What takes the place of a part is said to do the same as that, and is no second one.
    let is_replaced =
        |part: Part| lab.releases.iter().any(|release| part_of_k3s(&release.chart) == Some(part));
    let cluster = lab.clusters.first();
    let kept = Part::ALL.into_iter().filter(|part| lab.without(*part).is_none() && !is_replaced(*part));
    let own = kept.filter_map(|part| Some((sort.of_k3s(part)?, "k3s itself".to_owned(), &cluster?.place)));
    let charts = lab.releases.iter().filter_map(|release| {
        let class = sort.of_release(release).default.as_deref()?;
        Some((class, release.shown(), &release.placement.place))
    });
    let objects = lab.manifests.iter().filter_map(|manifest| {
        let class = sort.of_manifest(manifest)?.default.as_deref()?;
        Some((class, format!("manifest '{}'", manifest.placement.name), &manifest.placement.place))
    });
    own.chain(charts).chain(objects).collect()
}
