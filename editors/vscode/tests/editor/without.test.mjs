// The extension that comes without a server: it says so, and takes the one of the setting.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, test } from "node:test";

import { open } from "./editor.mjs";

const { HLC, HLC_BARE_VSIX } = process.env;
const LAB = `lab home { edition = "0.2", domain = "home.arpa" }
stage apps = 10
namespace media { stage = app }
`;

let editor;

afterEach(async () => {
  await editor?.close();
});

test("without a server somebody is told what to do, and the setting is taken at once", async () => {
  editor = await open({ "homelab.hl": LAB }, {}, {}, HLC_BARE_VSIX);
  await editor.file("homelab.hl");
  const told = editor.page.locator('.notification-toast:has-text("There is no program")');
  await told.waitFor();
  for (const button of ["How to Install", "Choose a Program"]) {
    assert.equal(await told.getByRole("button", { name: button }).count(), 1, button);
  }
  await editor.shot("no server");
  assert.equal(await editor.errors(), 0);
  const settings = join(editor.folder, ".vscode");
  await mkdir(settings);
  await writeFile(join(settings, "settings.json"), JSON.stringify({ "hlc.server.path": HLC }));
  await editor.until("a squiggle", async () => (await editor.errors()) > 0);
});

test("without a server the one on the PATH of a login shell is taken", async () => {
  editor = await open({ "homelab.hl": LAB }, {}, {}, HLC_BARE_VSIX, [dirname(HLC)]);
  await editor.file("homelab.hl");
  await editor.until("a squiggle", async () => (await editor.errors()) > 0);
});
