"""A version of a text as the page shows it, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from marketplace.legal.markup import Block, has_uncertain_parts, read_blocks
from marketplace.legal.models import LegalVersion


@dataclass(frozen=True)
class Listed:
    """One version in a list."""

    kind: str
    number: int
    title: str
    changes: str
    effective_on: date
    is_in_force: bool
    is_ahead: bool
    """Announced, and in force from a later day on."""


@dataclass(frozen=True)
class LegalPage:
    """One version with its words, and where it stands among the others."""

    version: Listed
    blocks: list[Block]
    is_uncertain: bool
    is_translation: bool
    """Whether this is the English text, beside which the Vietnamese one binds."""
    others: list[Listed]


def listed(version: LegalVersion, *, in_force: int, today: date) -> Listed:
    """`version` in the language of the page; `in_force` is the number of the one that binds today."""
    english = _is_english()
    return Listed(
        kind=version.kind,
        number=version.number,
        title=version.title_en if english else version.title_vi,
        changes=version.changes_en if english else version.changes_vi,
        effective_on=version.effective_on,
        is_in_force=version.number == in_force,
        is_ahead=version.effective_on > today,
    )


def legal_page(version: LegalVersion, *, versions: Sequence[LegalVersion], today: date) -> LegalPage:
    """`version` as its page shows it; `versions` are all of its text, newest first."""
    in_force = next((row.number for row in versions if row.effective_on <= today), 0)
    body = version.body_en if _is_english() else version.body_vi
    return LegalPage(
        version=listed(version, in_force=in_force, today=today),
        blocks=read_blocks(body),
        is_uncertain=has_uncertain_parts(body),
        is_translation=_is_english(),
        others=[listed(row, in_force=in_force, today=today) for row in versions if row.number != version.number],
    )


def _is_english() -> bool:
    return get_language() == "en"
