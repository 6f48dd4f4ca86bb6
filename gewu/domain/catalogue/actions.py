"""Loading the seed, and an administrator's changes. A condition is never changed in place: its successor is written.

Two administrators: the first ends the current row by a conditional UPDATE, the second finds no row of the version that
was on the screen and is told so. The unique index on current rows stands behind that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gewu.core.errors import Conflict, Invalid, NotFound, Refused
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import may
from gewu.domain.catalogue import rules, seed
from gewu.domain.catalogue.models import CATALOGUE, Class, Condition, Subclass, condition_subject
from gewu.domain.journal import actions as journal
from gewu.domain.people.models import UnitKind

_DEFAULTS: dict[str, Any] = {
    "closing": {},
    "advice": {},
    "kind": "case",
    "limit": "",
    "target": "done",
    "unit_rule": {},
    **dict.fromkeys(rules.FLAGS, False),
    "evidence": [],
    "sources": {},
    "mapping": [],
}


@dataclass(frozen=True)
class Loaded:
    """What loading the seed did."""

    added: int
    renewed: int  # the seed says something new, and nobody had changed the condition here
    kept: int  # an administrator changed or retired it: left alone


def load_seed(*, now: datetime, actor: Actor) -> Loaded:
    """Take in the starting catalogue; again after each upgrade. Nothing an administrator changed is touched."""
    _may_edit(actor)
    try:
        with transaction.atomic():
            return _load(now, actor)
    except IntegrityError:
        raise Conflict(_("The catalogue is being loaded by somebody else."), code="loading") from None


def change_condition(
    code: str, changes: Mapping[str, Any], *, expected_version: int, actor: Actor, now: datetime
) -> Condition:
    """Write the next version of a condition. Values given anew count as confirmed: their source becomes `edited`."""
    _may_edit(actor)
    settled = rules.check_values(changes)
    with transaction.atomic():
        old = _end(code, expected_version, now)
        before = _values(old)
        if "sources" in settled:
            settled["sources"] = before["sources"] | settled["sources"]
        fields = sorted(name for name, value in settled.items() if value != before[name])
        if not fields:
            raise Invalid.at("changes", "nothing_changed", _("Nothing was changed."))
        values = before | settled
        edited = {name: "edited" for name in fields if name != "sources"}
        values["sources"] = before["sources"] | edited | _confirmed(settled, before)
        rules.check_together(values)
        _check_neutral(code, values)
        new = _succeed(old, values, digest="", now=now)
        _record_change(old, new, fields, actor=actor, now=now)
    return new


def add_condition(
    code: str, subclass: str, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Condition:
    """A condition the seed does not have. A code is used once: what was retired stays what it was."""
    _may_edit(actor)
    rules.check_code(code)
    missing = {"names", "level"} - set(values)
    if missing:
        raise Invalid.at(min(missing), "required", _("Please fill this in."))
    settled = _DEFAULTS | rules.check_values(values)
    settled["sources"] = (
        dict.fromkeys((name for name in values if name != "sources"), "edited") | settled["sources"]
    )
    rules.check_together(settled)
    owner = Subclass.objects.select_related("parent").filter(code=subclass).first()
    if owner is None:
        raise Invalid.at("subclass", "unknown", _("This subclass is not in the catalogue."))
    with transaction.atomic():
        if Condition.objects.filter(code=code).exists():
            raise _code_taken()
        try:
            with transaction.atomic():
                new = Condition.objects.create(code=code, subclass=owner, valid_from=now, **settled)
        except IntegrityError:
            raise _code_taken() from None
        journal.record(
            "condition.added",
            actor=actor,
            subject=condition_subject(code),
            version=1,
            at=now,
            data={"code": code, "version": 1, "limit": new.limit, "level": new.level, "subclass": owner.code},
        )
    return new


def add_subclass(
    code: str, parent: str, names: Mapping[str, str], *, actor: Actor, now: datetime
) -> Subclass:
    """A subclass the seed does not have."""
    _may_edit(actor)
    rules.check_code(code)
    if len(code) > 8:
        raise Invalid.at("code", "code_malformed", _("The code of a subclass has at most 8 signs."))
    settled = rules.check_names("names", names)
    owner = Class.objects.filter(code=parent).first()
    if owner is None:
        raise Invalid.at("parent", "unknown", _("This class is not in the catalogue."))
    with transaction.atomic():
        if Subclass.objects.filter(code=code).exists():
            raise _code_taken()
        try:
            with transaction.atomic():
                new = Subclass.objects.create(code=code, parent=owner, names=settled)
        except IntegrityError:
            raise _code_taken() from None
        journal.record(
            "subclass.added",
            actor=actor,
            subject=("subclass", new.pk),
            at=now,
            data={"code": code, "parent": owner.code},
        )
    return new


def retire_condition(code: str, *, expected_version: int, actor: Actor, now: datetime) -> Condition:
    """No new case takes this condition any more; those that have it keep it."""
    _may_edit(actor)
    if code == rules.NEUTRAL:
        raise Refused(_("This condition takes what nobody could name yet. It stays."), code="neutral_stays")
    with transaction.atomic():
        ended = _end(code, expected_version, now)
        journal.record(
            "condition.retired",
            actor=actor,
            subject=condition_subject(code),
            at=now,
            data={"code": code, "version": ended.version},
        )
    return ended


def _load(now: datetime, actor: Actor) -> Loaded:
    _load_unit_kinds()
    subclasses = _load_subclasses()
    rows = Condition.objects.select_related("subclass").order_by("code", "version")
    newest = {row.code: row for row in rows}  # the last version of each code
    fresh: list[Condition] = []
    renewed = kept = 0
    for given in seed.conditions():
        known = newest.get(given.code)
        if known is None:
            fresh.append(
                Condition(
                    code=given.code,
                    subclass=subclasses[given.subclass],
                    valid_from=now,
                    seed_digest=given.digest,
                    **given.values,
                )
            )
        elif known.valid_to is not None or not known.seed_digest:
            kept += 1
        elif known.seed_digest != given.digest:
            _renew(known, given, subclasses[given.subclass], actor=actor, now=now)
            renewed += 1
    Condition.objects.bulk_create(fresh)
    if fresh or renewed:
        journal.record(
            "catalogue.loaded",
            actor=actor,
            subject=("catalogue", CATALOGUE),
            at=now,
            data={"seed": seed.version(), "added": len(fresh), "renewed": renewed, "kept": kept},
        )
    return Loaded(len(fresh), renewed, kept)


def _load_unit_kinds() -> None:
    """The kinds of unit that unit rules name have to exist before a unit of that kind can be made."""
    known = set(UnitKind.objects.values_list("code", flat=True))
    UnitKind.objects.bulk_create(
        UnitKind(code=kind.code, names=kind.names, level=kind.level)
        for kind in seed.unit_kinds()
        if kind.code not in known
    )


def _load_subclasses() -> dict[str, Subclass]:
    classes = {row.code: row for row in Class.objects.all()}
    subclasses = {row.code: row for row in Subclass.objects.all()}
    missing = [given for given in seed.classes() if given.code not in classes]
    for made in Class.objects.bulk_create(
        Class(code=given.code, part=given.part, names=given.names) for given in missing
    ):
        classes[made.code] = made
    for made_sub in Subclass.objects.bulk_create(
        Subclass(code=given.code, parent=classes[given.parent], names=given.names)
        for given in seed.subclasses()
        if given.code not in subclasses
    ):
        subclasses[made_sub.code] = made_sub
    return subclasses


def _renew(
    old: Condition, given: seed.SeedCondition, subclass: Subclass, *, actor: Actor, now: datetime
) -> None:
    before = _values(old)
    fields = sorted(name for name, value in given.values.items() if value != before[name])
    _end(old.code, old.version, now)
    old.subclass = subclass
    new = _succeed(old, given.values, digest=given.digest, now=now)
    _record_change(old, new, fields, actor=actor, now=now)


def _end(code: str, expected_version: int, now: datetime) -> Condition:
    """End the current row, if it still is the one of `expected_version`."""
    rows = Condition.objects.filter(code=code, valid_to__isnull=True)
    if not rows.filter(version=expected_version).update(valid_to=now):
        last = Condition.objects.filter(code=code).order_by("-version").first()
        if last is None:
            raise NotFound(_("This category is not in the catalogue."))
        message = _("Somebody else has changed this condition meanwhile. Please look at it again.")
        raise Conflict(
            message, code="condition_changed", version=last.version, retired=last.valid_to is not None
        )
    return Condition.objects.select_related("subclass__parent").get(code=code, version=expected_version)


def _succeed(old: Condition, values: Mapping[str, Any], *, digest: str, now: datetime) -> Condition:
    return Condition.objects.create(
        code=old.code,
        version=old.version + 1,
        subclass=old.subclass,
        seed_digest=digest,
        valid_from=now,
        **values,
    )


def _record_change(old: Condition, new: Condition, fields: list[str], *, actor: Actor, now: datetime) -> None:
    journal.record(
        "condition.changed",
        actor=actor,
        subject=condition_subject(new.code),
        version=new.version,
        at=now,
        data={
            "code": new.code,
            "version": new.version,
            "fields": fields,
            "limit": new.limit,
            "level": new.level,
            "before": {"limit": old.limit, "level": old.level},
        },
    )


def _values(row: Condition) -> dict[str, Any]:
    return {name: getattr(row, name) for name in rules.FIELDS}


def _confirmed(settled: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, str]:
    """The sources the administrator named, which go before the plain `edited`."""
    named: dict[str, str] = settled.get("sources", {})
    return {name: source for name, source in named.items() if before["sources"].get(name) != source}


def _check_neutral(code: str, values: Mapping[str, Any]) -> None:
    if code == rules.NEUTRAL and values["kind"] != "case":
        raise Refused(_("This condition takes what nobody could name yet. It stays."), code="neutral_stays")


def _may_edit(actor: Actor) -> None:
    verdict = may(actor, "catalogue.edit")
    if verdict.allowed:
        return
    if verdict.reason == "second_factor":
        raise Refused(_("Please sign in with your second factor first."), code="second_factor")
    raise Refused(_("Only an administrator changes the catalogue."), code=verdict.reason)


def _code_taken() -> Invalid:
    return Invalid.at("code", "code_taken", _("This code was already used."))
