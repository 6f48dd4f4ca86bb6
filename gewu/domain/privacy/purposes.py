"""The lines of this package's own fields in the register of personal data."""

from __future__ import annotations

from gewu.domain.privacy.registry import register


def register_fields() -> None:
    """Called once at start."""
    _bookkeeping()
    _people()
    _openings()
    _account()


def _bookkeeping() -> None:
    for model in ("Text", "Contact", "SealedContact", "SealedShare", "Officer", "Opening", "Look", "Erasure"):
        register(
            f"privacy.{model}",
            "id",
            kind="internal",
            purpose="identify_row",
            retention="matter",
            readers="nobody",
        )
    register(
        "privacy.RowKey",
        "id wrapped",
        kind="internal",
        purpose="protect",
        retention="journal",
        readers="nobody",
    )
    register(
        "privacy.RetentionRule", "code days source",
        kind="public", purpose="expire", retention="journal", readers="everyone",
    )  # fmt: skip
    register(
        "privacy.RetentionClock", "id last_seen steady_since",
        kind="internal", purpose="expire", retention="journal", readers="nobody",
    )  # fmt: skip


def _people() -> None:
    register("privacy.Text", "kind", kind="internal", purpose="handle", retention="text", readers="in_scope")
    register(
        "privacy.Text", "sealed",
        kind="personal", purpose="handle", basis="task", retention="text", readers="in_scope",
    )  # fmt: skip
    register(
        "privacy.Contact", "sealed wants_news language",
        kind="personal", purpose="reach", basis="consent", retention="contact", readers="notifier",
    )  # fmt: skip
    register(
        "privacy.Contact", "phone_mac",
        kind="personal", purpose="find_caller", basis="consent", retention="contact", readers="nobody",
    )  # fmt: skip
    for model in ("Contact", "SealedContact"):
        register(
            f"privacy.{model}",
            "erase_after",
            kind="internal",
            purpose="expire",
            retention="contact",
            readers="nobody",
        )
    register(
        "privacy.SealedContact", "sealed sealed_at excluded_unit_id",
        kind="sealed", purpose="confidential", basis="consent", retention="contact", readers="two_officers",
    )  # fmt: skip
    register(
        "privacy.SealedShare", "contact first second first_half second_half",
        kind="sealed", purpose="confidential", basis="consent", retention="contact", readers="two_officers",
    )  # fmt: skip


def _openings() -> None:
    register(
        "privacy.Officer", "user_id unit_id public_key private_sealed salt appointed_at ended_at",
        kind="internal", purpose="confidential", basis="task", retention="journal", readers="officers",
    )  # fmt: skip
    register(
        "privacy.Opening",
        "case_id excluded_unit_id motive_id reader_id reader_post_id asked_by asked_at state first second expires_at "
        "inform_at deferral_id",
        kind="internal", purpose="account", basis="law", retention="journal", readers="officers",
    )  # fmt: skip
    register(
        "privacy.Opening", "sealed_id held",
        kind="sealed", purpose="confidential", basis="law", retention="contact", readers="two_officers",
    )  # fmt: skip


def _account() -> None:
    register(
        "privacy.Look", "case_id contact_id facet reason post_id post_title unit_name at shown_from",
        kind="internal", purpose="account", basis="law", retention="journal", readers="reporter",
    )  # fmt: skip
    register(
        "privacy.Erasure", "reason counts subject_ids digest at",
        kind="internal", purpose="account", basis="law", retention="journal", readers="officers",
    )  # fmt: skip
