"""Pages: the market's own texts that are in force, and a page for each public shop."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from marketplace.legal.models import LegalVersion
from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.catalog.factories import DAM_THUY, NENH, NOW, Shop, a_shop, on_sale
from vendors.models import Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

LEGAL_SLUGS = ["complaints", "operator", "privacy", "ranking", "returns", "rules"]
LIST = """query($first: Int, $last: Int, $after: String, $before: String, $where: PageWhereInput,
               $filter: PageFilterInput, $sortBy: PageSortingInput, $search: String, $channel: String) {
  pages(first: $first, last: $last, after: $after, before: $before, where: $where, filter: $filter, sortBy: $sortBy,
        search: $search, channel: $channel) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { node { slug } } } }"""


def slugs(**asked: Any) -> list[str]:
    found = ask(LIST, **{"first": 100, **asked} if "last" not in asked else asked)["pages"]
    return [edge["node"]["slug"] for edge in found["edges"]]


def refusal(**asked: Any) -> str:
    return str(post(LIST, **asked).json()["errors"][0]["message"])


def shops(*names: str, **more: Any) -> list[Shop]:
    return [a_shop(name, **more) for name in names]


def test_a_text_of_the_market_is_a_page_with_its_headings_and_lists() -> None:
    version = LegalVersion.objects.get(kind="rules")

    page = ask(
        """{ page(slug: "rules") { id slug title isPublished publishedAt seoTitle seoDescription content
             pageType { id slug name } metadata { key } } }"""
    )["page"]

    content = json.loads(page.pop("content"))
    assert page == {
        "id": gid("Page", 1),
        "slug": "rules",
        "title": "Quy chế hoạt động của Chợ 4.0",
        "isPublished": True,
        "publishedAt": version.published_at.isoformat(),
        "seoTitle": "Quy chế hoạt động của Chợ 4.0",
        "seoDescription": "Quy chế này nói chợ làm gì, người bán và người mua phải làm gì, "
        "và khi có việc thì xử lý ra sao.",
        "pageType": {"id": gid("PageType", 1), "slug": "legal", "name": "Quy định của chợ"},
        "metadata": [],
    }
    assert content["blocks"][1] == {"type": "header", "data": {"text": "Chợ là gì", "level": 2}}
    assert [block["type"] for block in content["blocks"]][:7] == [
        "paragraph", "header", "paragraph", "paragraph", "paragraph", "header", "list",
    ]  # fmt: skip
    assert content["blocks"][4]["data"]["text"].startswith("<b>Chờ xác nhận:</b> Luật sư xác nhận: chợ thuộc loại")


def test_a_shop_is_a_page_with_its_story() -> None:
    shop = a_shop("Bản Giốc").vendor
    Vendor.objects.filter(pk=shop.pk).update(story="Làm miến từ 1986.\n\nGiá < 100.000 ₫.", metadata={"erp": "77"})

    page = ask(
        """query($id: ID!) { page(id: $id) { id slug title content seoDescription publishedAt created isPublished
             pageType { id slug name } metafield(key: "erp") } }""",
        id=gid("Page", 1000 + shop.pk),
    )["page"]

    assert json.loads(page.pop("content"))["blocks"] == [
        {"type": "paragraph", "data": {"text": "Làm miến từ 1986."}},
        {"type": "paragraph", "data": {"text": "Giá &lt; 100.000 ₫."}},
    ]
    assert page == {
        "id": gid("Page", 1000 + shop.pk),
        "slug": "ban-gioc",
        "title": "Bản Giốc",
        "seoDescription": "Làm miến từ 1986. Giá < 100.000 ₫.",
        "publishedAt": NOW.isoformat(),
        "created": NOW.isoformat(),
        "isPublished": True,
        "pageType": {"id": gid("PageType", 2), "slug": "vendor", "name": "Gian hàng"},
        "metafield": "77",
    }


def test_a_page_has_the_same_slug_in_every_language() -> None:
    query = 'query($language: LanguageCodeEnum) { page(slug: "rules", slugLanguageCode: $language) { id } }'

    assert {code: ask(query, language=code)["page"]["id"] for code in (None, "VI", "EN", "FR")} == dict.fromkeys(
        (None, "VI", "EN", "FR"), gid("Page", 1)
    )


def test_a_page_is_told_in_vietnamese_and_where_there_is_one_in_its_english() -> None:
    told, untold = (shop.vendor for shop in shops("Bản Giốc", "Đông Khê"))
    Vendor.objects.filter(pk=told.pk).update(
        story="Làm miến.", translations={"en": {"name": "Ban Gioc", "story": "We make noodles."}}
    )
    query = """query($slug: String!, $code: LanguageCodeEnum!) { page(slug: $slug) {
        translation(languageCode: $code) { id title slug seoTitle seoDescription content
          language { code language } } } }"""

    english = ask(query, slug=told.slug, code="EN")["page"]["translation"]
    vietnamese = ask(query, slug=untold.slug, code="VI")["page"]["translation"]
    legal = ask(query, slug="privacy", code="EN")["page"]["translation"]

    assert json.loads(english.pop("content"))["blocks"][0]["data"]["text"] == "We make noodles."
    assert english == {
        "id": gid("PageTranslation", f"{1000 + told.pk}-en"),
        "title": "Ban Gioc",
        "slug": "ban-gioc",
        "seoTitle": "Ban Gioc",
        "seoDescription": "We make noodles.",
        "language": {"code": "EN", "language": "English"},
    }
    assert (vietnamese["title"], vietnamese["content"]) == ("Đông Khê", None)
    assert legal["title"] == LegalVersion.objects.get(kind="privacy").title_en
    assert "<b>To be confirmed:</b>" in legal["content"]
    for slug, code in ((untold.slug, "EN"), (told.slug, "FR"), ("privacy", "FR")):
        assert ask(query, slug=slug, code=code)["page"]["translation"] is None


@pytest.mark.parametrize(
    "asked",
    [
        {"slug": "nobody"}, {"slug": ""}, {"slug": "x" * 300}, {"slug": "nobody_shop"}, {"id": gid("Page", 7)},
        {"id": gid("Page", 1000)}, {"id": gid("Page", 999_999_999)}, {"id": gid("Page", 2**63 - 1)},
        {"slug": "rules", "channel": "stall"},
    ],
)  # fmt: skip
def test_what_is_no_page_is_null(asked: dict[str, str]) -> None:
    query = """query($id: ID, $slug: String, $channel: String) { page(id: $id, slug: $slug, channel: $channel) {
        id } }"""

    assert ask(query, **asked) == {"page": None}


def test_a_shop_that_may_not_sell_and_a_text_before_its_day_are_no_pages() -> None:
    hidden = a_shop("Chưa duyệt", verified=False).vendor
    first = LegalVersion.objects.get(kind="rules")
    LegalVersion.objects.create(
        kind="rules", number=2, effective_on=(NOW + timedelta(days=3)).date(), title_vi="Bản sau", title_en="Later",
        body_vi="Sau.", body_en="Later.", published_at=NOW,
    )  # fmt: skip

    assert ask("query($slug: String) { page(slug: $slug) { id } }", slug=hidden.slug) == {"page": None}
    assert slugs() == LEGAL_SLUGS
    assert ask('{ page(slug: "rules") { title } }') == {"page": {"title": first.title_vi}}


def test_a_shop_called_as_a_text_does_not_take_its_slug() -> None:
    shop = a_shop("Rules").vendor

    assert shop.slug == "rules"
    assert slugs() == [*LEGAL_SLUGS, "rules_shop"]
    assert ask('{ page(slug: "rules_shop") { id } }') == {"page": {"id": gid("Page", 1000 + shop.pk)}}
    assert slugs(where={"slug": {"oneOf": ["rules", "rules_shop"]}}) == ["rules", "rules_shop"]
    assert slugs(where={"slug": {"eq": "rules"}}) == ["rules"]


@pytest.mark.parametrize("size", [2])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ["SLUG", "TITLE", "CREATED_AT", "PUBLISHED_AT"])
def test_texts_and_shops_are_paged_in_one_order_both_ways(field: str, direction: str, size: int) -> None:
    shops("Zơ", "Mai Châu", "An Lạc")
    sort = {"field": field, "direction": direction}
    whole = slugs(sortBy=sort)

    forwards, asked = [], {"first": size}
    while True:
        page = ask(LIST, sortBy=sort, **asked)["pages"]
        forwards += [edge["node"]["slug"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        asked = {"first": size, "after": page["pageInfo"]["endCursor"]}
    backwards: list[str] = []
    asked = {"last": size}
    while True:
        page = ask(LIST, sortBy=sort, **asked)["pages"]
        backwards = [edge["node"]["slug"] for edge in page["edges"]] + backwards
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        asked = {"last": size, "before": page["pageInfo"]["startCursor"]}

    assert len(whole) == len(set(whole)) == 9
    assert forwards == backwards == whole
    assert page["totalCount"] == 9


def test_pages_come_by_slug_and_as_is_asked() -> None:
    shops("Zơ", "Mai Châu", "An Lạc")
    by_slug = ["an-lac", "complaints", "mai-chau", "operator", "privacy", "ranking", "returns", "rules", "zo"]

    def by(field: str, direction: str = "ASC") -> list[str]:
        return slugs(sortBy={"field": field, "direction": direction})

    assert slugs() == by("SLUG") == by("VISIBILITY") == by("SLUG", "DESC")[::-1] == by_slug
    assert by("TITLE") == by("TITLE", "DESC")[::-1] == [
        "an-lac", "privacy", "ranking", "operator", "returns", "complaints", "mai-chau", "rules", "zo",
    ]  # fmt: skip
    texts_first = ["rules", "privacy", "returns", "complaints", "ranking", "operator", "zo", "mai-chau", "an-lac"]
    for field in ("CREATED_AT", "CREATION_DATE", "PUBLISHED_AT", "PUBLICATION_DATE"):
        assert by(field) == texts_first


def test_reading_goes_on_where_it_was_while_shops_come_and_go() -> None:
    shops("An Lạc", "Mai Châu", "Zơ")
    first = ask(LIST, first=4)["pages"]
    Vendor.objects.filter(slug="mai-chau").update(verification="none")
    shops("Ba Bể", "Ná Ngần")

    second = ask(LIST, first=100, after=first["pageInfo"]["endCursor"])["pages"]

    assert [edge["node"]["slug"] for edge in first["edges"]] == ["an-lac", "complaints", "mai-chau", "operator"]
    assert [edge["node"]["slug"] for edge in second["edges"]] == ["privacy", "ranking", "returns", "rules", "zo"]
    back = ask(LIST, last=2, before=second["pageInfo"]["startCursor"])["pages"]
    assert [edge["node"]["slug"] for edge in back["edges"]] == ["na-ngan", "operator"]


def test_a_shop_that_went_is_still_a_place_to_read_on_from() -> None:
    shops("An Lạc", "Mai Châu")
    first = ask(LIST, first=3)["pages"]
    Vendor.objects.filter(slug="mai-chau").update(verification="none")

    assert slugs(after=first["pageInfo"]["endCursor"]) == ["operator", "privacy", "ranking", "returns", "rules"]


def test_what_is_looked_for_begins_words_of_the_title_and_the_nearest_come_first() -> None:
    shops("Quy Nhơn", "Hạt điều Quy Nhơn", "Quế Trà My")

    assert slugs(search="quy") == ["rules", "quy-nhon", "complaints", "hat-dieu-quy-nhon"]
    assert slugs(filter={"search": "Quy nhon"}) == ["quy-nhon", "hat-dieu-quy-nhon"]
    by_rank = {"field": "RANK", "direction": "ASC"}
    assert slugs(search="quy", sortBy=by_rank) == ["complaints", "hat-dieu-quy-nhon", "rules", "quy-nhon"]
    assert slugs(search="uế") == slugs(search="100%") == []
    assert refusal(first=1, sortBy=by_rank) == "Sorting by RANK needs a search text."


WISHES = [
    ({"ids": ["1", "4", "s0"]}, ["ban-gioc", "complaints", "rules"]),
    ({"ids": []}, []),
    ({"slug": {"eq": "rules"}}, ["rules"]),
    ({"slug": {"oneOf": ["ban-gioc", "rules", "no"]}}, ["ban-gioc", "rules"]),
    ({"slug": {"oneOf": []}}, []),
    ({"pageType": {"eq": "t1"}}, LEGAL_SLUGS),
    ({"pageType": {"oneOf": ["t2"]}}, ["ban-gioc", "nenh"]),
    ({"pageType": {"oneOf": ["t1", "t2"]}}, ["ban-gioc", *LEGAL_SLUGS[:1], "nenh", *LEGAL_SLUGS[1:]]),
    ({"metadata": {"key": "erp"}}, ["ban-gioc", "nenh"]),
    ({"metadata": {"key": "erp", "value": {"eq": "77"}}}, ["ban-gioc"]),
    ({"metadata": {"key": "erp", "value": {"oneOf": ["77", "78"]}}}, ["ban-gioc", "nenh"]),
    ({"metadata": {"key": "erp", "value": {"oneOf": []}}}, []),
    ({"metadata": {"key": "a\"__b'%"}}, []),
    ({"attributes": [{"slug": "vendor-kind"}]}, ["ban-gioc", "nenh"]),
    ({"attributes": [{"slug": "vendor-kind", "value": {"slug": {"eq": "household"}}}]}, ["nenh"]),
    ({"attributes": [{"slug": "vendor-kind", "value": {"name": {"eq": "Hợp tác xã"}}}]}, ["ban-gioc"]),
    ({"attributes": [{"slug": "vendor-province", "value": {"slug": {"eq": "24"}}}]}, ["nenh"]),
    ({"attributes": [{"slug": "vendor-commune", "value": {"name": {"oneOf": ["Phường Nếnh"]}}}]}, ["nenh"]),
    ({"attributes": [{"slug": "market-site"}]}, []),
    ({"attributes": [{"slug": "stall"}]}, ["ban-gioc"]),
    ({"attributes": [{"slug": "stall", "value": {"name": {"eq": "A12"}}}]}, ["ban-gioc"]),
    ({"attributes": [{"slug": "vendor-kind"}, {"slug": "stall"}]}, ["ban-gioc"]),
    ({"attributes": [{"slug": "colour"}]}, []),
    ({"attributes": [{"slug": "stall", "value": {"boolean": True}}]}, []),
    ({"attributes": [{"slug": "stall", "value": {"date": {"gte": "2026-01-01"}}}]}, []),
    ({"attributes": [{"slug": "stall", "value": {"numeric": {"eq": 3}}}]}, []),
    ({"AND": [{"slug": {"oneOf": ["rules", "nenh"]}}, {"pageType": {"eq": "t2"}}]}, ["nenh"]),
    ({"OR": [{"slug": {"eq": "rules"}}, {"metadata": {"key": "erp", "value": {"eq": "78"}}}]}, ["nenh", "rules"]),
    ({"OR": [{"AND": [{"slug": {"eq": "rules"}}, {"slug": {"eq": "nenh"}}]}, {"ids": ["2"]}]}, ["privacy"]),
]


def with_ids(wish: Any, first_shop: int) -> Any:
    """The wish with global ids for `1`, for the shop `s0` and for the page types `t1` and `t2`."""
    if isinstance(wish, dict):
        return {name: with_ids(value, first_shop) for name, value in wish.items()}
    if isinstance(wish, list):
        return [with_ids(one, first_shop) for one in wish]
    if isinstance(wish, str) and wish in {"t1", "t2"}:
        return gid("PageType", wish[1:])
    if wish == "s0":
        return gid("Page", 1000 + first_shop)
    return gid("Page", wish) if isinstance(wish, str) and wish in {"1", "2", "4"} else wish


def test_pages_are_what_where_asks_for() -> None:
    shop, other = a_shop("Bản Giốc", stall_label="A12").vendor, a_shop("Nếnh", commune=NENH).vendor
    Vendor.objects.filter(pk=shop.pk).update(metadata={"erp": "77"})
    Vendor.objects.filter(pk=other.pk).update(metadata={"erp": "78"}, kind="household")

    found = [slugs(where=with_ids(wish, shop.pk)) for wish, _slugs in WISHES]

    assert found == [expected for _wish, expected in WISHES]


def test_pages_are_what_the_older_filter_asks_for() -> None:
    shop, other = a_shop("Bản Giốc").vendor, a_shop("Nếnh", commune=NENH).vendor
    Vendor.objects.filter(pk=shop.pk).update(metadata={"erp": "77"})

    assert slugs(filter={"slugs": ["rules", "nenh"]}) == ["nenh", "rules"]
    assert slugs(filter={"ids": [gid("Page", 2), gid("Page", 1000 + other.pk)]}) == ["nenh", "privacy"]
    assert slugs(filter={"pageTypes": [gid("PageType", 2)]}) == ["ban-gioc", "nenh"]
    assert slugs(filter={"metadata": [{"key": "erp"}]}) == ["ban-gioc"]
    assert slugs(filter={"metadata": [{"key": "erp", "value": "78"}]}) == []
    assert len(slugs(filter={})) == len(slugs(filter={"metadata": []})) == 8


def test_what_cannot_be_asked_of_pages_is_refused() -> None:
    a_shop("Bản Giốc")
    cursor = ask(LIST, first=1)["pages"]["pageInfo"]["endCursor"]
    bad_cursors = [
        "x", gid("a", 1), base64.b64encode(b'["text", 99]').decode(), base64.b64encode(b'["shop", -1, "x"]').decode(),
        base64.b64encode(b'["shop", 0, "x"]').decode(), base64.b64encode(b'["shop", 0, ""]').decode(),
        base64.b64encode(b"[" * 900).decode(), f"{cursor}!",
    ]  # fmt: skip

    assert [refusal(first=1, after=bad) for bad in bad_cursors] == ["Received cursor is invalid."] * 8
    assert refusal() == "You must provide a `first` or `last` value to properly paginate the `pages` connection."
    assert refusal(first=1, where={"ids": ["bad"]}) == "Invalid ID: bad. Expected: Page."
    assert refusal(first=1, where={"pageType": {"eq": gid("Page", 1)}}).endswith("Expected: PageType.")
    assert refusal(first=1, where={"ids": [gid("Page", 1)] * 101}) == ("At most 100 values may be named in a filter.")
    assert refusal(first=1, where={"ids": []}, filter={"ids": [gid("Page", 1)]}) == (
        "Only one filtering argument (filter or where) can be specified."
    )
    assert "conditions at most" in refusal(first=1, where={"OR": [{"ids": []}] * 60})
    assert slugs(channel="stall") == []


def test_a_shops_page_says_in_attributes_who_it_is_and_where() -> None:
    shop = a_shop("Bản Giốc", stall_label="A12").vendor
    Vendor.objects.filter(pk=shop.pk).update(registration_number="0104567890")
    query = """query($slug: String!) { page(slug: $slug) {
      assignedAttributes(limit: 3) { attribute { id slug name type inputType translation(languageCode: EN) { name } }
        ... on AssignedSingleChoiceAttribute { value { slug name translation(languageCode: EN) } } }
      stall: assignedAttribute(slug: "stall") { ... on AssignedPlainTextAttribute { text: value } }
      colour: assignedAttribute(slug: "colour") { attribute { slug } }
      attributes { attribute { slug } values { name slug plainText } }
      attribute(slug: "phone") { values { plainText } }
      pageType { attributes { slug } } } }"""

    page = ask(query, slug=shop.slug)["page"]
    legal = ask(query, slug="rules")["page"]

    assert page["assignedAttributes"][0] == {
        "attribute": {
            "id": gid("Attribute", 101),
            "slug": "vendor-kind",
            "name": "Loại hình",
            "type": "PAGE_TYPE",
            "inputType": "DROPDOWN",
            "translation": {"name": "Kind of shop"},
        },
        "value": {"slug": "cooperative", "name": "Hợp tác xã", "translation": "Cooperative"},
    }
    assert [one["value"] for one in page["assignedAttributes"][1:]] == [
        {"slug": "04", "name": "Tỉnh Cao Bằng", "translation": None},
        {"slug": DAM_THUY, "name": "Xã Đàm Thủy", "translation": None},
    ]
    assert (page["stall"], page["colour"]) == ({"text": "A12"}, None)
    assert [one["attribute"]["slug"] for one in page["attributes"]] == [
        "vendor-kind", "vendor-province", "vendor-commune", "stall", "phone", "registration-number",
    ]  # fmt: skip
    assert page["attributes"][-1]["values"] == [
        {"name": "0104567890", "slug": "0104567890", "plainText": "0104567890"}
    ]
    assert page["attribute"] == {"values": [{"plainText": "+84912345678"}]}
    assert [one["slug"] for one in page["pageType"]["attributes"]] == [
        "vendor-kind", "vendor-province", "vendor-commune", "market-site", "stall", "address", "phone",
        "registration-number",
    ]  # fmt: skip
    assert (legal["attributes"], legal["assignedAttributes"], legal["pageType"]["attributes"]) == ([], [], [])


def test_a_product_refers_to_its_shops_page() -> None:
    shop = a_shop("Bản Giốc")
    product = on_sale(shop)
    page_id = gid("Page", 1000 + shop.vendor.pk)

    found = ask(
        """query($id: ID) { product(id: $id) { assignedAttribute(slug: "vendor") {
             ... on AssignedSinglePageReferenceAttribute { value { id title pageType { slug } } } }
           attribute(slug: "vendor") { values { reference name } } } }""",
        id=gid("Product", product.pk),
    )["product"]

    assert found == {
        "assignedAttribute": {"value": {"id": page_id, "title": "Bản Giốc", "pageType": {"slug": "vendor"}}},
        "attribute": {"values": [{"reference": page_id, "name": "Bản Giốc"}]},
    }
