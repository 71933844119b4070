"""Runs a program at a terminal: types what is to be typed when what is to be read was written, and prints all of it."""

import json
import os
import pty
import sys

steps, command = json.loads(sys.argv[1]), sys.argv[2:]
process, terminal = pty.fork()
if process == 0:
    os.execvp(command[0], command)
seen, unread = b"", 0
while True:
    try:
        data = os.read(terminal, 4096)
    except OSError:
        break
    if not data:
        break
    seen += data
    while steps and (found := seen.find(steps[0][0].encode(), unread)) >= 0:
        unread = found + len(steps[0][0].encode())
        os.write(terminal, steps.pop(0)[1].encode())
_, status = os.waitpid(process, 0)
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
