#!/bin/sh
# The first step of every target: says in one plain sentence what this machine lacks, before anything is fetched.
# With the word "python" it prints the interpreter to use. PYTHON=/path/to/python3 chooses another one; else the
# distribution's own is taken before others on the path: it is built with optimisation by profile, which one compiled by
# a version manager usually is not.
set -eu

missing() {
    echo "Gewu cannot be set up here: $1" >&2
    exit 1
}

usable='import sys; sys.exit(0 if sys.version_info >= (3, 11) else 1)'
python=
for name in ${PYTHON:-/usr/bin/python3 python3 python3.13 python3.12 python3.11}; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c "$usable" 2>/dev/null; then
        python=$name
        break
    fi
done

[ -n "$python" ] || missing "Python 3.11 or later is missing (Debian and Ubuntu: apt-get install python3 python3-venv)."
"$python" -c 'import venv, ensurepip' 2>/dev/null \
    || missing "$python has no venv module (Debian and Ubuntu: apt-get install python3-venv)."
"$python" -c 'import ssl, sqlite3, sys; sys.exit(sqlite3.sqlite_version_info < (3, 37))' 2>/dev/null \
    || missing "$python was built without TLS or with an SQLite older than 3.37."
[ -w . ] || missing "the folder $PWD cannot be written to."

free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
[ "${free:-0}" -ge 1024 ] || [ -d .venv ] || missing "$PWD has ${free} MB free, and 1024 MB are needed while building (half of it stays)."

if [ "${1:-}" = python ]; then
    echo "$python"
fi
