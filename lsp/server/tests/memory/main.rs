//! Memory stays where it is, however long somebody edits. A program of its own: others' memory would count, too.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "tests have files and threads")]

#[path = "../it/client.rs"]
#[allow(dead_code, reason = "others ask more")]
mod client;

use client::Client;

/// So many edits, of which the first half may fill what is filled once.
const EDITS: i64 = 20_000;
/// So many of them are looked at by themselves, of the second half.
const PART: i64 = EDITS / 10;
/// Bytes by which memory may differ in a part where nothing grows: the allocator's holes.
const SLACK: usize = 1 << 19;
/// The same in all parts together: what is filled once, in each of the server's threads.
const ONCE: usize = 16 << 20;
/// Bytes that are kept of each name that was never typed before (`source::ItemKey`).
const NAME: usize = 256;

fn lab(name: &str) -> String {
    format!(
        "lab home {{ domain = \"home.arpa\" }}\nstage apps = 10\nnamespace media {{ stage = apps }}\n\
         app {name} in media {{ image = \"docker.io/library/httpd:2.4.65\", port http = 80 }}\n\
         app other in media {{ image = \"docker.io/library/httpd:2.4.65\", needs = [{name}] }}\n"
    )
}

/// Bytes of this process that are in memory.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux says");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it is there");
    line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") * 1024
}

/// By how much memory grew in the second half of the edits.
struct Growth {
    /// In the part in which it grew least. What a thread fills once, when its turn comes, or a lab that is about to begin
    /// anew, is in some of them; what is never given back is in all.
    least: usize,
    /// From the first to the last of them.
    whole: usize,
}

/// Edits as often, and looks at what comes of it now and then.
fn growth(client: &mut Client, uri: &str, version: &mut i64, text: impl Fn(i64) -> String) -> Growth {
    let mut known = Vec::new();
    for nth in 0..EDITS {
        *version += 1;
        client.replace(uri, *version, &text(nth));
        if nth % 8 == 0 {
            let problems = client.problems_of(uri, *version);
            assert!(problems.is_empty(), "{problems:?}");
        }
        if nth >= EDITS / 2 && nth % PART == 0 {
            known.push(resident());
        }
    }
    known.push(resident());
    let least = known.windows(2).map(|two| two[1].saturating_sub(two[0])).min().unwrap_or_default();
    let whole = known.last().zip(known.first()).map_or(0, |(last, first)| last.saturating_sub(*first));
    Growth { least, whole }
}

#[test]
fn memory_is_flat_over_twenty_thousand_edits() {
    let first = lab("web");
    let mut client = Client::new(&[("homelab.hl", &first)]);
    let uri = client.uri("homelab.hl");
    client.open(&uri, &first);
    let mut version = 1;
    let same = growth(&mut client, &uri, &mut version, |nth| lab(if nth % 2 == 0 { "web" } else { "site" }));
    assert!(same.least < SLACK, "{} bytes more after the same names", same.least);
    assert!(same.whole < ONCE, "{} bytes more after the same names, in all parts", same.whole);
    let new = growth(&mut client, &uri, &mut version, |nth| lab(&format!("web-{nth}")));
    let names = |edits: i64| usize::try_from(edits).expect("it fits") * NAME;
    assert!(new.least < SLACK + names(PART), "{} bytes more after new names", new.least);
    assert!(new.whole < ONCE + names(EDITS / 2), "{} bytes more after new names, in all parts", new.whole);
}
