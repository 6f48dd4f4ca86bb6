"""`/live?since=…`: what has changed since a page last looked. Asked each second by pages that are open and seen.

304 while nothing is new, which is nearly always and costs two statements beside those that know the session. Asking
keeps no session alive (see `sessions`). Server-sent events would need a process for each screen (rules.md 12).
"""

from __future__ import annotations

import msgspec
from django.http import HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from gewu.domain.insight import live as news
from gewu.web.request import Request
from gewu.web.staff.guard import staff


class Answer(msgspec.Struct, frozen=True):
    """`everything`: too much to tell piece by piece, read the page's data anew. `seen`: alerts were taken note of."""

    since: str
    rows: list[news.CaseRow]
    everything: bool = False
    seen: bool = False


@require_safe
@staff("case.list", on_wall=True)
def live(request: Request) -> HttpResponse:
    """The cases that changed, as far as this person may list them, and the token to ask with next."""
    since = request.GET.get("since", "")
    found = news.changes(request.actor, news.Token.parse(since))
    if found is None:
        return nothing_new(since)
    return as_json(Answer(str(found.token), found.rows, found.everything, found.seen), etag=str(found.token))


def nothing_new(since: str) -> HttpResponse:
    """Go on asking with the same token."""
    answer = HttpResponseNotModified()
    answer["ETag"] = f'"{since}"'
    return answer


def as_json(body: msgspec.Struct, *, etag: str) -> HttpResponse:
    """An answer for the scripts of our own pages."""
    answer = HttpResponse(msgspec.json.encode(body), content_type="application/json")
    answer["ETag"] = f'"{etag}"'
    return answer
