use std::time::Instant;

use crate::hosts::{Declared, Lab};

#[test]
fn hosts_measure() {
    let Some(lab) = Lab::new(&[Declared::plain("one")], "") else { return };
    lab.become_(&["packages = [\"htop\"]"], "");
    for command in [&["status"][..], &["apply", "--yes", "--confirm", "2"], &["status"], &["apply", "--yes"]] {
        let start = Instant::now();
        let run = lab.run(command);
        println!("{command:?} {:?} {run:?}", start.elapsed());
        for (nth, command) in lab.machines[0].sessions().iter().enumerate() {
            println!("{nth} {}", &command[command.len().saturating_sub(60)..]);
        }
    }
}
