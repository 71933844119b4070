//! The standard library, written in HL.
//!
//! The files are embedded as they are, so that an error or a jump to a definition lands in real text. Their paths
//! begin with `std/`; `std/apps/pihole.hl` is imported as `std.apps.pihole`.

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$((concat!("std/", $path), include_str!($path))),*]
    };
}

/// All files, path and text, sorted by path.
pub const FILES: &[(&str, &str)] = files![
    "apps/argo-application.hl",
    "apps/argo-cd.hl",
    "apps/backup.hl",
    "apps/cert-manager.hl",
    "apps/cloudnative-pg.hl",
    "apps/external-dns.hl",
    "apps/grafana-dashboards.hl",
    "apps/influxdb.hl",
    "apps/ingress-route.hl",
    "apps/kube-vip-cloud-provider.hl",
    "apps/kube-vip.hl",
    "apps/longhorn.hl",
    "apps/metallb.hl",
    "apps/middleware.hl",
    "apps/n8n.hl",
    "apps/nfs-storage.hl",
    "apps/ollama.hl",
    "apps/open-webui.hl",
    "apps/opentelemetry-collector.hl",
    "apps/pihole.hl",
    "apps/postgresql.hl",
    "apps/redis.hl",
    "apps/smarter-device-manager.hl",
    "apps/stash.hl",
    "apps/traefik.hl",
    "core/app.hl",
    "core/cluster.hl",
    "core/component.hl",
    "core/host.hl",
    "core/ingress.hl",
    "core/job.hl",
    "core/lab.hl",
    "core/network.hl",
    "core/place.hl",
    "core/release.hl",
    "core/secret.hl",
    "core/workload.hl",
];

/// The page that has labs with all kinds, which the tests run.
pub const EXAMPLES: &str = include_str!("../docs/standard-library.md");

/// The text of a file, by its path.
pub fn text(path: &str) -> Option<&'static str> {
    let at = FILES.binary_search_by_key(&path, |(path, _)| path).ok()?;
    Some(FILES[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_sorted_so_that_they_are_found() {
        assert!(FILES.is_sorted_by_key(|(path, _)| path));
        assert!(text("std/core/lab.hl").is_some_and(|text| text.contains("kind lab")));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test looks into the folders")]
    fn every_file_of_the_folder_is_listed() {
        let mut found = Vec::new();
        for folder in ["apps", "core"] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            for entry in std::fs::read_dir(path).expect("the folder is there") {
                let name = entry.expect("an entry").file_name().into_string().expect("a plain name");
                found.push(format!("std/{folder}/{name}"));
            }
        }
        found.sort();
        let listed: Vec<&str> = FILES.iter().map(|(path, _)| *path).collect();
        assert_eq!(found, listed);
    }
}
