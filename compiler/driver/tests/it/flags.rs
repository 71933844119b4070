//! What hlc tells k3s by flags is not told again by the lab.

use std::collections::BTreeSet;

use driver::Session;

use crate::BEGINNING;

const HOSTS: &str = r#"template node(n: int(1..99)) : host {
  network   = lan
  address   = 192.168.1.0 + n
  interface = "enp1s0"
  users     = [ana]
  labels    = { "homelab/rack" = "a" }
}
host one : node(10) {}
host two : node(11) {}
host three : node(12) {}
host four : node(13) {}
"#;

fn open(cluster: &str) -> Session {
    let text = format!("{BEGINNING}{HOSTS}\ncluster k3s {{ {cluster} }}\n");
    Session::open(vec![("homelab.hl".into(), text)])
}

/// The flags of k3s in what is written for NixOS: texts of hosts and of k3s' own modules.
fn flags(session: &Session) -> BTreeSet<String> {
    let outputs = session.outputs();
    let of_k3s = outputs.nixos.iter().filter(|(path, _)| path.contains("/k3s") || path.starts_with("hosts/"));
    let texts = of_k3s.flat_map(|(_, text)| text.split('"')).filter(|text| text.starts_with("--"));
    texts.map(|text| text.split('=').next().unwrap_or(text).to_owned()).collect()
}

#[test]
fn flags_that_are_derived_are_refused() {
    let all = "servers = [one, two, three], agents = [four], api = 192.168.1.20, names = [\"k3s.home.example.net\"]";
    let session = open(all);
    assert_eq!(session.problems().iter().map(|problem| problem.message.clone()).collect::<Vec<_>>(), [""; 0]);
    let written = flags(&session);
    for known in ["--cluster-cidr", "--flannel-iface", "--tls-san"] {
        assert!(written.contains(known), "{written:?}");
    }
    for flag in written {
        for field in ["flags", "server-flags"] {
            let session = open(&format!("{all}, {field} = [\"{flag}=x\"]"));
            let is_refused = session.problems().iter().any(|problem| problem.rule.name == "unusable-flag");
            assert!(is_refused, "{field} = [{flag}] is written twice");
        }
    }
}

#[test]
fn every_part_of_k3s_can_be_left_out() {
    for part in model::Part::ALL {
        let session = open(&format!("servers = [one], disable = [\"{}\"]", part.name()));
        let problems: Vec<_> = session.problems().into_iter().map(|problem| problem.message).collect();
        assert_eq!(problems, [""; 0], "{part:?}");
    }
}
