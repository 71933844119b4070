// Where the uses of something are, from a lens of the server.

import { commands, Location, Position, Range, Uri } from "vscode";

/** The command that lenses of the server call where a client has it. */
export const SHOW_REFERENCES = "hlc.showReferences";

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
