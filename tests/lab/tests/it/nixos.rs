//! What the real Nix makes of the hosts.

use std::fs;

use harness::nix::{NixosCheck, parse};
use serde_json::{Value, json};

use crate::lab::{Written, build, edit, hosts, line_of, outputs, text};

/// Evaluated hosts.
struct Nixos {
    check: NixosCheck,
    written: Written,
}

impl Nixos {
    #[track_caller]
    fn new(outputs: &driver::Outputs) -> Option<Self> {
        Some(Self { check: NixosCheck::find()?, written: Written::new(outputs) })
    }

    fn try_host(&self, host: &str, options: &[&str]) -> Result<Value, String> {
        self.check.host(&self.written.nixos(), host, options)
    }

    #[track_caller]
    fn host(&self, host: &str, options: &[&str]) -> Value {
        self.try_host(host, options).unwrap_or_else(|message| panic!("{host}: {message}"))
    }

    #[track_caller]
    fn option(&self, host: &str, option: &str) -> Value {
        self.host(host, &[option])[option].clone()
    }
}

/// The reference lab with three servers: two hosts more, and the first agent stays one.
pub(crate) fn three_servers() -> String {
    let mut text = edit(text(), "servers = [homelab-0]", "servers = [homelab-0, homelab-2, homelab-3]");
    for n in [2, 3] {
        let host = format!(
            "
host homelab-{n} : node(/dev/disk/by-id/nvme-{n}) {{
  address   = 192.168.1.1{n}
  interface = \"eno{n}\"
  host-key  = \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICxMOLnr7gj6iCV4FL47CabWRkHUiwqHzD0z1wBUDDS0\"
  labels    = {{ \"homelab/small\" = \"yes\" }}
}}
"
        );
        text.push_str(&host);
    }
    text
}

#[test]
fn every_file_parses() {
    for outputs in [outputs(), &build(&three_servers())] {
        let written = Written::new(outputs);
        for path in outputs.nixos.keys().filter(|path| *path != ".sops.yaml") {
            parse(&written.nixos().join(path)).unwrap_or_else(|message| panic!("{path}: {message}"));
        }
    }
}

#[test]
fn the_flake_has_its_inputs() {
    let flake = &outputs().nixos["flake.nix"];
    for input in [
        "nixpkgs.url = \"github:NixOS/nixpkgs/nixos-25.11\"",
        "url = \"github:Mic92/sops-nix\"",
        "url = \"github:nix-community/disko\"",
    ] {
        assert!(flake.contains(input), "{input}");
    }
    assert_eq!(hosts(&outputs().nixos), ["homelab-0", "homelab-1"]);
}

#[test]
fn one_server_serves_and_the_other_host_joins_it() {
    let Some(nixos) = Nixos::new(outputs()) else { return };
    let server = nixos.option("homelab-0", "services.k3s");
    assert_eq!((&server["enable"], &server["role"]), (&json!(true), &json!("server")));
    assert_eq!((&server["clusterInit"], &server["serverAddr"]), (&json!(false), &json!("")));
    assert_eq!(server["tokenFile"], "/run/secrets/k3s-token");
    assert_eq!(server["disable"], json!(["traefik", "servicelb"]));
    assert_eq!(server["nodeIP"], "192.168.1.10");
    let flags = texts(&server["extraFlags"]);
    for flag in [
        "--tls-san=192.168.1.20",
        "--tls-san=k3s.home.example.net",
        "--tls-san=192.168.1.10",
        "--cluster-cidr=10.42.0.0/16",
        "--service-cidr=10.43.0.0/16",
        "--flannel-iface=eno1",
    ] {
        assert!(flags.contains(&flag), "{flag} is not among {flags:?}");
    }

    let agent = nixos.option("homelab-1", "services.k3s");
    assert_eq!((&agent["enable"], &agent["role"]), (&json!(true), &json!("agent")));
    assert_eq!(agent["serverAddr"], "https://192.168.1.10:6443");
    assert_eq!(
        (&agent["tokenFile"], &agent["clusterInit"]),
        (&json!("/run/secrets/k3s-token"), &json!(false))
    );
    assert_eq!(agent["nodeIP"], "192.168.1.11");
    assert_eq!((&agent["disable"], &agent["extraFlags"]), (&json!([]), &json!(["--flannel-iface=enp3s0"])));
}

#[test]
fn of_three_servers_the_first_starts_the_cluster() {
    let Some(nixos) = Nixos::new(&build(&three_servers())) else { return };
    let k3s = |host| nixos.option(host, "services.k3s");
    let first = k3s("homelab-0");
    assert_eq!((&first["clusterInit"], &first["serverAddr"]), (&json!(true), &json!("")));
    for host in ["homelab-2", "homelab-3"] {
        let other = k3s(host);
        assert_eq!((&other["role"], &other["clusterInit"]), (&json!("server"), &json!(false)));
        assert_eq!(other["serverAddr"], "https://192.168.1.10:6443");
        assert_eq!(other["nodeLabel"], json!(["homelab/small=yes"]));
        // k3s refuses servers that differ in flags of the cluster.
        let shared = |k3s: &Value| {
            let flags = texts(&k3s["extraFlags"]).into_iter().filter(|flag| !flag.contains("flannel-iface"));
            flags.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(shared(&first), shared(&other));
        assert!(shared(&other).contains(&"--tls-san=192.168.1.13".to_owned()));
        // etcd: servers talk to each other.
        let ports = format!("networking.firewall.interfaces.eno{}.allowedTCPPorts", &host[8..]);
        assert_eq!(nixos.option(host, &ports), json!([2379, 2380, 6443, 10250]));
    }
    assert_eq!(k3s("homelab-1")["role"], "agent");
}

#[test]
fn hosts_have_addresses_ports_packages_and_a_time_zone() {
    let Some(nixos) = Nixos::new(outputs()) else { return };
    for (host, interface, address, ports) in [
        ("homelab-0", "eno1", "192.168.1.10", json!([6443, 10250])),
        ("homelab-1", "enp3s0", "192.168.1.11", json!([10250])),
    ] {
        let firewall = "networking.firewall.interfaces";
        let asked = [
            "networking.hostName",
            "networking.domain",
            "time.timeZone",
            "networking.firewall.allowedTCPPorts",
            firewall,
            "systemd.network.networks.\"10-lan\"",
            "boot.kernel.sysctl.\"fs.inotify.max_user_watches\"",
            "services.prometheus.exporters.node.port",
            "environment.systemPackages",
        ];
        let values = nixos.host(host, &asked);
        assert_eq!(values[asked[0]], host);
        assert_eq!(
            (&values[asked[1]], &values[asked[2]]),
            (&json!("home.example.net"), &json!("Europe/Lisbon"))
        );
        // openssh opens its own port in its own module, which is not here.
        assert!(values[asked[3]].as_array().is_some_and(|open| open.contains(&json!(9100))), "{values}");
        assert_eq!(values[firewall][interface]["allowedTCPPorts"], ports);
        assert_eq!(values[firewall][interface]["allowedUDPPorts"], json!([8472]));
        let network = &values[asked[5]];
        assert_eq!(network["address"], json!([format!("{address}/24")]));
        assert_eq!(
            (&network["gateway"], &network["dns"]),
            (&json!(["192.168.1.1"]), &json!(["192.168.1.201", "9.9.9.9"]))
        );
        assert_eq!((&values[asked[6]], &values[asked[7]]), (&json!(524_288), &json!(9100)));
        for package in ["git", "htop", "neovim", "usbutils"] {
            assert!(values[asked[8]].to_string().contains(package), "{package}: {}", values[asked[8]]);
        }
    }
}

#[test]
fn people_have_accounts_keys_and_passwords() {
    let Some(nixos) = Nixos::new(outputs()) else { return };
    for host in ["homelab-0", "homelab-1"] {
        let values = nixos.host(host, &["users.users", "programs.fish.enable", "sops.secrets"]);
        let ana = &values["users.users"]["ana"];
        assert_eq!((&ana["isNormalUser"], &ana["extraGroups"]), (&json!(true), &json!(["wheel"])));
        assert_eq!(ana["description"], "Ana");
        let keys = json!([
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA ana@laptop"
        ]);
        assert_eq!(ana["openssh"]["authorizedKeys"]["keys"], keys);
        assert_eq!(ana["hashedPasswordFile"], "/run/secrets-for-users/ana-password");
        assert_eq!(values["programs.fish.enable"], json!(true));
        let secrets: Vec<&String> = values["sops.secrets"].as_object().unwrap().keys().collect();
        let backup = ["backup-password", "backup-storage"];
        let mut expected = vec!["ana-password", "k3s-token"];
        expected.extend(backup.iter().filter(|_| host == "homelab-1"));
        expected.sort_unstable();
        assert_eq!(secrets, expected);
        assert_eq!(values["sops.secrets"]["k3s-token"]["restartUnits"], json!(["k3s.service"]));
        for name in backup.iter().filter(|_| host == "homelab-1") {
            let secret = &values["sops.secrets"][name];
            assert_eq!((&secret["group"], &secret["mode"]), (&json!("wheel"), &json!("0440")));
        }
        let rui = values["users.users"].get("rui");
        assert_eq!(rui.is_some_and(|rui| rui["isNormalUser"] == true), host == "homelab-1");
    }
}

#[test]
fn disks_are_where_the_lab_says() {
    let Some(nixos) = Nixos::new(outputs()) else { return };
    let systems = ["fileSystems.\"/\".fsType", "fileSystems.\"/boot\".fsType", "swapDevices"];
    for host in ["homelab-0", "homelab-1"] {
        let values = nixos.host(host, &systems);
        assert_eq!((&values[systems[0]], &values[systems[1]]), (&json!("btrfs"), &json!("vfat")));
        assert_eq!(values[systems[2]].as_array().map(Vec::len), Some(1));
    }
    let storage = nixos.option("homelab-1", "fileSystems.\"/var/lib/rancher/k3s/storage\"");
    assert_eq!(storage["fsType"], "ext4");
}

#[test]
fn files_of_ones_own_are_used_where_they_are() {
    let Some(nixos) = Nixos::new(outputs()) else { return };
    let own = |host: &str, file: &str, text: &str| {
        fs::write(nixos.written.nixos().join(format!("hosts/{host}/{file}")), text).unwrap();
    };
    own("homelab-0", "hardware-configuration.nix", "{ boot.initrd.availableKernelModules = [ \"nvme\" ]; }");
    own("homelab-0", "local.nix", "{ boot.tmp.cleanOnBoot = true; }");
    let asked = ["boot.tmp.cleanOnBoot", "boot.initrd.availableKernelModules"];
    let here = nixos.host("homelab-0", &asked);
    assert_eq!(here[asked[0]], json!(true));
    assert!(here[asked[1]].as_array().unwrap().contains(&json!("nvme")), "{here}");
    assert_eq!(nixos.option("homelab-1", asked[0]), json!(false));
}

#[test]
fn a_mistake_in_a_nixos_block_is_reported_where_it_is_written() {
    let line = "    services.openssh.settings.PasswordAuthentication = false\n";
    for (wrong, says) in [
        ("services.openssh.enabled = true", "services.openssh.enabled"),
        ("services.openssh.startWhenNeeded = \"yes\"", "services.openssh.startWhenNeeded"),
    ] {
        let text = edit(text(), line, &format!("{line}    {wrong}\n"));
        let Some(nixos) = Nixos::new(&build(&text)) else { return };
        for host in ["homelab-0", "homelab-1"] {
            let message = nixos.try_host(host, &[]).expect_err(wrong);
            let place = format!("`homelab.hl:{}'", line_of(&text, wrong));
            assert!(message.contains(says) && message.contains(&place), "{place}: {message}");
        }
    }
    // In a block of one host, only that host is wrong.
    let own = "  interface = \"enp3s0\"";
    let text = edit(text(), own, &format!("  nixos {{\n    boot.tmp.cleanOnBot = true\n  }}\n{own}"));
    let nixos = Nixos::new(&build(&text)).unwrap();
    let message = nixos.try_host("homelab-1", &[]).expect_err("a misspelt option");
    assert!(message.contains(&format!("`homelab.hl:{}'", line_of(&text, "cleanOnBot"))), "{message}");
    nixos.host("homelab-0", &[]);
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
