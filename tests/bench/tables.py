"""Measurements as tables in Markdown."""

import re

from measure import ratio


def table(head, rows):
    line = lambda cells: "| " + " | ".join(cells) + " |"
    right = ["---", *["--:"] * (len(head) - 1)]
    return "\n".join([line(head), "|" + "|".join(right) + "|", *map(line, rows)]) + "\n"


def milliseconds(number):
    return f"{number:,.1f} ms" if number < 100 else f"{number:,.0f} ms"


def languages(count, results):
    """Every command beside jrsonnet, the fastest of the peers."""
    base = results.get("jrsonnet") or results["hlc check"]
    rows = [
        [name, milliseconds(one.median), f"{ratio(one, base):.2f}", f"{one.memory:.0f} MB"]
        for name, one in results.items()
    ]
    return f"### {count:,} apps\n\n" + table(["", "time", "times jrsonnet", "memory"], rows)


def growth(counts, results):
    """Each size beside the one before."""
    rows = []
    for before, count in zip((None, *counts), counts):
        one = results[str(count)]
        times = f"{ratio(one, results[str(before)]):.2f}" if before else ""
        rows.append([f"{count:,}", milliseconds(one.median), times, f"{one.memory:.0f} MB"])
    return "### Twice the apps: `hlc check`\n\n" + table(["apps", "time", "times the half", "memory"], rows)


def builds(rows):
    """Each build beside the lab's own check."""
    cells = []
    for name, results in rows:
        check = results["check"]
        shown = [name, milliseconds(check.median)]
        for what in ("build", "copy", "unchanged"):
            one = results.get(what)
            shown.append(f"{milliseconds(one.median)} ({ratio(one, check):.1f} times)" if one else "")
        memory = max(one.memory for what, one in results.items() if what != "copy")
        cells.append([*shown, f"{memory:.0f} MB"])
    head = ["", "check", "build, all files new", "all files copied", "build, nothing to do", "memory"]
    return "### Builds\n\n" + table(head, cells)


def servers(names, columns):
    """Each thing that is asked of a language server, beside the others: the median and the 99th percentile."""
    rows = []
    for key, name in names.items():
        shown = [columns[server].get(key) for server in columns]
        cell = lambda one: f"{one.median:,.2f} ms" + (f" ({one.worst:,.2f})" if len(one.samples) > 1 else "")
        rows.append([name, *(cell(one) if one else "" for one in shown)])
    memory = [columns[server].get("memory") for server in columns]
    rows.append(["memory at the end", *(f"{one.median:.0f} MB" if one else "" for one in memory)])
    return table(["", *columns], rows)


def in_process(text):
    """The tree that divan prints: the name of each benchmark, its sizes, the median of each."""
    rows, name = [], ""
    for line in text.splitlines():
        found = re.match(r"[│├╰─ ]+(\w+)\s(.*)", line)
        if not found:
            continue
        cells = [cell.strip() for cell in found.group(2).split("│")]
        if not found.group(1).isdigit():
            name = found.group(1)
        elif len(cells) > 3 and cells[0]:
            rows.append([name.replace("_", " "), f"{int(found.group(1)):,}", cells[2], cells[0].split("  ")[0]])
    return "### In process\n\n" + table(["", "lines", "median", "fastest"], rows)
