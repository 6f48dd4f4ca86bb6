"""What is stored of the catalogue. Codes are our own and stay; outside codes stand only in `mapping`.

Names are JSON by language code (`zh-hans`, `zh-hant`, `en`). A condition never changes: a change writes a new row with
version + 1 and ends the old one, so a case that points at its row keeps limit and closing condition for good. Which of
two changes came first is decided by the unique indexes below.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from gewu.core.levels import LADDER
from gewu.domain.rows import Row

# What journal entries name: the catalogue as a whole, and each condition through all its versions.
CATALOGUE = uuid.UUID("0197a000-0000-7000-8000-000000000001")


def condition_subject(code: str) -> tuple[str, uuid.UUID]:
    """One subject for all versions of a condition, so that its history reads in one piece."""
    return "condition", uuid.uuid5(CATALOGUE, code)


class Class(Row):
    """The first step: 市容环境, 安全隐患. `part` says which table it comes from."""

    code = models.CharField(max_length=8, unique=True)
    part = models.CharField(max_length=12)  # events components services
    names = models.JSONField(default=dict)


class Subclass(Row):
    """The second step: 暴露垃圾. A hotline ticket names matters on this step."""

    code = models.CharField(max_length=8, unique=True)
    parent = models.ForeignKey(Class, on_delete=models.PROTECT, related_name="subclasses")
    names = models.JSONField(default=dict)


class Condition(Row):
    """The third step, a filing condition 立案条件 in one version: what must be so, by when it ends, and who acts."""

    code = models.CharField(max_length=12)
    version = models.PositiveIntegerField(default=1)
    subclass = models.ForeignKey(Subclass, on_delete=models.PROTECT, related_name="conditions")
    names = models.JSONField(default=dict)  # what must be so for filing
    closing = models.JSONField(default=dict)  # what must be so for closing
    advice = models.JSONField(default=dict)  # one sentence for whoever handles it; may be empty

    kind = models.CharField(max_length=8, default="case")  # case care alert; only `case` can be chosen
    limit = models.CharField(max_length=10, blank=True)  # Limit's short form; empty: the ladder alone
    target = models.CharField(
        max_length=8, default="done"
    )  # what the limit is for: done reply plan fence route
    level = models.CharField(
        max_length=1, choices=[(level, level) for level in LADDER]
    )  # where a case starts
    unit_rule = models.JSONField(default=dict)  # level -> code of the kind of unit that acts from there on up

    private = models.BooleanField(default=False)
    rewarded = models.BooleanField(default=False)
    emergency = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)  # the report is sealed to the identity officers
    notice_closing = models.BooleanField(default=False)  # may be closed by notice 告知性结案
    evidence = models.JSONField(default=list)  # what closing asks for: before after text

    sources = models.JSONField(default=dict)  # field -> table | assumed | law
    mapping = models.JSONField(default=list)  # outside codes and titles, "system:code"
    # Of the seed row it was made from; empty once an administrator wrote it, and then the seed leaves it alone.
    seed_digest = models.CharField(max_length=64, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)  # null: this is the row new cases take

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="condition_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="condition_one_current"
            ),
        ]
