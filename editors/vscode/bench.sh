#!/usr/bin/env bash
# Measures how long it takes from a key to its squiggle in a real VS Code, and prints a table for docs/benchmarks.md.
#
#     editors/vscode/bench.sh [HLC]    HLC is the program to measure; without it, a release is built

set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tools/env
export CODE_SERVER_FOLDER=$HLC_TOOLS/share/vscode
export PATH=$CODE_SERVER_FOLDER/node_modules/node/bin:$PATH

editors/vscode/package.sh "$@"
cd editors/vscode
HLC_VSIX=$(ls "$PWD"/dist/hlc-*.vsix)
export HLC_VSIX
node tests/bench/keystrokes.mjs
