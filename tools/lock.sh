#!/bin/sh
# Writes every requirements/*.txt anew from its *.in: exact versions, hashes, Python 3.11 to 3.13 on any system,
# and no address of an index, so that the lock says the same wherever the packages come from.
# Order matters: test follows core, dev follows core and test, so one version of a package serves all lists.
set -eu
cd "$(dirname "$0")/../requirements"
uv=${UV:-../.venv/bin/uv}
command -v "$uv" >/dev/null 2>&1 || { echo "uv is missing: run 'make lint' once, it installs requirements/dev.txt" >&2; exit 1; }
for name in ${*:-core build node test dev learning analytics}; do
    echo "requirements/$name.txt"
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
        "$name.in" -o "$name.txt"
done
if grep -lE 'https?://' -- *.txt; then
    echo "these locks name download addresses; look for a URL in the matching .in" >&2
    exit 1
fi
