"""Stored figures are proved against the journal."""

from __future__ import annotations

from typing import Any

import pytest

from gewu.domain.figures import actions, proof
from gewu.domain.figures.models import DayRow, Delta, Duration
from tests.figures.entries import closed, filed, happened

pytestmark = pytest.mark.django_db


def test_what_grew_piece_by_piece_is_what_the_journal_says() -> None:
    filed()
    actions.fold()
    closed()
    assert proof.prove() == []


def test_a_polished_figure_is_found_and_named() -> None:
    closed(confirmation="unconfirmed")
    actions.fold()
    DayRow.objects.filter(indicator="unconfirmed").update(indicator="confirmed")
    findings = proof.prove()
    assert {finding.code for finding in findings} == {"figures_differ", "totals_differ"}
    assert {word for finding in findings for word in finding.where.split()} >= {"2026-03-10", "unconfirmed"}


def test_a_lost_delta_is_found() -> None:
    filed()
    Delta.objects.filter(indicator="reported").delete()
    assert [finding.where.split()[1] for finding in proof.prove()] == ["reported"]


@pytest.mark.parametrize(
    "change", [{"seconds": 60}, {"in_time": True}, {"level": "G"}, {"grid_path": "000001002004"}, None]
)
def test_a_polished_clock_is_found_and_named(change: dict[str, Any] | None) -> None:
    happened("hand_up", level_from="V", level_to="S", stage=["stage:V:7200:9000:0", "contact:V:600:600:-1"])
    actions.fold()
    assert proof.prove() == []
    stage = Duration.objects.filter(kind="stage")
    stage.update(**change) if change else stage.delete()
    findings = proof.prove()
    assert {finding.code for finding in findings} == {"figures_differ"}
    assert all("2026-03-10 clock stage" in finding.where for finding in findings)


def test_gewu_verify_asks_for_it() -> None:
    from gewu.domain.journal import verify

    assert verify._checks["figures"] is proof.prove
