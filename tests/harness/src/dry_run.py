"""Applies objects to an API server as a dry run, and prints what it says of each.

Reads a list of texts, each an object in YAML, and prints a list of messages: null for what the server takes.
Namespaces are made, too, so that there is something to apply to.
"""

import concurrent.futures
import http.client
import json
import ssl
import sys
import threading
import urllib.parse

import yaml

CONNECTIONS = 4


class Server:
    def __init__(self, address, authority, token):
        self.address = address
        self.context = ssl.create_default_context(cafile=authority)
        self.context.check_hostname = False
        self.token = token
        self.local = threading.local()
        self.resources = {}
        self.lock = threading.Lock()

    def ask(self, method, path, body=None, content="application/json"):
        """The status and the answer. A connection is kept for each thread."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": content}
        for again in (True, False):
            if not hasattr(self.local, "connection"):
                self.local.connection = http.client.HTTPSConnection(self.address, context=self.context, timeout=60)
            try:
                self.local.connection.request(method, path, body, headers)
                answer = self.local.connection.getresponse()
                return answer.status, answer.read().decode(errors="replace")
            except (http.client.HTTPException, OSError):
                del self.local.connection
                if not again:
                    raise

    def resource(self, version, kind):
        """The path of a version of the API, and what it calls objects of the kind."""
        with self.lock:
            if version not in self.resources:
                path = f"/apis/{version}" if "/" in version else f"/api/{version}"
                status, answer = self.ask("GET", urllib.parse.quote(path))
                found = json.loads(answer)["resources"] if status == 200 else []
                self.resources[version] = {
                    one["kind"]: (path, one["name"], one["namespaced"]) for one in found if "/" not in one["name"]
                }
        return self.resources[version].get(kind)

    def apply(self, text, dry):
        """What the server has against an object."""
        try:
            value = yaml.safe_load(text)
            version, kind, metadata = value["apiVersion"], value["kind"], value["metadata"]
            name, namespace = metadata["name"], metadata.get("namespace", "default")
            found = self.resource(version, kind)
        except (yaml.YAMLError, KeyError, TypeError) as error:
            return f"not an object: {error!r}"
        if found is None:
            return f"there is no {kind} in {version}"
        path, plural, namespaced = found
        quote = lambda part: urllib.parse.quote(str(part), safe="")
        where = f"{path}/namespaces/{quote(namespace)}/{plural}" if namespaced else f"{path}/{plural}"
        query = "fieldManager=tests&fieldValidation=Strict&force=true" + ("&dryRun=All" if dry else "")
        status, answer = self.ask(
            "PATCH", f"{where}/{quote(name)}?{query}", text.encode(), "application/apply-patch+yaml"
        )
        if status in (200, 201):
            return None
        try:
            return f"{status}: {json.loads(answer)['message']}"
        except (ValueError, KeyError, TypeError):
            return f"{status}: {answer}"

    def namespace(self, name):
        """Makes a namespace that an object is in."""
        body = json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        self.ask("POST", "/api/v1/namespaces", body)


def main(address, authority, token):
    texts, namespaces = json.load(sys.stdin)
    server = Server(address, authority, token)
    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(server.namespace, namespaces))
        json.dump(list(pool.map(lambda text: server.apply(text, True), texts)), sys.stdout)


main(*sys.argv[1:])
