#!/bin/sh
# Prints the folder of a Node that can build the pages (20.19 or later of 20, or 22.12 and later) together with npm:
# the system's when it is recent enough, else the one inside .venv (the Makefile puts it there from
# requirements/node.txt). Prints nothing and fails when there is neither.
set -eu
cd "$(dirname "$0")/.."
recent='const [a, b] = process.versions.node.split(".").map(Number);
        process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)'
for node in "$(command -v node || true)" "$PWD/.venv/bin/node"; do
    folder=$(dirname "$node")
    if [ -x "$node" ] && [ -x "$folder/npm" ] && "$node" -e "$recent" 2>/dev/null; then
        echo "$folder"
        exit 0
    fi
done
exit 1
