"""The languages that the market's own texts are kept in: Vietnamese is the source, others stand beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

SOURCE = "vi"
ENGLISH = "en"
NAMES = {SOURCE: "Vietnamese", ENGLISH: "English"}
"""Each language by its code, called as Saleor calls it."""
SEO_TITLE_CHARACTERS_MAX = 70
SEO_DESCRIPTION_CHARACTERS_MAX = 300
"""Saleor's own bounds of what a search engine is told."""

_SPACES = re.compile(r"\s+")


class Translated(Protocol):
    """A row of `WithTranslations` that has a name."""

    name: str
    translations: dict[str, dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What something says of itself in one language; None for a text that was not translated."""

    language: str
    name: str
    slug: str | None = None
    description: str | None = None

    @property
    def seo_title(self) -> str:
        """The name, as long as a search engine shows of it."""
        return shortened(self.name, characters_max=SEO_TITLE_CHARACTERS_MAX)

    @property
    def seo_description(self) -> str | None:
        """The beginning of the description, on one line."""
        if not self.description:
            return None
        return shortened(self.description, characters_max=SEO_DESCRIPTION_CHARACTERS_MAX)


def texts_of(row: Translated, language: str) -> Texts | None:
    """The texts of a row in a language; None where it has none. A name that is missing is the source's."""
    if language == SOURCE:
        slug, description = getattr(row, "slug", None), getattr(row, "description", None)
        return Texts(language=language, name=row.name, slug=slug, description=description)
    given = row.translations.get(language)
    if not given:
        return None
    return Texts(
        language=language,
        name=given.get("name") or row.name,
        slug=given.get("slug"),
        description=given.get("description"),
    )


def shortened(text: str, *, characters_max: int) -> str:
    """The text on one line; a longer one ends after a whole word, with an ellipsis."""
    line = _SPACES.sub(" ", text).strip()
    if len(line) <= characters_max:
        return line
    cut = line[:characters_max]
    return f"{cut.rpartition(' ')[0] or cut[:-1]}…"
