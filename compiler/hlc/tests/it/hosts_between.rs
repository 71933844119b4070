//! A host that is to become another system: what a test does on the way, and what must hold afterwards.

use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use harness::machines::{Machine, When};

use crate::hosts::Lab;
use crate::world::Run;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A session that no test comes to.
const NEVER: usize = 1_000_000;

/// A host that runs one system, and the lab says another.
pub(crate) struct Between<'a> {
    pub(crate) lab: &'a Lab,
    pub(crate) machine: Machine,
    pub(crate) old: PathBuf,
    pub(crate) new: PathBuf,
}

impl<'a> Between<'a> {
    /// The machines of a lab that says other things of them than what they run.
    pub(crate) fn all(lab: &'a mut Lab, says: &[&str], rest: &str) -> Vec<Self> {
        lab.become_(says, rest);
        let machines = std::mem::take(&mut lab.machines);
        let lab = &*lab;
        let between = |machine: Machine| {
            let (old, new) = (machine.current().expect("it runs one"), lab.system(machine.name()));
            Self { lab, machine, old, new }
        };
        machines.into_iter().map(between).collect()
    }

    /// `hlc apply` of this host, which waits so many seconds for somebody to reach it.
    pub(crate) fn apply(&self, confirm: &str) -> Command {
        let limits = ["--confirm", confirm, "--activation", "20"];
        self.lab.command(&[&["apply", self.machine.name(), "--yes"], &limits[..]].concat())
    }

    /// Runs what was made ready, while `meanwhile` is done to the host.
    pub(crate) fn while_it_runs(
        &mut self,
        mut command: Command,
        meanwhile: impl FnOnce(&mut Self, &dyn Fn() -> bool),
    ) -> Run {
        thread::scope(|scope| {
            let run = scope.spawn(move || Run::of(&command.output().expect("the program runs")));
            meanwhile(self, &|| run.is_finished());
            run.join().expect("the program runs")
        })
    }

    /// As it was at first: it runs the old system, and never heard of the new one.
    pub(crate) fn start_over(&mut self) {
        self.lose_nothing();
        self.machine.reconnect();
        let old = self.old.display();
        self.machine
            .run(&format!(
                "set -e
                nix-env --profile /nix/var/nix/profiles/system --set {old}
                {old}/bin/switch-to-configuration switch
                ln -sfn {old} /run/booted-system
                rm -rf /run/hlc /var/lib/hlc
                nix-collect-garbage --delete-old"
            ))
            .succeeded();
        assert!(self.machine.run(&format!("[ ! -e {} ]", self.new.display())).ok, "it is not there");
    }

    /// Takes back that a connection is to be lost, if it was not.
    pub(crate) fn lose_nothing(&self) {
        self.machine.cut_at(NEVER, When::Before);
    }

    /// Waits until nobody is at it any more: no session, and no activation.
    pub(crate) fn settle(&self) {
        self.machine
            .run(
                "while pgrep -f '/machine/[s]ession.sh' >/dev/null; do sleep 0.02; done
                [ ! -e /run/hlc/lock ] || timeout 60 flock /run/hlc/lock true",
            )
            .succeeded();
    }

    /// Waits for something that is so on the machine.
    pub(crate) fn wait(&self, what: &str, is_so: impl Fn(&Machine) -> bool) {
        let start = Instant::now();
        while !is_so(&self.machine) {
            assert!(start.elapsed() < PATIENCE, "{}: not in time: {what}", self.machine.name());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until an activation is at a phase.
    pub(crate) fn wait_for_phase(&self, phase: &str) {
        self.wait(phase, |machine| {
            machine.run("cat /run/hlc/$(cat /run/hlc/last)/phase 2>/dev/null").stdout == phase
        });
    }

    /// Whether it is the new system, where it must be that or the old one, whole: it runs what it boots.
    pub(crate) fn is_new(&self) -> bool {
        let machine = &self.machine;
        let current = machine.current().expect("it runs something");
        assert!(current == self.old || current == self.new, "{} runs {}", machine.name(), current.display());
        for boots in [machine.profile(), machine.boot_default()] {
            assert_eq!(boots.as_deref(), Some(&*current), "{} boots what it runs", machine.name());
        }
        current == self.new
    }

    /// `hlc status` says which of the two it is, and the next `hlc apply` makes it the new one.
    pub(crate) fn status_says_and_apply_finishes(&self, context: &str) {
        let (is_new, status) = (self.is_new(), self.lab.run(&["status", self.machine.name()]));
        if is_new {
            assert_eq!(status.code, 0, "{context}: {status:?}");
            assert!(status.out.contains("in step"), "{context}: {status:?}");
        } else {
            assert_eq!(status.code, 1, "{context}: {status:?}");
            let says = format!("it runs another system: {}", self.old.display());
            assert!(status.out.contains(&says), "{context}: {status:?}");
            let finished = Run::of(&self.apply("60").output().expect("the program runs"));
            assert_eq!(finished.code, 0, "{context}: {finished:?}");
            assert!(self.is_new(), "{context}: {finished:?}");
        }
    }
}

/// Asserts that a run failed as it may: it says what, and gives nothing away.
#[track_caller]
pub(crate) fn assert_told(run: &Run, context: &str) {
    assert!(run.code == 0 || run.code == 1, "{context}: {run:?}");
    assert!(run.code == 0 || run.err.contains("error: "), "{context}: {run:?}");
    for word in ["panicked", "PRIVATE KEY", "RUST_BACKTRACE"] {
        assert!(!run.err.contains(word), "{context}: {run:?}");
    }
}

/// Does something with each of some things, some of them at the same time; who is done takes the next.
pub(crate) fn share<T: Sync>(
    who: &mut [Between<'_>],
    things: &[T],
    work: impl Fn(&mut Between<'_>, &T) + Sync,
) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    thread::scope(|scope| {
        for one in who {
            scope.spawn(|| {
                while let Some(thing) = things.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    work(one, thing);
                }
            });
        }
    });
}
