// What VS Code starts: the server, and what the editor has beside it.

import { type ExtensionContext, workspace } from "vscode";

import { Conversation } from "./conversation";
import { registerBuilt } from "./built";
import { registerCommands } from "./commands";
import { registerDeploying } from "./deploying";
import { registerTasks } from "./tasks";

let conversation: Conversation | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const own = new Conversation(context);
  conversation = own;
  context.subscriptions.push(own);
  registerCommands(context, own);
  registerBuilt(context, own);
  registerDeploying(context, own);
  registerTasks(context, own);
  if (workspace.isTrusted) {
    await own.start();
  } else {
    own.status.untrusted();
    context.subscriptions.push(workspace.onDidGrantWorkspaceTrust(() => own.start()));
  }
}

export async function deactivate(): Promise<void> {
  await conversation?.stop();
}
