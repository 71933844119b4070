// Tasks that run `hlc` in the folder of a lab.

import { dirname } from "node:path";

import {
  type ExtensionContext,
  ProcessExecution,
  Task,
  type TaskDefinition,
  TaskGroup,
  TaskRevealKind,
  tasks,
  TaskScope,
  Uri,
  type WorkspaceFolder,
  workspace,
} from "vscode";
import { ExecuteCommandRequest } from "vscode-languageclient/node";

import type { Conversation } from "./conversation";
import type { Program } from "./program";

/** What can be run, and what it is called with. */
const COMMANDS: Record<string, string[]> = {
  check: ["check", "--format", "short"],
  build: ["build"],
  watch: ["watch"],
  plan: ["plan"],
  apply: ["apply"],
  status: ["status"],
};

/** What is about the cluster, of a component or of all. */
const DEPLOYING = ["plan", "apply", "status"];

interface Definition extends TaskDefinition {
  readonly command: string;
  readonly targets?: string[];
}

export function registerTasks(context: ExtensionContext, conversation: Conversation): void {
  context.subscriptions.push(
    tasks.registerTaskProvider("hlc", {
      provideTasks: () => provided(conversation),
      resolveTask: (known) => {
        const definition = known.definition as Definition;
        const folder = typeof known.scope === "object" ? known.scope : workspace.workspaceFolders?.[0];
        const isKnown = folder !== undefined && COMMANDS[definition.command] !== undefined;
        return isKnown ? task(conversation, folder, folder.uri, definition) : undefined;
      },
    }),
  );
}

/** Runs a task of ours in a folder, where it can be seen and answered. */
export async function runTask(conversation: Conversation, folder: Uri, definition: Definition): Promise<void> {
  await tasks.executeTask(task(conversation, workspace.getWorkspaceFolder(folder), folder, definition));
}

/** Runs `hlc` in a folder, where it can be seen; with what it ended. */
export async function run(program: Program, folder: WorkspaceFolder, words: string[]): Promise<number | undefined> {
  const made = new Task({ type: "process" }, folder, words.join(" "), "hlc", new ProcessExecution(program.path, words));
  const execution = await tasks.executeTask(made);
  return new Promise((resolve) => {
    const ended = tasks.onDidEndTaskProcess((event) => {
      if (event.execution === execution) {
        ended.dispose();
        resolve(event.exitCode);
      }
    });
  });
}

/** The file of the lab that a document is in: the nearest upward, else that of the first folder. */
export async function labOf(document: Uri | undefined): Promise<Uri | undefined> {
  const first = workspace.workspaceFolders?.[0]?.uri;
  const start = document?.scheme === "file" ? Uri.joinPath(document, "..") : first;
  for (let folder = start; folder !== undefined; ) {
    const file = Uri.joinPath(folder, "homelab.hl");
    if (await workspace.fs.stat(file).then(() => true, () => false)) {
      return file;
    }
    const up = Uri.joinPath(folder, "..");
    folder = up.path === folder.path ? undefined : up;
  }
  return undefined;
}

/** Everything for each folder, and what is about the cluster for each component of its lab. */
async function provided(conversation: Conversation): Promise<Task[]> {
  const folders = workspace.workspaceFolders ?? [];
  const labs = await components(conversation);
  return folders.flatMap((folder) => {
    const own = labs.find(([lab]) => dirname(Uri.parse(lab).fsPath) === folder.uri.fsPath)?.[1] ?? [];
    const whole = Object.keys(COMMANDS).map((command) => ({ type: "hlc", command }));
    const parts = own.flatMap((target) => DEPLOYING.map((command) => ({ type: "hlc", command, targets: [target] })));
    return [...whole, ...parts].map((definition) => task(conversation, folder, folder.uri, definition));
  });
}

/** The hosts and components of the labs that the server has open, by the URIs of their files. */
async function components(conversation: Conversation): Promise<[string, string[]][]> {
  const asked = conversation.client?.sendRequest(ExecuteCommandRequest.type, { command: "hlc.components" });
  // A server that is about to change its mind is no reason to have no tasks.
  const labs = (await asked?.catch(() => undefined)) as Record<string, string[]> | null | undefined;
  return Object.entries(labs ?? {});
}

function task(conversation: Conversation, scope: WorkspaceFolder | undefined, folder: Uri, definition: Definition): Task {
  const { command, targets = [] } = definition;
  const words = [...(COMMANDS[command] ?? []), ...(targets.length > 0 ? ["--", ...targets] : [])];
  const program = conversation.program?.path ?? "hlc";
  const run = new ProcessExecution(program, words, { cwd: folder.fsPath, env: conversation.variables });
  const made = new Task(definition, scope ?? TaskScope.Workspace, [command, ...targets].join(" "), "hlc", run);
  if (!DEPLOYING.includes(command)) {
    made.problemMatchers = ["$hlc"];
  }
  made.group = command === "build" ? TaskGroup.Build : undefined;
  made.isBackground = command === "watch";
  // What asks something is to be seen, and to be typed into.
  const reveal = DEPLOYING.includes(command) ? TaskRevealKind.Always : TaskRevealKind.Silent;
  made.presentationOptions = { reveal, focus: command === "apply" };
  return made;
}
