//! Values without parts, as they are written.

use std::fmt::Write;

use types::{Form, Ty};

use crate::hostile::TEXTS;
use crate::maker::Maker;
use crate::{forms, pattern};

/// A text in quotes.
pub(crate) fn text(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// What stands between the quotes.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for char in text.chars() {
        match char {
            '"' | '\\' | '$' => out.extend(['\\', char]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' | '\u{a1}'.. if !char.is_control() && !is_odd(char) => out.push(char),
            char => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(char));
            }
        }
    }
    out
}

/// Signs that nobody sees.
fn is_odd(char: char) -> bool {
    matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{feff}')
}

/// Whether a name is written as a word.
pub(crate) fn is_word(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_'))
}

/// Any text.
pub(crate) fn any(maker: &mut Maker<'_>) -> &'static str {
    // Much that is a text to the language is a name to somebody, and taken only where it is harmless.
    if maker.is(30) { "plain" } else { maker.one(&TEXTS) }
}

/// A value of a type that is made of no others.
pub(crate) fn plain(maker: &mut Maker<'_>, ty: &Ty) -> Option<String> {
    let number = maker.random.below(90);
    Some(match ty {
        Ty::None => "none".to_owned(),
        Ty::Bool => maker.one(&["true", "false"]).to_string(),
        Ty::Float => maker.one(&["1.5", "0.1", "1000000.0", "2.0"]).to_string(),
        Ty::Text(form) => form_of(maker, *form),
        Ty::Pattern(_, what) if maker.is(25) && what.what.contains('"') => {
            // What it is called names an example: `a time zone such as "Europe/Lisbon"`.
            text(what.what.split('"').nth(1).unwrap_or_default())
        }
        Ty::Pattern(form, _) => text(&pattern::matching(form, &mut maker.random)),
        Ty::Literal(word) if maker.is(70) && is_word(word) && word != "none" => word.to_string(),
        Ty::Literal(word) => text(word),
        Ty::Address => match maker.random.below(10) {
            0..=4 => format!("192.168.1.{}", 30 + number % 60),
            5..=7 => format!("192.168.1.{}", 202 + number % 18),
            _ => maker
                .one(&["lan.services.last", "lan.gateway ?? 192.168.1.1", "10.0.0.1", "fd00::10", "9.9.9.9"])
                .to_string(),
        },
        Ty::Cidr => {
            let some = [
                "10.52.0.0/16",
                "10.53.0.0/16",
                "172.16.0.0/20",
                "10.0.0.0/24",
                "fd00::/64",
                "192.168.2.0/24",
            ];
            maker.one(&some).to_string()
        }
        Ty::Range => {
            let some = [
                "192.168.1.100 .. 192.168.1.150",
                "192.168.1.220 .. 192.168.1.229",
                "192.168.1.240 .. 192.168.1.240",
            ];
            maker.one(&some).to_string()
        }
        Ty::Port => match maker.random.below(4) {
            0 => maker.one(&["1", "65535", "80", "443", "53"]).to_string(),
            _ => (3000 + number * 7).to_string(),
        },
        Ty::Size => {
            maker.one(&["1B", "512MiB", "1GiB", "1000MB", "3GiB", "4TB", "1025KiB", "0B", "7EiB"]).to_string()
        }
        Ty::Cpu => maker.one(&["1m", "250m", "1", "2", "1.5", "100", "1001m"]).to_string(),
        Ty::Duration => {
            maker.one(&["1s", "90s", "2m", "1h30m", "30d", "365d", "45s", "7s", "500ms"]).to_string()
        }
        Ty::Nix => maker
            .one(&["nix\"1 + 1\"", "nix\"[ ]\"", "nix\"pkgs.git\"", "nix\"\\\"a\\\" + ''b''\""])
            .to_string(),
        _ => return None,
    })
}

fn form_of(maker: &mut Maker<'_>, form: Form) -> String {
    let number = maker.random.below(250);
    match form {
        Form::Any => text(any(maker)),
        Form::Mac => format!("02:00:00:00:00:{number:02x}"),
        Form::Cron => {
            text(maker.one(&["0 4 * * *", "*/5 0-6 1,15 * mon-fri", "59 23 31 12 7", "@daily", "0 0 1 jan sun"]))
        }
        Form::Hostname => match maker.random.below(8) {
            0 => text(maker.one(&["xn--bcher-kva.example.net", "1e3", "12", "no", "UPPER.example.net", "a.b.c.d.e.f"])),
            1 => text(&format!("{}.example.net", crate::hostile::long(63))),
            _ => text(&format!("h{number}.home.example.net")),
        },
        Form::Url => text(maker.one(&[
            "https://example.net/feed",
            "http://a.example.net:8080/x?y=${z}&q={{ a }}#on",
            "ssh://git@git.example.net/ana/homelab.git",
            "http://[fd00::1]/",
            "http://192.168.1.1:1/'\"",
        ])),
        Form::Image => text(maker.one(&[
            "docker.io/library/redis:8.2.0",
            "ghcr.io/a/b/c_d:1e3",
            "localhost:5000/x:No_1-2.3",
            "quay.io/a/b@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "docker.io/library/redis:1",
            "registry.example.net:443/a.b/c__d/e--f:V1",
        ])),
        Form::Version => maker.one(&["1.2.3", "0.0.1-rc.1"]).to_string(),
        Form::Path => text(&forms::path(maker)),
        Form::Word => match maker.random.below(3) {
            0 => text(maker.one(&crate::hostile::WORDS)),
            _ => maker.one(&["wheel", "video", "docker", "input"]).to_string(),
        },
        Form::Package => text(maker.one(&["git", "fish", "zsh", "bash", "htop", "python3Packages.requests", "a-b.c_d"])),
        Form::RecipientKey => text(maker.one(&[
            "age1pngdpamgq8m2ldcx26cmm0qy7h9fxhlr3ztu0u7vh65guzendq3se2xpwu",
            "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA it's ${me} \"\\",
        ])),
    }
}
