#!/usr/bin/env python3
"""What secrets cost: a lab of 1,000 secrets in 50 files, against the same lab without any, and against SOPS.

    tests/bench/secrets.py HLC [--runs N]       needs sops and age-keygen (. tests/tools/env)

Each app has a file of its own in `k8s/`, encrypted for whoever deploys. A build where nothing changed decrypts none of
them, so it is measured what SOPS takes to decrypt all, and what hlc takes for the same: `hlc secrets check`.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile

from measure import Command, build_until_noted, paired, ratio

APPS, SECRETS = 50, 20

HEAD = """lab bench {{ domain = "bench.example.net" }}
{recipient}stage apps = 10
namespace apps {{ stage = apps }}
"""


def lab(recipients):
    """The lab; without recipients, what would be secrets are texts. With a single one, every build would have to warn."""
    text = HEAD.format(recipient="".join(f'recipient admin-{n} = "{key}"\n' for n, key in enumerate(recipients)))
    for app in range(APPS):
        names = [f"app-{app}-key-{n}" for n in range(SECRETS)]
        if recipients:
            text += "".join(f"secret {name} {{ generate = random(32) }}\n" for name in names)
        value = lambda name: name if recipients else f'"{name}"'
        env = "".join(f"    KEY_{n} = {value(name)}\n" for n, name in enumerate(names))
        text += f'app app-{app} in apps {{\n  image = "docker.io/library/redis:8.2.0"\n  env {{\n{env}  }}\n}}\n'
    return text


def written(folder, name, text):
    """The lab in a folder of its own."""
    home = folder / name
    home.mkdir()
    (home / "homelab.hl").write_text(text)
    return str(home)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hlc")
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    hlc = str(pathlib.Path(arguments.hlc).resolve())
    with tempfile.TemporaryDirectory(prefix="hlc-bench-") as folder:
        show(measured(hlc, pathlib.Path(folder), arguments.runs))


def made_key(file):
    """Makes a key of age; its public half."""
    subprocess.run(["age-keygen", "-o", str(file)], check=True, stderr=subprocess.DEVNULL)
    public = subprocess.run(["age-keygen", "-y", str(file)], check=True, capture_output=True, text=True)
    return public.stdout.strip()


def measured(hlc, folder, runs):
    key, drawer = folder / "key.txt", folder / "drawer.txt"
    recipients = [made_key(file) for file in (key, drawer)]
    # The keys of whoever measures are left out.
    os.environ.update(HOME=str(folder), SOPS_AGE_KEY_FILE=str(key))
    os.environ.pop("XDG_CONFIG_HOME", None)
    secret = written(folder, "secret", lab(recipients))
    plain = written(folder, "plain", lab([]))
    subprocess.run([hlc, "secrets", "generate"], cwd=secret, check=True, capture_output=True)
    anew_home = shutil.copytree(secret, folder / "anew")
    build_until_noted([([hlc, "build"], home) for home in (secret, plain, anew_home)])
    delivered = sorted(anew_home.glob("k8s/*/*/secrets/*.yaml"))
    assert len(delivered) == APPS, f"{len(delivered)} files"

    def anew():
        for file in delivered:
            file.unlink(missing_ok=True)

    each = 'for file in k8s/*/*/secrets/*.yaml; do sops decrypt "$file"; done'
    return paired(
        [
            Command("build without secrets, unchanged", [hlc, "build"], plain),
            Command("build, unchanged", [hlc, "build"], secret),
            Command("the same without a key", ["env", "SOPS_AGE_KEY_FILE=/nowhere", hlc, "build"], secret),
            Command("check", [hlc, "check"], secret),
            Command("secrets check", [hlc, "secrets", "check"], secret),
            Command("sops decrypt, each file", ["sh", "-c", each], secret),
            Command("build, all files encrypted anew", [hlc, "build"], str(anew_home), anew),
        ],
        runs,
    )


def show(results):
    base = results["build without secrets, unchanged"]
    print("| | time | of all cores | times the build without |")
    print("|---|--:|--:|--:|")
    for name, one in results.items():
        cpu = statistics.median(one.cpu)
        print(f"| {name} | {one.median:.1f} ms | {cpu:.1f} ms | {ratio(one, base):.2f} |")
    more = statistics.median(a - b for a, b in zip(results["build, unchanged"].wall, base.wall))
    print(f"\nSecrets cost an unchanged build {more:.1f} ms.")


if __name__ == "__main__":
    main()
