"""What numbers were measured on, and with which versions."""

import os
import pathlib
import platform
import re
import subprocess


def first(pattern, text, otherwise="unknown"):
    found = re.search(pattern, text)
    return found.group(1).strip() if found else otherwise


def described(hlc, peers):
    """The machine, and the version of everything that was run."""
    cpu = first(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(first(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text(), "0")) / (1 << 20)
    # What stands behind the version says who built it for which machines.
    kernel = platform.release().split("-")[0]
    system = first(r'PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text())
    disk = subprocess.run(["stat", "-f", "-c", "%T", "."], capture_output=True, text=True, check=True).stdout.strip()
    versions = {"hlc": version(hlc), "rustc": version("rustc")}
    versions |= {name: version(program) for name, program in peers.items()}
    rows = [
        f"| processor | {cpu}, {os.cpu_count()} cores of a virtual machine that others use too |",
        f"| memory | {memory:.0f} GiB |",
        f"| system | {system}, Linux {kernel}, {disk} |",
        *(f"| {name} | {number} |" for name, number in versions.items()),
    ]
    return "| | |\n|---|---|\n" + "\n".join(rows) + "\n"


def version(program):
    """What a program says of its version, in short."""
    if program.endswith("kcl/bin/python"):
        line = [program, "-c", "import importlib.metadata as m; print(m.version('kcl-lib'))"]
    elif program.endswith("/cue"):
        line = [program, "version"]
    else:
        line = [program, "--version"]
    text = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    return first(r"v?(\d+\.\d+[\w.+-]*)", text)
