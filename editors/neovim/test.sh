#!/usr/bin/env bash
# Tests the server with Neovim's own LSP client, and the tree-sitter grammar.
#
#     editors/neovim/test.sh

set -euo pipefail
cd "$(dirname "$0")/../.."

# HLC_PROGRAMS says where it has been built already.
[ -n "${HLC_PROGRAMS-}" ] || cargo build --quiet --locked -p hlc
HLC=$(realpath "${HLC_PROGRAMS:-${CARGO_TARGET_DIR:-target}/debug}/hlc")
HLC_LAB=$(mktemp -d)
HLC_PARSER=$HLC_LAB/hl.so
HLC_QUERIES=$PWD/editors/tree-sitter/queries
export HLC HLC_LAB HLC_PARSER HLC_QUERIES
trap 'rm -rf "$HLC_LAB"' EXIT
printf 'lab home { domain = "home.arpa" }\n\nold = 1\n' >"$HLC_LAB/homelab.hl"
(cd editors/tree-sitter && cc -shared -fPIC -O2 -I src -o "$HLC_PARSER" src/parser.c src/scanner.c)
nvim --headless --clean -c 'luafile editors/neovim/test.lua'
