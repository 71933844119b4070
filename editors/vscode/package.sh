#!/usr/bin/env bash
# Packages the extension: dist/hlc.vsix without a server, and dist/hlc-PLATFORM.vsix with the server for this platform.
#
#     editors/vscode/package.sh [HLC]    HLC is the program to put in; without it, a release is built

set -euo pipefail
cd "$(dirname "$0")"

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  Darwin-arm64) platform=darwin-arm64 ;;
  Darwin-x86_64) platform=darwin-x64 ;;
  *) echo "no extension is packaged for $(uname -s) on $(uname -m)" >&2 && exit 1 ;;
esac

hlc=${1:-}
if [ -z "$hlc" ]; then
  (cd ../.. && cargo build --locked --release -p hlc)
  hlc=${CARGO_TARGET_DIR:-../../target}/release/hlc
fi

[ -d node_modules ] && [ node_modules -nt package-lock.json ] || { npm ci --no-audit --no-fund && touch node_modules; }
npm run --silent check
mkdir -p dist
cp ../../LICENSE LICENSE.txt
vsce=(npx vsce package --no-dependencies --allow-missing-repository)

rm -rf server
"${vsce[@]}" --out dist/hlc.vsix
mkdir server
install -m 755 "$hlc" server/hlc
"${vsce[@]}" --target "$platform" --out "dist/hlc-$platform.vsix"
rm -rf server
