// Tasks that run `hlc` in the folder of a lab.

import {
  type ExtensionContext,
  ShellExecution,
  Task,
  type TaskDefinition,
  TaskGroup,
  TaskRevealKind,
  tasks,
  type WorkspaceFolder,
  workspace,
} from "vscode";

import type { Conversation } from "./conversation";
import type { Program } from "./program";

/** What can be run, and what it is called with. */
const COMMANDS: Record<string, string[]> = {
  check: ["check", "--format", "short"],
  build: ["build"],
  watch: ["watch"],
};

interface Definition extends TaskDefinition {
  readonly command: string;
}

export function registerTasks(context: ExtensionContext, conversation: Conversation): void {
  const program = () => conversation.program?.path ?? "hlc";
  context.subscriptions.push(
    tasks.registerTaskProvider("hlc", {
      provideTasks: () => {
        const folders = workspace.workspaceFolders ?? [];
        return folders.flatMap((folder) => Object.keys(COMMANDS).map((command) => task(program(), folder, command)));
      },
      resolveTask: (known) => {
        const { command } = known.definition as Definition;
        const folder = typeof known.scope === "object" ? known.scope : workspace.workspaceFolders?.[0];
        return folder === undefined || COMMANDS[command] === undefined ? undefined : task(program(), folder, command, known.definition);
      },
    }),
  );
}

function task(program: string, folder: WorkspaceFolder, command: string, definition?: TaskDefinition): Task {
  const own = definition ?? ({ type: "hlc", command } satisfies Definition);
  const made = new Task(own, folder, command, "hlc", new ShellExecution(program, COMMANDS[command] ?? []), "$hlc");
  made.group = command === "build" ? TaskGroup.Build : undefined;
  made.isBackground = command === "watch";
  made.presentationOptions = { reveal: TaskRevealKind.Silent };
  return made;
}

/** Runs `hlc` in a folder, where it can be seen; with what it ended. */
export async function run(program: Program, folder: WorkspaceFolder, words: string[]): Promise<number | undefined> {
  const made = new Task({ type: "shell" }, folder, words.join(" "), "hlc", new ShellExecution(program.path, words));
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
