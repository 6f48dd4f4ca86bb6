"""The menu of the staff pages, and the page each post begins its day on. It shows what this person may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from gewu.domain.access.actor import Actor
from gewu.domain.access.table import HANDLERS, may
from gewu.web.request import Request
from gewu.web.staff.guard import staff


@dataclass(frozen=True)
class Entry:
    """One page of the menu. `roles` narrows what the access table leaves open to any post."""

    page: str
    action: str
    label: Any
    roles: frozenset[str] | None = None
    below: tuple[str, ...] = ()  # other pages that belong to it

    def open_to(self, actor: Actor) -> bool:
        return bool(may(actor, self.action)) and (self.roles is None or bool(self.roles & actor.roles))


@dataclass(frozen=True)
class Link:
    """An entry as it is drawn."""

    url: str
    label: Any
    is_here: bool


WORKS_ON_CASES = HANDLERS | {"adviser", "contact"}
ADMINISTRATOR = frozenset({"administrator"})
# The first entry open to somebody is their home, so oversight and administration come with their own desk first.
MENU: tuple[Entry, ...] = (
    Entry(
        "queue",
        "case.list",
        pgettext_lazy("menu", "Cases"),
        WORKS_ON_CASES,
        ("case", "move", "bulk_preview", "bulk"),
    ),
    Entry("command", "command.see", pgettext_lazy("menu", "Command")),
    Entry("report", "case.report_for", pgettext_lazy("menu", "Enter")),
    Entry("caller", "case.find_by_phone", pgettext_lazy("menu", "Caller")),
    Entry(
        "patrols",
        "patrol.see",
        pgettext_lazy("menu", "Patrols"),
        below=(
            "patrol_add",
            "patrol_coverage",
            "patrol_plan",
            "patrol_round",
            "visits",
            "visit_add",
            "visit_slip",
        ),
    ),
    Entry(
        "places", "place.note", pgettext_lazy("menu", "Places"), below=("place", "place_add", "places_import")
    ),
    Entry("areas", "area.edit", pgettext_lazy("menu", "Areas"), below=("map", "map_import")),
    Entry(
        "people", "people.edit", pgettext_lazy("menu", "Posts"), below=("post", "absences", "people_import")
    ),
    Entry(
        "catalogue",
        "catalogue.see",
        pgettext_lazy("menu", "Catalogue"),
        ADMINISTRATOR,
        ("condition", "condition_add"),
    ),
    Entry("calendar", "calendar.edit", pgettext_lazy("menu", "Calendar")),
    Entry("tokens", "token.edit", pgettext_lazy("menu", "Tokens")),
    Entry("journal", "journal.see", pgettext_lazy("menu", "Journal")),
    Entry("retention", "privacy.erase", pgettext_lazy("menu", "Retention"), below=("erase",)),
    Entry("looks", "access_log.see", pgettext_lazy("menu", "Access log")),
    Entry("openings", "identity.open", pgettext_lazy("menu", "Identities"), below=("opening",)),
    Entry("figures", "figures.see", pgettext_lazy("menu", "Figures")),
    Entry("rechecks", "case.recheck", pgettext_lazy("menu", "Second looks")),
    Entry("suggestions", "suggestion.answer", pgettext_lazy("menu", "Suggestions")),
    Entry("inbox", "area.see", pgettext_lazy("menu", "Notices")),
)


def links(request: Request) -> list[Link]:
    """The menu of this person, with the page they are on."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.hats:
        return []
    match = request.resolver_match
    here = match.url_name if match is not None and match.namespace == "staff" else None
    return [
        Link(reverse(f"staff:{entry.page}"), entry.label, here == entry.page or here in entry.below)
        for entry in MENU
        if entry.open_to(actor)
    ]


@require_GET
@staff("area.see")
def home(request: Request) -> HttpResponse:
    """To the desk of this post: cases, areas, journal or figures, whichever is the first that is theirs."""
    return redirect(f"staff:{home_page(request.actor)}")


def home_page(actor: Actor) -> str:
    """The name of the page this person's day begins on."""
    own = (entry for entry in MENU if entry.open_to(actor) and not _is_side_desk(entry, actor))
    return next(own, MENU[-1]).page


def is_home(request: Request) -> bool:
    """Is this the page on which the reader's day begins?"""
    actor, match = getattr(request, "actor", None), request.resolver_match
    return bool(
        actor and actor.hats and match and match.namespace == "staff" and match.url_name == home_page(actor)
    )


def _is_side_desk(entry: Entry, actor: Actor) -> bool:
    """Evaluators begin with figures, not with second looks; nobody begins with a form."""
    side = {"command", "report", "caller", "rechecks", "places", "patrols"}
    return entry.page in side and actor.roles != {"contact"}
