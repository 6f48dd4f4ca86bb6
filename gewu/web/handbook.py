"""The handbook at /help, for residents and staff alike."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from gewu.web.chapters import BY_PAGE, BY_SLUG, CHAPTERS, PICTURED
from gewu.web.request import Request


def address(request: HttpRequest) -> str:
    """Help for this page: the chapter that fits it, else the list of chapters."""
    match = request.resolver_match
    chapter = BY_PAGE.get(match.view_name) if match is not None else None
    return reverse("help_chapter", args=[chapter.slug]) if chapter else reverse("help")


@require_safe
def contents(request: Request) -> HttpResponse:
    """All chapters; for staff also the way to call their hints back."""
    return render(
        request, "help/contents.html", {"chapters": CHAPTERS, "has_hints": bool(request.actor.roles)}
    )


@require_safe
def chapter(request: Request, slug: str) -> HttpResponse:
    """One chapter, with the ones before and after it."""
    if slug not in BY_SLUG:
        raise Http404
    at = CHAPTERS.index(BY_SLUG[slug])
    context = {
        "chapter": CHAPTERS[at],
        "before": CHAPTERS[at - 1] if at else None,
        "after": CHAPTERS[at + 1] if at + 1 < len(CHAPTERS) else None,
        "pictures": [(one, f"help/{one.name}.{_pictured()}.webp") for one in CHAPTERS[at].pictures],
    }
    return render(request, "help/chapter.html", context)


def _pictured() -> str:
    """The language of the pictures: readers of traditional characters get the simplified ones."""
    language = get_language() or ""
    return language if language in PICTURED else "zh-hans"
