#!/usr/bin/env bash
# Packages the extension: dist/hlc.vsix without a server, and dist/hlc-PLATFORM.vsix with the server for a platform.
#
#     editors/vscode/package.sh [--platform PLATFORM] [--notices FILE] [SERVER]
#
# SERVER is the program to put in, or a folder that has it as `hlc` and other files beside it; without it, a release is
# built. PLATFORM is a name of VS Code's; without it, it is that of this machine. FILE has the licences of what the
# extension is bundled of.

set -euo pipefail
cd "$(dirname "$0")"

platform=
notices=
server_of=
while [ $# -gt 0 ]; do
  case $1 in
    --platform) platform=$2 && shift ;;
    --notices) notices=$2 && shift ;;
    *) server_of=$1 ;;
  esac
  shift
done
if [ -z "$platform" ]; then
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) platform=linux-x64 ;;
    Linux-aarch64) platform=linux-arm64 ;;
    Darwin-arm64) platform=darwin-arm64 ;;
    Darwin-x86_64) platform=darwin-x64 ;;
    *) echo "no extension is packaged for $(uname -s) on $(uname -m)" >&2 && exit 1 ;;
  esac
fi
if [ -z "$server_of" ]; then
  (cd ../.. && cargo build --locked --release -p hlc)
  server_of=${CARGO_TARGET_DIR:-../../target}/release/hlc
fi

[ -d node_modules ] && [ node_modules -nt package-lock.json ] || { npm ci --no-audit --no-fund && touch node_modules; }
npm run --silent check
rm -rf dist server THIRD-PARTY.txt
mkdir dist
cp ../../LICENSE LICENSE.txt
[ -z "$notices" ] || cp "$notices" THIRD-PARTY.txt
vsce=(npx vsce package --no-dependencies --allow-missing-repository)

"${vsce[@]}" --out dist/hlc.vsix
mkdir server
[ ! -d "$server_of" ] || cp "$server_of"/* server/
[ -d "$server_of" ] || cp "$server_of" server/hlc
chmod 755 server/hlc
"${vsce[@]}" --target "$platform" --out "dist/hlc-$platform.vsix"
rm -rf THIRD-PARTY.txt server
