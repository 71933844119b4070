// What somebody sees of the cluster in VS Code: the lens, the plan beside the text, and the tasks.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open } from "./editor.mjs";

const LAB = `lab home { edition = "0.2", domain = "home.arpa" }
stage apps = 10
namespace media { stage = apps }

app web in media {
  image = "docker.io/library/httpd:2.4.65"
  port http = 80
}
`;

/** A cluster that nobody answers for: port 1 is nobody's. */
const KUBECONFIG = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "gone",
  clusters: [{ name: "gone", cluster: { server: "https://127.0.0.1:1" } }],
  contexts: [{ name: "gone", context: { cluster: "gone", user: "gone" } }],
  users: [{ name: "gone", user: { token: "none" } }],
});

let editor;

before(async () => {
  // Where somebody has it who says nothing else.
  editor = await open({ "homelab.hl": LAB }, {}, {}, undefined, [], { ".kube/config": KUBECONFIG });
  await editor.file("homelab.hl");
  await editor.until("a server", async () => (await editor.servers()).length > 0);
});

after(async () => {
  await editor?.close();
});

const lens = (title) => editor.page.locator(`.codelens-decoration a:text-is("${title}")`).first();
const text = async (locator) => (await locator.innerText()).replace(/\u00a0/g, " ");

test("a lens shows the plan beside the text, or why there is none", async () => {
  await lens("plan").waitFor();
  await lens("apply").waitFor();
  await editor.shot("plan lens");
  await lens("plan").click();
  await editor.page.locator('.tab:has-text("plan 10_apps web")').first().waitFor();
  const plan = editor.page.locator('.editor-group-container:has(.tab:has-text("plan 10_apps web")) .view-lines').first();
  await editor.until("why there is none", async () => /error: .*127\.0\.0\.1/.test(await text(plan)));
  await editor.shot("plan");
});

test("hovers wait for no cluster", async () => {
  await editor.file("homelab.hl");
  await editor.cursor(5, 5);
  await editor.command("Show or Focus Hover");
  const hover = editor.page.locator(".monaco-hover:visible .hover-contents, .monaco-resizable-hover:visible").first();
  await editor.until("a hover", async () => /app web in media/.test(await text(hover)));
  assert.doesNotMatch(await text(hover), /live:/);
  await editor.press("Escape");
});

test("tasks are there for the lab and for its components", async () => {
  await editor.command("Tasks: Run Task");
  const box = editor.page.locator(".quick-input-widget input");
  await box.waitFor();
  await editor.page.locator('.quick-input-list .monaco-list-row:has-text("hlc")').first().click();
  for (const name of ["check", "plan", "apply", "status", "plan 10_apps/web", "status 10_apps/web"]) {
    await box.fill(`hlc: ${name}`);
    await editor.page.locator(`.quick-input-list .monaco-list-row:has-text("hlc: ${name}")`).first().waitFor();
  }
  await editor.shot("tasks");
  await editor.press("Escape");
});

test("applying is done in a terminal", async () => {
  await editor.file("homelab.hl");
  await lens("apply").click();
  await editor.page.locator(".terminal-wrapper .xterm").first().waitFor();
  await editor.page.locator('.tabs-list .monaco-list-row:has-text("apply 10_apps/web"), .single-terminal-tab:has-text("apply 10_apps/web"), .panel .action-item:has-text("apply 10_apps/web")').first().waitFor();
  await editor.shot("apply");
});
