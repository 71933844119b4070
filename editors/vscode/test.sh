#!/usr/bin/env bash
# Tests the extension: its grammar, its snippets, and in a real VS Code all that somebody sees.
#
#     editors/vscode/test.sh [RELEASE]
#
# RELEASE is a folder that release/build filled: its extensions are tested, as they are given away. Without it, they are
# packaged here, with a program as it is compiled for tests.
# Screenshots are kept in HLC_SHOTS, if that is set.

set -euo pipefail
release=${1:+$(realpath "$1")}
cd "$(dirname "$0")/../.."
. tests/tools/env
export CODE_SERVER_FOLDER=$HLC_TOOLS/share/vscode
export PATH=$CODE_SERVER_FOLDER/node_modules/node/bin:$PATH

# HLC_PROGRAMS says where it has been built already.
[ -n "${HLC_PROGRAMS-}" ] || cargo build --quiet --locked -p hlc
HLC=$(realpath "${HLC_PROGRAMS:-${CARGO_TARGET_DIR:-target}/debug}/hlc")
export HLC

if [ -n "$release" ]; then
  (cd editors/vscode && npm ci --no-audit --no-fund)
  HLC_VSIX=$(ls "$release"/hlc-vscode-*-linux-*.vsix)
  HLC_BARE_VSIX=$(ls "$release"/hlc-vscode-*.vsix | grep -v linux)
else
  # As small as it can be: it is packed, unpacked and copied.
  packed=$(mktemp -d)
  trap 'rm -rf "$packed"' EXIT
  strip -o "$packed/hlc" "$HLC"
  editors/vscode/package.sh "$packed/hlc"
  HLC_VSIX=$(ls "$PWD"/editors/vscode/dist/hlc-*.vsix)
  HLC_BARE_VSIX=$PWD/editors/vscode/dist/hlc.vsix
fi
export HLC_VSIX HLC_BARE_VSIX

cd editors/vscode
npx vscode-tmgrammar-test 'tests/grammar/*.hl'
node --test tests/*.test.mjs
node --test tests/editor/*.test.mjs
