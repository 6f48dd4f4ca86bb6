"""What somebody typed and we could not take in, given back to the one who sent it: as a form to send once more.

Too many tries, a busy store, a session that is over, a missing second factor, a token that is too old: none of them
costs a word. What was typed never enters the store on the way; it stands in the answer to its own sender and nowhere
else. A session that is over is begun anew in another tab. Signing in makes the old token useless, so what is then sent
is shown once more, with the name of whoever is signed in by now, before anything is done.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from gewu.core import clock
from gewu.domain.requests.caller import address_of
from gewu.web.forms.photos import Photos

SECRETS = ("password", "passphrase", "again")  # ends of the names of fields that no page gives back
LEFT_OUT = {"csrfmiddlewaretoken", "secret"}  # one goes apart, the other is asked for anew
# What somebody wrote, unlike a choice, a number, an address or a key, is not all of one ASCII word.
READABLE = re.compile(r"[^!-~]")
FILES = (
    "photos"  # begins the names of the fields whose files can be kept; what follows names the thing they show
)
CARRIED = {"key", "version", "back", "seen", "called", "photo", "leave_out"}  # says nothing to a reader


@dataclass(frozen=True)
class Kept:
    """A form that could not be taken in: where it goes, its words to read, the rest, and whether files were with it,
    which a page cannot give back."""

    url: str
    words: list[tuple[str, str]]
    rest: list[tuple[str, str]]
    had_files: bool
    token: str = ""

    @property
    def chosen(self) -> list[str]:
        """The rest as far as it means something to who reads it."""
        return [value for name, value in self.rest if name.partition("-")[0] not in CARRIED]


def kept_of(request: HttpRequest) -> Kept | None:
    """What this reader sent, for this reader alone; never a password. Sign-in has forms of its own."""
    if request.method != "POST" or request.path.startswith("/account/"):
        return None
    sent = [(name, value) for name in request.POST for value in request.POST.getlist(name) if value]
    if any(name.endswith(SECRETS) for name, _value in sent):
        return None
    sent = [pair for pair in sent if pair[0] not in LEFT_OUT]
    words = [(name, value) for name, value in sent if READABLE.search(value)]
    rest = [pair for pair in sent if pair not in words]
    token = request.POST.get("csrfmiddlewaretoken", "")
    return Kept(request.get_full_path(), words, rest, bool(request.FILES), token)


def send_again(request: HttpRequest, why: str, *, way: str = "") -> HttpResponse | None:
    """The page that gives a form back; None when there is none to give. `way` is opened beside it."""
    kept = _with_photos(request)
    if kept is None:
        return None
    answer = render(request, "errors/again.html", {"kept": kept, "why": why, "way": way}, status=403)
    patch_cache_control(answer, no_store=True)
    return answer


def is_ours(request: HttpRequest) -> bool:
    """Sent from a page of this installation, as the browser itself says."""
    own = f"{request.scheme}://{request.get_host()}"
    origin, referer = request.headers.get("Origin", ""), request.headers.get("Referer", "")
    return origin == own if origin else referer.startswith(f"{own}/")


def is_staff_form(request: HttpRequest) -> bool:
    """Something was sent to a page of the staff."""
    return request.method == "POST" and request.path.startswith(reverse("staff:home"))


def _with_photos(request: HttpRequest) -> Kept | None:
    """Photos that came with the form are kept now and go on by their ids; other files cannot."""
    kept = kept_of(request)
    if kept is None:
        return None
    rest, lost = kept.rest, any(not name.startswith(FILES) for name in request.FILES)
    for suffix in (name.removeprefix(FILES) for name in request.FILES if name.startswith(FILES)):
        photos, faults = Photos.read(request, suffix).keep(sender=address_of(request), now=clock.now())
        gone = {f"photo{suffix}", f"leave_out{suffix}"}
        rest = [pair for pair in rest if pair[0] not in gone] + [
            (f"photo{suffix}", one) for one in photos.kept
        ]
        lost = lost or bool(faults)
    return replace(kept, rest=rest, had_files=lost)
