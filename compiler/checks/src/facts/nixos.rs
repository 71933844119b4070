//! What the NixOS options of a host tell, one question a function.

use model::{At, Data, Host};
use rnix::ParseError;

use super::place::near;

/// Why nobody can log in by SSH.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// No server answers.
    Off,
    /// The firewall lets nobody to it.
    Closed,
}

/// Accounts of services whose options are called otherwise.
const ACCOUNTS: &[(&str, &[&str])] = &[
    ("acme", &["security", "acme"]),
    ("hass", &["services", "home-assistant"]),
    ("mysql", &["services", "mysql"]),
    ("node-exporter", &["services", "prometheus"]),
    ("postgres", &["services", "postgresql"]),
    ("sshd", &["services", "openssh"]),
];

/// Accounts that every host has.
const EVERYWHERE: &[&str] = &["messagebus", "nobody", "root", "sshd"];

/// Groups that every host has.
const GROUPS: &[&str] = &[
    "adm", "audio", "cdrom", "dialout", "disk", "floppy", "input", "keys", "kmem", "kvm", "lp", "nixbld",
    "nogroup", "render", "root", "sgx", "shadow", "tape", "tty", "users", "utmp", "uucp", "video", "wheel",
];

/// Other ways to a host than its SSH server.
const OTHER_DOORS: &[&[&str]] = &[
    &["services", "tailscale"],
    &["services", "netbird"],
    &["services", "zerotierone"],
    &["services", "teleport"],
    &["services", "dropbear"],
];

/// An option that is a text.
pub(super) fn text(host: &Host, path: &[&str]) -> Option<At<String>> {
    host.options().filter(|(other, _)| *other == path).find_map(|(_, option)| match &option.value {
        Data::Text(text) => Some(At::new(text.clone(), near(&option.place, &host.place))),
        _ => None,
    })
}

/// Where an option is switched off.
fn switched_off(host: &Host, path: &[&str]) -> Option<At<()>> {
    let off = host.options().filter(|(other, option)| *other == path && option.value == Data::Bool(false));
    off.map(|(_, option)| At::new((), near(&option.place, &host.place))).last()
}

/// What keeps people from reaching it by SSH, as far as it is known.
pub(super) fn door(host: &Host) -> Option<At<Door>> {
    if OTHER_DOORS.iter().any(|way| host.sets(way)) {
        return None;
    }
    if let Some(off) = switched_off(host, &["services", "openssh", "enable"]) {
        return Some(At::new(Door::Off, off.place));
    }
    // A firewall of one's own may let some of them in.
    let is_open = host.firewall.tcp.contains(&22)
        || host.sets(&["networking", "firewall"])
        || host.sets(&["networking", "nftables"])
        || host.sets(&["services", "openssh", "ports"]);
    let closed = switched_off(host, &["services", "openssh", "openFirewall"]).filter(|_| !is_open)?;
    Some(At::new(Door::Closed, closed.place))
}

/// A secret that is to belong to somebody of whom nothing is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stranger {
    pub(crate) secret: String,
    pub(crate) name: String,
    pub(crate) is_group: bool,
}

/// Secrets for whose owner or group nothing in the lab makes an account. Which groups users are in is known elsewhere.
pub(super) fn strangers(host: &Host) -> Vec<Stranger> {
    let all = host.secrets.iter().flat_map(|secret| {
        let owner = secret.owner.iter().map(|name| (name, false));
        let group = secret.group.iter().map(|name| (name, true));
        owner.chain(group).map(move |(name, is_group)| (secret, name, is_group))
    });
    let strange = all.filter(|(_, name, is_group)| {
        let is_known = if *is_group { GROUPS.contains(&name.as_str()) } else { host.users.contains(name) };
        !is_known && !has_account(host, name)
    });
    strange
        .map(|(secret, name, is_group)| Stranger {
            secret: secret.name.clone(),
            name: name.clone(),
            is_group,
        })
        .collect()
}

/// Whether something makes an account of that name, or at least speaks of it.
fn has_account(host: &Host, name: &str) -> bool {
    let service = ACCOUNTS.iter().find(|(account, _)| *account == name);
    let is_spoken_of = || {
        host.options().any(|(path, option)| {
            let mut is_there = path.iter().any(|step| step == name);
            option.each_text(&mut |text| {
                is_there |= text.split(|char: char| !is_of_name(char)).any(|word| word == name);
            });
            is_there
        })
    };
    EVERYWHERE.contains(&name)
        || name.starts_with("systemd-")
        || service.is_some_and(|(_, start)| host.sets(start))
        || is_spoken_of()
}

fn is_of_name(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '-' | '_')
}

/// What is written as Nix and is none, each with Nix's reason.
pub(super) fn faults(host: &Host) -> Vec<At<String>> {
    let mut faults = Vec::new();
    for (_, option) in host.options() {
        each_nix(&option.value, &mut |nix| {
            if let Some(reason) = fault(nix) {
                faults.push(At::new(reason, near(&option.place, &host.place)));
            }
        });
    }
    faults
}

fn each_nix(data: &Data, each: &mut impl FnMut(&str)) {
    match data {
        Data::Nix(nix) => each(nix),
        Data::List(items) => items.iter().for_each(|item| each_nix(item, each)),
        Data::Map(entries) => entries.values().for_each(|entry| each_nix(entry, each)),
        _ => {}
    }
}

/// Why a text is no expression of Nix.
fn fault(nix: &str) -> Option<String> {
    let parsed = rnix::Root::parse(nix);
    let at = |range: rnix::TextRange| {
        let range: std::ops::Range<usize> = range.into();
        let word = nix.get(range).unwrap_or_default().split_whitespace().next();
        word.map_or_else(|| "it ends too early".to_owned(), |word| format!("'{word}' is not expected"))
    };
    Some(match parsed.errors().first()? {
        ParseError::UnexpectedEOF | ParseError::UnexpectedEOFWanted(_) => "it ends too early".to_owned(),
        ParseError::Unexpected(range)
        | ParseError::UnexpectedExtra(range)
        | ParseError::UnexpectedWanted(_, range, _)
        | ParseError::UnexpectedDoubleBind(range) => at(*range),
        ParseError::DuplicatedArgs(_, name) => format!("argument '{name}' is there twice"),
        _ => "Nix does not read it".to_owned(),
    })
}
