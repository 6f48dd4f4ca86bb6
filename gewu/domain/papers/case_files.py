"""A case on paper (案卷) and a list as a table, each with a line on which post took it when."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gewu.core import tables
from gewu.core.documents import set_pdf
from gewu.domain.access.actor import Actor
from gewu.domain.cases.by_day import hides_hours
from gewu.domain.cases.clocks import NOTHING_DUE
from gewu.domain.cases.models import Case
from gewu.domain.cases.queries import CaseView
from gewu.domain.cases.story import Story
from gewu.domain.cases.workflow import CLOSINGS, CONFIRMATIONS, LEVELS, SOURCES, STATES
from gewu.domain.media.queries import photo_bytes
from gewu.domain.names import in_language, name_of
from gewu.domain.papers import words
from gewu.domain.people.models import Post
from gewu.domain.place import queries as installation

PHOTOS_MOST = 24


def case_file(view: CaseView, *, actor: Actor, now: datetime) -> bytes:
    """The whole case as PDF."""
    return set_pdf("case_file", _file_data(view, actor, now))


def case_table(rows: Iterable[Case], *, actor: Actor, now: datetime) -> bytes:
    """Numbers, states, places and clocks as a workbook; no text, no contact."""
    return tables.write_workbook({_("Cases"): [_heads(), *map(_row, rows), [], [_watermark(actor, now)]]})


def _watermark(actor: Actor, now: datetime) -> str:
    post = Post.objects.filter(pk=actor.post_id or actor.hats[0].post_id).first()
    moment = now.astimezone(installation.calendar().zone)
    return _("Taken by %(post)s on %(moment)s") % {
        "post": name_of(post), "moment": f"{moment:%Y-%m-%d %H:%M}",
    }  # fmt: skip


def _heads() -> list[str]:
    return [
        _("Number"), _("Category"), _("Area"), _("State"), _("Level"), _("Holder"), _("Source"),
        pgettext("on what day", "Reported"),
        _("Due"), _("Overdue"), _("Closed"), _("Outcome"), _("Confirmation"),
    ]  # fmt: skip


def _row(case: Case) -> list[Any]:
    zone = installation.calendar().zone
    shown = _day if hides_hours(case) else _moment
    return [
        case.number,
        words.category(case),
        name_of(case.filed_area),
        str(STATES[case.state]),
        str(LEVELS[case.level]),
        words.holder(case),
        str(SOURCES[case.source]),
        shown(case.filed_at, zone),
        shown(case.due_at, zone) if case.is_open and case.due_at < NOTHING_DUE else "",
        _("yes") if case.overdue_at else "",
        shown(case.closed_at, zone) if case.closed_at else "",
        str(CLOSINGS.get(case.closing, "")),
        str(CONFIRMATIONS.get(case.confirmation, "")),
    ]


def _file_data(view: CaseView, actor: Actor, now: datetime) -> dict[str, Any]:
    case, zone = view.case, installation.calendar().zone
    exact, shown = not hides_hours(case), _day if view.by_day else _moment
    place = " ".join(part for part in (name_of(case.place), view.place) if part)
    facts = [
        (_("Filing condition"), in_language(case.condition.names)),
        (_("Closing condition"), in_language(case.condition.closing)),
        (_("Area"), name_of(case.filed_area)),
        (_("Place"), place if exact else ""),
        (pgettext("on what day", "Reported"), shown(case.filed_at, zone)),
        (_("Source"), str(SOURCES[case.source])),
        (_("State"), str(STATES[case.state])),
        (_("Level"), str(LEVELS[case.level])),
        (_("Holder"), words.holder(case)),
        (_("Outcome"), str(CLOSINGS.get(case.closing, ""))),
        (_("Confirmation"), str(CONFIRMATIONS.get(case.confirmation, ""))),
    ]
    return {
        "title": _("Case file"),
        "number": case.number,
        "category": words.category(case),
        "text": view.text,
        "facts": [[name, value] for name, value in facts if value],
        "story": [_act(story, zone) for story in view.story],
        "clocks": [
            [
                words.clock_name(clock.kind), str(LEVELS[clock.level]),
                shown(clock.due_at, zone), shown(clock.stopped_at, zone),
            ]
            for clock in view.clocks
        ],
        "photos": _photos(view),
        "watermark": _watermark(actor, now),
        "words": {
            "matter": _("The matter"), "facts": _("Facts"), "story": _("What has happened"), "clocks": _("Clocks"),
            "photos": _("Photos"), "clock": _("Clock"), "level": _("Level"), "due": _("Due"), "ended": _("Ended"),
            "public": _("the reporter reads this"), "internal": _("internal"),
        },
    }  # fmt: skip


def _moment(moment: datetime | None, zone: Any) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "–"


def _day(moment: datetime | None, zone: Any) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d}" if moment else "–"


def _act(story: Story, zone: Any) -> dict[str, Any]:
    # Its place among the acts of all cases would tell its hour as well.
    position = None if story.day_only else story.entry.position
    return {
        "at": (_day if story.day_only else _moment)(story.at, zone),
        "act": words.act_name(story),
        "who": words.roles_of(story.entry.actor_kind),
        "detail": words.act_detail(story),
        "position": str(position) if position is not None else "–",
        "texts": [[text, row.public] for row, text in story.texts],
    }


def _photos(view: CaseView) -> list[str]:
    """As SVG pictures that hold the JPEG: typst takes them from its data, nothing is written to a disk."""
    found = []
    for photo in [photo for story in view.story for photo in story.photos][:PHOTOS_MOST]:
        data = photo_bytes(photo.photo_id)
        if data is not None:
            coded = b64encode(data).decode("ascii")
            found.append(
                '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">'
                f'<image width="400" height="300" href="data:image/jpeg;base64,{coded}"/></svg>'
            )
    return found
