//! Objects of a job: a `CronJob`, or a Job that runs once.

use domain::Duration;
use model::kubernetes::Type;
use model::{Concurrency, DevicePlugin, Job};

use crate::hash::hash;
use crate::object::Object;
use crate::workload::Workload;
use crate::{mounts, pod, raw, rights};
use yaml::{MapBuilder, Yaml};

/// The objects of `job`.
pub(crate) fn objects(job: &Job, plugins: &[&DevicePlugin]) -> Vec<Object> {
    let workload = Workload::of_job(job, plugins);
    let mut objects = vec![match &job.schedule {
        Some(schedule) => cron_job(job, &workload, &schedule.to_string()),
        None => once(job, &workload),
    }];
    objects.extend(mounts::claims(&workload));
    objects.extend(mounts::config_map(&workload));
    objects.extend(workload.beside().filter_map(|side| mounts::config_map(&side)));
    objects.extend(rights::objects(&workload));
    objects
}

fn cron_job(job: &Job, workload: &Workload<'_>, schedule: &str) -> Object {
    let concurrency = match job.concurrency {
        Concurrency::Allow => "Allow",
        Concurrency::Forbid => "Forbid",
        Concurrency::Replace => "Replace",
    };
    let made = MapBuilder::new()
        .set("schedule", schedule)
        .set("timeZone", &job.timezone)
        .set("concurrencyPolicy", concurrency)
        .set_some("suspend", job.suspend.then_some(true))
        .set_some("startingDeadlineSeconds", job.late.map(seconds))
        .set("successfulJobsHistoryLimit", job.keep.0)
        .set("failedJobsHistoryLimit", job.keep.1)
        .set("jobTemplate", MapBuilder::new().set("spec", spec(job, workload)));
    let spec = raw::over(made, &job.schedule_fields, &Type::object("CronJobSpec"));
    Object::new("batch/v1", "CronJob", workload.metadata(), ("spec", spec))
}

/// A Job cannot be changed, so its name says what it does: a changed job is another one, and runs. It has no time to
/// live: gone, it would be made again, and run again.
fn once(job: &Job, workload: &Workload<'_>) -> Object {
    let spec = spec(job, workload);
    let name = format!("{}-{}", workload.name(), &hash([spec.print().as_str()])[..8]);
    Object::new("batch/v1", "Job", workload.metadata().named(name), ("spec", spec))
}

/// Failed pods are kept for their logs; a retry is a new pod.
fn spec(job: &Job, workload: &Workload<'_>) -> Yaml {
    let several = |count: u32| (count > 1).then_some(count);
    let made = MapBuilder::new()
        .set("backoffLimit", job.retries)
        .set_some("activeDeadlineSeconds", job.time_limit.map(|limit| seconds(limit).max(1)))
        .set_some("ttlSecondsAfterFinished", job.remove_after.map(seconds))
        .set_some("completions", several(job.completions).or(job.indexed.then_some(job.completions)))
        .set_some("parallelism", several(job.parallel))
        .set_some("completionMode", job.indexed.then_some("Indexed"))
        .set("template", pod::template(workload, Some("Never")));
    raw::over(made, &job.run_fields, &Type::object("JobSpec"))
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.seconds()).unwrap_or(i64::MAX)
}
