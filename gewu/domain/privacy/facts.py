"""What can happen to personal data. Ids, codes and numbers; a request never tells whether an identity exists."""

from __future__ import annotations

from gewu.domain.journal import facts as journal


def register() -> None:
    """Make the facts known to the journal."""
    journal.register(
        journal.Fact("contact.revealed", "contact", ("case", "reason")),
        journal.Fact("contact.looked_up", "post", ("reason",)),
        journal.Fact("officer.appointed", "officer", ("user", "unit")),
        journal.Fact("officer.ended", "officer", ("user",)),
        journal.Fact("identity.resealed", "officer", ("second", "done", "left")),
        journal.Fact("identity.asked", "opening", ("case", "reader", "motive", "deferral", "inform_at")),
        journal.Fact("identity.halved", "opening", ("case", "officer")),
        journal.Fact("identity.opened", "opening", ("case", "officer")),
        journal.Fact("identity.refused", "opening", ("case", "officer")),
        journal.Fact("identity.read", "opening", ("case",)),
        journal.Fact("privacy.erased", "erasure", ("reason", "texts", "photos", "contacts", "digest")),
        journal.Fact("retention.changed", "retention", ("code", "days_from", "days_to")),
        journal.Fact("retention.held_back", "retention", ("last_seen", "until")),
    )
