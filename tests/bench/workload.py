"""The same lab of N apps in HL and in the languages of the peers.

    tests/bench/workload.py FOLDER [N …]      writes FOLDER/N/LANGUAGE/main.… (for HL: homelab.hl)

Each app has an image, replicas, a port, a host and two variables of environment. Each language is written as its
authors would: with types where the language has any, with the domain and the registry said once. How, is in `labs`:
what stands between `<each app>` and `<end>` is written once for each app.
"""

import pathlib
import sys

LABS = pathlib.Path(__file__).parent / "labs"

LANGUAGES = {
    "hl": "homelab.hl",
    "jsonnet": "main.jsonnet",
    "nickel": "main.ncl",
    "cue": "main.cue",
    "nix": "main.nix",
    "pkl": "main.pkl",
    "kcl": "main.k",
}

# What all of them come to is one JSON object: each app by its name. In HL that is asked for.
ALL_APPS = """{ for web in ingresses => web.parent.name: {
  name = web.parent.name, image = web.parent.image, replicas = web.parent.replicas,
  port = web.to.number, host = web.host, env = web.parent.env
} }"""


def text(template, count):
    """The lab of `count` apps that `template` says."""
    head, rest = template.split("<each app>\n")
    each, foot = rest.split("<end>\n")

    def app(n):
        numbers = {"<n>": n, "<port>": 8000 + n, "<replicas>": 1 + n % 3}
        one = each
        for mark, number in numbers.items():
            one = one.replace(mark, str(number))
        return one

    return head + "".join(map(app, range(count))) + foot


def write(folder, count):
    """Writes the lab of `count` apps in all languages."""
    for name, file in LANGUAGES.items():
        home = pathlib.Path(folder, str(count), name)
        home.mkdir(parents=True, exist_ok=True)
        (home / file).write_text(text((LABS / file).read_text(), count))


if __name__ == "__main__":
    for count in sys.argv[2:] or ("100", "1000", "8000"):
        write(sys.argv[1], int(count))
