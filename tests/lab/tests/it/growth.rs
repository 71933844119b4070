//! What it takes to add something to the lab.

use harness::kubeconform;
use harness::nix::NixosCheck;
use serde_json::json;

use crate::lab::{Written, build, edit, hosts, is_manifest, text};

const APP: &str = r#"
app paperless in automation {
  image = "ghcr.io/paperless-ngx/paperless-ngx:2.20.3"
  port http = 8000
  env { PAPERLESS_URL = web.url, PAPERLESS_SECRET_KEY = paperless-key }
  volume data { size = 20GiB, at = /usr/src/paperless/data }
  ingress web { host = "paperless.${lab.domain}", to = http }
  resources { cpu = 200m, memory = 1GiB }
}
secret paperless-key { generate = random(32) }
"#;

const HOST: &str = r#"
host homelab-2 : node(/dev/disk/by-id/nvme-WDC_PC_SN530_SDBPNPZ) {
  address = 192.168.1.12, host-key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICxMOLnr7gj6iCV4FL47CabWRkHUiwqHzD0z1wBUDDS0"
}
"#;

/// The lines of `new` that `old` does not have.
fn lines_added(old: &str, new: &str) -> usize {
    let mut old: Vec<&str> = old.lines().collect();
    let is_new = |line: &&str| match old.iter().position(|other| other == line) {
        Some(at) => {
            old.swap_remove(at);
            false
        }
        None => true,
    };
    new.lines().filter(|line| !line.is_empty()).filter(is_new).count()
}

#[test]
fn an_app_takes_ten_lines() {
    let more = format!("{}{}", text(), APP);
    assert!(lines_added(text(), &more) <= 10);
    let outputs = build(&more);
    let written = Written::new(&outputs);
    let problems = kubeconform::problems(&written.k8s(), is_manifest);
    assert!(problems.is_empty(), "{problems:#?}");
    for object in ["deployment", "service", "ingress"] {
        let path = format!("10_apps/paperless/manifests/{object}-paperless.yaml");
        assert!(outputs.k8s.contains_key(&path), "{path}");
    }
    assert!(
        outputs.k8s["10_apps/paperless/manifests/persistentvolumeclaim-paperless-data.yaml"].contains("20Gi")
    );
    let secrets = "k8s/10_apps/paperless/secrets/paperless.values.secrets.yaml";
    assert!(outputs.secrets.iter().any(|delivered| delivered.path == secrets));
    assert!(outputs.k8s["helmfile.yaml"].contains("10_apps/paperless/helmfile.yaml"));
    // Its name is known to Pi-hole without a word about it.
    let records = &outputs.k8s["03_ingress-dns/pihole/values/pihole.values.yaml"];
    assert!(records.contains("address=/paperless.home.example.net/192.168.1.200"), "{records}");
}

#[test]
fn a_host_takes_four_lines() {
    let agents = edit(text(), "agents = [homelab-1]", "agents = [homelab-1, homelab-2]");
    let more = format!("{agents}{HOST}");
    assert!(lines_added(text(), &more) <= 4);
    let outputs = build(&more);
    assert_eq!(hosts(&outputs.nixos), ["homelab-0", "homelab-1", "homelab-2"]);
    let written = Written::new(&outputs);
    let Some(check) = NixosCheck::find() else { return };
    for host in hosts(&outputs.nixos) {
        check.host(&written.nixos(), host, &[]).unwrap_or_else(|message| panic!("{host}: {message}"));
    }
    let asked = ["services.k3s.role", "services.k3s.serverAddr", "networking.firewall.allowedTCPPorts"];
    let values = check.host(&written.nixos(), "homelab-2", &asked).unwrap();
    assert_eq!(
        (&values[asked[0]], &values[asked[1]]),
        (&json!("agent"), &json!("https://192.168.1.10:6443"))
    );
    // The rest of the lab knows it.
    let records = &outputs.k8s["03_ingress-dns/pihole/values/pihole.values.yaml"];
    assert!(records.contains("address=/homelab-2.home.example.net/192.168.1.12"), "{records}");
    let collector =
        &outputs.k8s["04_monitoring/opentelemetry-collector/values/opentelemetry-collector.values.yaml"];
    assert!(collector.contains("192.168.1.12:9100"), "{collector}");
}
