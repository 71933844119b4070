//! What is said of how pods are placed, look up names and end.

use model::{Arch, Data, Job};

use super::{Clashes, Word, text};
use crate::facts::Pod;

pub(super) fn compare(of: &Pod<'_>, clashes: &mut Clashes<'_>) {
    let (words, said) = (of.container, &of.container.pod);
    let settings = &words.settings;
    if let Some(account) = &settings.account {
        clashes.compare(&Word::new("account"), said.at(&["serviceAccountName"]), &text(account));
    } else if settings.has_rights() {
        let own = text(&of.placement.name);
        clashes.compare(&Word::new("rights"), said.at(&["serviceAccountName"]), &own);
    }
    if settings.has_account() {
        let found = said.at(&["automountServiceAccountToken"]);
        clashes.compare(&Word::new("rights"), found, &Data::Bool(true));
    }
    if let Some(grace) = settings.grace {
        let seconds = i64::try_from(grace.seconds()).unwrap_or(i64::MAX);
        let found = said.at(&["terminationGracePeriodSeconds"]);
        clashes.compare(&Word::new("grace"), found, &Data::Int(seconds));
    }
    if settings.service_links {
        let found = said.at(&["enableServiceLinks"]);
        clashes.compare(&Word::new("service-links"), found, &Data::Bool(true));
    }
    replaced(of, clashes);
    placing(of, clashes);
}

/// Lists that would take the place of what is made.
fn replaced(of: &Pod<'_>, clashes: &mut Clashes<'_>) {
    let (words, said) = (of.container, &of.container.pod);
    let (settings, placing) = (&words.settings, &words.placing);
    let beside = "requiredDuringSchedulingIgnoredDuringExecution";
    let lists: [(&str, bool, &[&str]); 5] = [
        ("groups", !settings.groups.is_empty(), &["securityContext", "supplementalGroups"]),
        ("dns-settings.servers", !settings.dns.servers.is_empty(), &["dnsConfig", "nameservers"]),
        ("dns-settings.search", !settings.dns.search.is_empty(), &["dnsConfig", "searches"]),
        ("near", !placing.near.is_empty(), &["affinity", "podAffinity", beside]),
        ("apart", !placing.apart.is_empty(), &["affinity", "podAntiAffinity", beside]),
    ];
    for (word, is_said, path) in lists {
        if let Some(found) = said.at(path).filter(|_| is_said) {
            clashes.add(&Word::new(word), found);
        }
    }
}

fn placing(of: &Pod<'_>, clashes: &mut Clashes<'_>) {
    let (placing, said) = (&of.container.placing, &of.container.pod);
    if let Some(arch) = &placing.arch {
        let value = match arch.value {
            Arch::X86_64 => "amd64",
            Arch::Aarch64 => "arm64",
        };
        let found = said.at(&["nodeSelector", "kubernetes.io/arch"]);
        clashes.compare(&Word::at("arch", &arch.place), found, &text(value));
    }
    for feature in &placing.features {
        let (key, value) = &feature.value;
        let found = said.at(&["nodeSelector", key]);
        clashes.compare(&Word::at("features", &feature.place), found, &text(value));
    }
}

/// What is said of a job's runs and their schedule.
pub(super) fn compare_job(job: &Job, clashes: &mut Clashes<'_>) {
    let (run, schedule) = (&job.run_fields, &job.schedule_fields);
    let seconds = |time: domain::Duration| Data::Int(i64::try_from(time.seconds()).unwrap_or(i64::MAX));
    let several = |count: u32| (count > 1).then(|| Data::Int(count.into()));
    let kept = |count: u32| (count != 3).then(|| Data::Int(count.into()));
    let own = [
        ("remove-after", run.at(&["ttlSecondsAfterFinished"]), job.remove_after.map(seconds)),
        ("completions", run.at(&["completions"]), several(job.completions)),
        ("parallel", run.at(&["parallelism"]), several(job.parallel)),
        ("indexed", run.at(&["completionMode"]), job.indexed.then(|| text("Indexed"))),
        ("timezone", schedule.at(&["timeZone"]), job.own_timezone.as_ref().map(|zone| text(&zone.value))),
        ("late", schedule.at(&["startingDeadlineSeconds"]), job.late.map(seconds)),
        ("keep.succeeded", schedule.at(&["successfulJobsHistoryLimit"]), kept(job.keep.0)),
        ("keep.failed", schedule.at(&["failedJobsHistoryLimit"]), kept(job.keep.1)),
    ];
    for (word, found, expected) in own {
        if let Some(expected) = expected {
            clashes.compare(&Word::new(word), found, &expected);
        }
    }
}
