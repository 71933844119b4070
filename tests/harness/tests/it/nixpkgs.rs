use std::path::{Path, PathBuf};
use std::process::Command;

use harness::Outcome;
use harness::machines::{Account, Deployer, Machine};
use harness::nixpkgs::Nixpkgs;

/// A copy of the repository's own flake, locked to what stands in for its inputs.
fn own_flake(nixpkgs: &Nixpkgs) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../nixos");
    Outcome::of(Command::new("cp").arg("-r").arg(source).arg(folder.path())).succeeded();
    let flake = folder.path().join("nixos");
    nixpkgs.lock(&flake);
    (folder, flake)
}

#[test]
fn the_repositorys_own_hosts_are_built() {
    let Some(nixpkgs) = Nixpkgs::stand_in() else { return };
    let (_folder, flake) = own_flake(&nixpkgs);
    let deployer = Deployer::new();
    let first = deployer.build_system(&flake, "homelab-0");
    let second = deployer.build_system(&flake, "homelab-1");
    assert_ne!(first, second);
    let shown = Outcome::of(
        deployer
            .command("sh")
            .args([
                "-c",
                "cd $0; find . | sort; cat etc/systemd/system/k3s.service; readlink kernel; ls -l sw/bin/",
            ])
            .arg(&first),
    )
    .succeeded();
    println!("{}", shown.stdout);
    let _ = (Account::Root, Machine::boot);
}
