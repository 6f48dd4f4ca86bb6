"""The first page: what one can do here, and whom to call when it is urgent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Says so when the receipt has just been put away."""
    return render(request, "resident/start.html", {"closed": "closed" in request.GET})
