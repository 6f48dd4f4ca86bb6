"""The lines of photos in the register of personal data."""

from __future__ import annotations

from gewu.domain.privacy.registry import register


def register_fields() -> None:
    """Called once at start."""
    register(
        "media.Photo", "id", kind="internal", purpose="identify_row", retention="photo", readers="nobody"
    )
    register(
        "media.Photo", "kind width height size digest commitment added_on",
        kind="personal", purpose="evidence", basis="task", retention="photo", readers="in_scope",
    )  # fmt: skip
    register(
        "media.Photo", "released_at released_id",
        kind="public", purpose="inform_public", retention="photo", readers="everyone",
    )  # fmt: skip
