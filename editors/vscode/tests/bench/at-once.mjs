#!/usr/bin/env node
// A language server that looks at nothing: at each change it says at once that something is wrong, and at the next that
// nothing is. What is left is what VS Code takes.

import { stdin, stdout } from "node:process";

if (process.argv.includes("--version")) {
  stdout.write("hlc 0.1.0\n");
  process.exit();
}

const range = JSON.parse(process.env.AT_ONCE_RANGE);
let changes = 0;
let buffer = Buffer.alloc(0);

stdin.on("data", (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  for (;;) {
    const head = buffer.indexOf("\r\n\r\n");
    if (head < 0) return;
    const end = head + 4 + Number(/Content-Length: (\d+)/.exec(buffer.subarray(0, head).toString())[1]);
    if (buffer.length < end) return;
    hear(JSON.parse(buffer.subarray(head + 4, end).toString()));
    buffer = buffer.subarray(end);
  }
});

function hear({ id, method, params }) {
  if (method === "exit") process.exit();
  if (method === "textDocument/didChange") {
    changes += 1;
    const diagnostics = changes % 2 === 1 ? [{ range, severity: 1, message: "something" }] : [];
    const { uri, version } = params.textDocument;
    send({ method: "textDocument/publishDiagnostics", params: { uri, version, diagnostics } });
  } else if (id !== undefined) {
    send({ id, result: method === "initialize" ? { capabilities: { textDocumentSync: 2 } } : null });
  }
}

function send(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
  stdout.write(`Content-Length: ${body.length}\r\n\r\n`);
  stdout.write(body);
}
