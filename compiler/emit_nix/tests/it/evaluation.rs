//! The real Nix parses and evaluates what is written.

use std::fs;
use std::path::Path;
use std::process::Command;

use harness::nix::{NixosCheck, parse};
use harness::outcome::Outcome;
use harness::tools;
use model::{Arch, At, Data, Layout, host_secrets};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::labs::{Whole, disk, host_with_age_key, one_host, option, place, three_servers, two_hosts};

/// The value of a file that needs nothing.
pub(crate) fn nix_eval(file: &Path) -> Result<Value, String> {
    let mut nix: Command = tools::command("nix-instantiate");
    let outcome =
        Outcome::of(nix.args(["--eval", "--strict", "--json"]).env("NIX_REMOTE", "dummy://").arg(file));
    if outcome.ok {
        Ok(serde_json::from_str(&outcome.stdout).expect("Nix prints JSON"))
    } else {
        Err(outcome.stderr)
    }
}

/// The lab's files in a folder, with something in place of its secrets.
fn written(whole: &Whole) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in whole.files() {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    for host in &whole.hosts {
        let users: Vec<_> = whole.users.iter().filter(|user| host.users.contains(&user.name)).collect();
        for secret in host_secrets(host, &users, whole.cluster.as_ref()).values() {
            let path = folder.path().join(secret.store(&host.name));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "k3s-token: ENC[placeholder]\n").unwrap();
        }
    }
    folder
}

/// Evaluates hosts, and knows to say when that is not possible here.
struct Evaluated {
    check: NixosCheck,
    whole: Whole,
    folder: TempDir,
}

impl Evaluated {
    fn new(whole: Whole) -> Option<Self> {
        let check = NixosCheck::find()?;
        let folder = written(&whole);
        Some(Self { check, whole, folder })
    }

    /// The values of options of one host; an error is Nix's message.
    fn try_host(&self, host: &str, options: &[&str]) -> Result<Value, String> {
        self.check.host(self.folder.path(), host, options)
    }

    #[track_caller]
    fn host(&self, host: &str, options: &[&str]) -> Value {
        self.try_host(host, options).unwrap_or_else(|message| panic!("{message}"))
    }

    #[track_caller]
    fn k3s(&self, host: &str) -> Value {
        self.host(host, &["services.k3s"])["services.k3s"].clone()
    }
}

#[test]
fn every_file_parses() {
    for whole in [two_hosts(), three_servers(), one_host(), host_with_age_key()] {
        let folder = written(&whole);
        for path in whole.files().keys() {
            parse(&folder.path().join(path)).unwrap_or_else(|message| panic!("{path}: {message}"));
        }
    }
}

#[test]
fn every_host_evaluates() {
    for whole in [two_hosts(), three_servers(), one_host(), host_with_age_key()] {
        let Some(lab) = Evaluated::new(whole) else { return };
        for host in &lab.whole.hosts {
            assert_eq!(lab.host(&host.name, &[])["networking.hostName"], json!(host.name));
        }
    }
}

#[test]
fn secrets_are_decrypted_from_the_hosts_own_files() {
    let Some(lab) = Evaluated::new(two_hosts()) else { return };
    let values = lab.host("homelab-0", &["sops.secrets", "sops.age.sshKeyPaths", "sops.defaultSopsFile"]);
    let secrets = &values["sops.secrets"];
    let names: Vec<&String> = secrets.as_object().unwrap().keys().collect();
    assert_eq!(names, ["ben-password", "k3s-token", "keytab", "wifi"]);
    let of = |name: &str, keys: [&str; 4]| keys.map(|key| secrets[name][key].clone());
    assert_eq!(
        of("wifi", ["owner", "group", "mode", "restartUnits"]),
        [json!("ana"), json!("wheel"), json!("0440"), json!(["wpa_supplicant.service"])]
    );
    assert_eq!(
        of("keytab", ["format", "owner", "mode", "path"]),
        [json!("binary"), json!("ana"), json!("0400"), json!("/run/secrets/keytab")]
    );
    assert!(secrets["keytab"]["sopsFile"].as_str().unwrap().ends_with("secrets/homelab-0/keytab.bin"));
    assert!(secrets["wifi"]["sopsFile"].as_str().unwrap().ends_with("secrets/homelab-0.yaml"));
    assert_eq!(values["sops.age.sshKeyPaths"], json!(["/etc/ssh/ssh_host_ed25519_key"]));
}

#[test]
fn a_host_may_have_an_age_key() {
    let Some(lab) = Evaluated::new(host_with_age_key()) else { return };
    let values = lab.host("box", &["sops.age.keyFile", "sops.age.sshKeyPaths"]);
    assert_eq!(values["sops.age.keyFile"], json!("/var/lib/sops-nix/key.txt"));
    assert_eq!(values["sops.age.sshKeyPaths"], json!([]));
}

#[test]
fn one_server_keeps_its_state_without_etcd_and_agents_join_it() {
    let Some(lab) = Evaluated::new(two_hosts()) else { return };
    let server = lab.k3s("homelab-0");
    assert_eq!(
        (&server["role"], &server["clusterInit"], &server["serverAddr"]),
        (&json!("server"), &json!(false), &json!(""))
    );
    assert_eq!(server["disable"], json!(["traefik", "servicelb"]));

    let agent = lab.k3s("homelab-1");
    assert_eq!(agent["role"], json!("agent"));
    assert_eq!(agent["serverAddr"], json!("https://192.168.1.10:6443"));
    assert_eq!(agent["extraFlags"], json!(["--kubelet-arg=max-pods=200"]));
    assert_eq!((&agent["disable"], &agent["nodeLabel"]), (&json!([]), &json!(["homelab/gpu=none"])));
    assert_eq!(agent["tokenFile"], json!("/run/secrets/k3s-token"));
}

#[test]
fn of_three_servers_one_starts_and_the_others_join_it() {
    let Some(lab) = Evaluated::new(three_servers()) else { return };
    let servers = ["node-0", "node-1", "node-2"].map(|host| lab.k3s(host));
    let of = |key: &str| servers.each_ref().map(|server| server[key].clone());
    assert_eq!(of("clusterInit"), [json!(true), json!(false), json!(false)]);
    assert_eq!(
        of("serverAddr"),
        [json!(""), json!("https://10.0.0.10:6443"), json!("https://10.0.0.10:6443")]
    );

    let shared = |server: &Value| {
        let flags = server["extraFlags"].as_array().unwrap().clone();
        flags
            .into_iter()
            .filter(|flag| !flag.as_str().unwrap().starts_with("--flannel-iface"))
            .collect::<Vec<_>>()
    };
    assert_eq!(shared(&servers[0]), shared(&servers[1]));
    assert_eq!(shared(&servers[0]), shared(&servers[2]));
}

#[test]
fn a_wrong_option_is_reported_with_its_line() {
    let wrong = |path: &[&str], value: Data| {
        let mut whole = two_hosts();
        whole.hosts[0].nixos[1].options.push(option(path, value, 157));
        let lab = Evaluated::new(whole)?;
        Some(lab.try_host("homelab-0", &[]).expect_err("the option is wrong"))
    };
    let Some(unknown) = wrong(&["services", "openssh", "enabled"], Data::Bool(true)) else { return };
    assert!(
        unknown.contains("In `homelab.hl:157'") && unknown.contains("services.openssh.enabled"),
        "{unknown}"
    );
    let mistyped = wrong(&["services", "openssh", "enable"], Data::Text("yes".to_owned())).unwrap();
    assert!(mistyped.contains("In `homelab.hl:157': \"yes\""), "{mistyped}");
    let contrary = wrong(&["networking", "hostName"], Data::Text("other".to_owned())).unwrap();
    assert!(
        contrary.contains("In `homelab.hl:157': \"other\"") && contrary.contains("hosts/homelab-0"),
        "{contrary}"
    );
}

#[test]
fn what_the_user_says_wins_over_what_is_derived() {
    let Some(lab) = Evaluated::new(two_hosts()) else { return };
    let asked = ["nix.gc.dates", "boot.kernel.sysctl.\"fs.inotify.max_user_watches\""];
    let values = lab.host("homelab-0", &asked);
    assert_eq!((&values[asked[0]], &values[asked[1]]), (&json!("daily"), &json!(1_048_576)));
}

#[test]
fn local_files_are_used_where_they_exist() {
    let Some(lab) = Evaluated::new(two_hosts()) else { return };
    let local = lab.folder.path().join("hosts/homelab-1/local.nix");
    fs::write(local, "{ boot.tmp.cleanOnBoot = true; }").unwrap();
    let asked = ["boot.tmp.cleanOnBoot"];
    assert_eq!(lab.host("homelab-1", &asked)[asked[0]], json!(true));
    assert_eq!(lab.host("homelab-0", &asked)[asked[0]], json!(false));
}

#[test]
fn disks_are_mounted_as_described() {
    let Some(lab) = Evaluated::new(two_hosts()) else { return };
    let asked =
        ["fileSystems.\"/nix\".fsType", "fileSystems.\"/srv/models\".options", "boot.loader.grub.devices"];
    assert_eq!(lab.host("homelab-0", &asked[..1])[asked[0]], json!("btrfs"));
    let agent = lab.host("homelab-1", &asked[1..]);
    assert_eq!(agent[asked[1]], json!(["noatime", "nofail"]));
    assert_eq!(agent[asked[2]], json!([]));
}

#[test]
fn a_pc_with_grub_starts_from_the_disk_that_holds_the_system() {
    let mut whole = two_hosts();
    whole.hosts[1].arch = Arch::X86_64;
    let Some(lab) = Evaluated::new(whole) else { return };
    let devices = "boot.loader.grub.devices";
    assert_eq!(lab.host("homelab-1", &[devices])[devices], json!(["/dev/sdb"]));
}

#[test]
fn k3s_waits_for_the_disks_that_its_data_is_on() {
    // In this lab, an app uses the folder /srv/media/films.
    for (mount, waits) in [
        ("/var/lib/rancher", true),
        ("/var/lib/rancher/k3s/storage", true),
        ("/var/lib/kubelet", true),
        ("/var/lib", true),
        ("/srv/media", true),
        ("/srv/media/films", true),
        ("/srv/media/films/new", false),
        ("/srv/med", false),
        ("/backup", false),
        // Where a flag of this lab moves volumes to.
        ("/var/local", true),
    ] {
        let mut whole = two_hosts();
        let moved = "--default-local-storage-path=/var/local/volumes/".to_owned();
        whole.cluster.as_mut().unwrap().server_flags.push(At::new(moved, place(1)));
        whole.hosts[0].disks.insert("data".into(), disk("/dev/sdc", Layout::Ext4, mount, None));
        let Some(evaluated) = Evaluated::new(whole) else { return };
        let services = evaluated.host("homelab-0", &["systemd.services"]);
        let needed = &services["systemd.services"]["k3s"]["unitConfig"]["RequiresMountsFor"];
        assert_eq!(*needed, if waits { json!([mount]) } else { Value::Null }, "{mount}");
    }
}

#[test]
fn sudo_asks_for_the_password_that_somebody_has() {
    let asked = "security.sudo.extraRules";
    let rules = |set: Option<(&str, Data)>, host: &str| {
        let mut whole = two_hosts();
        if let Some((name, value)) = set {
            whole.hosts[0].nixos[1].options.push(option(&["users", "users", "ana", name], value, 3));
        }
        let evaluated = Evaluated::new(whole)?;
        Some(evaluated.host(host, &[asked])[asked].as_array().unwrap().len())
    };
    let Some(without) = rules(None, "homelab-0") else { return };
    assert_eq!(without, 1);
    for name in
        ["hashedPassword", "hashedPasswordFile", "initialHashedPassword", "initialPassword", "password"]
    {
        let set = || Some((name, Data::Text("$6$salt$hash".into())));
        assert_eq!(rules(set(), "homelab-0"), Some(0), "{name}");
        // On the other host there is none.
        assert_eq!(rules(set(), "homelab-1"), Some(1), "{name}");
    }
}

#[test]
fn a_board_has_a_place_for_its_firmware() {
    let mut whole = three_servers();
    whole.hosts[2].disks.insert("system".into(), disk("/dev/sda", Layout::Ext4, "/", None));
    let Some(evaluated) = Evaluated::new(whole) else { return };
    let asked = [
        "fileSystems.\"/boot/firmware\".fsType",
        "fileSystems.\"/boot\".fsType",
        "fileSystems.\"/\".fsType",
        "boot.loader.generic-extlinux-compatible.enable",
    ];
    let values = evaluated.host("node-2", &asked);
    assert_eq!(
        asked.map(|name| values[name].clone()),
        [json!("vfat"), json!("ext4"), json!("ext4"), json!(true)]
    );
}
