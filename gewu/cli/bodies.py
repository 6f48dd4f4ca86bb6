"""Takes in the whole of what is sent before the program works on it.

The program has few threads (docs/adr/0020): more would only wait for one another. A phone in a bad network sends a
photo for minutes, and a few of them would hold all of these threads while nobody else is answered. So the server's own
threads, which are many and own nothing, take the body in, and hand it over when it is there.
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from gewu.core import limits

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

AT_ONCE = 64 * 1024
IN_MEMORY = 1024 * 1024  # bytes of a body; what is longer waits in an unnamed file
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
RETRY_SECONDS = 60
# Nobody's language is known yet.
SAID = "存储空间已满，请稍后再试。\nThere is no room left here. Please try again later.\n"


class TakesBodiesIn:
    """A WSGI application that works in `threads` threads, each on a request that is there as a whole."""

    def __init__(self, application: Application, *, threads: int) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="gewu")

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        if (
            not 0 < length_of(environ) <= limits.FORM_BYTES
        ):  # nothing is sent, or it is refused before it is read
            return self._work(environ, start)
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            try:
                is_whole = _take_in(environ, body)
            except OSError as error:
                if error.errno not in NO_ROOM:
                    raise
                return _no_room(start)
            if not is_whole:
                return _cut_off(start)
            return self._work(environ | {"wsgi.input": body}, start)

    def _work(self, environ: Environ, start: Start) -> Iterable[bytes]:
        return self.threads.submit(self._answer, environ, start).result()

    def _answer(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """The whole answer, so that whoever is slow to read holds no thread either; files go out as they are read."""
        answer: Any = self.application(environ, start)
        if getattr(answer, "streaming", False):
            return answer
        try:
            return [b"".join(answer)]
        finally:
            answer.close()


def length_of(environ: Environ) -> int:
    """How many bytes the body has, by its header; 0 without one, as the program reads it too."""
    said = environ.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() and len(said) < 19 else 0


def _take_in(environ: Environ, body: IO[bytes]) -> bool:
    """Whether all came that was announced."""
    sent, left = environ["wsgi.input"], length_of(environ)
    while left and (piece := sent.read(min(left, AT_ONCE))):
        body.write(piece)
        left -= len(piece)
    body.seek(0)
    return not left


def _cut_off(start: Start) -> list[bytes]:
    """Half a form can look like a whole one without the tick that came last; nobody is there to read this answer."""
    start("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
    return [b""]


def _no_room(start: Start) -> list[bytes]:
    kind = ("Content-Type", "text/plain; charset=utf-8")
    start("503 Service Unavailable", [kind, ("Retry-After", str(RETRY_SECONDS))])
    return [SAID.encode()]
