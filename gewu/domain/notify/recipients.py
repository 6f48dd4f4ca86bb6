"""A person to be told, as messages know them: a user of the staff, or the sealed contact of a reporter.

Channels: `page` is a notice in the staff's pages, `email` goes to a user, `news` to a contact on whatever way the
reporter chose; which one that is stands in the sealed contact and is read only when the message goes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

PAGE, EMAIL, NEWS = "page", "email", "news"


@dataclass(frozen=True)
class Recipient:
    """Exactly one of user and contact, with the channels on which they are reached and their language."""

    user_id: UUID | None = None
    contact_id: UUID | None = None
    channels: tuple[str, ...] = (PAGE,)
    language: str = "zh-hans"

    @property
    def key(self) -> str:
        if self.user_id is not None:
            return f"user:{self.user_id.hex}"
        if self.contact_id is None:
            raise ValueError("a recipient is a user or a contact")
        return f"contact:{self.contact_id.hex}"
