// Every snippet is a part of a lab as it stands, with what it suggests: nothing in it is an error.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { converse } from "./server.mjs";

const snippets = JSON.parse(await readFile(new URL("../snippets/hl.json", import.meta.url), "utf8"));

/** What is there already, by the word that declares it: a snippet that declares the same stands in its place. */
const AROUND = {
  lab: 'lab home { edition = "0.2", domain = "home.arpa" }',
  network: "network lan { cidr = 192.168.1.0/24, gateway = 192.168.1.1 }",
  stage: "stage first = 1",
  namespace: "namespace apps { stage = first }",
  host: "host other { network = lan, address = 192.168.1.9 }",
};

/** The text of a snippet, as it is when somebody accepts all that it suggests. */
function accepted({ body }) {
  const text = [body].flat().join("\n");
  const choice = text.replace(/\$\{\d+\|([^,|]*)[^}]*\|\}/g, "$1");
  const suggested = choice.replace(/\$\{\d+:([^{}]*)\}/g, "$1");
  return suggested.replace(/\$0/g, "").replace(/\\\$/g, "$");
}

test("snippets are parts of labs", async (t) => {
  const wrong = [];
  const server = await converse("file:///nowhere");
  t.after(server.end);
  for (const [name, snippet] of Object.entries(snippets)) {
    const own = accepted(snippet);
    const kind = own.replace(/^#.*\n/gm, "").split(/\s/)[0];
    const around = Object.entries(AROUND).filter(([word]) => word !== kind && !(kind === "namespace" && word === "stage"));
    let text = `${around.map(([, line]) => line).join("\n")}\n${own}\n`;
    if (kind === "namespace") text = `stage apps = 1\n${text}`;
    const uri = `untitled:${encodeURIComponent(name)}.hl`;
    server.tell("textDocument/didOpen", { textDocument: { uri, languageId: "hl", version: 1, text } });
    const { items } = await server.ask("textDocument/diagnostic", { textDocument: { uri } });
    const errors = items.filter((item) => item.severity === 1).map((item) => `${item.code}: ${item.message}`);
    if (errors.length > 0) wrong.push(`${name}: ${errors.join("; ")} in\n${text}`);
    server.tell("textDocument/didClose", { textDocument: { uri } });
  }
  assert.deepEqual(wrong, []);
});
