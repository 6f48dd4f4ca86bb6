"""Hotline tickets come in by CSV or XLSX: all rows or none, each ticket once."""

from __future__ import annotations

from typing import Any

import pytest

from gewu.core.errors import Invalid, Refused, Unavailable
from gewu.core.tables import write_workbook
from gewu.domain.cases.actions import hotline, intake
from gewu.domain.cases.actions.hotline import Imported, import_tickets
from gewu.domain.cases.models import Case, Report
from tests.town import NOW, actor

TITLES = ["工单编号", "诉求内容", "诉求分类", "诉求地址", "经度", "纬度", "姓名", "联系电话"]
ROW = ["T-1", "楼道里堆满了旧家具", "", "3 号楼", "120.135", "32.525", "来电人", "13900000000"]
OTHER = ["T-2", "路灯不亮", "", "", "", "", "", ""]


def csv(*rows: list[str], encoding: str = "utf-8") -> bytes:
    return "\n".join(",".join(row) for row in (TITLES, *rows)).encode(encoding)


def bring(data: bytes, *, dry_run: bool = False, who: str = "intake") -> Imported:
    return import_tickets(data, actor=actor(who), now=NOW, dry_run=dry_run)


def test_each_row_becomes_a_case_with_its_ticket_number(town: Any) -> None:
    done = bring(csv(ROW, OTHER))
    assert len(done.created) == 2
    case = Case.objects.select_related("filed_area").get(number=done.created[0])
    assert (case.source, case.reference, case.filed_area.code) == ("hotline", "T-1", "a1")
    assert Report.objects.get(case=case).contact_id is not None


def test_a_file_brought_twice_makes_no_second_case(town: Any) -> None:
    bring(csv(ROW))
    again = bring(csv(ROW, OTHER))
    assert (len(again.created), again.known) == (1, 1)


def test_gb18030_and_workbooks_are_read_too(town: Any) -> None:
    assert len(bring(csv(ROW, encoding="gb18030")).created) == 1
    assert len(bring(write_workbook({"工单": [TITLES, OTHER]})).created) == 1


def test_titles_in_traditional_characters_are_read(town: Any) -> None:
    titles = "工單編號,訴求內容,訴求分類,訴求地址,經度,緯度,訴求人,聯繫電話"
    done = bring(f"{titles}\n{','.join(ROW)}\n".encode())
    case = Case.objects.select_related("filed_area").get(number=done.created[0])
    assert (case.reference, case.filed_area.code) == ("T-1", "a1")
    assert Report.objects.get(case=case).contact_id is not None


def test_a_dry_run_writes_nothing(town: Any) -> None:
    assert len(bring(csv(ROW), dry_run=True).created) == 1
    assert not Case.objects.exists()


def test_one_bad_row_stops_the_file_and_is_named(town: Any) -> None:
    wrong = ["T-3", "井盖松动", "", "", "121.9", "32.5", "", "12"]
    done = bring(csv(ROW, wrong))
    assert [(fault.row, fault.column) for fault in done.faults] == [(3, "经度")]
    assert not Case.objects.exists()


def test_a_missing_column_is_named(town: Any) -> None:
    with pytest.raises(Invalid) as refused:
        bring("工单编号\nT-1".encode())
    assert "诉求内容" in str(refused.value)


def test_only_the_centre_imports(town: Any) -> None:
    with pytest.raises(Refused):
        bring(csv(ROW), who="worker_a1")


def test_a_ticket_that_two_bring_in_at_once_becomes_one_case(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look before writing finds nothing yet; the store itself then says that somebody was first."""
    bring(csv(ROW))
    looks, look = iter([True]), intake._check_new
    monkeypatch.setattr(intake, "_check_new", lambda case: None if next(looks, False) else look(case))
    again = bring(csv(ROW, OTHER))
    assert (len(again.created), again.known) == (1, 1)
    assert Case.objects.filter(reference="T-1").count() == 1


def rows(many: int) -> list[list[str]]:
    return [[f"T-{number}", "路灯不亮", "", "", "", "", "", ""] for number in range(many)]


def test_a_long_file_goes_in_by_batches(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hotline, "BATCH", 2)
    units: list[int] = []
    entered = hotline.unit_of_work

    def counted() -> Any:
        units.append(Case.objects.count())
        return entered()

    monkeypatch.setattr(hotline, "unit_of_work", counted)
    assert len(bring(csv(*rows(5))).created) == 5
    assert units == [0, 0, 0, 0, 2, 4]  # checked in three batches that leave nothing, taken in by three


def test_a_fault_in_the_last_batch_leaves_nothing_of_the_first(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hotline, "BATCH", 2)
    wrong = ["T-9", "", "", "", "", "", "", ""]
    done = bring(csv(*rows(4), wrong))
    assert [(fault.row, fault.column) for fault in done.faults] == [(6, "诉求内容")]
    assert not Case.objects.exists()


def test_a_store_that_fails_on_the_way_leaves_the_rest_for_another_try(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hotline, "BATCH", 2)
    take, kept = hotline._take, iter([None, Unavailable("busy")])

    def failing(batch: Any, *, keep: bool, **given: Any) -> Any:
        if keep and (error := next(kept, None)):
            raise error
        return take(batch, keep=keep, **given)

    monkeypatch.setattr(hotline, "_take", failing)
    first = bring(csv(*rows(5)))
    assert (len(first.created), first.left, Case.objects.count()) == (2, 3, 2)
    again = bring(csv(*rows(5)))
    assert (len(again.created), again.known, again.left) == (3, 2, 0)


def test_the_same_ticket_in_two_rows_is_a_fault_of_the_second(town: Any) -> None:
    done = bring(csv(ROW, OTHER, ["T-1", "又堆满了", "", "", "", "", "", ""]))
    assert [(fault.row, fault.column) for fault in done.faults] == [(4, "工单编号")]
    assert "2" in done.faults[0].message
    assert not Case.objects.exists()


def test_a_confidential_row_without_officers_is_named(town: Any) -> None:
    titled = b",".join([csv(), "是否保密".encode()]) + "\nT-1,有人送礼,,,,,张三,13900000000,是".encode()
    done = bring(titled)
    assert [(fault.row, fault.column) for fault in done.faults] == [(2, "是否保密")]


def test_a_cell_that_is_too_long_is_named_by_its_row(town: Any) -> None:
    with pytest.raises(Invalid) as refused:
        bring(csv(ROW, ["T-2", "长" * 140_000, "", "", "", "", "", ""]))
    assert "3" in str(refused.value.errors[0].message)
