// A real VS Code with the packaged extension in it, driven in a real browser.
//
// CODE_SERVER_FOLDER  where tests/tools/install put code-server, its node and playwright
// HLC_VSIX            the extension that is installed
// HLC_SHOTS           where screenshots are kept, if anywhere

import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const TOOLS = process.env.CODE_SERVER_FOLDER ?? fail("CODE_SERVER_FOLDER is not set: see tests/tools/install");
const VSIX = process.env.HLC_VSIX ?? fail("HLC_VSIX is not set: see editors/vscode/package.sh");
const { chromium } = createRequire(join(TOOLS, "package.json"))("playwright-core");

/** Longer than anything takes on a busy machine; nothing waits for it where all is well. */
export const PATIENCE = Number(process.env.HLC_PATIENCE ?? 90_000);

function fail(message) {
  throw new Error(message);
}

/** What every test of this editor begins with: nothing asks, moves or speaks to anybody. */
const SETTINGS = {
  "chat.disableAIFeatures": true,
  "editor.minimap.enabled": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "window.restoreWindows": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/**
 * Opens an editor with these files in its folder; settings and environment are beside what every editor has, it is the
 * extension with a server if nothing else is said, `path` has folders of programs that come before the system's, and
 * `own` are files in the home of who edits.
 */
export async function open(files, settings = {}, environment = {}, extension = VSIX, path = [], own = {}) {
  const home = await mkdtemp(join(tmpdir(), "hlc-editor-"));
  const [folder, user, extensions] = ["lab", "user", "extensions"].map((name) => join(home, name));
  await mkdir(folder, { recursive: true });
  // The editor takes its variables from a login shell, as it would for somebody who logs in.
  await writeFile(join(home, ".profile"), `PATH=${[...path, "/usr/bin", "/bin"].join(":")}\n`);
  const all = [...Object.entries(files).map(([name, text]) => [join(folder, name), text]), ...Object.entries(own).map(([name, text]) => [join(home, name), text])];
  for (const [path, text] of all) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  await mkdir(join(user, "User"), { recursive: true });
  await writeFile(join(user, "User", "settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
  const node = join(TOOLS, "node_modules/node/bin/node");
  const program = [join(TOOLS, "node_modules/code-server/out/node/entry.js"), "--user-data-dir", user, "--extensions-dir", extensions];
  // The test's own folders are all it has of the world: no other `hlc` is on the path.
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, PATH: "/usr/bin:/bin", ...environment };
  await run(node, [...program, "--install-extension", extension], { env });
  const quiet = ["--auth", "none", "--bind-addr", "127.0.0.1:0", "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
  const server = spawn(node, [...program, ...quiet, folder], { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk) => {
      said += chunk;
      const found = /listening on (http:\S+)/.exec(said);
      if (found) resolve(found[1]);
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.on("exit", () => reject(new Error(`code-server ended: ${said}`)));
  });
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(PATIENCE);
  await page.goto(`${address.replace(/\/$/, "")}/?folder=${folder}`);
  await page.waitForSelector(".monaco-workbench");
  return new Editor({ page, browser, server, folder, home });
}

/** An editor that is open. */
export class Editor {
  constructor(parts) {
    Object.assign(this, parts);
  }

  async close() {
    await this.browser.close();
    try {
      process.kill(-this.server.pid, "SIGKILL");
    } catch {
      // It is gone.
    }
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Opens a file, with the cursor in it. */
  async file(name) {
    const box = this.page.locator(".quick-input-widget input");
    await box.waitFor({ state: "hidden" });
    await this.page.keyboard.press("Control+p");
    await box.waitFor();
    await box.fill(name);
    await this.page.locator(`.quick-input-list .monaco-list-row:has-text("${name}")`).first().click();
    await this.page.locator(`.tab.active:has-text("${name}")`).first().waitFor().catch(async (error) => {
      await this.shot(`no tab ${name}`);
      throw error;
    });
    await this.page.locator(".editor-group-container.active .view-lines").first().click();
  }

  /** Runs a command by its name in the palette. */
  async command(name) {
    await this.page.keyboard.press("F1");
    const box = this.page.locator(".quick-input-widget input");
    await box.waitFor();
    await box.fill(`>${name}`);
    await this.page.locator(`.quick-input-list .monaco-list-row:has-text("${name}")`).first().click();
    // A command may ask for something else in the same box.
    await this.page.locator('.quick-input-widget input[placeholder^="Type the name of a command"]').waitFor({ state: "hidden" });
  }

  /** Puts the cursor somewhere, lines and columns from one. */
  async cursor(line, column) {
    await this.page.keyboard.press("Control+g");
    const box = this.page.locator(".quick-input-widget input");
    await box.waitFor();
    await box.fill(`:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await box.waitFor({ state: "hidden" });
  }

  /** Makes a file that is shown what it is to be, on the disk and in the editor. */
  async save(name, text) {
    await writeFile(join(this.folder, name), text);
    await this.command("File: Revert File");
    await this.page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text) {
    await this.page.keyboard.type(text, { delay: 25 });
  }

  /** What is on the disk, once it is so. */
  async onDisk(name, isSo) {
    return this.until(`${name} on the disk`, async () => {
      const text = await readFile(join(this.folder, name), "utf8");
      return isSo(text) ? text : undefined;
    });
  }

  /** What something finds, once it finds it. */
  async until(what, find) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const found = await find();
      if (found) return found;
      if (Date.now() > end) {
        await this.shot(`failed ${what}`);
        throw new Error(`never came: ${what}`);
      }
      await this.page.waitForTimeout(100);
    }
  }

  /** How many squiggles of errors are shown. */
  errors() {
    return this.page.locator(".editor-group-container.active .squiggly-error").count();
  }

  async shot(name) {
    const folder = process.env.HLC_SHOTS;
    if (folder === undefined) return;
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name.replace(/[^\w-]+/g, "-")}.png`) });
  }

  /** The processes that are the language server of this editor. */
  async servers() {
    const { stdout } = await run("ps", ["-eo", "pid=,args="]);
    const own = stdout.split("\n").filter((line) => line.includes(this.home) && /server\/hlc lsp/.test(line));
    return own.map((line) => Number(line.trim().split(/\s+/)[0]));
  }
}
