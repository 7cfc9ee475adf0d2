"""Our plain texts as EditorJS documents, the form in which Saleor gives descriptions."""

from __future__ import annotations

import re
from html import escape

EDITOR_VERSION = "2.30.7"
_PARAGRAPHS = re.compile(r"\n{2,}")


def editor_document(text: str) -> dict[str, object] | None:
    """A document with a paragraph for each of `text`, or None for no text.

    The text of a block is HTML to whoever shows it, so that signs of HTML are escaped here.
    """
    if not text:
        return None
    paragraphs = (escape(paragraph, quote=False).replace("\n", "<br>") for paragraph in _PARAGRAPHS.split(text))
    blocks = [{"type": "paragraph", "data": {"text": paragraph}} for paragraph in paragraphs]
    return {"blocks": blocks, "version": EDITOR_VERSION}
