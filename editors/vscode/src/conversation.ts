// The conversation with the server: how it begins, ends and begins anew.

import { commands, Disposable, type ExtensionContext, type LogOutputChannel, Uri, window, workspace } from "vscode";
import {
  CloseAction,
  ErrorAction,
  type ClientCapabilities,
  type LanguageClientOptions,
  type ServerOptions,
  type StaticFeature,
} from "vscode-languageclient/node";
import { LanguageClient, RevealOutputChannelOn, State } from "vscode-languageclient/node";

import { findProgram, type Program } from "./program";
import { DEPLOYING, SHOW_REFERENCES } from "./references";
import { Status, type ServerStatus } from "./status";

/** So often a server that ends by itself is started again, within so many milliseconds. */
const [MOST_RESTARTS, WITHIN] = [4, 180_000];

/** Begins, ends and watches the conversation. */
export class Conversation implements Disposable {
  readonly status = new Status();
  readonly log: LogOutputChannel;
  readonly #trace: LogOutputChannel;
  #client: LanguageClient | undefined;
  #program: Program | undefined;
  #crashes: number[] = [];

  constructor(private readonly context: ExtensionContext) {
    this.log = window.createOutputChannel("HL", { log: true });
    this.#trace = window.createOutputChannel("HL: conversation", { log: true });
    context.subscriptions.push(this.log, this.#trace, this.status);
    context.subscriptions.push(
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("hlc.server")) {
          void this.restart();
        }
      }),
    );
  }

  /** What speaks with the server, if it runs. */
  get client(): LanguageClient | undefined {
    return this.#client?.state === State.Running ? this.#client : undefined;
  }

  /** The program that is the server. */
  get program(): Program | undefined {
    return this.#program;
  }

  /** The variables that somebody set for the program beside those of the editor. */
  get variables(): Record<string, string> {
    return workspace.getConfiguration("hlc.server").get<Record<string, string>>("environment", {});
  }

  /** The variables that the program gets. */
  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.variables };
  }

  async start(): Promise<void> {
    const settings = workspace.getConfiguration("hlc.server");
    const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
    try {
      this.#program = await findProgram({
        setting: settings.get<string>("path", "").trim(),
        path: process.env["PATH"] ?? "",
        extension: this.context.extensionPath,
        folder,
      });
    } catch (error) {
      await this.#missing(error);
      return;
    }
    const { path, version, found } = this.#program;
    this.log.info(`hlc ${version}, ${found}: ${path}`);
    this.status.starting(this.#program);
    const server: ServerOptions = {
      command: path,
      args: settings.get<string[]>("arguments", ["lsp"]),
      options: { cwd: folder, env: this.environment },
    };
    const client = new LanguageClient("hlc", "HL", server, this.#options());
    client.registerFeature(new Announced());
    client.onNotification("experimental/serverStatus", (status: ServerStatus) => this.status.told(status));
    this.#client = client;
    try {
      await client.start();
      this.status.running(this.#program);
    } catch (error) {
      this.status.failed(String(error));
      this.log.error(String(error));
    }
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client?.needsStop()) {
      await client.stop().catch((error: unknown) => this.log.warn(String(error)));
    }
    await client?.dispose().catch(() => undefined);
  }

  async restart(): Promise<void> {
    await this.stop();
    this.#crashes = [];
    await this.start();
  }

  dispose(): void {
    void this.stop();
  }

  #options(): LanguageClientOptions {
    return {
      documentSelector: [
        { scheme: "file", language: "hl" },
        { scheme: "untitled", language: "hl" },
        { scheme: "hlc-std", language: "hl" },
      ],
      synchronize: { configurationSection: "hlc" },
      outputChannel: this.log,
      traceOutputChannel: this.#trace,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      diagnosticPullOptions: { onChange: true, onTabs: true },
      markdown: { isTrusted: { enabledCommands: [SHOW_REFERENCES] }, supportHtml: false },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.#closed(),
      },
    };
  }

  /** What is done when the server is gone by itself: it is started again, but not for ever. */
  #closed(): { action: CloseAction; handled: boolean } {
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((before) => now - before < WITHIN), now];
    if (this.#crashes.length <= MOST_RESTARTS) {
      this.log.warn("the server ended by itself and is started again");
      return { action: CloseAction.Restart, handled: true };
    }
    this.status.failed("the server ended several times by itself");
    void window
      .showErrorMessage("The HL server ended several times by itself.", "Restart", "Show Log")
      .then((chosen) => {
        if (chosen === "Restart") {
          void this.restart();
        } else if (chosen === "Show Log") {
          this.log.show();
        }
      });
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  async #missing(error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    this.log.error(message);
    this.status.failed(message);
    const chosen = await window.showErrorMessage(message, "How to Install", "Choose a Program");
    if (chosen === "How to Install") {
      await commands.executeCommand("markdown.showPreview", Uri.joinPath(this.context.extensionUri, "README.md"));
    } else if (chosen === "Choose a Program") {
      await commands.executeCommand("workbench.action.openSettings", "hlc.server.path");
    }
  }
}

/** What this client can do beyond what its library says. */
class Announced implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = {
      ...(capabilities.experimental as object | undefined),
      serverStatusNotification: true,
      commands: { commands: [SHOW_REFERENCES, ...DEPLOYING] },
    };
  }
  initialize(): void {}
  getState() {
    return { kind: "static" as const };
  }
  clear(): void {}
}
