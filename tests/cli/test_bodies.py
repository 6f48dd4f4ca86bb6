"""A body is taken in as a whole before one of the program's few threads works on it."""

from __future__ import annotations

import errno
import io
import socket
import threading
import urllib.request
from collections.abc import Iterable
from typing import Any

import pytest

from gewu.cli import bodies
from gewu.cli.bodies import TakesBodiesIn
from gewu.cli.processes import THREADS
from gewu.core import limits
from tests.cli.conftest import Place
from tests.services.gewu import LiveGewu


class Echo:
    """Answers with what was sent, and remembers where it was asked."""

    def __init__(self) -> None:
        self.threads: list[str] = []
        self.closed = False

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.threads.append(threading.current_thread().name)
        start("200 OK", [])
        self.sent = environ["wsgi.input"].read()
        return Answer([self.sent], self)


class Answer(list[bytes]):
    def __init__(self, pieces: list[bytes], echo: Echo) -> None:
        super().__init__(pieces)
        self.echo = echo

    def close(self) -> None:
        self.echo.closed = True


def ask(program: Any, body: bytes, *, length: str | None = None) -> tuple[str, bytes]:
    said: list[str] = []
    environ = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)) if length is None else length}
    answer = TakesBodiesIn(program, threads=1)(environ, lambda status, headers: said.append(status))
    return said[0], b"".join(answer)


@pytest.mark.parametrize("size", [0, 1, bodies.IN_MEMORY, bodies.IN_MEMORY + 1])
def test_the_program_reads_what_was_sent_in_a_thread_of_its_own(size: int) -> None:
    echo, body = Echo(), bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert ask(echo, body) == ("200 OK", body)
    assert echo.threads[0].startswith("gewu")
    assert echo.closed


def test_no_more_is_read_than_was_announced() -> None:
    assert ask(Echo(), b"1234 and the next request", length="4") == ("200 OK", b"1234")


@pytest.mark.parametrize("length", [str(limits.FORM_BYTES + 1), "-1", "many", "9" * 30, ""])
def test_what_is_refused_by_its_header_is_left_unread(length: str) -> None:
    class Unread(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise AssertionError

    def program(environ: dict[str, Any], start: Any) -> Answer:
        start("413 Content Too Large", [])
        return Answer([b""], Echo())

    said: list[str] = []
    environ = {"wsgi.input": Unread(), "CONTENT_LENGTH": length}
    TakesBodiesIn(program, threads=1)(environ, lambda status, headers: said.append(status))
    assert said == ["413 Content Too Large"]


def test_without_room_for_it_the_sender_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(environ: object, body: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bodies, "_take_in", full)
    status, said = ask(Echo(), b"photo")
    assert status.startswith("503")
    assert "请稍后再试" in said.decode()


@pytest.mark.parametrize("size", [1, bodies.IN_MEMORY])
def test_what_was_cut_off_on_its_way_is_not_worked_on(size: int) -> None:
    """A form that ends in the middle would be a report without the ticks that came last."""
    echo = Echo()
    status, _said = ask(echo, b"x" * size, length=str(size + 1))
    assert status.startswith("400")
    assert echo.threads == []


def test_an_error_of_the_program_reaches_the_server() -> None:
    def broken(environ: object, start: object) -> Iterable[bytes]:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        ask(broken, b"")


@pytest.mark.service
def test_phones_in_a_bad_network_hold_nobody_up(place: Place) -> None:
    """More of them than the program has threads, each with half its report sent; it is refused once it is whole."""
    report = b'{"text": 5, "place": {"words": "north gate"}}'
    server = LiveGewu(place.data, place.settings)
    server.start()
    slow = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(THREADS + 2)]
    try:
        for phone in slow:
            phone.sendall(
                b"POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                + b"Content-Length: %d\r\n\r\n" % len(report)
                + report[:20]
            )
        with urllib.request.urlopen(f"{server.url}/report", timeout=20) as answer:
            assert answer.status == 200
        slow.pop().close()  # out of reach in the middle
        for phone in slow:
            phone.sendall(report[20:])
            assert b" 422 " in phone.recv(64)
        assert "Traceback" not in server.log.read_text(encoding="utf-8")
    finally:
        for phone in slow:
            phone.close()
        server.stop()
