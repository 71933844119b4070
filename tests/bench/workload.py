"""The same lab of N apps in HL and in the languages of the peers.

    tests/bench/workload.py FOLDER [N …]      writes FOLDER/N/LANGUAGE/main.… (for HL: homelab.hl)

Each app has an image, replicas, a port, a host and two variables of environment. Each language is written as its
authors would: with types where the language has any, with the domain and the registry said once.
"""

import pathlib
import sys
from typing import NamedTuple


class Language(NamedTuple):
    """How one language writes the lab: what comes first, one app, what comes last."""

    file: str
    head: str
    app: str
    foot: str

    def text(self, count):
        # Marks rather than `format`: most of these languages are full of braces.
        def app(n):
            text = self.app
            for mark, value in (("<n>", n), ("<port>", 8000 + n), ("<replicas>", 1 + n % 3)):
                text = text.replace(mark, str(value))
            return text

        return self.head + "".join(map(app, range(count))) + self.foot


LANGUAGES = {
    "hl": Language(
        "homelab.hl",
        """\
lab home { domain = "home.lan" }

registry = "ghcr.io"

stage apps = 10
namespace web { stage = apps }
""",
        """
app app<n> in web {
  image    = "${registry}/org/app<n>:1.<n>"
  replicas = <replicas>
  port http = <port>
  env { A = "1", B = "x<n>" }
  ingress web { host = "app<n>.${lab.domain}", to = http }
}
""",
        "",
    ),
    "jsonnet": Language(
        "main.jsonnet",
        """\
local domain = 'home.lan';
local registry = 'ghcr.io';
{
""",
        """\
  app<n>: {
    name: 'app<n>',
    image: '%s/org/app<n>:1.<n>' % registry,
    replicas: <replicas>,
    port: <port>,
    host: 'app<n>.%s' % domain,
    env: { A: '1', B: 'x<n>' },
  },
""",
        "}\n",
    ),
    "nickel": Language(
        "main.ncl",
        """\
let App = {
  name | String,
  image | String,
  replicas | Number | default = 1,
  port | Number,
  host | String,
  env | { _ : String } | default = {},
} in
let domain = "home.lan" in
let registry = "ghcr.io" in
{
""",
        """\
  app<n> = {
    name = "app<n>",
    image = "%{registry}/org/app<n>:1.<n>",
    replicas = <replicas>,
    port = <port>,
    host = "app<n>.%{domain}",
    env = { A = "1", B = "x<n>" },
  },
""",
        "} | { _ | App }\n",
    ),
    "cue": Language(
        "main.cue",
        """\
package homelab

#App: {
	name:     string
	image:    string
	replicas: int | *1
	port:     int & >0 & <65536
	host:     string
	env: [string]: string
}

_domain:   "home.lan"
_registry: "ghcr.io"

[string]: #App
""",
        """\
app<n>: {
	name:     "app<n>"
	image:    "\\(_registry)/org/app<n>:1.<n>"
	replicas: <replicas>
	port:     <port>
	host:     "app<n>.\\(_domain)"
	env: {A: "1", B: "x<n>"}
}
""",
        "",
    ),
    "nix": Language(
        "main.nix",
        """\
let
  domain = "home.lan";
  registry = "ghcr.io";
in
{
""",
        """\
  app<n> = {
    name = "app<n>";
    image = "${registry}/org/app<n>:1.<n>";
    replicas = <replicas>;
    port = <port>;
    host = "app<n>.${domain}";
    env = { A = "1"; B = "x<n>"; };
  };
""",
        "}\n",
    ),
    "pkl": Language(
        "main.pkl",
        """\
class App {
  name: String
  image: String
  replicas: Int(isPositive) = 1
  port: UInt16
  host: String
  env: Mapping<String, String>
}

local domain = "home.lan"
local registry = "ghcr.io"

""",
        """\
app<n>: App = new {
  name = "app<n>"
  image = "\\(registry)/org/app<n>:1.<n>"
  replicas = <replicas>
  port = <port>
  host = "app<n>.\\(domain)"
  env { ["A"] = "1"; ["B"] = "x<n>" }
}
""",
        "",
    ),
    "kcl": Language(
        "main.k",
        """\
schema App:
    name: str
    image: str
    replicas: int = 1
    port: int
    host: str
    env: {str:str}

    check:
        0 < port < 65536, "no such port"

_domain = "home.lan"
_registry = "ghcr.io"

""",
        """\
app<n> = App {
    name = "app<n>"
    image = "${_registry}/org/app<n>:1.<n>"
    replicas = <replicas>
    port = <port>
    host = "app<n>.${_domain}"
    env = {A = "1", B = "x<n>"}
}
""",
        "",
    ),
}

# What all of them come to is one JSON object: each app by its name. In HL that is asked for.
ALL_APPS = """{ for web in ingresses => web.parent.name: {
  name = web.parent.name, image = web.parent.image, replicas = web.parent.replicas,
  port = web.to.number, host = web.host, env = web.parent.env
} }"""


def write(folder, count):
    """Writes the lab of `count` apps in all languages."""
    for name, language in LANGUAGES.items():
        home = pathlib.Path(folder, str(count), name)
        home.mkdir(parents=True, exist_ok=True)
        (home / language.file).write_text(language.text(count))


if __name__ == "__main__":
    for count in sys.argv[2:] or ("100", "1000", "8000"):
        write(sys.argv[1], int(count))
