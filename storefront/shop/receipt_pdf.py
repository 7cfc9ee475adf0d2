"""A receipt as PDF: half a sheet wide, as long as it needs, every letter of Vietnamese embedded."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from marketplace.core.money import format_vnd
from payments.stands.fitting import Fitted, fit
from payments.stands.fonts import ASCENT, MM_A_POINT, Face, font_name, width_mm
from storefront.shop.receipts import ReceiptSheet

PAGE_MM: Final = (148.0, 210.0)
"""A5: read on a phone without turning it, two on a sheet of A4."""
MARGIN_MM: Final = 12.0
GAP_MM: Final = 3.0
SIZE_PT: Final = 10.0
SMALL_PT: Final = 8.5
TITLE_PT: Final = 17.0
AMOUNT_MM: Final = 36.0
LINES_HEIGHT_MM_MAX: Final = 60.0
"""A text that would be higher is set smaller."""


def receipt_pdf(sheet: ReceiptSheet) -> bytes:
    """The receipt. The same receipt gives the same bytes."""
    target = BytesIO()
    canvas = Canvas(target, invariant=1, pageCompression=1, pagesize=(PAGE_MM[0] * mm, PAGE_MM[1] * mm))
    canvas.setTitle(f"{sheet.title} {sheet.number}")
    canvas.setCreator("Chợ 4.0")
    _fill(_Paper(canvas), sheet)
    canvas.save()
    return target.getvalue()


class _Paper:
    """A strip of paper written from top to bottom, which turns to a new page by itself."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._y = MARGIN_MM

    def write(self, text: str, *, size_pt: float = SIZE_PT, face: Face = Face.REGULAR, amount: str = "") -> None:
        """Words on the left over as many lines as they take, an amount on the right of the first."""
        width = PAGE_MM[0] - 2 * MARGIN_MM - (AMOUNT_MM if amount else 0)
        words = fit(text, face, width=width, height=LINES_HEIGHT_MM_MAX, size_pt_max=size_pt)
        self._make_room(words)
        for number, line in enumerate(words.lines):
            self._put(line, words, x=MARGIN_MM, number=number)
        if amount:
            end = PAGE_MM[0] - MARGIN_MM
            self._put(amount, words, x=end - width_mm(amount, face, words.size_pt), number=0)
        self._y += words.height_mm

    def gap(self) -> None:
        """Some room before what follows."""
        self._y += GAP_MM

    def rule(self) -> None:
        """A thin line from edge to edge."""
        y = (PAGE_MM[1] - self._y - GAP_MM / 2) * mm
        self._canvas.setLineWidth(0.5)
        self._canvas.line(MARGIN_MM * mm, y, (PAGE_MM[0] - MARGIN_MM) * mm, y)
        self._y += GAP_MM

    def _make_room(self, words: Fitted) -> None:
        if self._y + words.height_mm > PAGE_MM[1] - MARGIN_MM:
            self._canvas.showPage()
            self._y = MARGIN_MM

    def _put(self, line: str, words: Fitted, *, x: float, number: int) -> None:
        baseline = self._y + number * words.line_mm + words.size_pt * ASCENT * MM_A_POINT
        self._canvas.setFont(font_name(words.face), words.size_pt)
        self._canvas.drawString(x * mm, (PAGE_MM[1] - baseline) * mm, line)


def _fill(paper: _Paper, sheet: ReceiptSheet) -> None:
    paper.write("Chợ 4.0", size_pt=SMALL_PT)
    paper.write(f"{sheet.title} {sheet.number}", size_pt=TITLE_PT, face=Face.BOLD)
    paper.write(sheet.placed)
    for remark in _remarks(sheet):
        paper.write(remark, face=Face.BOLD)
    paper.gap()
    _people(paper, sheet)
    paper.rule()
    for line in sheet.lines:
        paper.write(line.name, amount=line.amount)
        if line.count:
            paper.write(line.count, size_pt=SMALL_PT)
    paper.rule()
    paper.write(_("Tổng cộng"), face=Face.BOLD, size_pt=12.0, amount=format_vnd(sheet.total_vnd))
    paper.write(sheet.total_in_words, size_pt=SMALL_PT)
    paper.gap()
    _money(paper, sheet)
    paper.rule()
    paper.write(_("Phiếu này không thay hóa đơn. Tiền trả thẳng cho người bán, chợ không giữ."), size_pt=SMALL_PT)


def _remarks(sheet: ReceiptSheet) -> list[str]:
    demo = _("Chợ thử: hàng và tài khoản không có thật.") if sheet.is_demo else ""
    return [remark for remark in (sheet.remark, demo) if remark]


def _people(paper: _Paper, sheet: ReceiptSheet) -> None:
    for label, lines in ((_("Người bán"), sheet.seller), (_("Người mua"), sheet.buyer)):
        paper.write(label, size_pt=SMALL_PT)
        for number, line in enumerate(lines):
            paper.write(line, face=Face.REGULAR if number else Face.BOLD)
        paper.gap()


def _money(paper: _Paper, sheet: ReceiptSheet) -> None:
    for move in sheet.moves:
        amount = f"−{format_vnd(move.back_vnd)}" if move.back_vnd else format_vnd(move.amount_vnd)
        paper.write(f"{move.what} · {move.moment}", amount=amount)
    paper.write(_("Đã nhận"), face=Face.BOLD, amount=format_vnd(sheet.paid_vnd))
    if sheet.left_vnd:
        paper.write(_("Còn phải trả"), face=Face.BOLD, amount=format_vnd(sheet.left_vnd))
