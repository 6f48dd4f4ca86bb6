"""The tests on both stores side by side: `python tools/test_stores.py PROCESSES`.

On SQLite before one's eyes in so many processes; on PostgreSQL, a quarter of the work, in one beside them, and what
that run said follows at the end. One after the other leaves a fifth of two cores idle, while browsers draw and
programs start.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

STOPPED = 130


def main(processes: str) -> int:
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        beside = _begin("postgresql", "1", said)
        try:
            here, there = _begin("sqlite", processes, None).wait(), beside.wait()
        except KeyboardInterrupt:  # both were told by the terminal
            beside.wait()
            return STOPPED
        said.seek(0)
        print(f"\non PostgreSQL:\n{said.read()}", flush=True)
    return here or there


def _begin(store: str, processes: str, out: object) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "pytest", "-q", "-n", processes, "--dist", "worksteal"]
    environment = os.environ | {"GEWU_TEST_STORE": store}
    return subprocess.Popen(words, env=environment, stdout=out, stderr=out)  # type: ignore[call-overload,no-any-return]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
