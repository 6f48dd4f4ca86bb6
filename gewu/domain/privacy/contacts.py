"""Contact data: kept sealed, used by the notifier, shown to a person only with a reason that the reporter can read.

`for_sending` is for the notifier alone. A person gets at contact data through `reveal` (one case, one reason) or, with
the caller on the line, from the full number to the handle (`find_by_phone`). There is no list and no count by phone.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from gewu.core import chance, crypto
from gewu.core.errors import NotFound, Refused
from gewu.core.sentences import sentence as _
from gewu.core.text import normal_phone
from gewu.domain.access.actor import Actor
from gewu.domain.journal import actions as journal
from gewu.domain.privacy import envelope, erasure, keys, looks, rowkeys
from gewu.domain.privacy.contact_data import ContactInput, pack, settled, unpack
from gewu.domain.privacy.looks import of_case as looks_at
from gewu.domain.privacy.models import Contact, Look
from gewu.domain.privacy.sealing import can_seal, seal_to_officers
from gewu.domain.requests import actions as requests
from gewu.domain.requests.work import unit_of_work

__all__ = [
    "ContactInput", "can_seal", "correct", "erase_after", "find_by_phone", "for_sending", "keep", "looks_at",
    "reveal", "seal_kept", "seal_to_officers", "settled",
]  # fmt: skip

LOOKUPS = 60
LOOKUP_WINDOW = timedelta(hours=1)
_PART = "contact"


def keep(contact: ContactInput) -> Contact:
    """Store a contact inside the caller's transaction; two inserts."""
    contact, row = settled(contact), chance.new_id()
    key = rowkeys.make(row)
    return Contact.objects.create(
        id=row, sealed=envelope.seal(key, pack(contact), row=row, part=_PART), phone_mac=_mac(contact.phone),
        wants_news=contact.wants_news, language=contact.language,
    )  # fmt: skip


def correct(contact_id: UUID, contact: ContactInput) -> None:
    """Replace what the reporter corrected, under the same handle and key."""
    contact = settled(contact)
    key = _key(contact_id)
    Contact.objects.filter(id=contact_id).update(
        sealed=envelope.seal(key, pack(contact), row=contact_id, part=_PART), phone_mac=_mac(contact.phone),
        wants_news=contact.wants_news, language=contact.language,
    )  # fmt: skip


def seal_kept(contact_id: UUID, *, actor: Actor, now: datetime) -> UUID | None:
    """Seal an ordinary contact to the identity officers and destroy it, inside the caller's transaction.

    The handle of what is sealed, under which its reporter goes on reading who looked; None when it was erased before.
    """
    stored = Contact.objects.filter(id=contact_id).values_list("sealed", flat=True).first()
    if stored is None:
        return None
    if not can_seal():
        raise Refused(
            _("The contact left here has to be sealed, and fewer than three identity officers can do that."),
            code="officers_missing",
        )
    sealed = seal_to_officers(_open(_key(contact_id), stored, contact_id), now=now)
    Look.objects.filter(contact_id=contact_id).update(contact_id=sealed.id)
    erasure.erase(contact_ids=[contact_id], reason="sealed", actor=actor, now=now)
    return sealed.id


def erase_after(contact_id: UUID, moment: datetime | None) -> None:
    """Set or clear the day on which the nightly job erases this contact, whatever its case does."""
    Contact.objects.filter(id=contact_id).update(erase_after=moment)


def for_sending(ids: Collection[UUID]) -> dict[UUID, ContactInput]:
    """For the notifier alone: where to send. One query; erased contacts and those without news are absent."""
    found = Contact.objects.filter(id__in=ids, wants_news=True).annotate(wrapped=rowkeys.beside())
    return {
        row: _open(rowkeys.unwrap(row, wrapped), sealed, row)
        for row, sealed, wrapped in found.values_list("id", "sealed", "wrapped")
        if wrapped is not None
    }


def reveal(contact_id: UUID, *, case_id: UUID, reason: str, actor: Actor, now: datetime) -> ContactInput:
    """Show a contact to a person. Line in the reporter's log, journal entry and data come together or not at all."""
    _check_person(actor)
    looks.check_reason(reason, looks.CONTACT_REASONS)
    with unit_of_work(durable=True):
        key = _key(contact_id)
        sealed = Contact.objects.filter(id=contact_id).values_list("sealed", flat=True).first()
        if sealed is None:
            raise NotFound()
        contact = _open(key, sealed, contact_id)
        looks.note("contact", reason=reason, actor=actor, now=now, case_id=case_id, contact_id=contact_id)
        journal.record(
            "contact.revealed", actor=actor, subject=("contact", contact_id), at=now,
            data={"case": str(case_id), "reason": reason},
        )  # fmt: skip
    return contact


def find_by_phone(full_number: str, *, reason: str, actor: Actor, now: datetime) -> list[UUID]:
    """The handles of the contacts with exactly this number; the caller can read later that it was looked up."""
    post_id = _check_person(actor)
    looks.check_reason(reason, looks.LOOKUP_REASONS)
    phone = normal_phone(full_number)
    requests.spend(f"phone-lookup:{actor.user_id}", limit=LOOKUPS, window=LOOKUP_WINDOW, now=now)
    with unit_of_work(durable=True):
        found = list(
            Contact.objects.filter(phone_mac=_mac(phone)).order_by("id").values_list("id", flat=True)
        )
        for contact_id in found:
            looks.note("lookup", reason=reason, actor=actor, now=now, contact_id=contact_id)
        journal.record(
            "contact.looked_up", actor=actor, subject=("post", post_id), at=now,
            data={"reason": reason},
        )  # fmt: skip
    return found


def _check_person(actor: Actor) -> UUID:
    """The post that goes on the record."""
    if actor.kind != "staff" or actor.post_id is None:
        raise Refused(_("Contact data is shown to persons in a post only."), code="not_staff")
    if not actor.strong:
        raise Refused(_("Please confirm with your second factor first."), code="second_factor")
    return actor.post_id


def _key(contact_id: UUID) -> bytes:
    key = rowkeys.of([contact_id]).get(contact_id)
    if key is None:
        raise NotFound()
    return key


def _open(key: bytes, sealed: bytes | memoryview, row: UUID) -> ContactInput:
    return unpack(envelope.unseal(key, sealed, row=row, part=_PART))


def _mac(phone: str) -> str | None:
    return crypto.mac(keys.secret("phone"), "phone", phone).hex() if phone else None
