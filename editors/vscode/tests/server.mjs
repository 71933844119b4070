// A conversation with `hlc lsp`, for tests.

import { spawn } from "node:child_process";

/** The program under test: `HLC`, else the one on the PATH. */
export const HLC = process.env.HLC ?? "hlc";

/** Begins a conversation; `ask` gives the result of a request, `tell` tells something, `end` ends it, whatever came before. */
export async function converse(folder) {
  const server = spawn(HLC, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = new Map();
  let buffer = Buffer.alloc(0);
  server.stdout.on("data", (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const head = buffer.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(buffer.subarray(0, head).toString())[1]);
      if (buffer.length < head + 4 + length) return;
      const message = JSON.parse(buffer.subarray(head + 4, head + 4 + length).toString());
      buffer = buffer.subarray(head + 4 + length);
      if (message.method === undefined) waiting.get(message.id)?.(message);
      else if (message.id !== undefined) send({ id: message.id, result: null });
    }
  });
  const send = (message) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    server.stdin.write(body);
  };
  let count = 0;
  const ask = (method, params) =>
    new Promise((resolve, reject) => {
      const id = ++count;
      waiting.set(id, ({ result, error }) => (error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result)));
      send({ id, method, params });
    });
  const tell = (method, params) => send({ method, params });
  const answer = await ask("initialize", {
    processId: null,
    rootUri: folder,
    workspaceFolders: [{ uri: folder, name: "lab" }],
    capabilities: { general: { positionEncodings: ["utf-16"] } },
  });
  tell("initialized", {});
  const end = () => server.kill();
  return { ask, tell, end, capabilities: answer.capabilities };
}
