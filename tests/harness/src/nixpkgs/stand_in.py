"""Makes flakes that stand in for nixpkgs, sops-nix and disko, once for each set of inputs, and prints their folder.

    stand_in.py NIXOS_CHECK OVERLAY CACHE

NIXOS_CHECK evaluates configurations and builds none: its files are taken, and those of OVERLAY instead of some.
"""

import hashlib
import importlib.machinery
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

FLAKES = {
    "sops-nix": "{ outputs = _: { nixosModules = rec { sops = ./modules/sops; default = sops; }; }; }\n",
    "disko": "{ outputs = _: { nixosModules = rec { disko = ./module.nix; default = disko; }; }; }\n",
}

# What nixos-check has from its command line is here read from the flake that asks.
PATCHES = {
    "nixpkgs/default.nix": [
        ("  localSystem ?", "  source,\n  localSystem ?"),
        (
            "request = builtins.fromJSON (builtins.readFile <nixos-check-request>);",
            "request = import ../names.nix lib source;",
        ),
    ],
    "base.nix": [
        ("{ lib, root }:", "{ lib, root, source }:"),
        ("          inherit (platform) system;", "          inherit source;\n          inherit (platform) system;"),
    ],
}


def main():
    tool, overlay, cache = map(Path, sys.argv[1:])
    sys.path.insert(0, str(tool))
    loader = importlib.machinery.SourceFileLoader("nixos_check", str(tool / "nixos-check"))
    nixos_check = importlib.util.module_from_spec(importlib.util.spec_from_loader("nixos_check", loader))
    loader.exec_module(nixos_check)

    shim = nixos_check.shim_folder()
    key = hashlib.sha256(shim.name.encode())
    for path in [Path(__file__), *sorted(overlay.iterdir())]:
        key.update(hashlib.sha256(path.read_bytes()).digest())
    target = cache / f"nixpkgs-stand-in-{key.hexdigest()[:16]}"
    if not target.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="build-") as scratch:
            built = Path(scratch) / "stand-in"
            build(nixos_check, shim, overlay, built)
            try:
                built.rename(target)
            except OSError:  # another test was faster
                if not target.exists():
                    raise
    print(target)


def build(nixos_check, shim, overlay, target):
    nixpkgs = target / "nixpkgs"
    shutil.copytree(shim, nixpkgs, ignore=shutil.ignore_patterns("sops-nix", "disko", "coverage.json", "flake.nix"))
    writable(nixpkgs)
    shutil.copytree(overlay, nixpkgs, dirs_exist_ok=True)
    for name, patches in PATCHES.items():
        text = (nixpkgs / name).read_text()
        for old, new in patches:
            if text.count(old) != 1:
                sys.exit(f"{name} of nixos-check has changed: {old!r} is there {text.count(old)} times")
            text = text.replace(old, new)
        (nixpkgs / name).write_text(text)
    without_toplevel(nixpkgs / "base.nix")

    for name, flake in FLAKES.items():
        shutil.copytree(shim / name, target / name)
        writable(target / name)
        (target / name / "flake.nix").write_text(flake)
    (target / "sops-nix/default.nix").write_text(
        '{ standInFor, ... }: { sops-install-secrets = standInFor "sops-install-secrets"; }\n'
    )
    names = nixos_check.package_names([*target.glob("sops-nix/**/*.nix"), *target.glob("disko/**/*.nix")])
    (nixpkgs / "names.json").write_text(json.dumps(names))

    hashes = {name: nar_hash(target / name) for name in ["nixpkgs", *FLAKES]}
    (target / "hashes.json").write_text(json.dumps(hashes))


def without_toplevel(base):
    """The system that cannot be built goes: it is one attribute, at the end of the file."""
    text = base.read_text()
    start = text.index("    system.build.toplevel = ")
    end = text.index("    };\n", start) + len("    };\n")
    base.write_text(text[:start] + text[end:])


def writable(folder):
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)


def nar_hash(folder):
    features = ["--extra-experimental-features", "nix-command"]
    command = ["nix", *features, "hash", "path", str(folder)]
    environment = os.environ | {"NIX_REMOTE": "dummy://"}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
