"""Pages as PDF: vectors and embedded fonts, so that every printer prints them as sharp as it can."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from payments.stands.drawing import Code, Drawing, Item, Line, Page, Placed, Shape, Text
from payments.stands.fonts import font_name
from payments.stands.papers import Paper, pages
from payments.stands.sheet import StandSheet
from payments.vietqr.pictures import dark_runs, qr_modules

DASH_MM: Final = (1.5, 1.5)
OVERLAP_MODULES: Final = 0.03
"""Rows of modules overlap by so much, or screens show hair-lines of white between them."""


def stands_pdf(sheets: Sequence[StandSheet], paper: Paper) -> bytes:
    """The stands on pages of this paper. At least one stand."""
    target = BytesIO()
    # invariant: no moment of making in the file, so that the same stand gives the same bytes.
    canvas = Canvas(target, invariant=1, pageCompression=1, lang="vi")
    canvas.setTitle(f"Mã QR: {sheets[0].shop_name}")
    canvas.setCreator("Chợ 4.0")
    for page in pages(sheets, paper):
        _draw_page(canvas, page)
    canvas.save()
    return target.getvalue()


def _draw_page(canvas: Canvas, page: Page) -> None:
    canvas.setPageSize((page.width * mm, page.height * mm))
    # From here on in millimetres and with y downwards, as the drawings are.
    for placed in page.placed:
        canvas.saveState()
        canvas.transform(mm, 0, 0, -mm, 0, page.height * mm)
        _turn(canvas, placed)
        _draw(canvas, placed.drawing)
        canvas.restoreState()
    canvas.showPage()


def _turn(canvas: Canvas, placed: Placed) -> None:
    canvas.translate(placed.x, placed.y)
    if placed.turned:
        canvas.translate(placed.drawing.width, placed.drawing.height)
        canvas.rotate(180)


def _draw(canvas: Canvas, drawing: Drawing) -> None:
    canvas.setLineJoin(1)
    for item in drawing.items:
        _draw_item(canvas, item)


def _draw_item(canvas: Canvas, item: Item) -> None:
    match item:
        case Text():
            _draw_text(canvas, item)
        case Line():
            canvas.setLineWidth(item.width)
            canvas.setDash(list(DASH_MM) if item.dashed else [])
            canvas.line(*item.start, *item.end)
        case Shape():
            canvas.setLineWidth(item.width or 0)
            canvas.drawPath(_outline(canvas, item), stroke=int(item.width is not None), fill=int(item.width is None))
        case _:
            canvas.drawPath(_modules(canvas, item), stroke=0, fill=1, fillMode=1)


def _draw_text(canvas: Canvas, text: Text) -> None:
    canvas.saveState()
    canvas.translate(text.x, text.y)
    canvas.scale(1 / mm, -1 / mm)
    canvas.setFont(font_name(text.face), text.size_pt)
    draw = canvas.drawCentredString if text.centred else canvas.drawString
    draw(0, 0, text.text)
    canvas.restoreState()


def _outline(canvas: Canvas, shape: Shape) -> PDFPathObject:
    path = canvas.beginPath()
    path.moveTo(*shape.points[0])
    for point in shape.points[1:]:
        path.lineTo(*point)
    path.close()
    return path


def _modules(canvas: Canvas, code: Code) -> PDFPathObject:
    """Every run of dark modules in a row as one bar."""
    modules = qr_modules(code.payload)
    unit = code.side / len(modules)
    path = canvas.beginPath()
    for y, row in enumerate(modules):
        for x, width in dark_runs(row):
            path.rect(code.x + x * unit, code.y + y * unit, width * unit, (1 + OVERLAP_MODULES) * unit)
    return path
