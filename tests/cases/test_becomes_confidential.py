"""A case that turns confidential: what its reporters left is sealed to the officers, or nothing changes at all."""

from __future__ import annotations

from types import ModuleType

import pytest

from gewu.domain.cases.actions import Reported, looking
from gewu.domain.cases.models import Report
from gewu.domain.privacy import contacts, erasure, looks, sealing
from gewu.domain.privacy.contacts import ContactInput
from gewu.domain.privacy.models import Contact, Erasure, RowKey, SealedContact
from tests.cases.refusals import refused
from tests.privacy.people import PASSPHRASES, officers
from tests.town import DISCIPLINE, DISPUTE, NOW, actor, do, fresh, join, report_case, walk_to

LI, ZHAO = ContactInput(name="李四", phone="13800000000"), ContactInput(name="赵六", phone="13800000001")

pytestmark = pytest.mark.usefixtures("data_dir")


def tie(told: Reported) -> Report:
    return Report.objects.get(pk=told.report.pk)


@pytest.mark.parametrize(("move", "state"), [("accept", "submitted"), ("recategorise", "handling")])
def test_every_contact_is_sealed_and_the_open_one_is_gone(town: ModuleType, move: str, state: str) -> None:
    officers()
    told = report_case(contact=LI)
    other, twin = join(told.case.number, contact=ZHAO), report_case(contact=LI)
    do("merge", twin, "lead_a1", into=told.case.number)
    walk_to(state, told)
    do(move, told, "lead_a1", condition=DISCIPLINE)

    assert fresh(told).sensitivity == "confidential"
    for one in (told, other, twin):
        assert tie(one).contact_id is None
        assert SealedContact.objects.filter(pk=tie(one).sealed_id).exists()
        assert not RowKey.objects.filter(pk=one.report.contact_id, wrapped__isnull=False).exists()
    assert not Contact.objects.exists()
    assert set(Erasure.objects.values_list("reason", flat=True)) == {"sealed"}
    assert contacts.find_by_phone(LI.phone, reason="caller", actor=actor("intake"), now=NOW) == []


def test_two_officers_open_what_was_sealed(town: ModuleType) -> None:
    three = officers()
    told = report_case(contact=LI)
    do("accept", told, "lead_a1", condition=DISCIPLINE)

    one, two = (sealing.unlock(three[name], PASSPHRASES[name]) for name in ("one", "two"))
    sealed = SealedContact.objects.get(pk=tie(told).sealed_id)
    share = sealing.share_of(sealed.pk, one.officer, two.officer)
    assert share is not None
    opened = sealing.combine(sealed, sealing.half_of(share, one), sealing.half_of(share, two))
    assert (opened.name, opened.phone) == ("李四", "13800000000")


def test_the_reporter_still_reads_who_looked_before(town: ModuleType) -> None:
    officers()
    told = report_case(contact=LI)
    looking.reveal_contact(told.case.number, reason="ask_back", actor=actor("dispatcher"), now=NOW)
    do("accept", told, "lead_a1", condition=DISCIPLINE)
    seen = looks.of_reporter(told.case.pk, contact_id=tie(told).sealed_id, now=NOW)
    assert [one.post for one in seen] == ["dispatcher"]


def test_without_officers_it_stays_as_it_was(town: ModuleType) -> None:
    told = report_case(contact=LI)
    with refused("officers_missing"):
        do("accept", told, "lead_a1", condition=DISCIPLINE)
    assert (fresh(told).state, fresh(told).sensitivity) == ("submitted", "normal")
    assert Contact.objects.filter(pk=tie(told).contact_id).exists()


def test_with_nothing_left_to_seal_nobody_is_needed(town: ModuleType) -> None:
    bare, erased = report_case(), report_case(contact=LI)
    erasure.erase(contact_ids=[tie(erased).contact_id], reason="request", now=NOW)
    for told in (bare, erased):
        assert do("accept", told, "lead_a1", condition=DISCIPLINE).sensitivity == "confidential"
        assert (tie(told).contact_id, tie(told).sealed_id) == (None, None)


def test_a_private_case_keeps_its_ordinary_contact(town: ModuleType) -> None:
    told = report_case(contact=LI)
    do("accept", told, "director_a", condition=DISPUTE)
    assert (fresh(told).sensitivity, tie(told).sealed_id) == ("private", None)
    assert Contact.objects.filter(pk=tie(told).contact_id).exists()
