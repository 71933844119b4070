// The grammar, which knows nothing, says nothing else than the server, which knows all: of the reference lab and the library.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

import { converse } from "./server.mjs";

const require = createRequire(import.meta.url);
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** What a token of the server may be to the grammar: the innermost scope begins with one of these. */
const ALIKE = {
  comment: ["comment"],
  string: ["string", "constant.character.escape", "meta.embedded", "punctuation.section.interpolation", "source.nix"],
  number: ["constant.numeric.hl", "constant.numeric.quantity", "constant.numeric.version"],
  address: ["constant.numeric.address"],
  keyword: ["keyword", "constant.language", "variable.language", "storage"],
};
/** What a name, of whatever sort, is never taken for. */
const NEVER = ["comment", "string", "constant.numeric", "keyword.control", "keyword.operator"];

async function grammar() {
  const wasm = await readFile(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
      if (scope !== "source.hl") return null;
      const file = path("../syntaxes/hl.tmLanguage.json");
      return textmate.parseRawGrammar(await readFile(file, "utf8"), file);
    },
  });
  return registry.loadGrammar("source.hl");
}

/** The innermost scope of each character of each line. */
function scopes(grammar, lines) {
  let state = textmate.INITIAL;
  return lines.map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    const at = new Array(line.length);
    for (const token of tokens) at.fill(token.scopes.at(-1), token.startIndex, token.endIndex);
    return at;
  });
}

function* decoded({ data }, { tokenTypes }) {
  let [line, start] = [0, 0];
  for (let at = 0; at < data.length; at += 5) {
    start = data[at] > 0 ? data[at + 1] : start + data[at + 1];
    line += data[at];
    yield { line, start, length: data[at + 2], type: tokenTypes[data[at + 3]] };
  }
}

test("what the grammar says of a word, the server does not contradict", async (t) => {
  const hl = await grammar();
  const root = path("../../../");
  const server = await converse(pathToFileURL(root).href);
  t.after(server.end);
  const { legend } = server.capabilities.semanticTokensProvider;
  const lab = pathToFileURL(`${root}homelab.hl`).href;
  const library = await server.ask("workspace/executeCommand", { command: "hlc.library", arguments: [] });
  let compared = 0;
  const wrong = [];
  for (const uri of [lab, ...library]) {
    const text = uri.startsWith("file:")
      ? await readFile(fileURLToPath(uri), "utf8")
      : (await server.ask("workspace/textDocumentContent", { uri })).text;
    if (uri.startsWith("file:")) {
      server.tell("textDocument/didOpen", { textDocument: { uri, languageId: "hl", version: 1, text } });
    }
    const lines = text.split(/\r?\n/);
    const known = scopes(hl, lines);
    const tokens = await server.ask("textDocument/semanticTokens/full", { textDocument: { uri } });
    for (const { line, start, length, type } of decoded(tokens, legend)) {
      compared += 1;
      const here = [...new Set(known[line].slice(start, start + length))];
      // A name may stand in quotes.
      const isQuoted = lines[line][start] === '"';
      const alike = isQuoted ? ALIKE.string : ALIKE[type];
      const isFine = alike
        ? here.every((scope) => alike.some((one) => scope.startsWith(one)))
        : here.every((scope) => !NEVER.some((one) => scope.startsWith(one)));
      if (!isFine) {
        wrong.push(`${uri.split("/").at(-1)}:${line + 1}:${start + 1} ${lines[line].slice(start, start + length)}: ${type}, but ${here}`);
      }
    }
  }
  assert.ok(compared > 5000, `${compared} tokens`);
  assert.deepEqual(wrong.slice(0, 40), []);
});
