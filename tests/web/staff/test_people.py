"""Units, posts, appointments, absences, and the workbook of all of them."""

from __future__ import annotations

from types import ModuleType

from django.core.files.uploadedfile import SimpleUploadedFile

from gewu.core import tables
from gewu.domain.accounts.models import User
from gewu.domain.people.models import Absence, Appointment
from tests.web.staff.pages import client_of, text_of


def test_posts_of_an_area_with_their_holders(desk: ModuleType) -> None:
    page = text_of(client_of("administrator").get("/staff/posts?area=community_a"))
    assert "lead-a1" in page
    assert "Lead A1" in page
    assert "lead-b1" not in page


def test_an_appointment_ends_and_the_post_is_vacant(desk: ModuleType) -> None:
    client = client_of("administrator")
    held = Appointment.objects.get(post__code="lead-a1")
    client.post("/staff/posts/lead-a1/end", {"appointment": str(held.pk), "last": "2026-03-09"})
    assert "vacant" in text_of(client.get("/staff/posts/lead-a1"))
    assert "lead-a1" in text_of(client.get("/staff/posts?only=vacant"))


def test_a_taken_post_is_refused_and_what_was_typed_stays(desk: ModuleType) -> None:
    answer = client_of("administrator").post(
        "/staff/posts/lead-a1/appoint", {"user": "worker_b1", "starts": "2026-03-10", "full_time": "yes"}
    )
    assert answer.status_code == 422
    assert "Somebody holds this post" in text_of(answer)
    assert 'value="worker_b1"' in text_of(answer)


def test_an_unknown_user_name_is_named_at_its_field(desk: ModuleType) -> None:
    answer = client_of("administrator").post(
        "/staff/posts/lead-a1/hand-over", {"to": "nobody", "on": "2026-03-11"}
    )
    assert answer.status_code == 422
    assert 'id="hand_over-to-error"' in text_of(answer)


def test_a_post_changes_hands_with_what_lies_open(desk: ModuleType) -> None:
    told = desk.walk_to("assigned")
    client = client_of("administrator")
    assert told.case.number in text_of(client.get("/staff/posts/worker-a1"))
    client.post("/staff/posts/worker-a1/hand-over", {"to": "worker_b1", "on": "2026-03-11"})
    assert Appointment.objects.filter(post__code="worker-a1", user__username="worker_b1").exists()


def test_an_absence_with_its_stand_in(desk: ModuleType) -> None:
    client = client_of("administrator")
    given = {"user": "lead_a1", "starts": "2026-03-10", "stand_in": "lead_a2", "reason_code": "leave"}
    client.post("/staff/absences", given)
    absence = Absence.objects.get()
    assert "Lead A2" in text_of(client.get("/staff/absences"))
    client.post("/staff/absences/end", {"absence": str(absence.pk), "last": "2026-03-12"})
    assert Absence.objects.get().ends is not None


def test_nobody_stands_in_for_themselves(desk: ModuleType) -> None:
    given = {"user": "lead_a1", "starts": "2026-03-10", "stand_in": "lead_a1", "reason_code": "leave"}
    answer = client_of("administrator").post("/staff/absences", given)
    assert answer.status_code == 422
    assert 'id="stand_in-error"' in text_of(answer)
    assert 'value="leave" selected' in text_of(answer)


def test_a_workbook_is_looked_at_and_then_taken_in(desk: ModuleType) -> None:
    client = client_of("administrator")
    rows = [["username", "name"], ["new.hand", "新人"]]
    for wish, there in (("check", False), ("import", True)):
        file = SimpleUploadedFile("p.xlsx", tables.write_workbook({"people": rows}))
        answer = client.post("/staff/posts/import", {"file": file, "do": wish})
        assert answer.status_code == 200, text_of(answer)
        assert User.objects.filter(username="new.hand").exists() is there


def test_faults_of_a_workbook_stand_at_their_rows_and_come_as_a_sheet(desk: ModuleType) -> None:
    client = client_of("administrator")
    rows = [["username", "name", "post"], ["new.hand", "", "nowhere"]]
    content = tables.write_workbook({"people": rows})
    answer = client.post("/staff/posts/import", {"file": SimpleUploadedFile("p.xlsx", content)})
    assert answer.status_code == 422
    sheet = client.post("/staff/posts/import", {"file": SimpleUploadedFile("p.xlsx", content), "do": "sheet"})
    assert sheet["Content-Disposition"].endswith('faults.xlsx"')


def test_the_template_comes_back_as_it_was_given(desk: ModuleType) -> None:
    client = client_of("administrator")
    template = client.get("/staff/posts/template.xlsx").content
    answer = client.post(
        "/staff/posts/import", {"file": SimpleUploadedFile("p.xlsx", template), "do": "check"}
    )
    assert answer.status_code == 200


def test_an_absence_that_cannot_end_so_keeps_the_day(desk: ModuleType) -> None:
    client = client_of("administrator")
    client.post("/staff/absences", {"user": "worker_a1", "starts": "2026-03-12", "reason_code": "leave"})
    row = Absence.objects.get()
    for last, status in (("morgen", 422), ("2026-03-20", 302), ("2026-03-25", 409)):
        answer = client.post("/staff/absences/end", {"absence": row.pk, "last": last})
        assert answer.status_code == status
        if status != 302:
            assert f'value="{last}"' in text_of(answer)
