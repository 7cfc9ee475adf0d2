"""Whatever text is given to the reader of VietQR codes, it is read or refused, and never any other error."""

from __future__ import annotations

import inspect
import json
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from vietnam_qr_pay import QRPay

from payments.vietqr.fields import join_field
from payments.vietqr.reader import read_vietqr
from payments.vietqr.values import UnreadableVietQR
from tests.payments.vietqr_codes import GOLDEN, NAPAS, VALID, reason_of, sealed

values = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
tlv = st.lists(st.tuples(st.integers(min_value=0, max_value=99), values), max_size=12)


def as_text(pairs: list[tuple[int, str]]) -> str:
    return "".join(join_field(f"{number:02d}", value) for number, value in pairs)


def reads_or_refuses(payload: str) -> None:
    try:
        read = read_vietqr(payload)
    except UnreadableVietQR:
        return
    assert json.dumps(read.as_fields())


@settings(deadline=None, derandomize=True, max_examples=500)
@given(st.text(st.characters(codec=None), max_size=600))
@example("\ud800")
@example("0002" + "٠١" * 10)
def test_any_text_is_read_or_refused(payload: str) -> None:
    reads_or_refuses(payload)


pieces = st.text(st.characters(codec=None), max_size=40) | st.sampled_from([GOLDEN, "0002", "3899", "6304", "2600"])


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(pieces, min_size=1, max_size=5), st.integers(min_value=1, max_value=100_000))
@example(["000201", "2699" * 20], 100_000)
@example([" "], 100_000)
@example([" " * 50, GOLDEN], 100)
def test_any_text_of_up_to_a_hundred_thousand_characters_is_read_or_refused(parts: list[str], length: int) -> None:
    text = "".join(parts) or "0"
    payload = (text * (length // len(text) + 1))[:length]
    reads_or_refuses(payload)
    if len(payload.strip()) > 512:
        assert reason_of(payload) == "oversized"


@pytest.mark.parametrize("id_", ["26", "38", "51", "62", "64", "80"])
def test_templates_nested_as_deep_as_they_go_take_no_stack(id_: str) -> None:
    nested = "X"
    while len(nested) + 4 <= 99:
        nested = join_field(id_, nested)
    payload = sealed(f"000201010211{nested}{NAPAS if id_ != '38' else ''}53037045802VN")
    deep, frames = len(inspect.stack()), 25

    before = sys.getrecursionlimit()
    sys.setrecursionlimit(deep + frames)
    try:
        reads_or_refuses(payload)
    finally:
        sys.setrecursionlimit(before)


def test_control_a_reader_without_a_bound_is_brought_down_by_twelve_thousand_characters() -> None:
    payload = sealed("000201010211" + "5001A" * 2_500)

    with pytest.raises(RecursionError):
        QRPay(payload)
    assert reason_of(payload) == "oversized"


@settings(deadline=None, derandomize=True, max_examples=500)
@given(tlv, tlv, tlv)
def test_any_well_sealed_fields_are_read_or_refused(
    root: list[tuple[int, str]], template: list[tuple[int, str]], additional: list[tuple[int, str]]
) -> None:
    inner = "".join(
        f"{name}{len(text):02d}{text}" for name, text in (("62", as_text(additional)), ("38", as_text(template)))
    )
    body = f"00020101021253037045802VN{inner}{as_text(root)}"
    reads_or_refuses(sealed(body))


@settings(deadline=None, derandomize=True, max_examples=500)
@given(st.sampled_from([vector["payload"] for vector in VALID]), st.data())
def test_a_real_code_with_its_inside_changed_is_read_or_refused(payload: str, data: st.DataObject) -> None:
    body = payload[:-8]
    start = data.draw(st.integers(min_value=4, max_value=len(body)))
    stop = data.draw(st.integers(min_value=start, max_value=len(body)))
    middle = data.draw(st.text("0123456789AVN.ơ", max_size=12))
    reads_or_refuses(sealed(body[:start] + middle + body[stop:]))
