#!/usr/bin/env bash
# Tests the server with Neovim's own LSP client.
#
#     editors/neovim/test.sh

set -euo pipefail
cd "$(dirname "$0")/../.."

cargo build --quiet --locked -p hlc
HLC=$(realpath "${CARGO_TARGET_DIR:-target}/debug/hlc")
HLC_LAB=$(mktemp -d)
export HLC HLC_LAB
trap 'rm -rf "$HLC_LAB"' EXIT
printf 'lab home { domain = "home.arpa" }\n\nold = 1\n' >"$HLC_LAB/homelab.hl"
nvim --headless --clean -c 'luafile editors/neovim/test.lua'
