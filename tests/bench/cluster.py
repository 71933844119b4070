#!/usr/bin/env python3
"""What plan and apply take, beside helmfile with helm-diff and beside kubectl, on one control plane.

    tests/bench/cluster.py HLC [--runs N] [--large N] [--page]     needs the tools (. tests/tools/env)

etcd, API server, controllers and scheduler are the real ones, and kwok plays the nodes (`tests/harness`), so pods are
ready as soon as they are scheduled. `--page` writes what came out into docs/benchmarks.md; `--large` says how many apps
and namespaces the large lab has. 0 leaves out the small lab or the large one.

Where helm-diff could not be installed, what it would have to do for each release stands in for it: `helm get manifest`
and `helm template`, whose output nobody compares.
"""

import argparse
import contextlib
import itertools
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import tables
from measure import Command, paired, ratio

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
MARKS = ("<!-- measured beside a cluster -->\n", "<!-- end of what is measured beside a cluster -->\n")

APPS = 100  # of three objects each
HEAD = 'lab bench { domain = "bench.example.net" }\nstage apps = 10\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hlc", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--large", type=int, default=1000)
    parser.add_argument("--page", action="store_true")
    arguments = parser.parse_args()
    hlc = str(arguments.hlc.resolve())
    parts = []
    for measure, number in ((small, arguments.runs), (large, arguments.large)):
        if number:
            with tempfile.TemporaryDirectory(prefix="hlc-bench-") as folder, control_plane() as kubeconfig:
                # The clusters, repositories and caches of whoever measures are left out.
                os.environ.update(KUBECONFIG=kubeconfig, KUBECACHEDIR=folder, XDG_CONFIG_HOME=folder, XDG_CACHE_HOME=folder)
                parts.append(measure(hlc, pathlib.Path(folder), number))
    text = "\n".join(parts)
    if not arguments.page:
        return print(text)
    before, rest = PAGE.read_text().split(MARKS[0])
    PAGE.write_text(before + MARKS[0] + text + MARKS[1] + rest.split(MARKS[1])[1])


@contextlib.contextmanager
def control_plane():
    """A cluster with room for some thousand pods, by its kubeconfig."""
    line = ["cargo", "run", "--quiet", "--locked", "-p", "harness", "--example", "control_plane", "--", "4", "1000"]
    process = subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        kubeconfig = process.stdout.readline().strip()
        if not kubeconfig:
            raise SystemExit("the control plane did not start")
        yield kubeconfig
    finally:
        process.stdin.close()
        process.wait()


# --- a lab of 300 objects -----------------------------------------------------------------------------------


def small(hlc, folder, runs):
    lab = folder / "lab"
    lab.mkdir()
    write(lab, 0)
    say("helmfile and hlc deploy a lab")
    run([hlc, "build"], lab)
    # Both know all of it: Helm has it first, and hlc takes it over.
    run(["helmfile", "sync", "--skip-deps"], lab / "k8s")
    run([hlc, "apply", "--yes", "--new-cluster"], lab)
    return plans(hlc, lab, runs) + "\n" + changes(paired(applies(hlc, lab), runs))


def plans(hlc, lab, runs):
    folders = [str(folder) for folder in lab.glob("k8s/*/*/manifests")]
    plan = Command("hlc plan", [hlc, "plan", "--detailed-exitcode"], str(lab))
    kubectl = Command("kubectl diff --server-side", ["sh", "-c", KUBECTL, "kubectl", *folders], str(lab))
    say("plans")
    rounds = [paired([plan, kubectl], runs)]
    # They take a minute and more: a few rounds say enough.
    rounds += [paired([plan, other], max(2, runs // 5)) for other in beside(lab)]
    rows = [timed("hlc plan", rounds[0], "hlc plan")]
    rows += [timed(name, results, "hlc plan") for results in rounds for name in results if name != "hlc plan"]
    objects = len(list(lab.glob("k8s/*/*/manifests/*.yaml")))
    head = ["", "median", "of rounds", "times hlc plan", "memory"]
    return f"### {objects} objects with nothing changed\n\n" + tables.table(head, rows)


def timed(name, results, base):
    one = results[name]
    times = f"{ratio(one, results[base]):.1f}"
    return [name, tables.milliseconds(one.median), f"{len(one.wall)}", times, f"{one.memory:.0f} MB"]


# All manifests, whoever has their fields. It ends with 1 where it finds a difference: a label that hlc adds.
KUBECTL = """for folder; do shift; set -- "$@" -f "$folder"; done
"$0" diff --server-side --force-conflicts "$@"; test $? -le 1"""


def beside(lab):
    """The real helmfile and helm-diff, and what helm-diff does at least for each release."""
    each = 'helm get manifest "$0" -n "$1" && helm template "$0" "$2" -n "$1"'
    releases = lab / "releases"
    releases.write_text("".join(f"{name}\n{namespace}\n{chart}\n" for name, namespace, chart in deployed(lab)))
    script = f"xargs -a releases -d '\\n' -n 3 -P {os.cpu_count()} sh -c '{each}'"
    commands = [Command("helm get manifest and helm template", ["sh", "-c", script], str(lab))]
    if (pathlib.Path(os.environ["HELM_PLUGINS"]) / "helm-diff").exists():
        commands.insert(0, Command("helmfile diff", ["helmfile", "diff", "--skip-deps"], str(lab / "k8s")))
    return commands


def deployed(lab):
    """Each release, its namespace and its chart."""
    for file in sorted(lab.glob("k8s/*/*/helmfile.yaml")):
        text = file.read_text()
        name = re.search(r"^- name: (.*)$", text, re.MULTILINE).group(1)
        yield name, re.search(r"^  namespace: (.*)$", text, re.MULTILINE).group(1), file.parent


def applies(hlc, lab):
    """One app has another image in each run; what is timed ends when its new pod is ready and the old one gone."""
    count = itertools.count(1)

    def changed():
        write(lab, next(count))

    return [
        Command("the whole lab", [hlc, "apply", "--yes"], str(lab), changed),
        Command("this app only", [hlc, "apply", "--yes", "web-7"], str(lab), changed),
    ]


def write(lab, state):
    """The lab; which image app 7 has follows from `state`."""
    text = HEAD + "namespace web { stage = apps }\n"
    for n in range(APPS):
        version = state if n == 7 else 0
        text += (
            f'app web-{n} in web {{\n  image = "docker.io/library/nginx:1.29.{version}"\n  port http = 80\n'
            f'  file "/etc/web/site.conf" = "listen {8000 + n}"\n  resources {{ memory = 16MiB }}\n}}\n'
        )
    (lab / "homelab.hl").write_text(text)


def changes(results):
    rows = [
        [f"`hlc apply` of {name}", tables.milliseconds(one.median), tables.milliseconds(max(one.wall))]
        for name, one in results.items()
    ]
    return "### One app changed and applied, until it is ready\n\n" + tables.table(["", "median", "longest"], rows)


# --- a large lab --------------------------------------------------------------------------------------------


def large(hlc, folder, count):
    """So many namespaces with an app each, applied, looked at and taken away again; each is done once."""
    lab = folder / "lab"
    lab.mkdir()
    rows = []

    def measured(what, *words):
        say(f"a large lab is {what}")
        before = tried()
        began = time.monotonic()
        line = ["/usr/bin/time", "-f", "%M %U %S", hlc, *words]
        done = subprocess.run(line, cwd=lab, capture_output=True, text=True)
        seconds = time.monotonic() - began
        *said, used = done.stderr.strip().splitlines()
        if done.returncode != 0:
            raise SystemExit(f"{what} failed:\n" + "\n".join(said[-20:]))
        memory, user, system = used.split()
        cpu = float(user) + float(system)
        asked = tried() - before
        say(f"{what}: {seconds:,.1f} s")
        rows.append([what, f"{seconds:,.1f} s", f"{cpu:,.1f} s", f"{int(memory) / 1024:.0f} MB", f"{asked:,}"])

    (lab / "homelab.hl").write_text(HEAD + "".join(map(island, range(count))))
    measured("made", "apply", "--yes", "--new-cluster", "--timeout", "3600")
    measured("planned, nothing changed", "plan")
    (lab / "homelab.hl").write_text(HEAD + island(0))
    measured("planned, all but one leave", "plan", "--delete-data")
    measured("deleted", "apply", "--yes", "--delete-data", "--timeout", "3600")
    head = ["", "time", "processor of hlc", "memory of hlc", "applied or tried"]
    return f"### {count:,} namespaces with a Deployment each\n\n" + tables.table(head, rows)


def island(n):
    return (
        f"namespace island-{n} {{ stage = apps }}\n"
        f'app web-{n} in island-{n} {{ image = "docker.io/library/nginx:1.29.0", resources {{ memory = 16MiB }} }}\n'
    )


def tried():
    """How many objects were applied or tried so far. Nobody but hlc does that here; what it reads and deletes cannot be
    told from what controllers do."""
    text = run(["kubectl", "get", "--raw", "/metrics"], ".")
    numbers = re.findall(r'^apiserver_request_total\{.*verb="APPLY".*\} (\S+)$', text, re.MULTILINE)
    return sum(int(float(number)) for number in numbers)


def say(what):
    print(f"bench: {what}", file=sys.stderr, flush=True)


def run(words, folder):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    main()
