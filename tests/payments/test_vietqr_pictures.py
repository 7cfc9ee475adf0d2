"""QR pictures: what a scanner reads from them is, byte for byte, what was put in."""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from marketplace.core.payment_codes import code_from_number
from payments.vietqr.pictures import PNG_SIDE_PIXELS_MAX, UndrawableText, qr_png, qr_svg
from payments.vietqr.writer import write_vietqr
from tests.payments.vietqr_codes import GOLDEN

PAYLOADS = [
    GOLDEN,
    write_vietqr(bin="970436", account="1"),
    write_vietqr(bin="970418", account="V3CASLHRE4GFPY5", amount=1),
    write_vietqr(bin="970405", account="9" * 19, amount=499_999_999, memo="SEVQR" + code_from_number(12345)),
    "00020101021138540010A00000072701240006970407011003865776720208QRIBFTTA"
    "5303704540710000005802VN62160812henry an cut6304A322",
    "Chợ quê 125.000 ₫",
    "A" * 512,
    "a" * 512,
]


def scanned(picture: Image.Image) -> bytes:
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1
    assert found[0].format == zxingcpp.BarcodeFormat.QRCode
    return found[0].bytes


def drawn(svg: str, *, pixels_a_module: int = 6) -> Image.Image:
    """The SVG's bars as a picture, drawn from its path alone."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own picture, not somebody's upload
    side = int(root.attrib["viewBox"].split()[-1])
    picture = Image.new("L", (side * pixels_a_module, side * pixels_a_module), 255)
    pen = ImageDraw.Draw(picture)
    path = root[-1].attrib["d"]
    for x, y, width in (map(int, run) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path)):
        corner = (x * pixels_a_module, y * pixels_a_module)
        pen.rectangle((*corner, corner[0] + width * pixels_a_module - 1, corner[1] + pixels_a_module - 1), 0)
    assert re.fullmatch(r"(M\d+ \d+h(\d+)v1h-\2z)+", path)
    return picture


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_scanner_reads_from_the_png_what_was_put_in(payload: str) -> None:
    assert scanned(Image.open(BytesIO(qr_png(payload)))) == payload.encode()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_scanner_reads_from_the_svg_what_was_put_in(payload: str) -> None:
    assert scanned(drawn(qr_svg(payload))) == payload.encode()


def test_an_upper_case_payload_gives_a_small_symbol_with_medium_error_correction() -> None:
    found = zxingcpp.read_barcodes(Image.open(BytesIO(qr_png(GOLDEN))))[0]
    assert (found.extra["ECLevel"], found.extra["Version"]) == ("M", "5")
    lower = zxingcpp.read_barcodes(Image.open(BytesIO(qr_png(GOLDEN.lower()))))[0]
    assert int(lower.extra["Version"]) > 5


def test_four_white_modules_stand_around_the_symbol() -> None:
    picture = Image.open(BytesIO(qr_png(GOLDEN, pixels_min=1))).convert("L")
    assert picture.size == (45, 45)
    dark = picture.point(lambda value: 255 - value).getbbox()
    assert dark == (4, 4, 41, 41)


@pytest.mark.parametrize(("pixels_min", "side"), [(1, 45), (45, 45), (46, 90), (480, 495), (1024, 1035)])
def test_a_png_is_a_whole_number_of_pixels_a_module_and_at_least_as_large_as_asked(
    pixels_min: int, side: int
) -> None:
    assert Image.open(BytesIO(qr_png(GOLDEN, pixels_min=pixels_min))).size == (side, side)


def test_the_svg_is_small_named_and_has_no_size_of_its_own() -> None:
    svg = qr_svg(GOLDEN)
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own picture, not somebody's upload
    assert root.attrib["viewBox"] == "0 0 45 45"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "VietQR"
    assert "width" not in root.attrib
    assert len(svg) < 6_000
    assert len(qr_png(GOLDEN)) < 2_000


def test_the_same_code_is_drawn_once() -> None:
    assert qr_svg(GOLDEN) is qr_svg(GOLDEN)
    assert qr_png(GOLDEN) is qr_png(GOLDEN)


@pytest.mark.parametrize("payload", ["", "A" * 513])
def test_an_empty_or_endless_text_is_not_drawn(payload: str) -> None:
    for draw in (qr_svg, qr_png):
        with pytest.raises(UndrawableText):
            draw(payload)


@pytest.mark.parametrize("pixels_min", [-1, 0, PNG_SIDE_PIXELS_MAX + 1])
def test_a_picture_without_size_or_too_large_is_not_drawn(pixels_min: int) -> None:
    with pytest.raises(UndrawableText):
        qr_png(GOLDEN, pixels_min=pixels_min)
