// What is built for the declaration under the cursor, side by side, following the cursor.

import { commands, type ExtensionContext, languages, type TextEditor, Uri, ViewColumn, window } from "vscode";

import { askHere, labEditor } from "./commands";
import type { Conversation } from "./conversation";

/** The scheme of documents of what is built. */
const BUILT = "hlc-built";
/** Milliseconds that the cursor rests before another document is shown. */
const REST = 120;

export function registerBuilt(context: ExtensionContext, conversation: Conversation): void {
  const follower = new Follower(conversation);
  context.subscriptions.push(
    commands.registerCommand("hlc.showBuilt", () => follower.show(true)),
    window.onDidChangeTextEditorSelection(({ textEditor }) => follower.moved(textEditor)),
    { dispose: () => follower.dispose() },
  );
}

/** Shows another document whenever the cursor is in another declaration, as long as one is shown. */
class Follower {
  #shown: string | undefined;
  #waiting: NodeJS.Timeout | undefined;
  #count = 0;

  constructor(private readonly conversation: Conversation) {}

  dispose(): void {
    clearTimeout(this.#waiting);
  }

  moved(editor: TextEditor): void {
    if (editor !== labEditor() || column() === undefined) {
      return;
    }
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => void this.show(false), REST);
  }

  /** Shows what is built where the cursor is. Who only moves hears nothing where that is nothing. */
  async show(isAsked: boolean): Promise<void> {
    const editor = labEditor();
    if (editor === undefined) {
      return;
    }
    const count = ++this.#count;
    const found = await askHere<{ uri: string }>(this.conversation, "hlc.built", editor).catch(() => null);
    // The cursor has moved on.
    if (count !== this.#count) {
      return;
    }
    if (found === null) {
      if (isAsked) {
        void window.showInformationMessage("Nothing is built for this: put the cursor into a declaration, as an app or a host.");
      }
      return;
    }
    if (!isAsked && found.uri === this.#shown && column() !== undefined) {
      return;
    }
    this.#shown = found.uri;
    const shown = await window.showTextDocument(Uri.parse(found.uri, true), {
      viewColumn: column() ?? ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    });
    const language = found.uri.split("?")[0]?.endsWith(".nix") ? "nix" : "yaml";
    if ((await languages.getLanguages()).includes(language)) {
      await languages.setTextDocumentLanguage(shown.document, language);
    }
  }
}

/** Where such a document is shown. */
function column(): ViewColumn | undefined {
  const group = window.tabGroups.all.find((group) => {
    const input = group.activeTab?.input as { uri?: Uri } | undefined;
    return input?.uri?.scheme === BUILT;
  });
  return group?.viewColumn;
}
