// How long it takes from a key to what it does to the squiggles, by the clock of the page: in the lab of this repository,
// with `hlc`, and with a server that looks at nothing. Prints a table for docs/benchmarks.md.

import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { open } from "../editor/editor.mjs";

const KEYSTROKES = 200;
/** A name that is typed on, and deleted again. */
const LINE = /^ *network += lan$/;

const root = new URL("../../../../", import.meta.url);
const text = await readFile(new URL("homelab.hl", root), "utf8");
const secrets = await readFile(new URL("homelab.secrets.yaml", root), "utf8");
const lines = text.split("\n");
const line = lines.findIndex((one) => LINE.test(one));
if (line < 0) throw new Error(`no line of homelab.hl is like ${LINE}`);
const end = lines[line].length;
const range = { start: { line, character: end - 3 }, end: { line, character: end + 1 } };

/** The times of all keystrokes with a server, in milliseconds. */
async function measure(settings, environment) {
  const editor = await open({ "homelab.hl": text, "homelab.secrets.yaml": secrets }, settings, environment);
  try {
    await editor.file("homelab.hl");
    await editor.cursor(line + 1, end + 1);
    // Until the server has said what it has to say of the file as it is.
    await editor.page.waitForTimeout(5_000);
    if ((await editor.errors()) > 0) throw new Error("the lab has errors before anything is typed");
    await editor.page.evaluate(watch);
    for (let n = 0; n < KEYSTROKES; n += 1) {
      await editor.press(n % 2 === 0 ? "x" : "Backspace");
      await editor.page.waitForFunction((count) => globalThis.taken.length > count, n, { polling: 20 });
      await editor.page.waitForTimeout(60 + ((n * 37) % 80));
    }
    return await editor.page.evaluate(() => globalThis.taken);
  } finally {
    await editor.close();
  }
}

/** In the page: notes how long it is from each key until a squiggle comes or goes. */
function watch() {
  globalThis.taken = [];
  let pressed = 0;
  let shown = false;
  addEventListener("keydown", () => (pressed = performance.now()), true);
  const editor = document.querySelector(".editor-group-container.active .monaco-editor");
  const look = () => {
    const is = editor.querySelector(".squiggly-error") !== null;
    if (is !== shown) globalThis.taken.push(performance.now() - pressed);
    shown = is;
  };
  new MutationObserver(look).observe(editor, { subtree: true, childList: true, attributes: true, characterData: true });
}

/** A part of all times is below this. */
const percentile = (times, part) => times.toSorted((a, b) => a - b)[Math.ceil(times.length * part) - 1];

const atOnce = fileURLToPath(new URL("at-once.mjs", import.meta.url));
const environment = { AT_ONCE_RANGE: JSON.stringify(range), PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
const rows = [
  ["hlc", await measure({}, {})],
  ["a server that looks at nothing", await measure({ "hlc.server.path": atOnce }, environment)],
];
console.log("| | median | 99 of 100 are below |\n|---|--:|--:|");
for (const [name, times] of rows) {
  console.log(`| ${name} | ${percentile(times, 0.5).toFixed(1)} ms | ${percentile(times, 0.99).toFixed(1)} ms |`);
}
