"""The QR stand on paper: every page is printed here, and read with a scanner as a phone would read it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from marketplace.core.payment_codes import code_from_number
from payments.stands.drawing import Code, Drawing, Line, Page, Shape, Text
from payments.stands.fitting import fit
from payments.stands.fonts import ASCENT, DESCENT, MM_A_POINT, Face, drawable, width_mm
from payments.stands.papers import Paper, pages
from payments.stands.pdf import stands_pdf
from payments.stands.png import PRINT_DOTS_AN_INCH, SCREEN_DOTS_AN_INCH, stand_png
from payments.stands.sheet import StandSheet
from payments.vietqr.pictures import QUIET_ZONE_MODULES, qr_modules
from payments.vietqr.writer import write_vietqr

FILE_BYTES_MAX = 200_000
HAIR = 0.01
CODE = code_from_number(12345)
PLAIN = StandSheet(
    payload=write_vietqr(bin="970436", account="1017588888", memo=CODE),
    shop_name="Hợp tác xã Bản Giốc",
    place="Sạp 12, Chợ Trùng Khánh",
    bank="Vietcombank",
    account_number="1017588888",
    holder="HTX BAN GIOC",
    code=CODE,
    printed_on=date(2026, 11, 26),
)
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = "\u0300\u0309\u0303\u0301\u0323"
VIETNAMESE = [
    unicodedata.normalize("NFC", letter + tone)
    for letter in LETTERS + LETTERS.upper()
    for tone in ["", *(TONES if letter.lower() in "aăâeêioôơuưy" else "")]
]
LONG = replace(
    PLAIN,
    payload=write_vietqr(bin="970454", account="9" * 19, memo="SEVQR" + CODE),
    shop_name=("Tổ hợp tác Đường Ẩm Ỗ Ự " * 7)[:160].strip(),
    place="W" * 120 + ", " + "Chợ trung tâm " * 8,
    bank="BVBank (VietCapitalBank)",
    account_number="9" * 19,
    holder="W" * 60,
)
WITHOUT_BLANKS = replace(PLAIN, shop_name="Ậ" * 160, place="", holder="A")
DEMO = replace(LONG, is_demo=True)
FOREIGN = replace(PLAIN, shop_name="茶 Trà Ǻ 🍵", place="🍵")
SHEETS = {"plain": PLAIN, "long": LONG, "without blanks": WITHOUT_BLANKS, "demo": DEMO, "foreign": FOREIGN}
SIZES_MM = {
    Paper.A5: (148.5, 210.0),
    Paper.A6: (105.0, 148.5),
    Paper.TENT_A4: (210.0, 297.0),
    Paper.TENT_A5: (148.5, 210.0),
    Paper.TWO_A5: (297.0, 210.0),
    Paper.FOUR_A6: (210.0, 297.0),
}


def rendered(pdf: bytes, *, dots_an_inch: int = 150) -> Iterator[Image.Image]:
    """The pages as a printer of this resolution would put them on paper."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            yield page.render(scale=dots_an_inch / 72).to_pil()
            page.close()
    finally:
        document.close()


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = []
        for page in document:
            layer = page.get_textpage()
            texts.append(layer.get_text_range())
            layer.close()
            page.close()
        return " ".join(" ".join(texts).split())
    finally:
        document.close()


def scanned(picture: Image.Image) -> list[str]:
    """As an app that pays reads it: a row of letters is no bar code to it."""
    return [found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]


def in_black_and_white(picture: Image.Image) -> Image.Image:
    return picture.convert("L").point(lambda value: 255 if value > 127 else 0).convert("1")


def count_of(paper: Paper) -> int:
    """How many codes a page of this paper shows for one stand."""
    return 2 if paper in (Paper.TENT_A4, Paper.TENT_A5) else 1


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
@pytest.mark.parametrize("paper", Paper)
def test_a_scanner_reads_from_every_page_what_was_put_in(paper: Paper, sheet: StandSheet) -> None:
    content = stands_pdf([sheet], paper)

    for dots_an_inch in (72, 150):
        (picture,) = rendered(content, dots_an_inch=dots_an_inch)
        assert scanned(picture) == [sheet.payload] * count_of(paper)
        assert scanned(in_black_and_white(picture)) == [sheet.payload] * count_of(paper)
    assert len(content) < FILE_BYTES_MAX


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
@pytest.mark.parametrize("paper", [Paper.A5, Paper.A6])
def test_a_scanner_reads_from_the_picture_what_was_put_in(paper: Paper, sheet: StandSheet) -> None:
    content = stand_png(sheet, paper)
    picture = Image.open(BytesIO(content))

    for seen in (picture, in_black_and_white(picture), picture.reduce(2), in_black_and_white(picture.reduce(2))):
        assert scanned(seen) == [sheet.payload]
    assert len(content) < FILE_BYTES_MAX


@pytest.mark.parametrize("paper", Paper)
def test_a_page_has_the_size_of_its_paper(paper: Paper) -> None:
    (picture,) = rendered(stands_pdf([PLAIN], paper), dots_an_inch=254)
    assert [side / 10 for side in picture.size] == pytest.approx(SIZES_MM[paper], abs=0.15)


def test_a_picture_has_three_hundred_dots_an_inch_and_says_so() -> None:
    picture = Image.open(BytesIO(stand_png(PLAIN, Paper.A6)))
    assert picture.size == (1240, 1754)
    assert picture.info["dpi"] == pytest.approx((PRINT_DOTS_AN_INCH, PRINT_DOTS_AN_INCH), abs=0.1)
    small = stand_png(PLAIN, Paper.A6, dots_an_inch=SCREEN_DOTS_AN_INCH)
    assert Image.open(BytesIO(small)).size == (455, 643)
    assert len(small) < 20_000


def test_the_page_says_all_that_a_payer_compares_and_a_seller_must_know() -> None:
    for paper in Paper:
        words = words_of(stands_pdf([PLAIN], paper))
        for said in (
            "Hợp tác xã",
            "Bản Giốc",
            "Sạp 12, Chợ Trùng Khánh",
            "Scan with any Vietnamese bank app",
            "1017 5888 88",
            "Vietcombank",
            "HTX BAN GIOC",
            "Người mua: xem đúng tên chủ tài khoản rồi hãy chuyển.",
            "Người bán: chỉ tin khi máy báo đã nhận.",
            f"Mã bảng {CODE} · in ngày 26/11/2026 · Chợ 4.0",
        ):
            assert said in words, paper
        assert "Quét bằng ứng dụng ngân hàng bất kỳ" in words.replace("\n", " ")


def test_the_same_stand_on_the_same_day_gives_the_same_bytes_and_another_day_others() -> None:
    tomorrow = replace(PLAIN, printed_on=date(2026, 11, 27))
    for paper in Paper:
        assert stands_pdf([PLAIN], paper) == stands_pdf([PLAIN], paper)
        assert stands_pdf([PLAIN], paper) != stands_pdf([tomorrow], paper)
    assert stand_png(PLAIN, Paper.A6) == stand_png(PLAIN, Paper.A6)
    assert stand_png(PLAIN, Paper.A6) != stand_png(tomorrow, Paper.A6)


def several(count: int) -> list[StandSheet]:
    return [
        replace(PLAIN, payload=write_vietqr(bin="970436", account=f"10175{number:05d}", memo=CODE))
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("paper", "count", "expected"),
    [
        (Paper.FOUR_A6, 1, [1]),
        (Paper.FOUR_A6, 4, [4]),
        (Paper.FOUR_A6, 6, [4, 2]),
        (Paper.TWO_A5, 3, [2, 1]),
        (Paper.A6, 2, [1, 1]),
        (Paper.TENT_A5, 2, [2, 2]),
    ],
)
def test_many_stands_fill_page_after_page_in_their_order(paper: Paper, count: int, expected: list[int]) -> None:
    sheets = several(count)

    found = [scanned(picture) for picture in rendered(stands_pdf(sheets, paper))]

    assert [len(payloads) for payloads in found] == expected
    assert {payload for payloads in found for payload in payloads} == {sheet.payload for sheet in sheets}
    step = paper.stands_a_page
    for number, payloads in enumerate(found):
        assert set(payloads) == {sheet.payload for sheet in sheets[number * step : (number + 1) * step]}


def test_forty_stands_are_ten_pages_and_a_small_file() -> None:
    content = stands_pdf(several(40), Paper.FOUR_A6)

    assert sum(1 for _page in rendered(content, dots_an_inch=36)) == 10
    assert len(content) < FILE_BYTES_MAX


def guides(page: Page) -> list[Line]:
    return [item for placed in page.placed for item in placed.drawing.items if isinstance(item, Line) and item.dashed]


@pytest.mark.parametrize("paper", [Paper.TENT_A4, Paper.TENT_A5])
def test_what_is_folded_has_its_fold_in_the_middle_and_a_code_on_either_face(paper: Paper) -> None:
    (page,) = pages([PLAIN], paper)
    (fold,) = guides(page)

    assert fold.start[1] == fold.end[1] == page.height / 2
    assert fold.end[0] - fold.start[0] > 0.9 * page.width
    assert "Gấp theo đường này" in words_of(stands_pdf([PLAIN], paper))
    assert [placed.turned for placed in page.placed] == [True, False, False]

    (picture,) = rendered(stands_pdf([PLAIN], paper))
    width, height = picture.size
    upper, lower = picture.crop((0, 0, width, height // 2)), picture.crop((0, height // 2, width, height))
    assert scanned(upper) == scanned(lower) == [PLAIN.payload]
    angles = [abs(zxingcpp.read_barcodes(half)[0].orientation) for half in (upper, lower)]
    assert angles == pytest.approx([180, 0], abs=2)


def test_what_is_cut_has_lines_between_the_stands_and_what_stands_alone_has_none() -> None:
    (four,), (two,), (one,) = (list(pages([PLAIN] * 4, Paper.FOUR_A6)), list(pages([PLAIN] * 2, Paper.TWO_A5)),
                               list(pages([PLAIN], Paper.A5)))  # fmt: skip

    assert [(line.start, line.end) for line in guides(four)] == [
        ((105.0, 0.0), (105.0, 297.0)),
        ((0.0, 148.5), (210.0, 148.5)),
    ]
    assert [(line.start, line.end) for line in guides(two)] == [((148.5, 0.0), (148.5, 210.0))]
    assert guides(one) == []
    assert "Cắt theo đường này" in words_of(stands_pdf([PLAIN] * 4, Paper.FOUR_A6))


Box = tuple[float, float, float, float]


def boxes(drawing: Drawing) -> Iterator[tuple[Box, object]]:
    """What each item covers: left, top, right, bottom, in millimetres."""
    for item in drawing.items:
        match item:
            case Text():
                width = width_mm(item.text, item.face, item.size_pt)
                left = item.x - width / 2 if item.centred else item.x
                em = item.size_pt * MM_A_POINT
                yield (left, item.y - ASCENT * em, left + width, item.y + DESCENT * em), item
            case Line():
                xs, ys = zip(item.start, item.end, strict=True)
                yield (min(xs), min(ys), max(xs), max(ys)), item
            case Shape():
                xs, ys = zip(*item.points, strict=True)
                yield (min(xs), min(ys), max(xs), max(ys)), item
            case Code():
                yield (item.x, item.y, item.x + item.side, item.y + item.side), item


def faces(paper: Paper, sheet: StandSheet) -> list[Drawing]:
    (page,) = pages([sheet], paper)
    return [placed.drawing for placed in page.placed if any(isinstance(item, Code) for item in placed.drawing.items)]


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
@pytest.mark.parametrize("paper", Paper)
def test_nothing_runs_over_the_margin_or_into_something_else(paper: Paper, sheet: StandSheet) -> None:
    for drawing in faces(paper, sheet):
        margin = 6.0
        placed = list(boxes(drawing))
        for (left, top, right, bottom), item in placed:
            assert left >= margin, item
            assert top >= margin, item
            assert right <= drawing.width - margin, item
            assert bottom <= drawing.height - margin, item
        texts = [(box, item) for box, item in placed if isinstance(item, Text | Code)]
        overlaps = [
            (one, other)
            for number, (a, one) in enumerate(texts)
            for b, other in texts[number + 1 :]
            if min(a[2], b[2]) - max(a[0], b[0]) > HAIR and min(a[3], b[3]) - max(a[1], b[1]) > HAIR
        ]
        assert overlaps == []


@pytest.mark.parametrize("paper", Paper)
def test_the_code_is_large_and_its_quiet_zone_empty(paper: Paper) -> None:
    for drawing in faces(paper, LONG):
        (code,) = [item for item in drawing.items if isinstance(item, Code)]
        unit = code.side / len(qr_modules(code.payload))
        assert unit >= 1.0  # millimetres a module: read from more than half a metre away
        assert QUIET_ZONE_MODULES == 4


@pytest.mark.parametrize("face", Face)
def test_the_font_has_every_letter_of_vietnamese_and_each_is_its_own(face: Face) -> None:
    assert len(VIETNAMESE) == 178
    for letter in VIETNAMESE:
        assert drawable(letter) == letter
        assert width_mm(letter, face, 10) > 0
    assert drawable("₫ “…” – · × 0123456789") == "₫ “…” – · × 0123456789"


def test_a_letter_that_the_font_lacks_loses_its_marks_or_is_left_out() -> None:
    assert drawable("Ǎn  ＶＮ\u2009茶 ﬁ\n🍵 Đ") == "An VN fi Đ"
    assert drawable("o\u031b\u0301") == "ớ"


def test_a_short_text_is_set_in_the_largest_size() -> None:
    fitted = fit("Chợ", Face.BOLD, width=90, height=14, size_pt_max=19)
    assert (fitted.lines, fitted.size_pt) == (("Chợ",), 19)


def test_lines_are_of_about_one_length_so_that_no_word_stands_alone() -> None:
    fitted = fit("Hợp tác xã Nông nghiệp Bản Giốc", Face.BOLD, width=91, height=17, size_pt_max=19)
    assert fitted.lines == ("Hợp tác xã Nông", "nghiệp Bản Giốc")


def test_a_word_wider_than_the_line_is_broken_and_no_other() -> None:
    fitted = fit("OCOP " + "W" * 30, Face.REGULAR, width=40, height=40, size_pt_max=12)
    assert "".join(fitted.lines).replace(" ", "") == "OCOP" + "W" * 30
    assert fitted.lines[0] == "OCOP"


def test_what_fits_in_no_size_is_cut_with_an_ellipsis() -> None:
    for text in ("W" * 5_000, "Đặc sản " * 800):
        fitted = fit(text, Face.REGULAR, width=40, height=5, size_pt_max=12)
        assert fitted.size_pt == 5
        assert fitted.lines[-1].endswith("…")
        assert fitted.height_mm <= 5
        assert max(width_mm(line, Face.REGULAR, 5) for line in fitted.lines) <= 40


def test_where_not_even_one_line_fits_there_is_one_all_the_same() -> None:
    assert fit("A B", Face.REGULAR, width=0.5, height=1, size_pt_max=12).lines == ("…",)


def test_no_text_takes_no_line() -> None:
    assert fit(" \U0001f375 ", Face.BOLD, width=40, height=5, size_pt_max=12).lines == ()


@settings(deadline=None, derandomize=True, max_examples=150)
@given(
    st.text(max_size=170),
    st.floats(min_value=20, max_value=200),
    st.floats(min_value=3, max_value=30),
    st.floats(min_value=5, max_value=30),
)
def test_any_text_fits_any_box(text: str, width: float, height: float, size_pt_max: float) -> None:
    fitted = fit(text, Face.BOLD, width=width, height=height, size_pt_max=size_pt_max)

    assert fitted.height_mm <= height or len(fitted.lines) <= 1
    assert all(width_mm(line, Face.BOLD, fitted.size_pt) <= width + HAIR for line in fitted.lines)
    if "…" not in "".join(fitted.lines):
        assert "".join(fitted.lines).replace(" ", "") == drawable(text).replace(" ", "")


@pytest.mark.parametrize(
    ("number", "shown"),
    [("1017588888", "1017 5888 88"), ("0912345678", "0912 3456 78"), ("1", "1"), ("V3CASLHRE4", "V3CASLHRE4")],
)
def test_an_account_is_grouped_for_reading_unless_it_has_letters(number: str, shown: str) -> None:
    assert replace(PLAIN, account_number=number).grouped_account == shown
