// What would be done to the cluster, shown beside the text, and how it is done.

import { execFile } from "node:child_process";
import { dirname, relative } from "node:path";

import {
  commands,
  EventEmitter,
  type ExtensionContext,
  ProgressLocation,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";

import type { Conversation } from "./conversation";
import { labOf, runTask } from "./tasks";

/** Plans, which are documents of their own. */
const PLAN = "hlc-plan";
/** So much of a plan is shown, in bytes. */
const MOST = 16 * 1024 * 1024;

export function registerDeploying(context: ExtensionContext, conversation: Conversation): void {
  const plans = new Plans(conversation);
  context.subscriptions.push(
    plans.changes,
    workspace.registerTextDocumentContentProvider(PLAN, plans),
    workspace.onDidCloseTextDocument((document) => plans.forget(document.uri)),
    commands.registerCommand("hlc.plan", (lab?: string, targets?: string[]) => plans.show(lab, targets ?? [])),
    commands.registerCommand("hlc.apply", (lab?: string, targets?: string[]) => apply(conversation, lab, targets ?? [])),
  );
}

/** Shows what `hlc plan` says, each lab and component in a document of its own. */
class Plans {
  readonly changes = new EventEmitter<Uri>();
  readonly onDidChange = this.changes.event;
  readonly #said = new Map<string, string>();

  constructor(private readonly conversation: Conversation) {}

  provideTextDocumentContent(uri: Uri): string {
    return this.#said.get(uri.toString()) ?? "";
  }

  forget(uri: Uri): void {
    this.#said.delete(uri.toString());
  }

  async show(lab: string | undefined, targets: string[]): Promise<void> {
    const place = await prepared(this.conversation, lab);
    if (place === undefined) {
      return;
    }
    const name = targets.length > 0 ? targets.join(" ").replaceAll("/", " ") : "all";
    const uri = Uri.from({ scheme: PLAN, path: `/plan ${name}.txt`, query: place.folder });
    const said = await window.withProgress(
      { location: ProgressLocation.Notification, title: `hlc plan ${targets.join(" ")}`.trim(), cancellable: true },
      (_, cancelled) => {
        const stop = new AbortController();
        cancelled.onCancellationRequested(() => stop.abort());
        return planned(place, targets, stop.signal);
      },
    );
    if (said === undefined) {
      return;
    }
    this.#said.set(uri.toString(), said);
    this.changes.fire(uri);
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preserveFocus: true, preview: true });
  }
}

/** Where `hlc` is run, and how. */
interface Place {
  readonly program: string;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Saves what is edited, since `hlc` reads the disk, and finds the program. */
async function prepared(conversation: Conversation, lab: string | undefined): Promise<Place | undefined> {
  const file = lab === undefined ? await labOf(window.activeTextEditor?.document.uri) : Uri.parse(lab);
  const program = conversation.program?.path;
  if (file === undefined || program === undefined) {
    void window.showWarningMessage(program === undefined ? "The HL server does not run." : "There is no lab in this folder.");
    return undefined;
  }
  const folder = dirname(file.fsPath);
  const edited = workspace.textDocuments.filter(
    (document) => document.isDirty && document.uri.scheme === "file" && !relative(folder, document.uri.fsPath).startsWith(".."),
  );
  await Promise.all(edited.map((document) => document.save()));
  return { program, folder, environment: conversation.environment };
}

/** What `hlc plan` says, errors too; nothing where somebody gave it up. It is asked nothing, and there is no shell. */
function planned({ program, folder, environment }: Place, targets: string[], signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: environment, maxBuffer: MOST, signal };
    const child = execFile(program, ["plan", "--", ...targets], options, (error, output, errors) => {
      const parts = [output, errors].map((part) => part.trimEnd()).filter((part) => part !== "");
      const nothing = error === null ? "" : error.message;
      resolve(signal.aborted ? undefined : `${parts.join("\n\n") || nothing}\n`);
    });
    child.stdin?.end();
  });
}

/** Runs `hlc apply` where it can ask whether that is wanted. */
async function apply(conversation: Conversation, lab: string | undefined, targets: string[]): Promise<void> {
  const place = await prepared(conversation, lab);
  if (place !== undefined) {
    await runTask(conversation, Uri.file(place.folder), { type: "hlc", command: "apply", targets });
  }
}
