"""The catalogue as the administrator keeps it: every condition with its versions, and what of it is only assumed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from gewu.core.errors import Invalid, NotFound
from gewu.domain.access.table import may
from gewu.domain.cases.workflow import LEVELS
from gewu.domain.catalogue import actions, queries, rules
from gewu.domain.catalogue.models import Condition, Subclass
from gewu.domain.names import in_language
from gewu.domain.people.models import UnitKind
from gewu.web.request import Request
from gewu.web.staff import forms
from gewu.web.staff.forms import EXPECTED, Failure, failure_of
from gewu.web.staff.guard import post_only, staff

TEXTS = ("names", "closing", "advice")
FIELD_NAMES: dict[str, Any] = {
    "names": pgettext_lazy("condition", "Filing condition"),
    "closing": pgettext_lazy("condition", "Closing condition"),
    "advice": pgettext_lazy("condition", "Advice"),
    "kind": pgettext_lazy("condition", "Kind"),
    "limit": pgettext_lazy("condition", "Limit"),
    "target": pgettext_lazy("condition", "The limit is for"),
    "level": pgettext_lazy("condition", "Starts at"),
    "unit_rule": pgettext_lazy("condition", "Units"),
    "private": pgettext_lazy("condition", "Private"),
    "rewarded": pgettext_lazy("condition", "Rewarded"),
    "emergency": pgettext_lazy("condition", "Emergency"),
    "confidential": pgettext_lazy("condition", "Confidential"),
    "notice_closing": pgettext_lazy("condition", "May be closed by notice"),
    "evidence": pgettext_lazy("condition", "Evidence"),
    "mapping": pgettext_lazy("condition", "Outside codes"),
}
TARGETS: dict[str, Any] = {
    "done": pgettext_lazy("target", "Done"),
    "reply": pgettext_lazy("target", "Reply"),
    "plan": pgettext_lazy("target", "Plan"),
    "fence": pgettext_lazy("target", "Fenced off"),
    "route": pgettext_lazy("target", "Passed on"),
}
EVIDENCE: dict[str, Any] = {
    "before": pgettext_lazy("evidence", "Photo before"),
    "after": pgettext_lazy("evidence", "Photo after"),
    "text": pgettext_lazy("evidence", "Text"),
}
# A fault of a whole text stands at its first language.
AT = {**{field: f"{field}_zh-hans" for field in TEXTS}, "changes": ""}
LANGUAGES = {"zh-hans": "简体", "zh-hant": "繁體", "en": "English"}


@require_GET
@staff("catalogue.see")
def tree(request: Request) -> HttpResponse:
    """All current conditions in the order of codes, with what is assumed marked."""
    words = request.GET.get("words", "").strip()
    kind = "case" if request.GET.get("kind") != "all" else None
    context = {
        "classes": [] if words else queries.tree(kind=kind),
        "found": queries.search(words, kind=None, limit=100) if words else None,
        "words": words,
        "assumed": [(FIELD_NAMES.get(name, name), count) for name, count in queries.assumed_counts().items()],
        "may_edit": may(request.actor, "catalogue.edit"),
    }
    return render(request, "staff/catalogue.html", context)


@require_http_methods(["GET", "POST"])
@staff("catalogue.see")
def condition(request: Request, code: str) -> HttpResponse:
    """One condition in its versions; the administrator writes the next one here."""
    versions = queries.versions(code)
    if not versions:
        raise NotFound
    if request.method == "GET":
        return _condition_page(request, versions)
    if not may(request.actor, "catalogue.edit"):
        raise NotFound
    typed = _typed(request)
    try:
        expected = forms.number(request.POST.get("version", ""), at="version")
        changes = _values(typed, versions[0])
        if confirmed := request.POST.getlist("confirm"):
            changes["sources"] = dict.fromkeys(confirmed, "edited")
        new = actions.change_condition(
            code, changes, expected_version=expected, actor=request.actor, now=request.now
        )
    except EXPECTED as error:
        return _condition_page(request, queries.versions(code), typed, failure_of(error, at=AT))
    messages.success(request, _("Version %(version)s applies to new cases.") % {"version": new.version})
    return redirect("staff:condition", code=code)


@require_http_methods(["GET", "POST"])
@staff("catalogue.edit")
def add(request: Request) -> HttpResponse:
    """A condition the seed does not have."""
    typed = {**_typed(request), **forms.typed(request, "code", "subclass")}
    failure = None
    if request.method == "POST":
        try:
            values = _values(typed, None)
            new = actions.add_condition(
                typed["code"], typed["subclass"], values, actor=request.actor, now=request.now
            )
        except EXPECTED as error:
            failure = failure_of(error, at=AT)
        else:
            return redirect("staff:condition", code=new.code)
    else:
        typed |= {"level": "G", "target": "done", "evidence": ["before", "after"]}
    rows = Subclass.objects.select_related("parent").order_by("code")
    context = {
        "subclasses": [(row.code, f"{row.code} {in_language(row.names)}") for row in rows],
        **_form_context(typed, failure),
    }
    return render(request, "staff/condition_add.html", context, status=failure.status if failure else 200)


@staff("catalogue.edit")
@post_only("staff:condition", "code")
def retire(request: Request, code: str) -> HttpResponse:
    """No new case takes it any more."""
    try:
        expected = forms.number(request.POST.get("version", ""), at="version")
        actions.retire_condition(code, expected_version=expected, actor=request.actor, now=request.now)
    except EXPECTED as error:
        return _condition_page(request, queries.versions(code), None, failure_of(error, at=AT))
    messages.success(request, _("Retired."))
    return redirect("staff:condition", code=code)


def _condition_page(
    request: Request,
    versions: list[Condition],
    typed: dict[str, Any] | None = None,
    failure: Failure | None = None,
) -> HttpResponse:
    newest = versions[0]
    context = {
        "condition": newest,
        "versions": versions,
        "is_current": newest.valid_to is None,
        "assumed": [(name, FIELD_NAMES.get(name, name)) for name in rules.is_assumed(newest)],
        "may_edit": may(request.actor, "catalogue.edit") and newest.valid_to is None,
        **_form_context(typed or _as_typed(newest), failure),
    }
    return render(request, "staff/condition.html", context, status=failure.status if failure else 200)


def _form_context(typed: dict[str, Any], failure: Failure | None) -> dict[str, Any]:
    errors = failure.errors if failure else {}
    return {
        "typed": typed,
        "failure": failure,
        "names": FIELD_NAMES,
        "levels": LEVELS,
        "targets": TARGETS,
        "evidence": EVIDENCE,
        "flags": [(name, FIELD_NAMES[name], typed.get(name), errors.get(name)) for name in rules.FLAGS],
        "texts": [
            (
                f"{field}_{language}",
                FIELD_NAMES[field],
                words,
                typed.get(f"{field}_{language}", ""),
                errors.get(f"{field}_{language}", ""),
            )
            for field in TEXTS
            for language, words in LANGUAGES.items()
        ],
    }


def _as_typed(row: Condition) -> dict[str, Any]:
    texts = {
        f"{field}_{language}": getattr(row, field).get(language, "")
        for field in TEXTS
        for language in LANGUAGES
    }
    units = " ".join(f"{level}={kind}" for level, kind in row.unit_rule.items())
    flags = {name: getattr(row, name) for name in rules.FLAGS}
    return {
        **texts,
        **flags,
        "limit": row.limit,
        "target": row.target,
        "level": row.level,
        "unit_rule": units,
        "evidence": row.evidence,
        "mapping": " ".join(row.mapping),
    }


def _typed(request: Request) -> dict[str, Any]:
    names = [f"{field}_{language}" for field in TEXTS for language in LANGUAGES]
    typed: dict[str, Any] = forms.typed(request, *names, "limit", "target", "level", "unit_rule", "mapping")
    typed |= {name: bool(request.POST.get(name)) for name in rules.FLAGS}
    typed["evidence"] = request.POST.getlist("evidence")
    return typed


def _values(typed: dict[str, Any], old: Condition | None) -> dict[str, Any]:
    """The typed values as the domain takes them; outside codes with blanks in them (titles) stay as they are."""
    values: dict[str, Any] = {
        field: {language: typed[f"{field}_{language}"] for language in LANGUAGES} for field in TEXTS
    }
    values |= {name: typed[name] for name in ("limit", "target", "level", "evidence", *rules.FLAGS)}
    values["unit_rule"] = _unit_rule(typed["unit_rule"])
    if old is None or typed["mapping"] != " ".join(old.mapping):
        values["mapping"] = typed["mapping"].split()
    return values


def _unit_rule(text: str) -> dict[str, str]:
    """`S=enforcement D=dept-urban`, each kind one of those that units have."""
    known = set(UnitKind.objects.values_list("code", flat=True))
    rule = {}
    for part in text.split():
        level, _sign, kind = part.partition("=")
        if level not in LEVELS or kind not in known:
            raise Invalid.at(
                "unit_rule", "unit_rule", _("Write levels and kinds of unit like S=enforcement.")
            )
        rule[level] = kind
    return rule
