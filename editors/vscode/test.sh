#!/usr/bin/env bash
# Tests the extension: its grammar, its snippets, and in a real VS Code all that somebody sees.
#
#     editors/vscode/test.sh
#
# Screenshots are kept in HLC_SHOTS, if that is set.

set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tools/env
export CODE_SERVER_FOLDER=$HLC_TOOLS/share/vscode
export PATH=$CODE_SERVER_FOLDER/node_modules/node/bin:$PATH

cargo build --quiet --locked -p hlc
HLC=$(realpath "${CARGO_TARGET_DIR:-target}/debug/hlc")
export HLC
# As small as it can be: it is packed, unpacked and copied.
packed=$(mktemp -d)
trap 'rm -rf "$packed"' EXIT
strip -o "$packed/hlc" "$HLC"

editors/vscode/package.sh "$packed/hlc"
cd editors/vscode
npx vscode-tmgrammar-test 'tests/grammar/*.hl'
node --test tests/*.test.mjs
HLC_VSIX=$(ls "$PWD"/dist/hlc-*.vsix)
HLC_BARE_VSIX=$PWD/dist/hlc.vsix
export HLC_VSIX HLC_BARE_VSIX
node --test tests/editor/*.test.mjs
