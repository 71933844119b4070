//! Memory stays what it is, however much is typed. A process of its own, so that nothing else is counted.
#![allow(clippy::disallowed_methods, reason = "asks the system how much memory there is in use")]

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::sync::Arc;

use workspace::Lab;

/// So many bytes of memory are in use.
fn in_use() -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("it is told");
    let kilobytes = line.split_whitespace().nth(1).and_then(|number| number.parse::<usize>().ok());
    kilobytes.expect("a number") * 1024
}

/// The lab while somebody types the name of an app, and what refers to it; each time another.
fn typed(nth: usize) -> String {
    format!(
        "stage apps = 10\nnamespace main {{ stage = apps }}\n\
         app a{nth} in main {{ image = \"docker.io/library/redis:8.2.0\", env {{ A = b{nth} }} }}\nb{nth} = \"x\"\n"
    )
}

#[test]
fn names_that_were_typed_leave_nothing_behind() {
    let disk = BTreeMap::from([("homelab.hl".to_owned(), Arc::from(typed(0)))]);
    let mut lab = Lab::open("homelab.hl", Box::new(disk));
    let mut type_names = |numbers: Range<usize>| {
        for nth in numbers {
            lab.set_buffer("homelab.hl", typed(nth));
            assert_eq!(lab.session().problems_by_file().len(), 1);
        }
        in_use()
    };
    let before = type_names(0..5_000);
    let after = type_names(5_000..25_000);
    // What is left is the key of each item, of which there were forty thousand. All that is known of a name is twenty
    // times as much.
    let grown = after.saturating_sub(before);
    assert!(grown < 6 << 20, "{grown} bytes more than {before}");
}
