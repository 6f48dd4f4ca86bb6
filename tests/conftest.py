"""What every test may ask for. The services behind these fixtures live in tests/services/."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.services import browser as chromium_program
from tests.services.datasets import dataset, not_run
from tests.services.environment import is_worker, own_folder, store
from tests.services.mail import Mailbox

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from gewu.core.clock import DrivenClock
    from tests.services.gewu import LiveGewu

HERE = Path(__file__).resolve().parent
SHOWS_WITHIN = 20_000  # milliseconds: a bound against hanging, not a measure


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`soak` runs only when asked for by name; PostgreSQL takes what speaks to the store and leaves out the rest."""
    asked = str(config.option.markexpr)
    kept, left = [], []
    for item in items:
        (kept if _runs(item, asked) else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
    # The long ones first, so that no process sits idle while another is still at one of them.
    items[:] = sorted(kept, key=lambda item: item.get_closest_marker("long") is None)


def _runs(item: pytest.Item, asked: str) -> bool:
    if item.get_closest_marker("soak") and "soak" not in asked:
        return False
    if store() == "postgresql":
        apart = any(item.get_closest_marker(name) for name in ("browser", "one_store"))
        return _speaks_to_the_store(item) and not apart
    return not item.get_closest_marker("postgresql")


def _speaks_to_the_store(item: pytest.Item) -> bool:
    """What never opens the store is proved by the run on SQLite."""
    asked = set(getattr(item, "fixturenames", ()))
    return bool(
        {"db", "transactional_db", "django_db_setup"} & asked
        or any(item.get_closest_marker(name) for name in ("django_db", "service", "postgresql"))
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line names what ran on a stand-in instead of real data."""
    if not is_worker() and (names := not_run()):
        terminalreporter.write_line(f"not run on real data (set GEWU_DATASETS): {', '.join(names)}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite: a file of this process's own, not memory, so that threads of one test meet on the same store."""
    if store() == "sqlite":
        from django.db import connections

        connections["default"].settings_dict["TEST"]["NAME"] = str(own_folder() / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, django_db_modify_db_settings: None
) -> None:
    """The store of this process; it goes with the folder or the cluster of the run."""
    from tests.services import tables

    with django_db_blocker.unblock():
        tables.lay_out()


@pytest.fixture(scope="session", autouse=True)
def _empty_by_deleting() -> Iterator[None]:
    """After a test with transactions of its own Django truncates every table, which costs PostgreSQL nearly a second;
    the few rows are deleted in a hundredth of it."""
    if store() != "postgresql":
        yield
        return
    from django.db.backends.postgresql.operations import DatabaseOperations

    def deleting(self: DatabaseOperations, style: Any, tables: list[str], **_: Any) -> list[str]:
        deletions = "; ".join(f"DELETE FROM {self.quote_name(table)}" for table in sorted(tables))
        return [f"SET LOCAL session_replication_role = replica; {deletions}"] if tables else []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", deleting)
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_to_stretch() -> Iterator[None]:
    """Passwords and passphrases are stretched by the same functions with the least work: the full takes a quarter of a
    second each time. The programs that tests start do the whole."""
    from django.contrib.auth.hashers import Argon2PasswordHasher
    from nacl.pwhash import argon2id

    from gewu.domain.privacy import sealing

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2PasswordHasher, "time_cost", 1)
        patch.setattr(Argon2PasswordHasher, "memory_cost", 8)
        patch.setattr(Argon2PasswordHasher, "parallelism", 1)
        patch.setattr(sealing, "_OPS", argon2id.OPSLIMIT_MIN)
        patch.setattr(sealing, "_MEMORY", argon2id.MEMLIMIT_MIN)
        yield


@pytest.fixture(autouse=True)
def _no_witness_stays() -> Iterator[None]:
    """Tests undo what they write to the store, so what they published of it would contradict the next one's journal."""
    yield
    witness = own_folder() / "data-heads"
    if witness.is_dir():
        shutil.rmtree(witness)


@pytest.fixture
def clock() -> Iterator[DrivenClock]:
    """Time stands at Tuesday 2026-03-10, 09:00 in Shanghai, until the test moves it."""
    from gewu.core import clock as core_clock
    from tests.services.time import START

    driven = core_clock.DrivenClock(START)
    with core_clock.driven(driven):
        yield driven


@pytest.fixture
def data_dir(tmp_path: Path, settings: Any) -> Path:
    """The empty data folder of an installation of this test's own, with keys and photos below it."""
    folder = tmp_path / "data"
    settings.DATA, settings.KEYS, settings.PHOTOS = folder, folder / "keys", folder / "photos"
    settings.BACKUPS = tmp_path / "data-backups"
    folder.mkdir()
    return folder


@pytest.fixture
def heads_dir(tmp_path: Path, settings: Any) -> Path:
    """The outside witness of the journal: a folder beside the data folder, never inside it."""
    folder = tmp_path / "data-heads"
    folder.mkdir()
    settings.HEADS = folder
    return folder


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server on a free port of this machine that keeps what it gets."""
    box = Mailbox()
    box.start()
    yield box
    box.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser process for all tests of this worker; take `browser` or `page` in a test."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=SHOWS_WITHIN)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread; Django's guard would take plain queries for asynchronous ones.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = playwright.chromium.launch(
            executable_path=chromium_program.executable(), args=chromium_program.FLAGS
        )
        yield running
        running.close()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[BrowserContext]:
    """A new profile: no cookie, cache or service worker of any test before. Chinese, in Shanghai, 1280 x 720."""
    context = chromium.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1280, "height": 720}
    )
    yield context
    context.close()


@pytest.fixture
def page(browser: BrowserContext) -> Page:
    return browser.new_page()


@pytest.fixture(scope="module")
def live_gewu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveGewu]:
    """A running program with an empty installation, one for all tests of a module."""
    from tests.services import gewu, installation

    data = tmp_path_factory.mktemp("live") / "data"
    installation.copy(data, *installation.BEGUN)
    server = gewu.LiveGewu(data)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def datasets() -> Callable[[str], Path]:
    """`datasets("open311/schema_request.json")`: the real set where it is, else our fixture of the same form."""
    return dataset
