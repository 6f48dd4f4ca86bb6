"""The working calendar of the installation."""

from __future__ import annotations

from types import ModuleType

from django.core.files.uploadedfile import SimpleUploadedFile

from gewu.domain.place import queries
from tests.web.staff.pages import client_of, text_of


def _publish(client: object, content: str, **more: str) -> object:
    version = str(queries.installation().calendar_version)
    file = SimpleUploadedFile("days.csv", content.encode())
    given = {"file": file, "publish": "2027", "source": "notice", "version": version}
    return client.post("/staff/calendar/publish", given | more)  # type: ignore[attr-defined]


def test_a_year_is_published(desk: ModuleType) -> None:
    client = client_of("administrator")
    answer = _publish(client, "date,working,note\n2027-01-01,no,New Year\n")
    assert answer.status_code == 302, text_of(answer)  # type: ignore[attr-defined]
    page = text_of(client.get("/staff/calendar?year=2027"))
    assert "New Year" in page


def test_a_day_of_another_year_is_refused(desk: ModuleType) -> None:
    answer = _publish(client_of("administrator"), "date,working\n2028-01-01,no\n")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert 'value="notice"' in text_of(answer)


def test_an_older_page_loses(desk: ModuleType) -> None:
    answer = _publish(client_of("administrator"), "date,working\n2027-01-01,no\n", version="99")
    assert answer.status_code == 409  # type: ignore[attr-defined]


def test_working_hours_change(desk: ModuleType) -> None:
    version = str(queries.installation().calendar_version)
    client = client_of("administrator")
    client.post("/staff/calendar/hours", {"hours": "8:30-12:00, 14:00-17:30", "version": version})
    assert "8:30-12:00" in str(queries.calendar().hours)
    wrong = client.post("/staff/calendar/hours", {"hours": "all day", "version": "2"})
    assert wrong.status_code == 422
    assert 'value="all day"' in text_of(wrong)


def test_a_year_out_of_range_is_not_there(desk: ModuleType) -> None:
    assert client_of("administrator").get("/staff/calendar?year=1500").status_code == 404
