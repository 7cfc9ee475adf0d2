"""Pages as Saleor knows them, made of what the market has: its own texts, and one page for each public shop.

The numbers of the two kinds never meet: texts have small ones, a shop's is its own number and an offset.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from marketplace.api.graphql.types.texts import editor_document, editor_document_of
from marketplace.core.languages import ENGLISH, SEO_DESCRIPTION_CHARACTERS_MAX, SOURCE, shortened
from marketplace.core.text import name_sort_key
from marketplace.legal.markup import read_blocks
from marketplace.legal.models import Kind, LegalVersion
from vendors.models import Vendor

SHOP_PAGES_BEGIN: Final = 1_000
"""A shop's page has the shop's number and this: below it there is room for the market's own texts."""
LEGAL_PAGE_NUMBERS: Final[Mapping[str, int]] = {
    Kind.RULES: 1,
    Kind.PRIVACY: 2,
    Kind.RETURNS: 3,
    Kind.COMPLAINTS: 4,
    Kind.RANKING: 5,
    Kind.OPERATOR: 6,
}
"""Fixed for ever: clients keep ids."""
SHOP_SUFFIX: Final = "_shop"
"""Behind the slug of a shop that is called as one of the texts; no shop's own slug holds an underscore."""


class PageKind(Enum):
    """What a page is about; Saleor's page type. The value is its slug."""

    LEGAL = "legal"
    VENDOR = "vendor"

    @property
    def number(self) -> int:
        """Of its id."""
        return 1 if self is PageKind.LEGAL else 2

    @property
    def metadata(self) -> Mapping[str, str]:
        """Empty: page types are no program's to write on."""
        return {}

    @property
    def title(self) -> str:
        """Its name for people, in Vietnamese."""
        return "Quy định của chợ" if self is PageKind.LEGAL else "Gian hàng"


@dataclass(frozen=True)
class PageText:
    """The words of a page in one language."""

    language: str
    """Two small letters."""
    title: str
    body: Callable[[], str]
    """Read only when it is asked for."""
    is_marked: bool
    """Whether the body is written with the marks of `marketplace.legal.markup`."""

    @property
    def document(self) -> dict[str, object] | None:
        """The content for EditorJS."""
        body = self.body()
        if self.is_marked:
            return editor_document_of(read_blocks(body), language=self.language)
        return editor_document(body)

    @property
    def description(self) -> str | None:
        """The first words of the content, for search engines."""
        body = self.body()
        if self.is_marked:
            body = next((block.text for block in read_blocks(body) if block.kind == "paragraph"), "")
        return shortened(body, characters_max=SEO_DESCRIPTION_CHARACTERS_MAX) or None


@dataclass(frozen=True)
class PageRow:
    """A page: a text of the market's, or a shop's."""

    pk: int
    kind: PageKind
    slug: str
    text: PageText
    """In Vietnamese."""
    published_at: datetime
    created: datetime
    sort_key: str
    """Of the title."""
    metadata: dict[str, Any]
    vendor: Vendor | None = None
    version: LegalVersion | None = None

    @property
    def title(self) -> str:
        """In Vietnamese."""
        return self.text.title

    def text_in(self, language: str) -> PageText | None:
        """The words in a language (two small letters); None where the page is not told in it."""
        if language == SOURCE:
            return self.text
        if self.version is not None:
            return _legal_text(self.version, ENGLISH) if language == ENGLISH else None
        return None if self.vendor is None else _shop_text_in(self.vendor, language)


def page_of_version(version: LegalVersion) -> PageRow:
    """The page of a text in the version that is in force."""
    text = _legal_text(version, SOURCE)
    return PageRow(
        pk=LEGAL_PAGE_NUMBERS[version.kind],
        kind=PageKind.LEGAL,
        slug=version.kind,
        text=text,
        published_at=version.published_at,
        created=version.published_at,
        sort_key=name_sort_key(text.title),
        metadata={},
        version=version,
    )


def page_of_vendor(vendor: Vendor) -> PageRow:
    """The page of a public shop: what Saleor advises marketplaces to keep for each seller."""
    return PageRow(
        pk=SHOP_PAGES_BEGIN + vendor.pk,
        kind=PageKind.VENDOR,
        slug=page_slug(vendor.slug),
        text=_shop_text(SOURCE, vendor.name, vendor.story),
        published_at=vendor.verified_at or vendor.made_at,
        created=vendor.made_at,
        sort_key=vendor.sort_key,
        metadata=vendor.metadata,
        vendor=vendor,
    )


def page_slug(vendor_slug: str) -> str:
    """The slug of a shop's page: the shop's own, unless a text of the market's has that one."""
    return f"{vendor_slug}{SHOP_SUFFIX}" if vendor_slug in LEGAL_PAGE_NUMBERS else vendor_slug


def vendor_slug_of(slug: str) -> str | None:
    """The slug of the shop whose page has this slug; None where it is a text's."""
    if slug in LEGAL_PAGE_NUMBERS:
        return None
    own = slug.removesuffix(SHOP_SUFFIX)
    return own if own in LEGAL_PAGE_NUMBERS else slug


def _legal_text(version: LegalVersion, language: str) -> PageText:
    if language == ENGLISH:
        return PageText(language, version.title_en, lambda: version.body_en, is_marked=True)
    return PageText(language, version.title_vi, lambda: version.body_vi, is_marked=True)


def _shop_text(language: str, name: str, story: str) -> PageText:
    return PageText(language, name, lambda: story, is_marked=False)


def _shop_text_in(vendor: Vendor, language: str) -> PageText | None:
    words = vendor.translations.get(language) or {}
    if not words.get("name") and not words.get("story"):
        return None
    return _shop_text(language, vendor.translated("name", language), vendor.translated("story", language))
