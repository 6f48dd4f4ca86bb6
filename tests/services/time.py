"""The moment at which tests begin: an ordinary Tuesday, one hour into the morning's work."""

from __future__ import annotations

from datetime import UTC, datetime

START = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
