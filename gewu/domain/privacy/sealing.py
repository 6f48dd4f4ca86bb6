"""Sealed identities: a confidential reporter's contact that only two identity officers together can open.

The contact is encrypted under a fresh key. For every pair of officers from different units that key is split in two
random-looking halves (XOR), each sealed to one officer's public key. The server keeps no private key in the open:
it is locked by the officer's passphrase (Argon2id) and unlocked only while that officer acts.

At least three officers must be able to take part, none of them in the unit complained of. Officers of one unit get no
pair, since an opening needs two units. When officers change, two of them present seal everything anew (`reseal`).

Keys here come from the operating system, never from a seed: a replay must not make sealed identities readable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from threading import BoundedSemaphore
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random as os_random

from gewu.core import chance
from gewu.core.errors import Broken, Conflict, Invalid, NotFound, Refused
from gewu.domain.access.actor import SYSTEM, Actor
from gewu.domain.accounts.models import User
from gewu.domain.journal import actions as journal
from gewu.domain.people.models import Appointment
from gewu.domain.people.queries import in_force, today
from gewu.domain.privacy import enough, envelope, rowkeys
from gewu.domain.privacy.contact_data import ContactInput, pack, settled, unpack
from gewu.domain.privacy.models import Officer, Opening, SealedContact, SealedShare
from gewu.domain.requests import actions as requests
from gewu.domain.requests.work import unit_of_work

PASSPHRASE_LENGTH = 12
TRIES_WITHIN = timedelta(minutes=15)
PART = "sealed"
_OPS, _MEMORY = 3, 64 * 1024 * 1024
# Each unlocking takes 64 MB; more than two at once would let a flood of tries eat the memory.
_unlocking = BoundedSemaphore(2)


@dataclass(frozen=True)
class Key:
    """An officer present: the row and the unlocked private key, for the length of one act."""

    officer: Officer
    private: PrivateKey


@dataclass(frozen=True)
class Resealed:
    """How many sealed contacts the new officers can open, and how many this pair could not seal anew."""

    done: int
    left: int


def take_office(passphrase: str, *, actor: Actor, now: datetime) -> Officer:
    """Whoever holds the post of an identity officer makes the own key, for the unit of that post."""
    units = [hat.unit_id for hat in actor.hats if hat.role == "identity_officer"]
    unit_id = next(filter(None, units), None)
    if unit_id is None:
        raise Invalid.at("passphrase", "no_unit", _("The post of an identity officer belongs to a unit."))
    return appoint_officer(actor.person, unit_id=unit_id, passphrase=passphrase, actor=actor, now=now)


def appoint_officer(user_id: UUID, *, unit_id: UUID, passphrase: str, actor: Actor, now: datetime) -> Officer:
    """Make somebody an identity officer. What is sealed already opens to them after the next `reseal`."""
    if len(passphrase) < PASSPHRASE_LENGTH:
        raise Invalid.at("passphrase", "too_short", _("The passphrase needs at least 12 characters."))
    private, salt = PrivateKey.generate(), os_random(pwhash.argon2id.SALTBYTES)
    with unit_of_work():
        if Officer.objects.filter(user_id=user_id, ended_at=None).exists():
            raise Conflict(_("This person is an identity officer already."), code="officer_twice")
        officer = Officer.objects.create(
            user_id=user_id, unit_id=unit_id, public_key=bytes(private.public_key), salt=salt, appointed_at=now,
            private_sealed=SecretBox(_stretched(passphrase, salt)).encrypt(bytes(private)),
        )  # fmt: skip
        journal.record(
            "officer.appointed", actor=actor, subject=("officer", officer.id), at=now,
            data={"user": str(user_id), "unit": str(unit_id)},
        )  # fmt: skip
    return officer


def end_officer(officer: Officer, *, actor: Actor, now: datetime) -> None:
    """From now on this officer takes part in nothing; the shares go at the next `reseal`."""
    with unit_of_work():
        if not Officer.objects.filter(id=officer.id, ended_at=None).update(ended_at=now):
            raise Conflict(_("This appointment has ended already."), code="officer_ended")
        journal.record(
            "officer.ended", actor=actor, subject=("officer", officer.id), at=now,
            data={"user": str(officer.user_id)},
        )  # fmt: skip


def leave_office(*, actor: Actor, now: datetime) -> None:
    """An officer gives the office back; whoever stays seals anew to those who are appointed then."""
    end_officer(officer_of(actor.person), actor=actor, now=now)


def end_without_post(*, now: datetime) -> int:
    """An officer's office ends with the post: whoever holds none of their unit any more takes part in nothing."""
    posts = Appointment.objects.filter(
        in_force(today(now)), post__role="identity_officer", user__is_active=True
    )
    held = set(posts.values_list("user_id", "post__unit_id"))
    gone = [one for one in Officer.objects.filter(ended_at=None) if (one.user_id, one.unit_id) not in held]
    for officer in gone:
        end_officer(officer, actor=SYSTEM, now=now)
    return len(gone)


def officer_of(user_id: UUID) -> Officer:
    """The office somebody holds now."""
    officer = Officer.objects.filter(user_id=user_id, ended_at=None).first()
    if officer is None:
        raise NotFound
    return officer


def unlock_once(officer: Officer, passphrase: str, *, now: datetime) -> Key:
    """As `unlock`, with few tries."""
    requests.spend(f"passphrase:{officer.id}", limit=5, window=TRIES_WITHIN, now=now)
    return unlock(officer, passphrase)


def can_seal(*, excluded_unit: UUID | None = None) -> bool:
    """Whether confidential contact data can be taken, to be said before anything is sent."""
    return enough.officers().can_seal(excluded_unit=excluded_unit)


def seal_to_officers(
    contact: ContactInput, *, excluded_unit: UUID | None = None, now: datetime
) -> SealedContact:
    """Seal a contact to every pair of officers, inside the caller's transaction. The server cannot open it again."""
    contact, officers = settled(contact), _eligible(excluded_unit)
    if not enough.of(officers).can_seal():
        raise _too_few(excluded_unit)
    row, content_key = chance.new_id(), os_random(SecretBox.KEY_SIZE)
    inner = bytes(SecretBox(content_key).encrypt(pack(contact)))
    sealed = SealedContact.objects.create(
        id=row, sealed=envelope.seal(rowkeys.make(row), inner, row=row, part=PART),
        excluded_unit_id=excluded_unit, sealed_at=now,
    )  # fmt: skip
    _share(sealed, content_key, _pairs(officers))
    return sealed


def _too_few(excluded_unit: UUID | None) -> Refused:
    """Said with what else the reporter can do; at the field of the unit where that is the reason."""
    if excluded_unit is None or not can_seal():
        said = _(
            "Contact data cannot be sealed here yet. You can report without it and follow the case by receipt."
        )
        return Refused(said, code="officers_missing")
    said = _(
        "About this office contact data cannot be sealed at present: too few identity officers sit elsewhere. You can "
        "leave phone, name and e-mail empty: the report stays confidential, and you follow it by its receipt. Or name "
        "no office: then an officer of that office may be one of the two who can open your contact data."
    )
    return Refused(said, code="officers_missing", field="about_unit")


def unlock(officer: Officer, passphrase: str) -> Key:
    """The officer's private key; Invalid when the passphrase is wrong."""
    try:
        box = SecretBox(_stretched(passphrase, bytes(officer.salt)))
        return Key(officer, PrivateKey(box.decrypt(bytes(officer.private_sealed))))
    except CryptoError:
        raise Invalid.at("passphrase", "passphrase_wrong", _("This passphrase is not right.")) from None


def half_of(share: SealedShare, key: Key) -> bytes:
    """This officer's half of one share."""
    own = share.first_half if share.first_id == key.officer.id else share.second_half
    try:
        opened = SealedBox(key.private).decrypt(bytes(own))
    except CryptoError:
        raise Broken(
            f"Sealed contact {share.contact_id}: a share does not open with its officer's key."
        ) from None
    bound, half = opened[:16], opened[16:]
    if bound != share.contact_id.bytes:
        raise Broken(f"Sealed contact {share.contact_id}: a share belongs to another contact.")
    return half


def combine(sealed: SealedContact, one: bytes, other: bytes) -> ContactInput:
    """The contact out of both halves."""
    return unpack(SecretBox(_xor(one, other)).decrypt(_inner(sealed)))


def to_reseal() -> QuerySet[SealedContact]:
    """Sealed contacts whose pairs are no longer those of the officers appointed now."""
    shares = SealedShare.objects.filter(contact=OuterRef("pk"))
    wrong = Q(Exists(shares.filter(Q(first__ended_at__isnull=False) | Q(second__ended_at__isnull=False))))
    for officer in Officer.objects.filter(ended_at=None):
        has_share = Exists(shares.filter(Q(first=officer) | Q(second=officer)))
        wrong |= ~has_share & (Q(excluded_unit_id__isnull=True) | ~Q(excluded_unit_id=officer.unit_id))
    return SealedContact.objects.filter(wrong)


def reseal(one: Key, other: Key, *, actor: Actor, now: datetime) -> Resealed:
    """With two officers present: seal every contact they can open to the pairs of today's officers."""
    if one.officer.unit_id == other.officer.unit_id:
        raise Refused(_("Two officers of different units are needed."), code="same_unit")
    # A first half waiting for its second would no longer fit: those requests end and are asked again.
    for opening_id in list(Opening.objects.filter(state="halved").values_list("id", flat=True)):
        with unit_of_work():
            Opening.objects.filter(id=opening_id, state="halved").update(state="ended", held=None)
            rowkeys.destroy([opening_id])
    done = left = 0
    for contact_id in list(to_reseal().values_list("id", flat=True)):
        done, left = (done + 1, left) if _reseal_one(contact_id, one, other) else (done, left + 1)
    journal.record(
        "identity.resealed", actor=actor, subject=("officer", one.officer.id), at=now,
        data={"second": str(other.officer.id), "done": done, "left": left},
    )  # fmt: skip
    return Resealed(done, left)


def reseal_together(
    passphrase: str, other: str, other_passphrase: str, *, actor: Actor, now: datetime
) -> Resealed:
    """`reseal` by the acting officer and `other` (user name), who types the own passphrase beside them."""
    user = User.objects.filter(username=other).first()
    second = Officer.objects.filter(user_id=user.pk, ended_at=None).first() if user else None
    if second is None or user is None or user.pk == actor.person:
        raise Invalid.at("other", "unknown", _("Please give the user name of another identity officer."))
    one = unlock_once(officer_of(actor.person), passphrase, now=now)
    try:
        two = unlock_once(second, other_passphrase, now=now)
    except Invalid as error:
        raise Invalid([replace(fault, field="other_passphrase") for fault in error.errors]) from None
    return reseal(one, two, actor=actor, now=now)


def share_of(sealed_id: UUID, one: Officer, other: Officer) -> SealedShare | None:
    """The share of this pair, whichever of them stands first."""
    pair = Q(first=one, second=other) | Q(first=other, second=one)
    return SealedShare.objects.filter(pair, contact_id=sealed_id).first()


def eligible_beside(officer: Officer, *, excluded_unit: UUID | None) -> list[Officer]:
    """The officers who could open something together with this one."""
    return [other for other in _eligible(excluded_unit) if other.unit_id != officer.unit_id]


def _reseal_one(contact_id: UUID, one: Key, other: Key) -> bool:
    with unit_of_work():
        share = share_of(contact_id, one.officer, other.officer)
        sealed = SealedContact.objects.filter(id=contact_id).first()
        if share is None or sealed is None:
            return False
        officers = _eligible(sealed.excluded_unit_id)
        if not enough.of(officers).can_seal():
            return False
        content_key = _xor(half_of(share, one), half_of(share, other))
        SecretBox(content_key).decrypt(_inner(sealed))  # never trade shares that open for shares that do not
        sealed.shares.all().delete()
        _share(sealed, content_key, _pairs(officers))
    return True


def _share(sealed: SealedContact, content_key: bytes, pairs: Iterable[tuple[Officer, Officer]]) -> None:
    shares = []
    for first, second in pairs:
        half = os_random(len(content_key))
        shares.append(
            SealedShare(
                contact=sealed, first=first, second=second, first_half=_sealed_to(first, sealed.id, half),
                second_half=_sealed_to(second, sealed.id, _xor(content_key, half)),
            )
        )  # fmt: skip
    SealedShare.objects.bulk_create(shares)


def _sealed_to(officer: Officer, contact_id: UUID, half: bytes) -> bytes:
    return bytes(SealedBox(PublicKey(bytes(officer.public_key))).encrypt(contact_id.bytes + half))


def _inner(sealed: SealedContact) -> bytes:
    key = rowkeys.of([sealed.id]).get(sealed.id)
    if key is None:
        raise Broken(f"Sealed contact {sealed.id} was erased.")
    return envelope.unseal(key, sealed.sealed, row=sealed.id, part=PART)


def _eligible(excluded_unit: UUID | None) -> list[Officer]:
    officers = Officer.objects.filter(ended_at=None).order_by("id")
    return list(officers.exclude(unit_id=excluded_unit) if excluded_unit else officers)


def _pairs(officers: list[Officer]) -> list[tuple[Officer, Officer]]:
    return [(one, other) for one, other in combinations(officers, 2) if one.unit_id != other.unit_id]


def _stretched(passphrase: str, salt: bytes) -> bytes:
    with _unlocking:
        return pwhash.argon2id.kdf(
            SecretBox.KEY_SIZE, passphrase.encode(), salt, opslimit=_OPS, memlimit=_MEMORY
        )


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
