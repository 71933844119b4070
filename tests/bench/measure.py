"""Times whole processes side by side.

    tests/bench/measure.py [--runs N] [--in FOLDER] NAME=COMMAND…

Runs are paired: in each round every command runs once, so whatever else the machine does meets all of them. What is
told of a command is the median of its rounds; what is compared is the median of the ratios within rounds.
"""

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import time
from typing import Callable, NamedTuple, Optional


class Command(NamedTuple):
    """What is timed: the process, its folder, and what is done before each run and is not timed."""

    name: str
    words: list
    folder: str = "."
    before: Optional[Callable[[], None]] = None


class Result(NamedTuple):
    """Milliseconds of each round, and the most memory that any of them took, in MB."""

    wall: list
    cpu: list
    memory: float

    @property
    def median(self):
        return statistics.median(self.wall)


def build_until_noted(builds):
    """Runs the builds twice. The second notes that there is nothing to do, once files are old enough for their look to
    be trusted."""
    for wait in (0, 3):
        time.sleep(wait)
        for words, folder in builds:
            subprocess.run(words, cwd=folder, stdout=subprocess.DEVNULL, check=True)


def run_once(command, silent=True):
    """Runs the command, its output thrown away: milliseconds on the clock and of all cores."""
    if command.before:
        command.before()
    with open(os.devnull, "w") as nowhere:
        start = time.perf_counter()
        process = subprocess.Popen(
            command.words,
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=nowhere,
            stderr=nowhere if silent else None,
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command.name} failed with {process.returncode}: {shlex.join(command.words)}")
    return wall * 1000, (used.ru_utime + used.ru_stime) * 1000


def memory_of(command):
    """The most memory that the process had, in MB; by `time`, whose own memory is next to nothing."""
    if command.before:
        command.before()
    words = ["/usr/bin/time", "-f", "%M", *command.words]
    done = subprocess.run(words, cwd=command.folder, capture_output=True, text=True, check=True)
    return int(done.stderr.split()[-1]) / 1024


def paired(commands, runs):
    """Runs all commands `runs` times, in turn, each round in another order."""
    walls = {command.name: [] for command in commands}
    cpus = {command.name: [] for command in commands}
    for command in commands:
        run_once(command, silent=False)
    for turn in range(runs):
        by = turn % len(commands)
        for command in commands[by:] + commands[:by]:
            wall, cpu = run_once(command)
            walls[command.name].append(wall)
            cpus[command.name].append(cpu)
    return {
        command.name: Result(walls[command.name], cpus[command.name], memory_of(command)) for command in commands
    }


def ratio(result, base):
    """How many times as long as `base`: the median of the ratios within rounds."""
    return statistics.median(one / other for one, other in zip(result.wall, base.wall))


def main():
    parser = argparse.ArgumentParser(description="Times whole processes side by side.")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--in", dest="folder", default=".")
    parser.add_argument("commands", nargs="+", metavar="NAME=COMMAND")
    arguments = parser.parse_args()
    commands = []
    for text in arguments.commands:
        name, _, line = text.partition("=")
        commands.append(Command(name, shlex.split(line), arguments.folder))
    results = paired(commands, arguments.runs)
    base = results[commands[0].name]
    print(f"{'':24}{'median':>9}{'least':>9}{'cpu':>9}{'MB':>7}{'times':>7}")
    for name, result in results.items():
        cpu = statistics.median(result.cpu)
        numbers = f"{result.median:9.2f}{min(result.wall):9.2f}{cpu:9.2f}{result.memory:7.1f}"
        print(f"{name:24}{numbers}{ratio(result, base):7.2f}")


if __name__ == "__main__":
    sys.exit(main())
