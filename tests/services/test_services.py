"""The services of the tests work: a test that leans on them fails for its own reasons only."""

from __future__ import annotations

import os
import smtplib
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.services.environment import own_folder, store
from tests.services.mail import Mailbox
from tests.services.postgres import Cluster, NoPostgreSQL, programs

MAIL = EmailMessage()
MAIL["Subject"] = "网格员已收到"
MAIL.set_content("您好")


def test_no_setting_of_another_installation_reaches_the_tests(settings: Any) -> None:
    assert settings.DATA == own_folder() / "data"
    assert {name for name in os.environ if name.startswith("GEWU_") and "TEST" not in name} <= {
        "GEWU_DATA", "GEWU_DATASETS", "GEWU_DATABASE_URL",
    }  # fmt: skip


def test_the_store_is_the_one_asked_for(settings: Any) -> None:
    engine = settings.DATABASES["default"]["ENGINE"]
    assert engine.endswith("sqlite" if store() == "sqlite" else "postgresql")


def test_mail_arrives(mailbox: Mailbox) -> None:
    with smtplib.SMTP(mailbox.host, mailbox.port) as client:
        client.sendmail("gewu@example.org", ["wang@example.org"], MAIL.as_bytes())
    (message,) = mailbox.wait_for(1)
    assert message["Subject"] == "网格员已收到"
    assert message.get_content().strip() == "您好"
    assert mailbox.recipients == [["wang@example.org"]]


def test_a_refusing_mail_server_refuses(mailbox: Mailbox) -> None:
    mailbox.refusal = "451 Try again later"
    with smtplib.SMTP(mailbox.host, mailbox.port) as client, pytest.raises(smtplib.SMTPDataError):
        client.sendmail("gewu@example.org", ["wang@example.org"], b"Subject: x\r\n\r\nx\r\n")
    assert mailbox.messages == []


@pytest.mark.browser
def test_every_browser_test_starts_without_memory(page: Any) -> None:
    page.set_content("<h1>网格</h1>")
    assert page.inner_text("h1") == "网格"
    assert page.context.cookies() == []


@pytest.mark.service
@pytest.mark.skipif(store() != "sqlite", reason="the run already has a cluster of its own")
def test_a_cluster_keeps_a_committed_row_over_a_kill(tmp_path: Path) -> None:
    cluster = Cluster.start(tmp_path / "postgresql")
    try:
        with cluster.connect() as connection:
            connection.execute("CREATE TABLE kept (id int)")
            connection.execute("INSERT INTO kept VALUES (1)")
        cluster.kill()
        cluster.launch()
        with cluster.connect() as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
    finally:
        cluster.stop()


def test_a_machine_without_postgresql_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(Path, "glob", lambda *_: [])
    with pytest.raises(NoPostgreSQL, match="install the package postgresql"):
        programs()
