// The item beside the language's name: what the server is doing.

import { type Disposable, languages, LanguageStatusSeverity, type LanguageStatusItem } from "vscode";

import type { Program } from "./program";

/** How the server says that it is. */
export interface ServerStatus {
  readonly health: "ok" | "warning" | "error";
  readonly quiescent: boolean;
  readonly message?: string;
}

/** What is shown of the server. */
export class Status implements Disposable {
  readonly #item: LanguageStatusItem;

  constructor() {
    this.#item = languages.createLanguageStatusItem("hlc.status", { language: "hl" });
    this.#item.name = "HL server";
    this.#item.command = { command: "hlc.showLog", title: "Show Log" };
    this.#show("not started", LanguageStatusSeverity.Information, false);
  }

  starting(program: Program): void {
    this.#item.detail = `hlc ${program.version}, ${program.found}`;
    this.#show("starting", LanguageStatusSeverity.Information, true);
  }

  running(program: Program): void {
    this.#item.detail = `hlc ${program.version}, ${program.found}`;
    if (this.#item.busy && this.#item.text === "starting") {
      this.#show("ready", LanguageStatusSeverity.Information, false);
    }
  }

  told({ health, quiescent, message }: ServerStatus): void {
    const severity = {
      ok: LanguageStatusSeverity.Information,
      warning: LanguageStatusSeverity.Warning,
      error: LanguageStatusSeverity.Error,
    }[health];
    this.#show(message ?? (quiescent ? "ready" : "reading the lab"), severity, !quiescent);
  }

  failed(why: string): void {
    this.#show(why, LanguageStatusSeverity.Error, false);
    this.#item.command = { command: "hlc.restart", title: "Restart" };
  }

  untrusted(): void {
    this.#item.command = { command: "workbench.trust.manage", title: "Manage Trust" };
    this.#show("waits until this folder is trusted", LanguageStatusSeverity.Warning, false);
  }

  dispose(): void {
    this.#item.dispose();
  }

  #show(text: string, severity: LanguageStatusSeverity, busy: boolean): void {
    this.#item.text = text;
    this.#item.severity = severity;
    this.#item.busy = busy;
    this.#item.command = { command: "hlc.showLog", title: "Show Log" };
  }
}
