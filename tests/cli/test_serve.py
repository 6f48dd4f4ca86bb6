"""Serving: quick to answer, small, ended as a whole, and refused where it would be unsafe."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import urllib.request
from pathlib import Path

import pytest

from tests.cli.conftest import Place
from tests.services.gewu import LiveGewu

pytestmark = pytest.mark.service
WEB_MOST = 200 * 1024  # KB


@pytest.fixture
def server(place: Place) -> LiveGewu:
    return LiveGewu(place.data, place.settings)


def test_serve_answers_with_web_and_worker(server: LiveGewu) -> None:
    """How soon is measured by `gewu bench`."""
    server.start()
    try:
        with urllib.request.urlopen(f"{server.url}/healthz", timeout=5) as answer:
            assert answer.read() == b'{"state": "ok"}'
        family = _family(server)
        assert any("worker" in words for words in family.values())
        web = [pid for pid, words in family.items() if "serve" in words]
        assert max(_memory(pid) for pid in web) < WEB_MOST
    finally:
        server.stop()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_whole_tree_ends(server: LiveGewu, how: signal.Signals) -> None:
    server.start()
    assert server.process is not None
    family = _family(server)
    os.kill(server.process.pid, how)
    code = server.process.wait(timeout=20)
    assert code == (-how if how is signal.SIGKILL else 0)
    _await_end(set(family))


def test_a_worker_that_dies_is_started_again(server: LiveGewu) -> None:
    server.start()
    try:
        first = next(pid for pid, words in _family(server).items() if "worker" in words)
        os.kill(first, signal.SIGKILL)
        _await(lambda: any("worker" in w for pid, w in _family(server).items() if pid != first))
    finally:
        server.stop()


def test_a_fresh_folder_gets_its_tables(empty_place: Place) -> None:
    place = empty_place
    place.data.parent.mkdir()
    server = LiveGewu(place.data, place.settings)
    server.start()
    server.stop()
    assert "not_opened" in [one["code"] for one in place.told()["findings"]]


@pytest.mark.one_store
def test_plain_http_outside_this_machine_is_refused(place: Place) -> None:
    said = place.run("serve", "--listen", "0.0.0.0:8123")
    assert said.returncode == 1
    assert "plain HTTP" in said.stderr


@pytest.mark.one_store
def test_a_taken_port_is_named(place: Place) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = place.run("serve", "--port", str(taken.getsockname()[1]))
    assert said.returncode == 1
    assert "Cannot listen" in said.stderr


@pytest.mark.one_store
def test_half_a_certificate_is_refused(place: Place, tmp_path: Path) -> None:
    said = place.run("serve", "--tls-cert", str(tmp_path / "cert.pem"))
    assert said.returncode == 1
    assert "--tls-key" in said.stderr


@pytest.mark.one_store
def test_names_of_hosts_without_https_are_refused(place: Place) -> None:
    said = place.run("serve", "--port", "8124", GEWU_HOSTS="grid.example")
    assert said.returncode == 1
    assert "without HTTPS" in said.stderr


@pytest.mark.one_store
def test_with_a_certificate_it_speaks_https(place: Place, tmp_path: Path) -> None:
    cert, key = _certificate(tmp_path)
    server = LiveGewu(place.data, place.settings, more=("--tls-cert", str(cert), "--tls-key", str(key)))
    server.trust = ssl.create_default_context(cafile=str(cert))
    server.start()
    try:
        with urllib.request.urlopen(
            f"{server.url}/account/login/", timeout=5, context=server.trust
        ) as answer:
            assert "max-age=31536000" in answer.headers["strict-transport-security"]
            assert "__Host-gewu-csrf" in answer.headers["set-cookie"]
    finally:
        server.stop()


def _certificate(folder: Path) -> tuple[Path, Path]:
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    began = datetime.fromtimestamp(0, UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=40_000))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(built.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files


def _family(server: LiveGewu) -> dict[int, str]:
    """The processes below the server's own, with their words."""
    assert server.process is not None
    children = Path(f"/proc/{server.process.pid}/task").glob("*/children")
    pids = {int(pid) for file in children for pid in file.read_text().split()}
    return {pid: _words(pid) for pid in pids if _words(pid)}


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


def _await_end(pids: set[int]) -> None:
    _await(lambda: not any(_is_alive(pid) for pid in pids))


def _is_alive(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def _await(holds: object) -> None:
    from threading import Event

    for _ in range(200):
        if holds():  # type: ignore[operator]
            return
        Event().wait(0.1)
    raise AssertionError("it did not happen within 20 seconds")
