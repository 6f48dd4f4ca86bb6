"""A person to be told, as messages know them: a user of the staff, or the sealed contact of a reporter."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

PAGE, EMAIL, SMS, WEBPUSH = "page", "email", "sms", "webpush"


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
