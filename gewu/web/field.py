"""The phone's app for those who are on the way: its one page, its manifest and its service worker.

None of the three holds anything of a person or a matter: they are the same for everybody and may lie on any phone.
What a worker sees comes from the API and is kept sealed by `frontend/field/`. The worker's list of files and its
version are made from what the build has written, so that a new release replaces the old one as a whole.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gewu.domain.catalogue import queries as catalogue
from gewu.web.field_words import words
from gewu.web.request import Request

ENTRIES = ("entries/field.ts", "entries/field.css", "entries/base.css")
ICONS = (("field/icon.svg", "any", "image/svg+xml"), ("field/icon-512.png", "512x512", "image/png"),
         ("field/icon-192.png", "192x192", "image/png"))  # fmt: skip


@never_cache
@require_safe
def app(request: Request) -> HttpResponse:
    """The page: a frame in the reader's language and print size, filled by the script."""
    told = {
        "words": words(),
        "tiles": [
            {"code": tile.code, "name": tile.name, "condition": tile.condition.code}
            for tile in catalogue.tiles()
        ],
        "csrf": settings.CSRF_COOKIE_NAME,
        "login": f"{reverse('account_login')}?next={reverse('field')}",
        "logout": reverse("account_logout"),
    }
    return render(request, "field/app.html", {"told": told})


@require_safe
def manifest(request: Request) -> HttpResponse:
    """What a phone needs to put the app on its home screen."""
    icons = [
        {"src": static(path), "sizes": sizes, "type": kind, "purpose": "any maskable"}
        for path, sizes, kind in ICONS
    ]
    told = {
        "id": reverse("field"),
        "name": _("Gewu for grid workers"),
        "short_name": _("Gewu"),
        "start_url": reverse("field"),
        "scope": reverse("field"),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#005a9c",
        "icons": icons,
    }
    return JsonResponse(
        told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )


@require_safe
def service_worker(request: Request) -> HttpResponse:
    """Served from the root so that it may look after `/field`; asked for anew each time."""
    files = sorted(_files())
    version = sha256("\n".join(files).encode()).hexdigest()[:16]
    page = {"version": version, "files": json.dumps([*files, *(static(path) for path, *_rest in ICONS)])}
    body = render_to_string("field/sw.js", {**page, "page": reverse("field")})
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _files() -> frozenset[str]:
    """Every file the app's page loads: its entries, what they import, and what their style sheets name."""
    built = Path(str(settings.DJANGO_VITE["default"]["manifest_path"]))
    chunks: dict[str, dict[str, Any]] = json.loads(built.read_text(encoding="utf-8"))
    found: set[str] = set()
    waiting = list(ENTRIES)
    while waiting:
        chunk = chunks[waiting.pop()]
        if chunk["file"] not in found:
            found |= {chunk["file"], *chunk.get("css", ()), *chunk.get("assets", ())}
            waiting += [*chunk.get("imports", ()), *chunk.get("dynamicImports", ())]
    return frozenset(static(f"assets/{name}") for name in found)
