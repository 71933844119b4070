// What somebody sees who edits a lab in VS Code.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open } from "./editor.mjs";

const LAB = `import "./media.hl"

lab home {
  edition = "0.2"
  domain = "home.arpa"
}

network lan {
  cidr = 192.168.1.0/24
  gateway = 192.168.1.1
}

stage apps = 10
namespace media { stage = apps }

## What every app may have.
limit = 512MiB

app web in media {
  image = "docker.io/library/httpd:2.4.65"
  port http = 80
  replicas = 2
  resources { memory = shelf-size }
}
`;
const MEDIA = `## How much fits.
shelf-size = 256MiB

template small : app { replicas = 1 }

app shelf in media : small {
  image = "docker.io/library/httpd:2.4.65"
  port http = 8080
}
`;

let editor;

before(async () => {
  editor = await open({ "homelab.hl": LAB, "media.hl": MEDIA });
  await editor.file("homelab.hl");
  await editor.until("a server", async () => (await editor.servers()).length > 0);
});

after(async () => {
  await editor?.close();
});

/** Puts both files back as they were, and waits until nothing is wrong. */
async function reset() {
  for (const [name, text] of [["media.hl", MEDIA], ["homelab.hl", LAB]]) {
    await editor.file(name);
    await editor.save(name, text);
  }
  await editor.until("a lab without errors", async () => (await editor.errors()) === 0);
}

const page = () => editor.page;
const visible = (selector) => page().locator(selector).first().waitFor();
/** Waits until what is shown says something like this. */
async function says(selector, what) {
  const shown = page().locator(selector).first();
  await shown.waitFor();
  await editor.until(`${what}`, async () => what.test(await shown.innerText()));
}
const row = (text) => page().locator(`.suggest-widget.visible .monaco-list-row:has-text("${text}")`).first();

test("problems appear while somebody types, and vanish when they are mended", async () => {
  await editor.cursor(22, 15);
  await editor.press("Backspace");
  await editor.type("twoo");
  await editor.until("a squiggle", async () => (await editor.errors()) > 0);
  await visible('.statusbar-item[id="status.problems"]:has-text("1")');
  await editor.shot("problem");
  await editor.press("Backspace", "Backspace", "Backspace", "Backspace");
  await editor.type("2");
  await editor.until("no squiggle", async () => (await editor.errors()) === 0);
});

/**
 * Waits for a suggestion. Who types on while the first answer is on its way is now and then shown none, and then types
 * the last letter once more.
 */
async function suggested(label, last) {
  await editor.until(`the suggestion ${label}`, async () => {
    const isThere = await row(label).waitFor({ timeout: 5000 }).then(() => true, () => false);
    if (!isThere) {
      await editor.press("Backspace");
      await editor.type(last);
    }
    return isThere;
  });
}

test("completion knows what fits, also in half a head", async () => {
  await editor.cursor(23, 36);
  await editor.press("Enter");
  await editor.type("hea");
  await suggested("health", "a");
  await editor.shot("completion");
  await editor.press("Escape");
  await editor.press("Control+End");
  await editor.type("app db in m");
  await suggested("media", "m");
  await editor.press("Tab");
  await editor.until("the name is there", async () => {
    const text = await page().locator(".editor-group-container.active .view-lines").innerText();
    return text.replace(/\u00a0/g, " ").includes("app db in media");
  });
  await reset();
});

test("hover shows the type, the documentation and the value", async () => {
  await editor.cursor(23, 26);
  await editor.command("Show or Focus Hover");
  await says(".monaco-hover:visible .hover-contents, .monaco-resizable-hover:visible", /How much fits\./);
  await editor.shot("hover");
  await editor.press("Escape");
});

test("rename goes across files", async () => {
  await editor.cursor(23, 26);
  await editor.press("F2");
  const box = page().locator(".rename-box input.rename-input");
  await box.waitFor();
  await box.fill("room");
  await editor.press("Enter");
  await editor.until("no errors", async () => (await editor.errors()) === 0);
  await editor.command("File: Save All");
  await editor.onDisk("homelab.hl", (text) => text.includes("memory = room }"));
  await editor.onDisk("media.hl", (text) => text.includes("room = 256MiB") && !text.includes("shelf-size"));
  await reset();
});

test("definitions lead into other files and the library", async () => {
  await editor.cursor(23, 26);
  await editor.press("F12");
  await visible('.tab.active:has-text("media.hl")');
  await editor.file("homelab.hl");
  await editor.cursor(22, 5);
  await editor.press("F12");
  await visible('.tab.active:has-text("app.hl")');
  await editor.shot("library");
  await editor.press("Control+F4");
  await editor.file("homelab.hl");
});

test("files are formatted when they are saved", async () => {
  await editor.cursor(22, 15);
  await editor.type("    ");
  await editor.cursor(22, 11);
  await editor.type("   ");
  await editor.press("Control+s");
  await editor.onDisk("homelab.hl", (text) => text === LAB);
});

test("a fix is one key away", async () => {
  await editor.cursor(22, 11);
  await editor.press("Backspace");
  await editor.type("z");
  await editor.until("a squiggle", async () => (await editor.errors()) > 0);
  await editor.press("Control+.");
  await visible('.action-widget .monaco-list-row:has-text("replicas")');
  await editor.shot("fix");
  await page().locator('.action-widget .monaco-list-row:has-text("replicas")').first().click();
  await editor.until("no squiggle", async () => (await editor.errors()) === 0);
  await reset();
});

test("the outline has what the file declares", async () => {
  await editor.press("Control+Shift+o");
  for (const name of ["home", "lan", "media", "limit", "web"]) {
    await visible(`.quick-input-list .monaco-list-row:has-text("${name}")`);
  }
  await editor.press("Escape");
});

test("blocks can be folded", async () => {
  const lines = () => page().locator(".editor-group-container.active .view-lines .view-line").count();
  const all = await lines();
  await editor.command("Fold All");
  await editor.until("fewer lines", async () => (await lines()) < all - 4);
  await editor.command("Unfold All");
  await editor.until("all lines", async () => (await lines()) === all);
});

test("a lens says who uses something, and shows it", async () => {
  await editor.file("media.hl");
  const lens = page().locator('.codelens-decoration a:has-text("use")').first();
  await lens.waitFor();
  await editor.shot("lens");
  await lens.click();
  await visible(".peekview-widget, .zone-widget");
  await editor.press("Escape");
  await editor.file("homelab.hl");
});

test("colours are those of meaning", async () => {
  await editor.cursor(9, 12);
  await editor.command("Developer: Inspect Editor Tokens and Scopes");
  await says(".token-inspect-widget", /address/);
  await editor.press("Escape");
});

test("what is built stands beside, and follows the cursor and the text", async () => {
  await editor.cursor(20, 5);
  await editor.command("HL: Show What Is Built for This");
  const built = page().locator(".editor-group-container:not(.active) .view-lines");
  const shows = (what) => editor.until(what, async () => (await built.innerText()).replace(/\u00a0/g, " ").includes(what));
  await shows("kind: Deployment");
  await shows("replicas: 2");
  await editor.shot("built");
  await editor.cursor(22, 15);
  await editor.press("Backspace");
  await editor.type("3");
  await shows("replicas: 3");
  await editor.cursor(14, 12);
  await shows("kind: Namespace");
  await reset();
});

test("a server that was killed is there again", async () => {
  const [before] = await editor.until("a server", async () => {
    const all = await editor.servers();
    return all.length > 0 ? all : undefined;
  });
  process.kill(before, "SIGKILL");
  await editor.until("another server", async () => (await editor.servers()).some((now) => now !== before));
  await editor.cursor(22, 15);
  await editor.type("0x");
  await editor.until("a squiggle", async () => (await editor.errors()) > 0);
  await reset();
});

test("the page of a rule, the library and why a value is so can be opened", async () => {
  await editor.cursor(22, 14);
  await editor.command("HL: Why Is This Value So?");
  await visible('.tab:has-text("why")');
  await editor.file("homelab.hl");
  await editor.command("HL: Open the Library");
  const box = page().locator(".quick-input-widget input");
  await box.waitFor();
  await box.fill("core/network");
  await editor.press("Enter");
  await visible('.tab:has-text("network.hl")');
  assert.equal(await editor.errors(), 0);
});
