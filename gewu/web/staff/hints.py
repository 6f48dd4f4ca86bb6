"""Putting a first-run hint away, and calling all of them back from the page of help."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from gewu.domain.desk import actions as desk
from gewu.web.request import Request
from gewu.web.staff.guard import post_only, staff


@staff("area.see")
@post_only("staff:home")
def put_away(request: Request, role: str) -> HttpResponse:
    """“Got it”: back to where the hint stood."""
    desk.put_hint_away(role, actor=request.actor)
    return redirect("staff:home")


@staff("area.see")
@post_only("staff:home")
def call_back(request: Request) -> HttpResponse:
    """Show the hints again, beginning at once."""
    desk.call_hints_back(actor=request.actor)
    return redirect("staff:home")
