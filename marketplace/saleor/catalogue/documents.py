"""Texts as EditorJS documents, which Saleor keeps as JSON inside a string, and back."""

from __future__ import annotations

import json
from html import escape, unescape


def document_of(text: str) -> str:
    """A text with blank lines between its paragraphs, as Saleor takes it; a block's text is HTML there."""
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    blocks = [{"type": "paragraph", "data": {"text": escape(part, quote=False)}} for part in paragraphs]
    return json.dumps({"blocks": blocks}, ensure_ascii=False)


def text_of(document: object) -> str:
    """The text of what `document_of` wrote; of anything else what can be read of it, so that it differs."""
    try:
        told = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return str(document)
    blocks = told.get("blocks") if isinstance(told, dict) else None
    parts = [_paragraph(block) for block in blocks] if isinstance(blocks, list) else []
    return "\n\n".join(part for part in parts if part)


def _paragraph(block: object) -> str:
    data = block.get("data") if isinstance(block, dict) else None
    text = data.get("text") if isinstance(data, dict) else None
    return unescape(text) if isinstance(text, str) else ""
