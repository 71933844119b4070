//! Objects of a job: a `CronJob`, or a Job that runs once.

use model::kubernetes::Type;
use model::{Concurrency, DevicePlugin, Job};

use crate::hash::hash;
use crate::object::Object;
use crate::workload::Workload;
use crate::{mounts, pod, raw};
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
        .set("successfulJobsHistoryLimit", 3_i64)
        .set("failedJobsHistoryLimit", 3_i64)
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
    let limit = job.time_limit.map(|limit| i64::try_from(limit.seconds().max(1)).unwrap_or(i64::MAX));
    let made = MapBuilder::new()
        .set("backoffLimit", job.retries)
        .set_some("activeDeadlineSeconds", limit)
        .set("template", pod::template(workload, Some("Never")));
    raw::over(made, &job.run_fields, &Type::object("JobSpec"))
}
