// Which `hlc` is the server: that of the setting, that on the PATH, or that which came with the extension.

import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/** A program that answered, and where it was found. */
export interface Program {
  readonly path: string;
  readonly version: string;
  readonly found: "in the settings" | "on the PATH" | "in the extension";
}

/** Why there is none. */
export class NoProgram extends Error {}

/** What the places are that a program may be in. */
export interface Places {
  /** What the setting says; empty where nothing is said. */
  readonly setting: string;
  /** The folders of programs, as the variable `PATH` has them. */
  readonly path: string;
  /** The folder of the extension. */
  readonly extension: string;
  /** What a setting's path is relative to. */
  readonly folder: string | undefined;
}

const NAME = process.platform === "win32" ? "hlc.exe" : "hlc";

/** The first program that is there and says that it is `hlc`. What a setting names and is none is an error: somebody wanted it. */
export async function findProgram(places: Places): Promise<Program> {
  if (places.setting !== "") {
    const path = isAbsolute(places.setting) ? places.setting : join(places.folder ?? "", places.setting);
    return { path, version: await versionOf(path), found: "in the settings" };
  }
  const reasons: string[] = [];
  for (const folder of places.path.split(delimiter).filter((folder) => folder !== "")) {
    const path = join(folder, NAME);
    if (await isProgram(path)) {
      try {
        return { path, version: await versionOf(path), found: "on the PATH" };
      } catch (error) {
        reasons.push(String(error instanceof Error ? error.message : error));
      }
    }
  }
  const bundled = join(places.extension, "server", NAME);
  if (await isProgram(bundled)) {
    return { path: bundled, version: await versionOf(bundled), found: "in the extension" };
  }
  const why = reasons.length > 0 ? ` ${reasons.join(" ")}` : "";
  throw new NoProgram(`There is no program "hlc": not on the PATH, and this extension came without one.${why}`);
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a program says when it is asked for its version, as `0.1.0`. */
function versionOf(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(path, ["--version"], { timeout: 10_000 }, (error, output) => {
      const version = /^hlc (\S+)/.exec(output)?.[1];
      if (error) {
        reject(new NoProgram(`"${path}" cannot be started: ${error.message}`));
      } else if (version === undefined) {
        reject(new NoProgram(`"${path}" is another program: it calls itself "${output.trim().slice(0, 60)}".`));
      } else {
        resolve(version);
      }
    });
  });
}
