"""The catalogue: read by everyone, changed by the administrator. A change writes the next version of a condition."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from gewu.api.endpoint import ANYONE, Call, endpoint
from gewu.api.v1.shapes import Out, Version
from gewu.core.errors import NotFound
from gewu.domain.catalogue import actions, queries, rules
from gewu.domain.catalogue.models import Condition

KINDS = ("case", "care", "alert")


class ConditionOut(Out, frozen=True):
    """A filing condition in one version: what must be so, by when it ends, who acts, what closing asks for."""

    code: str
    version: int
    subclass: str
    names: dict[str, str]
    closing: dict[str, str]
    kind: str
    limit: str = ""
    target: str = ""
    level: str = ""
    units: dict[str, str] = {}
    private: bool = False
    confidential: bool = False
    emergency: bool = False
    rewarded: bool = False
    evidence: list[str] = []
    assumed: list[str] = []
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    @classmethod
    def of(cls, row: Condition) -> ConditionOut:
        return cls(
            code=row.code,
            version=row.version,
            subclass=row.subclass.code,
            names=row.names,
            closing=row.closing,
            kind=row.kind,
            limit=row.limit,
            target=row.target,
            level=row.level,
            units=row.unit_rule,
            private=row.private,
            confidential=row.confidential,
            emergency=row.emergency,
            rewarded=row.rewarded,
            evidence=row.evidence,
            assumed=rules.is_assumed(row),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )


class LeafOut(Out, frozen=True):
    """A condition in the tree."""

    code: str
    name: str
    closing: str


class SubclassOut(Out, frozen=True):
    """A subclass with its conditions."""

    code: str
    name: str
    conditions: list[LeafOut]


class ClassOut(Out, frozen=True):
    """A class with its subclasses."""

    code: str
    name: str
    subclasses: list[SubclassOut]


class TreeOut(Out, frozen=True):
    """The whole catalogue in the reader's language."""

    classes: list[ClassOut]


class ConditionsOut(Out, frozen=True):
    """Conditions in the order of the question."""

    items: list[ConditionOut]


class ChangeIn(msgspec.Struct, frozen=True):
    """Fields to change, and the version that was on the screen."""

    version: Version
    changes: dict[str, Any]


class AddIn(msgspec.Struct, frozen=True):
    """A condition of our own."""

    code: str
    subclass: str
    values: dict[str, Any]


class RetireIn(msgspec.Struct, frozen=True):
    """The version that was on the screen."""

    version: Version


class AddSubclassIn(msgspec.Struct, frozen=True):
    """A subclass of our own, below a class."""

    code: str
    parent: str
    names: dict[str, str]


class CodeOut(Out, frozen=True):
    """What was made."""

    code: str


@endpoint("GET", "catalogue", answer=TreeOut, guard=ANYONE, query=("kind",))
def show_catalogue(call: Call[None]) -> TreeOut:
    """Classes, subclasses and conditions in the order of codes."""
    kind = call.word("kind", "case")
    if kind not in KINDS:
        raise NotFound
    return TreeOut(
        classes=[
            ClassOut(
                code=one.code,
                name=one.name,
                subclasses=[
                    SubclassOut(
                        code=sub.code,
                        name=sub.name,
                        conditions=[
                            LeafOut(code=leaf.code, name=leaf.name, closing=leaf.closing)
                            for leaf in sub.conditions
                        ],
                    )
                    for sub in one.subclasses
                ],
            )
            for one in queries.tree(kind=kind)
        ]
    )


@endpoint("GET", "catalogue/search", answer=ConditionsOut, guard=ANYONE, query=("words",))
def search_catalogue(call: Call[None]) -> ConditionsOut:
    """The conditions in which every word occurs."""
    return ConditionsOut(items=[ConditionOut.of(row) for row in queries.search(call.word("words"))])


@endpoint("GET", "catalogue/conditions/<code>", answer=ConditionOut, guard=ANYONE)
def show_condition(call: Call[None], code: str) -> ConditionOut:
    """A condition as it stands."""
    found = queries.condition(code)
    if found is None:
        raise NotFound
    return ConditionOut.of(found)


@endpoint("GET", "catalogue/conditions/<code>/versions", answer=ConditionsOut, guard="catalogue.see")
def show_versions(call: Call[None], code: str) -> ConditionsOut:
    """All versions of a condition, newest first."""
    found = queries.versions(code)
    if not found:
        raise NotFound
    return ConditionsOut(items=[ConditionOut.of(row) for row in found])


@endpoint(
    "POST", "catalogue/conditions", body=AddIn, answer=ConditionOut, guard="catalogue.edit", status=201,
    fields={"": "values"},
)  # fmt: skip
def add_condition(call: Call[AddIn]) -> ConditionOut:
    """A condition the seed does not have."""
    body = call.body
    return ConditionOut.of(
        actions.add_condition(body.code, body.subclass, body.values, actor=call.actor, now=call.now)
    )


@endpoint(
    "POST", "catalogue/conditions/<code>", body=ChangeIn, answer=ConditionOut, guard="catalogue.edit",
    fields={"": "changes"},
)  # fmt: skip
def change_condition(call: Call[ChangeIn], code: str) -> ConditionOut:
    """Write the next version; cases keep the version they have."""
    body = call.body
    return ConditionOut.of(
        actions.change_condition(
            code, body.changes, expected_version=body.version, actor=call.actor, now=call.now
        )
    )


@endpoint(
    "POST", "catalogue/conditions/<code>/retire", body=RetireIn, answer=ConditionOut, guard="catalogue.edit"
)
def retire_condition(call: Call[RetireIn], code: str) -> ConditionOut:
    """No new case takes this condition any more."""
    return ConditionOut.of(
        actions.retire_condition(code, expected_version=call.body.version, actor=call.actor, now=call.now)
    )


@endpoint(
    "POST", "catalogue/subclasses", body=AddSubclassIn, answer=CodeOut, guard="catalogue.edit", status=201
)
def add_subclass(call: Call[AddSubclassIn]) -> CodeOut:
    """A subclass the seed does not have."""
    body = call.body
    made = actions.add_subclass(body.code, body.parent, body.names, actor=call.actor, now=call.now)
    return CodeOut(code=made.code)
