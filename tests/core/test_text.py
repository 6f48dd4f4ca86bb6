"""What people type is kept, read tolerantly, and refused with a reason."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gewu.core import text
from gewu.core.errors import Invalid
from gewu.core.text import CaseNumber, clean, decode_csv, normal_phone, parse_receipt, parse_secret

NUMBER = CaseNumber("LT", 2026, 123)
SECRET = "4821093755162048"


def code_of(error: pytest.ExceptionInfo[Invalid]) -> tuple[str, str]:
    return error.value.errors[0].field, error.value.errors[0].code


# --- clean


def test_typed_text_is_kept_and_trimmed() -> None:
    typed = "　 路灯不亮了，  两天！👨‍👩‍👧 \n\n第二行\t有表格\r\n第三行\r第四行 \n"
    settled = "路灯不亮了，  两天！👨‍👩‍👧 \n\n第二行\t有表格\n第三行\n第四行"
    assert clean(typed, max_length=100, lines=True) == settled


def test_composed_and_decomposed_letters_become_one() -> None:
    assert clean("Cafe\u0301", max_length=4, lines=False) == "Caf\u00e9"


def test_one_line_takes_a_tab_for_a_blank_and_refuses_a_break() -> None:
    assert clean("3\t栋\n", max_length=10, lines=False) == "3 栋"
    with pytest.raises(Invalid) as caught:
        clean("3\n栋", max_length=10, lines=False, field="place.detail")
    assert code_of(caught) == ("place.detail", "several_lines")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a\x00b", "control_character"),
        ("\x00", "control_character"),
        ("\x1f edge", "control_character"),
        ("a\x85b", "control_character"),
        ("a\x7f", "control_character"),
        ("a\uffff", "control_character"),
        ("a\ud83d", "broken_character"),
        ("\udc00", "broken_character"),
        ("x" * 11, "too_long"),
        ("x" * 1_000_000, "too_long"),
        (None, "not_text"),
        (7, "not_text"),
        (b"bytes", "not_text"),
        (["a"], "not_text"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_code(typed: object, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        clean(typed, max_length=10, lines=True)
    assert code_of(caught) == ("text", code)


@pytest.mark.parametrize("typed", ["", "  ", "　\u200b \ufeff", "\n\t\n"])
def test_nothing_visible_is_nothing(typed: str) -> None:
    assert clean(typed, max_length=10, lines=True) == ""
    with pytest.raises(Invalid) as caught:
        clean(typed, max_length=10, lines=True, required=True)
    assert code_of(caught) == ("text", "required")


def test_the_limit_counts_characters_not_bytes() -> None:
    assert clean(" " + "灯" * 10 + " ", max_length=10, lines=False) == "灯" * 10
    with pytest.raises(Invalid, match="At most 10 characters"):
        clean("灯" * 11, max_length=10, lines=False)


@given(st.text(st.characters(), max_size=60))
def test_clean_text_stays_as_it_is_and_can_be_stored(typed: str) -> None:
    try:
        once = clean(typed, max_length=200, lines=True)
    except Invalid:
        assert any(unicodedata.category(c) in {"Cc", "Cs", "Cn"} for c in typed)
        return
    assert clean(once, max_length=200, lines=True) == once
    assert once.encode().decode() == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once
    assert "\x00" not in once


# --- case numbers


def test_a_case_number_is_written_and_read() -> None:
    shown = str(NUMBER)
    assert shown.startswith("LT-2026-000123-")
    assert len(shown) == 16
    assert CaseNumber.parse(shown) == NUMBER


def test_the_check_digit_is_that_of_the_published_example() -> None:
    assert text.check_digit("572") == "4"


@pytest.mark.parametrize(
    "typed",
    ["lt 2026 000123 {}", "LT2026000123{}", "ＬＴ－２０２６－０００１２３－{}", " LT–2026—000123−{} "],
)
def test_a_case_number_is_read_however_it_is_typed(typed: str) -> None:
    assert CaseNumber.parse(typed.format(NUMBER.check)) == NUMBER


@given(st.integers(2000, 2999), st.integers(1, 999_999_999), st.from_regex("[A-Z]{1,6}", fullmatch=True))
def test_every_case_number_reads_back(year: int, serial: int, prefix: str) -> None:
    number = CaseNumber(prefix, year, serial)
    assert CaseNumber.parse(str(number)) == number
    assert CaseNumber.parse(str(number).replace("-", "").lower()) == number


def test_every_single_wrong_digit_is_caught() -> None:
    for serial in (1, 123, 90_817, 999_999, 1_234_567):
        right = str(CaseNumber("LT", 2026, serial))
        for place, digit in enumerate(right):
            for other in "0123456789" if digit.isdigit() else "":
                if other != digit:
                    with pytest.raises(Invalid):
                        CaseNumber.parse(right[:place] + other + right[place + 1 :])


def test_every_swap_of_neighbours_is_caught() -> None:
    for serial in range(1, 3000):
        digits = f"2026{serial:06d}"
        digits += text.check_digit(digits)
        for place in range(len(digits) - 1):
            a, b = digits[place : place + 2]
            if a != b:
                swapped = digits[:place] + b + a + digits[place + 2 :]
                assert text.check_digit(swapped) != "0"


def test_the_table_catches_all_errors_whatever_stands_around() -> None:
    """Exhaustive over the states: one digit changed, or two swapped, never reaches the same state."""
    states = "0123456789"

    def step(state: str, digit: str) -> str:
        return text._DAMM[int(state)][int(digit)]

    for state in states:
        assert len({step(state, digit) for digit in states}) == 10
        assert len({step(other, state) for other in states}) == 10
        assert step(state, state) == "0"
        for a, b in itertools.combinations(states, 2):
            assert step(step(state, a), b) != step(step(state, b), a)


def test_a_slip_is_told_apart_from_something_else() -> None:
    wrong = str(NUMBER)[:-1] + str((int(NUMBER.check) + 1) % 10)
    with pytest.raises(Invalid) as caught:
        CaseNumber.parse(wrong)
    assert code_of(caught) == ("number", "number_check")


@pytest.mark.parametrize(
    "typed",
    ["", "LT", "LT-2026-123-7", "2026-000123-7", "LT-0026-000123-7", "LT-2026-000000-0",
     "LT-2026-0000123-7", "x" * 9999, "LT-2026-٠٠٠١٢٣-7", "LT-2026-000123-7;"],
)  # fmt: skip
def test_other_texts_are_no_case_numbers(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        CaseNumber.parse(typed, field="q")
    assert code_of(caught) == ("q", "number_malformed")


@pytest.mark.parametrize(
    "parts", [("lt", 2026, 1), ("", 2026, 1), ("LT", 26, 1), ("LT", 2026, 0), ("LT", 2026, 10**9)]
)
def test_impossible_numbers_cannot_be_made(parts: tuple[str, int, int]) -> None:
    with pytest.raises(ValueError, match=r"prefix|range"):
        CaseNumber(*parts)


# --- receipts


def test_a_secret_is_shown_in_groups_and_read_back() -> None:
    assert text.format_secret(SECRET) == "4821 0937 5516 2048"
    assert parse_secret("4821 0937 5516 2048") == SECRET


@pytest.mark.parametrize(
    "typed",
    [SECRET, "4821-0937-5516-2048", "４８２１ ０９３７ ５５１６ ２０４８", "\t48 21 09 37—55 16 20 48 \n"],
)
def test_a_secret_is_read_however_it_is_typed(typed: str) -> None:
    assert parse_secret(typed) == SECRET


@pytest.mark.parametrize("typed", ["", SECRET[:-1], SECRET + "1", "4821O93755162048", "٤" * 16, "1" * 10_000])
def test_other_texts_are_no_secrets(typed: str) -> None:
    with pytest.raises(Invalid, match="16 digits") as caught:
        parse_secret(typed)
    assert code_of(caught) == ("secret", "secret_malformed")


def test_a_receipt_is_written_and_read() -> None:
    shown = text.format_receipt(NUMBER, SECRET)
    assert shown == f"LT-2026-000123-{NUMBER.check} · 4821 0937 5516 2048"
    assert parse_receipt(shown) == (NUMBER, SECRET)


@pytest.mark.parametrize("between", [" · ", "", " ", ".", "/", "#", "\n", "·", "，"])
def test_a_receipt_is_read_whatever_stands_between(between: str) -> None:
    assert parse_receipt(f"{NUMBER}{between}{SECRET}") == (NUMBER, SECRET)
    assert parse_receipt(f"{NUMBER}{between}4821 0937 5516 2048") == (NUMBER, SECRET)


@pytest.mark.parametrize("typed", ["", SECRET, str(NUMBER), "LT-2026-000123", "x" * 1000])
def test_half_a_receipt_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_receipt(typed)
    assert caught.value.errors[0].field == "receipt"


# --- phones


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13800001234", "13800001234"),
        ("+86 138-0000-1234", "13800001234"),
        ("0086 138 0000 1234", "13800001234"),
        ("86 13800001234", "13800001234"),
        ("(+86)13800001234", "13800001234"),
        ("１３８ ００００ １２３４", "13800001234"),
        ("\u202a+8613800001234\u202c", "13800001234"),
        ("0523-8800 1234", "052388001234"),
        ("（0523）88001234", "052388001234"),
        ("+86 523 8800 1234", "052388001234"),
        ("+86 (0)523 8800 1234", "052388001234"),
        ("010 65001234", "01065001234"),
        ("+86 10 6500 1234", "01065001234"),
        ("+852 2345 6789", "+85223456789"),
        ("001 617 555 0123", "+16175550123"),
    ],
)
def test_a_phone_ends_alike_however_it_is_typed(typed: str, normal: str) -> None:
    assert normal_phone(typed) == normal
    assert normal_phone(normal) == normal


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "110",
        "88001234",
        "1380000123",
        "138000012345",
        "12800001234",
        "138OOOO1234",
        "+86 1",
        "phone",
        "+",
        "9" * 500,
    ],
)
def test_other_texts_are_no_phones(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        normal_phone(typed)
    assert code_of(caught) == ("phone", "phone_malformed")


# --- tables

TABLE = "编号,地点\r\n1,西桥路 3 号\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_a_table_is_read_as_office_programs_save_it(encoding: str) -> None:
    assert decode_csv(TABLE.encode(encoding)) == TABLE


def test_rare_characters_of_names_survive_gb18030() -> None:
    assert decode_csv("姓名\n㐂𠮷䶮\n".encode("gb18030")) == "姓名\n㐂𠮷䶮\n"


def test_both_byte_orders_and_an_empty_file_are_read() -> None:
    assert decode_csv(b"\xfe\xff" + TABLE.encode("utf-16-be")) == TABLE
    assert decode_csv(b"") == ""


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04\x14\x00\x06\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00",
        TABLE.encode("utf-16-le"),
        b"\xff\xfea",
        b"\xef\xbb\xbf\xff",
        b"name\xff\n",
        bytes(range(256)),
    ],
)
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        decode_csv(data, field="upload")
    assert code_of(caught) == ("upload", "encoding_unknown")
