"""How a text is written: a few marks at the beginning of a line, read into blocks. Pure.

An empty line parts paragraphs. `## ` begins a heading, `- ` an item of a list, and `[?] ` a note of what is
not certain yet and who must confirm it, which the page shows as such. Anything else is plain text: no HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

HEADING, ITEM, UNCERTAIN = "## ", "- ", "[?] "
BlockKind = Literal["heading", "paragraph", "list", "uncertain"]


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or a note with one line, or a list with one line an item."""

    kind: BlockKind
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """What all of it says."""
        return " ".join(self.lines)


def read_blocks(body: str) -> list[Block]:
    """The blocks of a text in their order; any text can be read."""
    return [block for part in body.split("\n\n") for block in _blocks_of(part)]


def has_uncertain_parts(body: str) -> bool:
    """Whether somebody must still confirm a part of the text."""
    return any(block.kind == "uncertain" for block in read_blocks(body))


def _blocks_of(part: str) -> Iterator[Block]:
    """Lines of one kind that follow each other belong together, but for headings and notes."""
    kind: BlockKind = "paragraph"
    gathered: list[str] = []
    for line in part.split("\n"):
        line_kind, words = _read_line(line)
        if gathered and (line_kind != kind or kind in {"heading", "uncertain"}):
            yield Block(kind, tuple(gathered))
            gathered = []
        kind = line_kind
        gathered += [words] if words else []
    if gathered:
        yield Block(kind, tuple(gathered))


def _read_line(line: str) -> tuple[BlockKind, str]:
    if line.startswith(HEADING):
        return "heading", line.removeprefix(HEADING).strip()
    if line.startswith(ITEM):
        return "list", line.removeprefix(ITEM).strip()
    if line.startswith(UNCERTAIN):
        return "uncertain", line.removeprefix(UNCERTAIN).strip()
    return "paragraph", line.strip()
