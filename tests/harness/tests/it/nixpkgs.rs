use std::path::{Path, PathBuf};
use std::process::Command;

use harness::Outcome;
use harness::machines::{Account, Deployer, Machine, When};
use harness::nixpkgs::Nixpkgs;

use crate::write;

/// A copy of the repository's own flake, locked to what stands in for its inputs.
fn own_flake(nixpkgs: &Nixpkgs) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../nixos");
    Outcome::of(Command::new("cp").arg("-r").arg(source).arg(folder.path())).succeeded();
    let flake = folder.path().join("nixos");
    nixpkgs.lock(&flake);
    (folder, flake)
}

/// The same with lines of a `local.nix` for homelab-0.
fn with(nixpkgs: &Nixpkgs, options: &str) -> (tempfile::TempDir, PathBuf) {
    let (folder, flake) = own_flake(nixpkgs);
    write(&flake.join("hosts/homelab-0/local.nix"), &format!("{{ lib, pkgs, ... }}: {{ {options} }}\n"));
    (folder, flake)
}

fn build(deployer: &Deployer, (_folder, flake): &(tempfile::TempDir, PathBuf)) -> PathBuf {
    deployer.build_system(flake, "homelab-0")
}

/// Copies a system, makes it the profile and has it do something, as hlc does.
fn switch(deployer: &Deployer, system: &Path, action: &str) -> Outcome {
    let system = system.to_str().unwrap();
    deployer.nix(&["copy", "--to", "ssh://homelab-0", system]).succeeded();
    let set = format!("nix-env --profile /nix/var/nix/profiles/system --set {system}");
    deployer.ssh("homelab-0", &format!("{set} && {system}/bin/switch-to-configuration {action}"))
}

#[test]
fn the_repositorys_own_hosts_are_built() {
    let Some(nixpkgs) = Nixpkgs::stand_in() else { return };
    let (_folder, flake) = own_flake(&nixpkgs);
    let deployer = Deployer::new();
    let first = deployer.build_system(&flake, "homelab-0");
    let second = deployer.build_system(&flake, "homelab-1");
    assert_ne!(first, second);

    let show = "cd $0; cat etc/hostname etc/systemd/system/k3s.service; ls sw/bin; readlink kernel";
    let shown = Outcome::of(deployer.command("sh").args(["-c", show]).arg(&first)).succeeded().stdout;
    assert!(shown.starts_with("homelab-0\n"), "{shown}");
    assert!(shown.contains("# services.k3s.role = \"server\"\n"), "{shown}");
    assert!(shown.contains("\ngit\nhtop\nneovim\nusbutils\n"), "{shown}");
    assert!(shown.trim_end().ends_with("-linux-6.12.1/bzImage"), "{shown}");
    assert!(!first.exists(), "the machine's own store is not touched");

    let wrong = with(&nixpkgs, "services.k3s.rolle = \"agent\";");
    let attribute =
        format!("path:{}#nixosConfigurations.homelab-0.config.system.build.toplevel", wrong.1.display());
    let refused = deployer.nix(&["build", "--no-link", &attribute]).failed();
    assert!(refused.stderr.contains("The option `services.k3s.rolle' does not exist"), "{refused}");
}

#[test]
fn systems_are_copied_by_whoever_may() {
    let Some(nixpkgs) = Nixpkgs::stand_in() else { return };
    let deployer = Deployer::new();
    let system = build(&deployer, &own_flake(&nixpkgs));
    let path = system.to_str().unwrap();
    let _free = Machine::boot("free", &deployer, Account::Sudo);
    let _asks = Machine::boot("asks", &deployer, Account::SudoAsks);
    let _root = Machine::boot("root", &deployer, Account::Root);

    let sudo = "ssh://free?remote-program=sudo%20-n%20nix-store";
    deployer.nix(&["copy", "--to", sudo, path]).succeeded();
    // By the daemon, which trusts who is in `wheel`.
    deployer.nix(&["copy", "--to", "ssh://asks", path]).succeeded();
    deployer.nix(&["copy", "--to", "ssh://root", path]).succeeded();
    for name in ["free", "asks", "root"] {
        let requisites = deployer.ssh(name, &format!("nix-store --query --requisites {path}")).succeeded();
        assert!(requisites.stdout.contains("-neovim-1.0\n"), "{requisites}");
    }
}

#[test]
fn a_system_is_switched_to_and_booted() {
    let Some(nixpkgs) = Nixpkgs::stand_in() else { return };
    let deployer = Deployer::new();
    let first = build(&deployer, &own_flake(&nixpkgs));
    let second = build(
        &deployer,
        &with(
            &nixpkgs,
            "services.k3s.extraFlags = [ \"--debug\" ]; environment.systemPackages = [ pkgs.jq ];",
        ),
    );
    let mut machine = Machine::boot("homelab-0", &deployer, Account::Root);
    machine.install(&deployer, &first);
    for link in [machine.current(), machine.booted(), machine.profile(), machine.boot_default()] {
        assert_eq!(link.as_deref(), Some(&*first));
    }

    // Without being in the profile, it is not booted.
    deployer.nix(&["copy", "--to", "ssh://homelab-0", second.to_str().unwrap()]).succeeded();
    let tested = format!("{}/bin/switch-to-configuration", second.display());
    let dry = deployer.ssh("homelab-0", &format!("{tested} dry-activate")).succeeded();
    assert_eq!(dry.stderr, "would restart the following units: k3s.service\n");
    deployer.ssh("homelab-0", &format!("{tested} switch")).succeeded();
    assert_eq!(machine.current().as_deref(), Some(&*second));
    assert_eq!(machine.boot_default().as_deref(), Some(&*first));
    assert!(machine.run("jq").ok);
    machine.crash();
    machine.power_on();
    assert_eq!(machine.current().as_deref(), Some(&*first));

    switch(&deployer, &second, "boot").succeeded();
    assert_eq!(machine.current().as_deref(), Some(&*first));
    machine.crash();
    machine.power_on();
    assert_eq!(machine.current().as_deref(), Some(&*second));
    assert_eq!(machine.booted().as_deref(), Some(&*second));
}

#[test]
fn systems_misbehave_as_they_are_told() {
    let Some(nixpkgs) = Nixpkgs::stand_in() else { return };
    let deployer = Deployer::new();
    let good = build(&deployer, &own_flake(&nixpkgs));
    let mark = |text: &str| build(&deployer, &with(&nixpkgs, &format!("environment.etc.\"test/{text}\";")));
    let fails = mark("fails\".text = \"4");
    let refuses = mark("refuses\".text = \"1");
    let no_network = mark("no-network\".text = \"");
    let kernel = mark("kernel\".text = \"6.12.2");
    let power_cut = mark("power-cut\".text = \"");
    let mut machine = Machine::boot("homelab-0", &deployer, Account::Root);
    machine.install(&deployer, &good);

    switch(&deployer, &power_cut, "test").failed();
    machine.wait_until_off();
    machine.power_on();
    assert_eq!(machine.current().as_deref(), Some(&*good));
    assert_eq!(switch(&deployer, &fails, "test").code, Some(4));
    assert_eq!(machine.current().as_deref(), Some(&*fails));
    assert_eq!(switch(&deployer, &refuses, "test").code, Some(1));
    assert_eq!(machine.current().as_deref(), Some(&*fails));

    switch(&deployer, &kernel, "switch").succeeded();
    let kernels = machine.run("readlink /run/booted-system/kernel /run/current-system/kernel").stdout;
    let kernels: Vec<&str> = kernels.lines().map(|line| line.rsplit_once("-linux-").unwrap().1).collect();
    assert_eq!(kernels, ["6.12.1/bzImage", "6.12.2/bzImage"]);

    assert_eq!(switch(&deployer, &no_network, "switch").code, Some(255));
    assert!(!machine.has_network());
    machine.crash();
    machine.power_on();
    assert!(!machine.has_network());
    machine.run(&format!("{}/bin/switch-to-configuration test", good.display())).succeeded();
    deployer.ssh("homelab-0", "true").succeeded();
}

#[test]
fn a_copy_is_lost_in_the_middle() {
    let Some(nixpkgs) = Nixpkgs::stand_in() else { return };
    let deployer = Deployer::new();
    let system = build(&deployer, &own_flake(&nixpkgs));
    let mut machine = Machine::boot("homelab-0", &deployer, Account::Root);
    let copy = ["copy", "--to", "ssh://homelab-0", system.to_str().unwrap()];
    machine.cut_at(1, When::Input(5000));
    deployer.nix(&copy).failed();
    assert!(!machine.run(&format!("nix-store --check-validity {}", system.display())).ok);
    machine.reconnect();
    deployer.nix(&copy).succeeded();
    machine.run(&format!("nix-store --check-validity {}", system.display())).succeeded();
}
