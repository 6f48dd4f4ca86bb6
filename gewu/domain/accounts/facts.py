"""What can happen to an account. No names: an account is its id, a token its id and scopes."""

from __future__ import annotations

from gewu.domain.journal import facts as journal


def register() -> None:
    """Make the facts known to the journal."""
    journal.register(
        journal.Fact("account.created", "user"),
        journal.Fact("account.changed", "user", ("fields",)),
        journal.Fact("account.password_set", "user"),
        journal.Fact("account.deactivated", "user", ("sessions", "tokens")),
        journal.Fact("account.reactivated", "user"),
        journal.Fact("account.factor_added", "user", ("factor",)),
        journal.Fact("account.factors_removed", "user", ("count",)),
        journal.Fact("account.session_ended", "user", ("sessions",)),
        journal.Fact("token.issued", "token", ("user", "scopes", "expires")),
        journal.Fact("token.revoked", "token"),
    )
