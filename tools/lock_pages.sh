#!/bin/sh
# Writes package-lock.json anew from package.json, without addresses: npm leaves out where packages come from (.npmrc),
# and the authors' funding addresses, which npm copies into the lock, are taken out.
set -eu
cd "$(dirname "$0")/.."
PATH="$(tools/find_node.sh):$PATH"
npm install --package-lock-only --ignore-scripts
node -e '
    const fs = require("node:fs");
    const lock = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
    for (const entry of Object.values(lock.packages)) delete entry.funding;
    fs.writeFileSync("package-lock.json", JSON.stringify(lock, null, 2) + "\n");
'
if grep -nE 'https?://|"resolved"' package-lock.json; then
    echo "package-lock.json names download addresses" >&2
    exit 1
fi
