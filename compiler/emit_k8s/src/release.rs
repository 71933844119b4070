//! Somebody's chart: its values, in the open and encrypted.

use std::collections::BTreeMap;

use model::{Data, Release};

use crate::helmfile::{HelmChart, HelmRelease};
use crate::keys::Taken;
use crate::names::file_stem;
use crate::secrets::split;
use crate::{Emitted, header};
use yaml::Yaml;

/// The files of `release` in `folder`, and how the helmfile has it. File names differ from those in `taken`.
pub(crate) fn write(
    release: &Release,
    folder: &str,
    source: &str,
    taken: &mut Taken,
    emitted: &mut Emitted,
) -> HelmRelease {
    let placement = &release.placement;
    let long = format!("{}.{}", placement.name, placement.namespace);
    let stem = taken.free([file_stem(&placement.name), file_stem(&long)]);
    let (plain, secret) = split(&release.values);
    let values = plain.filter(|plain| !matches!(plain, Data::Null) && *plain != Data::Map(BTreeMap::new()));
    let plain = values.map(|plain| Yaml::from(&plain));
    let values = plain.clone().map(|plain| {
        let path = format!("values/{stem}.values.yaml");
        emitted.texts.insert(format!("{folder}/{path}"), plain.under(header(source)).print());
        path
    });
    let secrets = secret.map(|secret| {
        let path = format!("secrets/{stem}.values.secrets.yaml");
        emitted.secrets.insert(format!("{folder}/{path}"), secret);
        path
    });
    HelmRelease {
        name: placement.name.clone(),
        namespace: placement.namespace.clone(),
        namespace_exists: placement.namespace_exists,
        chart: HelmChart::Of(release.chart.clone()),
        values,
        plain,
        secrets,
        no_wait: !release.wait,
        wait_for_jobs: false,
        timeout: release.timeout,
        needs: Vec::new(),
        place: Some(placement.place.clone()),
    }
}
