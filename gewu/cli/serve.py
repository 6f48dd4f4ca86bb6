"""Answer browsers and programs, and run the worker beside. Ends the whole tree on SIGTERM or Ctrl-C. Outside this
machine it speaks HTTPS (--tls-cert, --tls-key) or stands behind a proxy that does (GEWU_BEHIND_PROXY=1)."""

from __future__ import annotations

import argparse
import ipaddress
import logging
import os
import socket
from pathlib import Path
from typing import Any

from gewu.core.errors import Broken

PORT = 8000
WAITING = 128  # requests of one web process whose body may be on its way at once


def add_arguments(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--listen", metavar="HOST:PORT", type=_address, help=f"default 127.0.0.1:{PORT}")
    where.add_argument("--port", type=_port, metavar="N", help="the same on 127.0.0.1")
    parser.add_argument(
        "--workers", type=_few, metavar="N", help="web processes (1 on SQLite, 2 on PostgreSQL)"
    )
    parser.add_argument("--no-worker", action="store_true", help="leave the worker to another machine")
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="certificate chain (PEM)")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="its private key (PEM, PKCS#8)")


def prepare(args: argparse.Namespace) -> None:
    """Before settings are read: TLS of our own makes every address HTTPS."""
    if bool(args.tls_cert) != bool(args.tls_key):
        raise Broken("Give both --tls-cert and --tls-key, or none.")
    for file in (args.tls_cert, args.tls_key):
        if file and not file.is_file():
            raise Broken(f"{file} is not there.")
    if args.tls_cert:
        os.environ.setdefault("GEWU_HTTPS", "1")


def run(args: argparse.Namespace) -> int:
    from django.conf import settings

    host, port = args.listen or ("127.0.0.1", args.port or PORT)
    if not (_is_here(host) or args.tls_cert or settings.BEHIND_PROXY):
        raise Broken(
            f"{host} can be reached from outside, and this would be plain HTTP. Give --tls-cert and --tls-key, "
            "or set GEWU_BEHIND_PROXY=1 when a proxy with HTTPS stands in front."
        )
    _refuse_taken(host, port)
    _get_ready(settings)
    return _serve(args, host, port)


def _get_ready(settings: Any) -> None:
    from gewu.cli import init, processes

    if not (settings.STATIC_ROOT / "assets" / "manifest.json").is_file():
        raise Broken("The pages have not been built. Run: make install")
    if not settings.DATA.is_dir() or processes.is_fresh():
        init.prepare_folders()
        init.migrate()
    processes.refuse_unready()
    processes.leave_store()


def _serve(args: argparse.Namespace, host: str, port: int) -> int:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from gewu.cli import processes

    logging.getLogger("_granian").addFilter(_is_news)
    processes.supervisor = os.getpid()  # web processes are forked and find it there
    server = Server(
        "gewu.cli.web_process:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=args.workers or _workers(),
        blocking_threads=WAITING,
        backlog=1024,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        ssl_cert=args.tls_cert,
        ssl_key=args.tls_key,
        log_enabled=True,
        log_level=LogLevels.warning,
    )
    worker = None if args.no_worker else processes.Kept("worker", "--with-parent", str(os.getpid()))
    if worker:
        server.on_startup(worker.start)
        server.on_shutdown(worker.stop)
    print(f"Gewu answers on {'https' if args.tls_cert else 'http'}://{_shown(host)}:{port}", flush=True)
    server.serve()
    return 0


def _is_news(record: logging.LogRecord) -> bool:
    """Many threads are meant here: they only wait (docs/adr/0020)."""
    return "Python threads" not in record.getMessage()


def _workers() -> int:
    """Web processes. On SQLite writers queue in any case, so one process with a few readers is quickest."""
    from django.db import connection

    return 1 if connection.vendor == "sqlite" else 2


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Broken(f"Cannot listen on {_shown(host)}:{port}: {error.strerror}.") from None


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host.strip("[]"), _port(port)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)


def _few(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 64:
        raise argparse.ArgumentTypeError("between 1 and 64")
    return int(text)
