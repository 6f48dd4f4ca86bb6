"""Saved views: one's own, shared with a post, replaced by name, taken away by their owner alone."""

from __future__ import annotations

from types import ModuleType

import pytest

from gewu.core.errors import Invalid, NotFound
from gewu.domain.desk import queries
from gewu.domain.desk.actions import VIEWS_MOST, drop_view, save_view

FILTERS = {"view": "due", "state": "submitted", "area": ""}


def test_a_view_is_kept_without_what_is_empty_and_replaced_by_its_name(town: ModuleType) -> None:
    lead = town.actor("lead_a1")
    save_view("新来的", FILTERS, share=False, actor=lead)
    save_view("新来的", FILTERS | {"state": "handled"}, share=False, actor=lead)
    (view,) = queries.views_of(lead)
    assert view.filters == {"view": "due", "state": "handled"}


def test_others_see_only_what_is_shared_with_their_post(town: ModuleType) -> None:
    lead, other = town.actor("lead_a1"), town.actor("director_a")
    save_view("我的", FILTERS, share=False, actor=lead)
    save_view("大家的", FILTERS, share=True, actor=lead)
    assert [view.name for view in queries.views_of(lead)] == ["大家的", "我的"]
    assert queries.views_of(other) == []


def test_only_the_owner_takes_it_away(town: ModuleType) -> None:
    view = save_view("我的", FILTERS, share=True, actor=town.actor("lead_a1"))
    with pytest.raises(NotFound):
        drop_view(view.pk, actor=town.actor("lead_a2"))
    drop_view(view.pk, actor=town.actor("lead_a1"))
    assert queries.views_of(town.actor("lead_a1")) == []


def test_a_name_is_needed_and_there_is_an_end(town: ModuleType) -> None:
    lead = town.actor("lead_a1")
    with pytest.raises(Invalid):
        save_view(" ", FILTERS, share=False, actor=lead)
    for number in range(VIEWS_MOST):
        save_view(f"视图{number}", FILTERS, share=False, actor=lead)
    with pytest.raises(Invalid):
        save_view("多一个", FILTERS, share=False, actor=lead)
    save_view("视图0", FILTERS, share=False, actor=lead)
