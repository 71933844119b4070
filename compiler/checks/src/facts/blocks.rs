//! What apps and jobs say in Kubernetes' own words, block by block.

use model::kubernetes::Type;
use model::{App, Entity, Form, Job, Raw};
use source::Place;

use super::{Pod, near};

/// A block of fields of an object that hlc makes.
#[derive(Clone, Debug)]
pub(crate) struct Block<'a> {
    /// What it is called in the lab: `pod`.
    pub(crate) word: &'static str,
    /// What people call the object: `a pod`.
    pub(crate) object: &'static str,
    pub(crate) of: Type,
    pub(crate) said: &'a Raw,
}

/// Something that a block says, and where in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    /// The field or key that leads to it, if it is no element of a list.
    pub(crate) name: Option<&'a str>,
    /// What it is in.
    pub(crate) within: &'a Type,
    /// What it holds, unless Kubernetes has no such field.
    pub(crate) of: Option<&'a Type>,
    pub(crate) said: &'a Raw,
    pub(crate) place: &'a Place,
}

/// The blocks of an app or a job that say something.
pub(crate) fn blocks(entity: &Entity) -> Vec<Block<'_>> {
    let Some(pod) = Pod::of(entity) else { return Vec::new() };
    let block = |word, object, of: &str, said| Block { word, object, of: Type::object(of), said };
    let mut blocks = vec![
        block("pod", "a pod", "PodSpec", &pod.container.pod),
        block("container", "a container", "Container", &pod.container.fields),
    ];
    let beside = pod.container.beside.iter();
    blocks.extend(beside.map(|side| block("container", "a container", "Container", &side.container.fields)));
    let claims = pod.container.volumes.values();
    blocks.extend(claims.map(|volume| block("claim", "a claim", "PersistentVolumeClaimSpec", &volume.claim)));
    match entity {
        Entity::App(app) => {
            let App { deployment, form, service, ingresses, .. } = app.as_ref();
            let object = match form {
                Form::Deployment => "a Deployment",
                Form::DaemonSet => "a DaemonSet",
                Form::StatefulSet => "a StatefulSet",
            };
            blocks.push(block(form.word(), object, form.spec(), deployment));
            blocks.push(block("spec", "a Service", "ServiceSpec", &service.fields));
            let specs = ingresses.values();
            blocks.extend(specs.map(|ingress| block("spec", "an Ingress", "IngressSpec", &ingress.fields)));
        }
        Entity::Job(job) => {
            let Job { run_fields, schedule_fields, .. } = job.as_ref();
            blocks.push(block("job-spec", "a Job", "JobSpec", run_fields));
            blocks.push(block("cron-spec", "a CronJob", "CronJobSpec", schedule_fields));
        }
        _ => {}
    }
    blocks.retain(|block| !block.said.is_empty());
    blocks
}

impl Block<'_> {
    /// Shows `each` everything in it, what stands around something first.
    pub(crate) fn walk(&self, each: &mut impl FnMut(Part<'_>)) {
        walk(self.said, &self.of, each);
    }
}

fn walk(said: &Raw, of: &Type, each: &mut impl FnMut(Part<'_>)) {
    for (name, value) in said.entries() {
        let inner = of.field(name);
        let (said, place) = (&value.value, &value.place);
        each(Part { name: Some(name), within: of, of: inner, said, place });
        if let Some(inner) = inner {
            walk(said, inner, each);
        }
    }
    if let Type::List(inner, _) = of {
        for item in said.items() {
            each(Part { name: None, within: of, of: Some(inner), said: &item.value, place: &item.place });
            walk(&item.value, inner, each);
        }
    }
}

impl Part<'_> {
    /// Where it stands, or else the declaration at `owner`.
    pub(crate) fn near(&self, owner: &Place) -> Place {
        near(self.place, owner)
    }
}
