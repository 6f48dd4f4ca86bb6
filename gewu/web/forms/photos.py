"""Photos of a form: kept at once, before the act's transaction, and carried on by their ids in hidden fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gewu.core import limits
from gewu.core.errors import GewuError, Invalid
from gewu.domain.media.actions import claimed, keep_photo
from gewu.domain.requests.actions import spend
from gewu.web.forms.faults import NO_FAULTS, Faults

AN_HOUR = 300  # from one address, behind which a whole office may stand, or by one person of the staff
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Photos:
    """Ids of photos kept before, and files that came with this request."""

    kept: tuple[str, ...] = ()
    files: tuple[UploadedFile, ...] = ()

    @classmethod
    def read(cls, request: HttpRequest, suffix: str = "") -> Photos:
        """Those whose box "leave out" is ticked are gone; the nightly sweep takes them. `suffix`: behind the names of
        the fields, where one form has photos of several things."""
        left_out = set(request.POST.getlist(f"leave_out{suffix}"))
        files = tuple(one for one in request.FILES.getlist(f"photos{suffix}") if one.size)
        kept = (one for one in request.POST.getlist(f"photo{suffix}") if one not in left_out)
        return replace(cls.named(kept), files=files)

    @classmethod
    def named(cls, ids: Iterable[str]) -> Photos:
        """Those kept before, as hidden fields bring them."""
        return cls(tuple(dict.fromkeys(one for one in ids if _is_id(one)))[: limits.PHOTOS])

    def unclaimed(self) -> Photos:
        """Without those that some act has named already."""
        gone = {one.hex for one in claimed([UUID(one) for one in self.kept])}
        return replace(self, kept=tuple(one for one in self.kept if UUID(one).hex not in gone))

    def fingerprint(self) -> list[str]:
        """What makes two sendings the same: ids, and the content of the files."""
        return [*sorted(self.kept), *(_digest(file) for file in self.files)]

    def keep(self, *, sender: str, now: datetime, kind: str = "report") -> tuple[Photos, Faults]:
        """All files kept; a file that cannot be taken is told, and the others stay."""
        kept, faults = list(self.kept), NO_FAULTS
        for file in self.files:
            try:
                if len(kept) >= limits.PHOTOS:
                    raise Invalid.at(
                        "photos", "too_many", _("At most %(most)s photos at once.") % {"most": limits.PHOTOS}
                    )
                spend(f"form photo:{sender}", limit=AN_HOUR, window=HOUR, now=now)
                kept.append(keep_photo(_bytes(file), now=now, kind=kind, field="photos").id.hex)
            except GewuError as error:
                faults = faults | Faults.of(error, at="photos")
        return replace(self, kept=tuple(kept), files=()), faults


NO_PHOTOS = Photos()


def _bytes(file: UploadedFile) -> bytes:
    if (file.size or 0) > limits.PHOTO_BYTES:
        raise Invalid.at("photos", "too_large", _("The photo is larger than 20 MB."))
    file.seek(0)
    return bytes(file.read())


def _digest(file: UploadedFile) -> str:
    digest = sha256()
    for part in file.chunks():
        digest.update(part)
    return digest.hexdigest()


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
