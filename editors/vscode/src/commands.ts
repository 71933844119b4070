// The commands of the palette, but for what is built (built.ts).

import { commands, type ExtensionContext, languages, type TextEditor, Uri, ViewColumn, window, workspace } from "vscode";
import { ExecuteCommandRequest } from "vscode-languageclient/node";

import type { Conversation } from "./conversation";
import { SHOW_REFERENCES, showReferences } from "./references";
import { run } from "./tasks";

/** Answers to "why", which are documents of their own. */
const WHY = "hlc-why";

export function registerCommands(context: ExtensionContext, conversation: Conversation): void {
  const answers = new Map<string, string>();
  const add = (name: string, work: (...given: never[]) => unknown) =>
    context.subscriptions.push(commands.registerCommand(name, work));
  add("hlc.restart", () => conversation.restart());
  add("hlc.showLog", () => conversation.log.show());
  add("hlc.explainRule", () => explainRule());
  add("hlc.openLibrary", () => openLibrary(conversation));
  add("hlc.whyValue", () => whyValue(conversation, answers));
  add("hlc.newLab", () => newLab(conversation));
  add(SHOW_REFERENCES, showReferences);
  context.subscriptions.push(
    workspace.registerTextDocumentContentProvider(WHY, {
      provideTextDocumentContent: (uri) => answers.get(uri.toString()) ?? "",
    }),
  );
}

/** Asks the server something about where the cursor is. */
export async function askHere<T>(conversation: Conversation, command: string, editor: TextEditor): Promise<T | null> {
  const client = conversation.client;
  if (client === undefined) {
    void window.showWarningMessage("The HL server does not run.");
    return null;
  }
  const { document, selection } = editor;
  const given = [
    client.code2ProtocolConverter.asUri(document.uri),
    client.code2ProtocolConverter.asPosition(selection.active),
  ];
  return (await client.sendRequest(ExecuteCommandRequest.type, { command, arguments: given })) as T | null;
}

/** The editor of a lab's file that has the cursor. */
export function labEditor(): TextEditor | undefined {
  const editor = window.activeTextEditor;
  return editor?.document.languageId === "hl" ? editor : undefined;
}

async function explainRule(): Promise<void> {
  const editor = labEditor();
  if (editor === undefined) {
    return;
  }
  const all = languages.getDiagnostics(editor.document.uri).filter((it) => it.source === "hlc");
  const line = editor.selection.active.line;
  const here = all.filter((it) => it.range.contains(editor.selection.active));
  const near = here.length > 0 ? here : all.filter((it) => it.range.start.line <= line && line <= it.range.end.line);
  const rules = [...new Set(near.map((it) => (typeof it.code === "object" ? String(it.code.value) : String(it.code))))];
  const rule = rules.length > 1 ? await window.showQuickPick(rules, { title: "Which rule?" }) : rules[0];
  if (rules.length === 0) {
    void window.showInformationMessage("No rule is broken on this line.");
  } else if (rule !== undefined) {
    await commands.executeCommand("markdown.showPreviewToSide", Uri.parse(`hlc-rule:/${rule}.md`));
  }
}

async function openLibrary(conversation: Conversation): Promise<void> {
  const client = conversation.client;
  if (client === undefined) {
    void window.showWarningMessage("The HL server does not run.");
    return;
  }
  const files = (await client.sendRequest(ExecuteCommandRequest.type, { command: "hlc.library" })) as string[];
  const items = files.map((uri) => ({ label: uri.replace(/^hlc-std:\//, ""), uri }));
  const chosen = await window.showQuickPick(items, { title: "The library", placeHolder: "A file of it" });
  if (chosen !== undefined) {
    await window.showTextDocument(Uri.parse(chosen.uri), { preview: true });
  }
}

async function whyValue(conversation: Conversation, answers: Map<string, string>): Promise<void> {
  const editor = labEditor();
  if (editor === undefined) {
    return;
  }
  const answer = await askHere<string>(conversation, "hlc.why", editor);
  if (answer === null) {
    void window.showInformationMessage("Nothing is known of where this comes from: put the cursor on a value or a name.");
    return;
  }
  const at = editor.document.getWordRangeAtPosition(editor.selection.active) ?? editor.selection;
  const name = editor.document.getText(at).replace(/[^\w.-]/g, "") || "value";
  const uri = Uri.from({ scheme: WHY, path: `/why ${name} (${editor.selection.active.line + 1}).txt` });
  answers.set(uri.toString(), answer);
  await window.showTextDocument(uri, { viewColumn: ViewColumn.Beside, preserveFocus: true, preview: true });
}

async function newLab(conversation: Conversation): Promise<void> {
  const folder = workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    await commands.executeCommand("vscode.openFolder");
    return;
  }
  if (conversation.program === undefined) {
    await conversation.start();
  }
  if (conversation.program === undefined || (await run(conversation.program, folder, ["init"])) !== 0) {
    return;
  }
  await window.showTextDocument(Uri.joinPath(folder.uri, "homelab.hl"));
}
