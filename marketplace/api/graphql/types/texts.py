"""Our plain texts as EditorJS documents, the form in which Saleor gives descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from marketplace.core.text import BadText
from marketplace.legal.markup import Block

EDITOR_VERSION = "2.30.7"
HEADING_LEVEL = 2
UNCERTAIN = _("Chờ xác nhận:")
BLOCKS_MAX = 500
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,500}>")
_PARAGRAPHS = re.compile(r"\n{2,}")


def editor_document(text: str) -> dict[str, object] | None:
    """A document with a paragraph for each of `text`, or None for no text.

    The text of a block is HTML to whoever shows it, so that signs of HTML are escaped here.
    """
    if not text:
        return None
    paragraphs = (_html(paragraph).replace("\n", "<br>") for paragraph in _PARAGRAPHS.split(text))
    return _document({"type": "paragraph", "data": {"text": paragraph}} for paragraph in paragraphs)


def plain_text_of(document: object, *, field: str) -> str:
    """The words of an EditorJS document, a blank line between its blocks: what is kept here has no other form.

    Blocks without words (pictures, lines) are left out. Raises `BadText` for what is no such document, also where
    words stand in another form than as texts: leaving them out would empty a description that was there.
    """
    blocks = document.get("blocks") if isinstance(document, dict) else None
    found = (
        [_lines_of(block) for block in blocks] if isinstance(blocks, list) and len(blocks) <= BLOCKS_MAX else [None]
    )
    if None in found:
        raise BadText(_("Mô tả phải là một văn bản EditorJS."), field=field)
    return "\n\n".join(filter(None, ("\n".join(map(_without_html, lines or ())).strip() for lines in found)))


def _lines_of(block: object) -> list[str] | None:
    """The lines of a block's words; None where it is no block, or where they are no texts."""
    data = block.get("data") if isinstance(block, dict) else None
    if not isinstance(data, dict):
        return None
    lines = data.get("items", [data.get("text", "")])
    return lines if isinstance(lines, list) and all(isinstance(line, str) for line in lines) else None


def _without_html(text: str) -> str:
    return unescape(_TAG.sub("", _BREAK.sub("\n", text)))


def editor_document_of(blocks: Iterable[Block], *, language: str) -> dict[str, object]:
    """A document of the blocks of a text of the market's, with its headings, lists and notes."""
    return _document(_editor_block(block, language) for block in blocks)


def in_language(text: Promise, language: str) -> str:
    """A word of ours in one language, whatever the request's own: answers are kept for everybody."""
    with override(language):
        return str(text)


def _editor_block(block: Block, language: str) -> dict[str, object]:
    if block.kind == "heading":
        return {"type": "header", "data": {"text": _html(block.text), "level": HEADING_LEVEL}}
    if block.kind == "list":
        return {"type": "list", "data": {"style": "unordered", "items": [_html(line) for line in block.lines]}}
    if block.kind == "uncertain":
        return {
            "type": "paragraph",
            "data": {"text": f"<b>{in_language(UNCERTAIN, language)}</b> {_html(block.text)}"},
        }
    return {"type": "paragraph", "data": {"text": _html(block.text)}}


def _document(blocks: Iterable[dict[str, object]]) -> dict[str, object]:
    return {"blocks": list(blocks), "version": EDITOR_VERSION}


def _html(text: str) -> str:
    return escape(text, quote=False)
