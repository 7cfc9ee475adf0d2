"""A few marks make headings, lists and notes of a plain text; nothing else is read into it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.legal.markup import Block, has_uncertain_parts, read_blocks


def test_marks_at_the_beginning_of_a_line_make_blocks() -> None:
    body = "Lời đầu\nxuống dòng.\n\n## Mục\nNói trước:\n- một\n- hai\n[?] Hỏi luật sư.\n[?] Hỏi nữa.\nLời cuối."

    assert read_blocks(body) == [
        Block("paragraph", ("Lời đầu", "xuống dòng.")),
        Block("heading", ("Mục",)),
        Block("paragraph", ("Nói trước:",)),
        Block("list", ("một", "hai")),
        Block("uncertain", ("Hỏi luật sư.",)),
        Block("uncertain", ("Hỏi nữa.",)),
        Block("paragraph", ("Lời cuối.",)),
    ]
    assert read_blocks(body)[0].text == "Lời đầu xuống dòng."


@pytest.mark.parametrize("body", ["", "\n\n\n", "## ", "- \n- ", "[?] "])
def test_nothing_is_no_block(body: str) -> None:
    assert read_blocks(body) == []


def test_only_a_note_makes_a_text_uncertain() -> None:
    assert has_uncertain_parts("Lời.\n\n[?] Hỏi.")
    assert not has_uncertain_parts("Có [?] ở giữa câu.\n##không phải mục")


@given(st.text())
def test_any_text_can_be_read_and_no_word_is_lost(body: str) -> None:
    read = " ".join(block.text for block in read_blocks(body))

    assert [word for word in body.split() if word not in {"##", "-", "[?]"} and word not in read] == []
