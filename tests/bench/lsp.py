#!/usr/bin/env python3
"""Times language servers over stdio, as an editor talks to them.

    tests/bench/lsp.py SERVER FILE [--word WORD] [--wrong FROM TO] [--samples N]
    tests/bench/lsp.py --page HLC   times a program of hlc and the peers that are there, and writes docs/benchmarks.md

SERVER is a command line. FILE is opened in its folder. From there on, what is asked is asked at WORD in the middle of
the file, and edits replace FROM, in the middle of the file too, by TO, which is a mistake, and back.

An edit is the range that changed where the server takes that, as editors send it, else the whole text. Its time ends
with the last byte of the diagnostics that the edit must lead to: some where it broke something, none where it mended
that. Times are milliseconds, the median and the 99th percentile of all samples; memory is what the process has at the end.
"""

import argparse
import json
import os
import pathlib
import queue
import shlex
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from typing import NamedTuple

import tables
import workload

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
MARKS = ("<!-- measured in editors -->\n", "<!-- end of what is measured in editors -->\n")
PEERS = pathlib.Path(os.environ.get("HLC_PEERS", pathlib.Path.home() / ".cache" / "hlc-peers")) / "bin"

# How peers are started, the file that is opened, the word that is asked about and what breaks something. What breaks
# the grammar is the least that a server can find.
OTHERS = {
    "nls": ([str(PEERS / "nls")], "nickel", "main.ncl", "registry", ("replicas = ", "replicas = ) ")),
    "cue lsp": ([str(PEERS / "cue"), "lsp"], "cue", "main.cue", "registry", ("replicas: ", "replicas: ) ")),
}
# What is measured, as the table calls it.
NAMES = {
    "start": "start to first diagnostics",
    "breaks": "edit that breaks something",
    "mends": "edit that mends it",
    "completion": "completion",
    "hover": "hover",
    "rename": "rename",
    "symbols": "document symbols",
    "formatting": "formatting",
}

PATIENCE = 60  # Seconds after which a server is said not to answer.


class Timed(NamedTuple):
    """Milliseconds of each sample, and how large the last answer was in bytes."""

    samples: list
    size: int = 0

    @property
    def median(self):
        return statistics.median(self.samples)

    @property
    def worst(self):
        return sorted(self.samples)[max(0, -(-len(self.samples) * 99 // 100) - 1)]


class Server:
    """A language server and what it said that nobody took yet."""

    def __init__(self, words, folder):
        self.process = subprocess.Popen(
            words, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.messages = queue.SimpleQueue()
        self.count = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        output = self.process.stdout
        while True:
            length = None
            while (line := output.readline().strip()) or length is None:
                if not line:
                    return
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            body = output.read(length)
            now = time.perf_counter()
            self.messages.put((now, json.loads(body)))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        start = time.perf_counter()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()
        return start

    def tell(self, method, params):
        return self.send({"method": method, "params": params})

    def ask(self, method, params):
        """Milliseconds until the answer, and the answer."""
        self.count += 1
        start = self.send({"id": self.count, "method": method, "params": params})
        is_answer = lambda message: message.get("id") == self.count and "method" not in message
        end, message = self.until(is_answer, method)
        if "error" in message:
            raise SystemExit(f"{method}: {message['error']}")
        return (end - start) * 1000, message["result"]

    def diagnostics(self, uri, is_wanted):
        """When the diagnostics of a document came that are wanted, and them."""

        def is_it(message):
            params = message.get("params") or {}
            of_it = message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri
            return of_it and is_wanted(params["diagnostics"])

        end, message = self.until(is_it, "diagnostics")
        return end, message["params"]["diagnostics"]

    def until(self, is_it, what):
        while True:
            try:
                end, message = self.messages.get(timeout=PATIENCE)
            except queue.Empty:
                raise SystemExit(f"no answer to {what} within {PATIENCE} s") from None
            if is_it(message):
                return end, message
            if "id" in message and "method" in message:
                self.send({"id": message["id"], "result": self.reply(message)})

    @staticmethod
    def reply(message):
        """What an editor without settings answers."""
        if message["method"] == "workspace/configuration":
            return [None] * len(message["params"]["items"])
        return None

    def settle(self, seconds=0.3):
        """Takes all that the server says until it is silent."""
        time.sleep(seconds)
        while not self.messages.empty():
            _, message = self.messages.get()
            if "id" in message and "method" in message:
                self.send({"id": message["id"], "result": self.reply(message)})

    @property
    def memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


class Document:
    """A file that is open in a server."""

    def __init__(self, server, file, takes_ranges):
        self.server, self.takes_ranges = server, takes_ranges
        self.uri, self.text, self.version = file.resolve().as_uri(), file.read_text(), 1
        self.named = {"textDocument": {"uri": self.uri}}
        language = {".hl": "hl", ".ncl": "nickel", ".nix": "nix", ".cue": "cue"}[file.suffix]
        item = {"uri": self.uri, "languageId": language, "version": 1, "text": self.text}
        self.opened = server.tell("textDocument/didOpen", {"textDocument": item})

    def middle(self, word):
        """Where a word stands behind the middle of the text."""
        at = self.text.find(word, len(self.text) // 2)
        if at < 0:
            raise SystemExit(f"{word!r} does not stand behind the middle of the text")
        return at

    def position(self, at):
        before = self.text[:at]
        return {"line": before.count("\n"), "character": at - (before.rfind("\n") + 1)}

    def edit(self, at, old, new):
        """Replaces what stands at a place; when that was sent."""
        change = {"text": new}
        if self.takes_ranges:
            change["range"] = {"start": self.position(at), "end": self.position(at + len(old))}
        self.text = self.text[:at] + new + self.text[at + len(old) :]
        if not self.takes_ranges:
            change["text"] = self.text
        self.version += 1
        known = {"uri": self.uri, "version": self.version}
        return self.server.tell("textDocument/didChange", {"textDocument": known, "contentChanges": [change]})


def measure(words, file, word, wrong, samples, only=()):
    """Everything that is measured of a server, by name."""
    start = time.perf_counter()
    server = Server(words, file.parent)
    _, answer = server.ask("initialize", initialize(file.parent))
    sync = answer["capabilities"].get("textDocumentSync")
    kind = sync.get("change") if isinstance(sync, dict) else sync
    server.tell("initialized", {})
    document = Document(server, file, takes_ranges=kind == 2)
    end, _ = server.diagnostics(document.uri, lambda _: True)
    found = {"start": Timed([(end - start) * 1000])}
    server.settle(1)

    if not only or "edits" in only:
        found["breaks"], found["mends"] = edits(server, document, wrong, samples)
    at = document.middle(word) + len(word)
    place = {**document.named, "position": document.position(at - 1)}
    behind = {**document.named, "position": document.position(at)}
    style = {"tabSize": 2, "insertSpaces": True}
    asked = {
        "completion": ("textDocument/completion", behind, "completionProvider"),
        "hover": ("textDocument/hover", place, "hoverProvider"),
        "rename": ("textDocument/rename", {**place, "newName": "renamed"}, "renameProvider"),
        "symbols": ("textDocument/documentSymbol", document.named, "documentSymbolProvider"),
        "formatting": ("textDocument/formatting", {**document.named, "options": style}, "documentFormattingProvider"),
    }
    for name, (method, params, capability) in asked.items():
        if answer["capabilities"].get(capability) and (not only or name in only):
            found[name] = repeated(server, method, params, samples)
    found["memory"] = Timed([server.memory])
    server.ask("shutdown", None)
    server.tell("exit", None)
    server.process.wait(PATIENCE)
    return found


def initialize(folder):
    uri = folder.resolve().as_uri()
    document = {"publishDiagnostics": {"versionSupport": True}, "rename": {"prepareSupport": True}}
    document["documentSymbol"] = {"hierarchicalDocumentSymbolSupport": True}
    capabilities = {"textDocument": document, "workspace": {"workspaceFolders": True, "configuration": True}}
    folders = [{"uri": uri, "name": folder.name}]
    return {"processId": os.getpid(), "rootUri": uri, "workspaceFolders": folders, "capabilities": capabilities}


def edits(server, document, wrong, samples):
    """Breaks something and mends it, again and again."""
    right, broken = wrong
    at = document.middle(right)
    breaks, mends = [], []
    for _ in range(samples):
        for old, new, times in ((right, broken, breaks), (broken, right, mends)):
            is_broken = new == broken
            start = document.edit(at, old, new)
            end, _ = server.diagnostics(document.uri, lambda found: bool(found) == is_broken)
            times.append((end - start) * 1000)
            time.sleep(0.01)
    return Timed(breaks), Timed(mends)


def repeated(server, method, params, samples):
    times = []
    for _ in range(samples):
        milliseconds, answer = server.ask(method, params)
        times.append(milliseconds)
    return Timed(times, len(json.dumps(answer)))


def page(hlc, samples):
    """The tables of docs/benchmarks.md."""
    parts = []
    with tempfile.TemporaryDirectory(prefix="hlc-bench-") as folder:
        for count in (99, 999):
            workload.write(folder, count)
            home = pathlib.Path(folder, str(count))
            lab = home / "hl" / "homelab.hl"
            # As it is kept by those who save what they edit.
            subprocess.run([hlc, "fmt", str(lab)], cwd=lab.parent, stdout=subprocess.DEVNULL, check=True)
            wrong = ("replicas = ", 'replicas = "x" + ')
            columns = {"hlc lsp": measure([hlc, "lsp"], lab, "registry", wrong, samples)}
            for name, (command, language, file, word, wrong) in OTHERS.items():
                if pathlib.Path(command[0]).exists():
                    found = attempt(command, home / language / file, word, wrong, samples)
                    columns |= {name: found} if found else {}
            lines = len(lab.read_text().splitlines())
            parts.append(f"### {lines:,} lines\n\n" + tables.servers(NAMES, columns))
    before, rest = PAGE.read_text().split(MARKS[0])
    PAGE.write_text(before + MARKS[0] + "\n".join(parts) + MARKS[1] + rest.split(MARKS[1])[1])


def attempt(command, file, word, wrong, samples):
    """What is measured of a peer; nothing of one that gives up."""
    try:
        return measure(command, file, word, wrong, samples)
    except SystemExit as reason:
        print(f"bench: {command[0]}: {reason}", file=sys.stderr)
        return {}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server", nargs="?")
    parser.add_argument("file", nargs="?", type=pathlib.Path)
    parser.add_argument("--page", metavar="HLC", type=pathlib.Path)
    parser.add_argument("--word", default="registry")
    parser.add_argument("--wrong", nargs=2, default=["replicas = ", 'replicas = "x" + '])
    parser.add_argument("--samples", type=int, default=50)
    parser.add_argument("--only", nargs="*", default=(), help="edits, completion, … and nothing else")
    arguments = parser.parse_args()
    if arguments.page:
        page(str(arguments.page.resolve()), arguments.samples)
        return 0
    words = shlex.split(arguments.server)
    found = measure(words, arguments.file, arguments.word, arguments.wrong, arguments.samples, arguments.only)
    for name, one in found.items():
        print(f"{name:<11}{one.median:>9.2f}{one.worst:>9.2f}  {one.size or ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
