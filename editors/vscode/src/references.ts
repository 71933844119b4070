// The commands of lenses of the server: where the uses of something are.

import { commands, Location, Position, Range, Uri } from "vscode";

/** The command that lenses of the server call where a client has it. */
export const SHOW_REFERENCES = "hlc.showReferences";
/** The others: what would be done to the cluster, and doing it (deploying.ts). */
export const DEPLOYING = ["hlc.plan", "hlc.apply"];

interface WirePosition {
  readonly line: number;
  readonly character: number;
}

interface WireLocation {
  readonly uri: string;
  readonly range: { readonly start: WirePosition; readonly end: WirePosition };
}

/** Shows them where the editor shows references. */
export async function showReferences(uri: string, at: WirePosition, places: WireLocation[]): Promise<void> {
  const position = ({ line, character }: WirePosition) => new Position(line, character);
  const location = ({ uri, range }: WireLocation) =>
    new Location(Uri.parse(uri), new Range(position(range.start), position(range.end)));
  await commands.executeCommand("editor.action.showReferences", Uri.parse(uri), position(at), places.map(location));
}
