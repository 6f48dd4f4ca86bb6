"""The town, served by the program itself, with the cookies of a worker, and somebody who looks into its store."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.services import gewu, installation
from tests.services.gewu import LiveGewu
from tests.shape.sources import ROOT


class Town:
    """The little program beside this file, on an installation's folder."""

    def __init__(self, data: Path) -> None:
        settings = {"GEWU_DATA": str(data), "DJANGO_SETTINGS_MODULE": "gewu.config.settings"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.field.phone_town"],
            cwd=ROOT, env=gewu.environment(settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, command: str) -> Any:
        self.begin(command)
        return self.answer()

    def begin(self, command: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout
        told = self.process.stdout.readline()
        assert told, "it has ended"
        return json.loads(told)

    def numbers(self) -> set[str]:
        """The numbers of all cases."""
        return set(self.ask("numbers"))

    def leave(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        assert self.process.wait(30) == 0


@dataclass(frozen=True)
class Served:
    """A running server and its town."""

    server: LiveGewu
    town: Town

    @property
    def url(self) -> str:
        return self.server.url


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests of a module: a round that another module has walked is not what this one expects."""
    data = tmp_path_factory.mktemp("field") / "data"
    installation.copy(data, *installation.BEGUN)
    town = Town(data)
    town.begin("fill")
    server = LiveGewu(data)
    server.start()  # meanwhile
    town.answer()
    yield Served(server, town)
    server.stop()
    town.leave()


def sign_in(context: BrowserContext, served: Served, who: str = "session") -> None:
    """The worker signs in on this phone, with a session of its own."""
    cookies = served.town.ask(who)
    context.add_cookies(
        [{"name": name, "value": value, "url": served.url} for name, value in cookies.items()]
    )


@pytest.fixture
def phone(served: Served, chromium: Browser) -> Iterator[BrowserContext]:
    """A phone whose worker signed in once, with the service worker in charge."""
    context = chromium.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 390, "height": 844},
        base_url=served.url,
    )
    sign_in(context, served)
    page = context.new_page()
    page.goto("/field")
    page.locator("h1").wait_for()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.locator(".item").first.wait_for()
    page.close()
    yield context
    context.close()
