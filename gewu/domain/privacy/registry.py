"""Which stored field says what about people, why it is kept, on what ground, how long and who may see it.

The privacy notice page is made from this list, and so are the export filter and the canaries of the access tests. A
package registers the fields of its own models; a test fails for a field of a registered package that has no line.
Retention is named by its class (`retention.rules`), `matter` for as long as the case exists, `journal` for good.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

Class = Literal["public", "internal", "personal", "sensitive", "sealed"]
Basis = Literal["task", "consent", "law", "none"]

PURPOSES = {
    "identify_row": _("Ties rows together; says nothing about a person"),
    "protect": _("Encrypts, and lets erasure also reach backups"),
    "handle": _("Handling the matter reported"),
    "reach": _("Telling the reporter about the case"),
    "find_caller": _("Finding a caller's own case by the full number"),
    "account": _("Showing the reporter who looked, and proving erasure"),
    "confidential": _("Reaching a confidential reporter through two officers"),
    "expire": _("Ending the data on time"),
    "evidence": _("Showing the place of the matter before and after"),
    "inform_public": _("Showing the public a released photo"),
}
BASES = {
    "task": _("Duty of the public service (Personal Information Protection Law, Article 13)"),
    "consent": _("Consent, given with the report and revocable"),
    "law": _("Duty to keep records and to prove erasure"),
    "none": _("No personal data"),
}
READERS = {
    "nobody": _("Nobody; used by the program"),
    "notifier": _("The program that sends messages; persons only with a logged reason"),
    "two_officers": _("One named reader, after two identity officers of different units agreed"),
    "in_scope": _("Posts responsible for the matter"),
    "reporter": _("The reporter, with the receipt"),
    "officers": _("Privacy and identity officers"),
    "everyone": _("Everyone"),
}


@dataclass(frozen=True)
class Line:
    """One field and everything that has to be said about it."""

    model: str  # "privacy.Contact"
    field: str
    kind: Class
    purpose: str
    basis: Basis
    retention: str
    readers: str


_lines: dict[tuple[str, str], Line] = {}


def register(
    model: str, fields: str, *, kind: Class, purpose: str, basis: Basis = "none", retention: str, readers: str
) -> None:
    """Lines for several fields of one model (`"name email"`) that are alike."""
    if purpose not in PURPOSES or basis not in BASES or readers not in READERS:
        raise ValueError(f"{model}: unknown purpose, basis or readers")
    for name in fields.split():
        line = Line(model, name, kind, purpose, basis, retention, readers)
        if _lines.setdefault((model, name), line) != line:
            raise ValueError(f"{model}.{name} is registered with two meanings")


def of(model: str, field: str) -> Line | None:
    """The line of one field."""
    return _lines.get((model, field))


def lines() -> list[Line]:
    """Every line, in the order of models and fields."""
    return [_lines[key] for key in sorted(_lines)]


def notice() -> list[Line]:
    """Lines about people, for the privacy notice: everything but the program's own bookkeeping."""
    return [line for line in lines() if line.kind in ("personal", "sensitive", "sealed")]


def missing(models: Iterator[type[Any]] | list[type[Any]]) -> list[str]:
    """Fields of these models without a line; a test keeps this empty."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in models
        for field in model._meta.get_fields()
        if field.concrete and of(model._meta.label, field.name) is None
    ]
