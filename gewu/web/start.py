"""The first page: what one can do here, and whom to call when it is urgent."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gewu.web.request import Request


@require_safe
def start(request: Request) -> HttpResponse:
    """Says so when the receipt has just been put away."""
    return render(request, "resident/start.html", {"closed": "closed" in request.GET})
