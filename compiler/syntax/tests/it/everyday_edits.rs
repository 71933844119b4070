//! What `git diff` shows after an everyday edit of the lab at the root: the lines that were meant, and no others.

use syntax::format;

/// An edit as somebody types it: what it is, how the line begins where it is made, but for its blanks, and what stands
/// there then, `{}` being the line.
type Edit = (&'static str, &'static str, &'static str);

const EDITS: [Edit; 20] = [
    (
        "an app more",
        "# ---- 10 apps: language models -",
        "app jellyfin in media {\n  image = \"docker.io/jellyfin/jellyfin:10.10.7\"\n  port http = 8096\n  volume config { size = 5GiB, at = /config }\n  resources { memory = 2GiB }\n}\n\n{}",
    ),
    (
        "a host more",
        "## What backups are encrypted with.",
        "host homelab-2 : node(/dev/nvme0n1) {\n  address = 192.168.1.12\n  interface = \"eno1\"\n  memory = 16GiB\n}\n\n{}",
    ),
    ("a field of a user", "description = \"Rui\"", "{}\n  shell = fish"),
    ("a longer field of a host", "interface = \"eno1\"", "{}\n  wake-on-lan = true"),
    ("a field of a host less", "interface = \"enp3s0\"", ""),
    (
        "a longer variable",
        "Z2M_ONBOARD_NO_SERVER = 1",
        "{}\n    ZIGBEE2MQTT_CONFIG_ADVANCED_LAST_SEEN = \"ISO_8601\"",
    ),
    ("the longest variable less", "ZIGBEE2MQTT_CONFIG_FRONTEND_ENABLED = true", ""),
    (
        "a namespace with a longer name",
        "namespace media { stage = apps }",
        "{}\nnamespace home-assistant { stage = apps }",
    ),
    ("a stage with a longer name", "stage cluster-features = 5", "{}\nstage database-operators = 6"),
    ("a stage renamed", "stage cluster-features = 5", "stage features = 5"),
    (
        "a secret renamed",
        "secret argo-admin-hash { generate = bcrypt(argo-admin) }",
        "secret argo-admin-bcrypt { generate = bcrypt(argo-admin) }",
    ),
    ("a key of a secret", "key AWS_ACCESS_KEY_ID { }", "{}\n  key AWS_DEFAULT_REGION_NAME { }"),
    (
        "an address with a longer name",
        "address ingress = services.first",
        "{}\n  address mail-relay = services.first + 2",
    ),
    ("a comment behind a line", "dhcp = 192.168.1.100 .. 192.168.1.150", "{} # not for servers"),
    (
        "a longer line with a comment",
        "pool services = 192.168.1.200 .. 192.168.1.219 #",
        "  pool load-balancer-services = 192.168.1.200 .. 192.168.1.219 # for services",
    ),
    ("a list that is set, not added to", "users += [rui]", "  users = [ana, rui]"),
    ("a longer option of NixOS", "initialize = true", "{}\n      backupPrepareCommand = \"true\""),
    ("a field of the cluster", "api = lan.api", "{}\n  deployers = [laptop]"),
    ("a longer name of a field", "volume = 60GiB", "  volume-size = 60GiB"),
    ("a value", "memory = 64GiB", "  memory = 128GiB"),
];

/// The lab, formatted, whether the one that is committed is or not.
fn lab() -> String {
    format(include_str!("../../../../homelab.hl")).text
}

/// `lab` with its first line that begins with `from` as `to` says.
fn edited(lab: &str, from: &str, to: &str) -> String {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let found = lab.lines().find(|line| words(line).starts_with(from)).unwrap_or_else(|| panic!("{from}"));
    let new = to.replace("{}", found);
    let new = if to.is_empty() { new } else { new + "\n" };
    lab.replacen(&format!("{found}\n"), &new, 1)
}

/// How many lines of `new` are none of `old`, in order.
fn added(old: &str, new: &str) -> usize {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let mut common = vec![0; old.len() + 1];
    for line in &new {
        let mut diagonal = 0;
        for (nth, other) in old.iter().enumerate() {
            let above = common[nth + 1];
            common[nth + 1] = if line == other { diagonal + 1 } else { above.max(common[nth]) };
            diagonal = above;
        }
    }
    new.len() - common[old.len()]
}

#[test]
fn change_no_other_line() {
    let lab = lab();
    for (name, from, to) in EDITS {
        let edited = edited(&lab, from, to);
        assert_ne!(edited, lab, "{name}");
        let (meant, shown) = (added(&lab, &edited), added(&lab, &format(&edited).text));
        assert!(shown <= meant, "{name}: {shown} lines for {meant}");
    }
}
