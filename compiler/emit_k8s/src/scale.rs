//! How many pods an app has as load asks for.

use model::{App, Scale};

use crate::object::Object;
use crate::workload::Workload;
use yaml::{MapBuilder, Yaml};

/// The autoscaler of an app, if it has one.
pub(crate) fn object(app: &App, workload: &Workload<'_>) -> Option<Object> {
    let Scale { min, max, cpu, memory } = &app.scale.as_ref()?.value;
    let target = MapBuilder::new()
        .set("apiVersion", "apps/v1")
        .set("kind", app.form.kind())
        .set("name", workload.name());
    let metrics = [("cpu", cpu), ("memory", memory)];
    let metrics = metrics.into_iter().filter_map(|(name, percent)| Some(metric(name, (*percent)?)));
    let spec = MapBuilder::new()
        .set("scaleTargetRef", target)
        .set("minReplicas", *min)
        .set("maxReplicas", *max)
        .set("metrics", metrics.collect::<Vec<Yaml>>());
    Some(Object::new("autoscaling/v2", "HorizontalPodAutoscaler", workload.metadata(), ("spec", spec)))
}

/// How much of what they ask for pods use, of one resource.
fn metric(name: &str, percent: u32) -> Yaml {
    let target = MapBuilder::new().set("type", "Utilization").set("averageUtilization", percent);
    let resource = MapBuilder::new().set("name", name).set("target", target);
    MapBuilder::new().set("type", "Resource").set("resource", resource).into()
}
