"""Sixteen clients who report as fast as they are answered: a process of its own, so that it shares no lock with the
server. Reads token and bodies from its input, writes rates and 99th percentiles."""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import threading
import time

from gewu.core import chance

WARM_SECONDS = 1.0


def main() -> None:
    port, number, seconds, rounds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
    given = json.load(sys.stdin)
    took: list[tuple[float, float]] = []  # when it was answered, how long it took
    stop = threading.Event()
    failed: list[str] = []

    def report(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        sent = place
        while not stop.is_set():
            body = given["bodies"][sent % len(given["bodies"])]
            sent += number
            headers = {
                "Authorization": f"Bearer {given['token']}", "Content-Type": "application/json",
                "Idempotency-Key": str(chance.new_id()),
            }  # fmt: skip
            begun = time.perf_counter()
            connection.request("POST", "/api/v1/reports", body.encode(), headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 201:
                failed.append(f"{answer.status} {said[:200]!r}")
                stop.set()
            now = time.perf_counter()
            took.append((now, now - begun))

    threads = [threading.Thread(target=report, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    stop.wait(WARM_SECONDS)
    begun = time.perf_counter()
    stop.wait(seconds * rounds)
    stop.set()
    for thread in threads:
        thread.join()
    if failed:
        sys.exit(failed[0])
    print(json.dumps([_round(took, begun + nth * seconds, seconds) for nth in range(rounds)]))


def _round(took: list[tuple[float, float]], begun: float, seconds: float) -> dict[str, float]:
    own = sorted(spent for at, spent in took if begun <= at < begun + seconds)
    p99 = statistics.quantiles(own, n=100)[98] if len(own) > 1 else seconds
    return {"rate": len(own) / seconds, "p99": 1000 * p99}


if __name__ == "__main__":
    main()
