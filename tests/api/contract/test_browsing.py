"""The queries by which Saleor's storefront is browsed, on the demo market: exact values, out of the market's rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import ExecutionResult, GraphQLSchema, execute_sync

from catalog.categories import category_by_slug
from catalog.collections import all_collections
from catalog.models import OcopCertificate, Product, ProductVariant
from catalog.selectors import available_quantity, media_of, variants_of, visible_products
from marketplace.api.graphql.context import issuer
from marketplace.api.graphql.execution import Plans
from marketplace.core.clock import vietnam_date
from marketplace.demo.cast import CAST, SHOP_OF_DEMO_OWNER
from marketplace.legal.selectors import texts_in_force
from marketplace.people.models import User
from marketplace.people.sessions import note_program
from marketplace.people.tokens import issue_tokens
from marketplace.places.selectors import list_provinces
from tests.api.asking import ask, post
from tests.api.contract.conftest import NOW
from tests.api.contract.documents import document
from tests.api.contract.expected import Answer, card, category_of, document_of, money, photo, prices, taxed
from tests.api.ids import gid
from vendors.models import Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock", "demo_market")]

SHOP = {"channel": "online", "language": "EN"}


def asked(name: str, **variables: Any) -> Answer:
    return ask(document(name), **variables)


def cards(connection: Answer) -> list[Answer]:
    return [edge["node"] for edge in connection["edges"]]


def goods(**conditions: Any) -> list[Product]:
    """What shoppers see without saying their age, by slug."""
    return list(visible_products(age_declared=False).filter(**conditions).order_by("slug"))


def texts(of: Any, *, language: str) -> Answer:
    """A category's or collection's own words in a language."""
    words = of.texts[language]
    return {
        "name": words.name,
        "slug": words.slug,
        "description": json.dumps(document_of(words.description), ensure_ascii=False),
        "seoTitle": words.seo_title,
        "seoDescription": words.seo_description,
    }


# Lists of goods.


def test_the_first_page_of_goods_is_that_of_the_catalogue(demo_market: Path) -> None:
    products = asked("ProductList", **SHOP)["products"]

    assert len(goods()) > 12
    assert cards(products) == [card(product) for product in goods()[:12]]
    assert all(Path(demo_market, one["thumbnail"]["url"].partition("/media/")[2]).exists() for one in cards(products))


def test_goods_are_paged_by_price_forwards_and_backwards() -> None:
    kind = {"category": {"oneOf": [gid("Category", number) for number in (7, 8, 11)]}}
    ours = sorted(
        goods(ocop_set__in=[7, 8, 11]), key=lambda one: (variants_of(one)[0].price_vnd, one.pk), reverse=True
    )
    by = {**SHOP, "where": kind, "sortBy": {"field": "PRICE", "direction": "DESC"}}

    first = asked("ProductListPaginated", first=3, **by)["products"]
    second = asked("ProductListPaginated", first=3, after=first["pageInfo"]["endCursor"], **by)["products"]
    back = asked("ProductListPaginated", last=3, before=second["pageInfo"]["startCursor"], **by)["products"]

    assert cards(first) == [card(product) for product in ours[:3]]
    assert cards(second) == [card(product) for product in ours[3:6]]
    assert cards(back) == cards(first)
    assert [page["totalCount"] for page in (first, second, back)] == [len(ours)] * 3
    info = first["pageInfo"]
    assert (info["hasPreviousPage"], info["hasNextPage"]) == (False, len(ours) > 3)
    assert (info["startCursor"], info["endCursor"]) == (first["edges"][0]["cursor"], first["edges"][2]["cursor"])


def test_goods_are_found_by_words_without_their_marks() -> None:
    named = [product for product in goods() if "Kolia" in product.name]
    by_price = sorted(named, key=lambda one: (variants_of(one)[0].price_vnd, one.pk))
    words = {"search": "tra kolia"}

    best = asked("SearchProducts", filter=words, **SHOP)["products"]
    cheapest = asked("SearchProducts", filter=words, sortBy={"field": "MINIMAL_PRICE", "direction": "ASC"}, **SHOP)[
        "products"
    ]

    assert best["totalCount"] == cheapest["totalCount"] == len(named) == 4
    assert {one["slug"] for one in cards(best)} == {product.slug for product in named}
    assert cards(cheapest) == [card(product) for product in by_price]


def test_a_category_shows_its_words_and_the_goods_of_all_its_sets() -> None:
    food = category_by_slug("food", language="en")
    assert food is not None
    ours = goods(ocop_set__in=food.set_numbers)
    pricey = [product for product in ours if variants_of(product)[0].price_vnd >= 100_000]

    found = asked("ProductListByCategory", slug="food", slugLanguage="EN", **SHOP)["category"]
    by = {"slug": food.slug, "sortBy": {"field": "NAME", "direction": "ASC"}, **SHOP}
    narrowed = asked("ProductListByCategory", where={"minimalPrice": {"range": {"gte": 100_000}}}, **by)["category"]
    as_before = asked("ProductListByCategory", filter={"price": {"gte": 100_000}}, **by)["category"]

    goods_of_it = found.pop("products")
    assert found.pop("backgroundImage")["alt"] in {product.name for product in ours}
    assert found == {
        "id": gid("Category", food.no),
        **texts(food, language="vi"),
        "translation": texts(food, language="en"),
    }
    assert (goods_of_it["totalCount"], cards(goods_of_it)) == (len(ours), [card(one) for one in ours[:12]])
    assert [one["slug"] for one in cards(narrowed["products"])] == [
        product.slug for product in sorted(pricey, key=lambda one: (one.sort_key, one.pk))[:12]
    ]
    assert as_before == narrowed


def test_a_collection_shows_the_goods_that_have_its_stars() -> None:
    five_stars = next(one for one in all_collections(age_declared=False) if one.value == "5")
    starred = OcopCertificate.objects.filter(stars=5, expires_on__gte=vietnam_date(NOW)).values("product")
    ours = goods(pk__in=starred)
    slug = five_stars.texts["en"].slug

    found = asked("ProductListByCollection", slug=slug, slugLanguage="EN", **SHOP)["collection"]
    by = {"slug": five_stars.slug, "sortBy": {"field": "DATE", "direction": "DESC"}, **SHOP}
    in_stock = asked("ProductListByCollection", filter={"stockAvailability": "IN_STOCK"}, **by)["collection"]
    dear = asked("ProductListByCollection", where={"price": {"range": {"gte": 10**9}}}, **by)["collection"]

    goods_of_it = found.pop("products")
    assert len(ours) > 0
    assert found.pop("backgroundImage")["alt"] in {product.name for product in ours}
    assert found == {
        "id": gid("Collection", five_stars.no),
        **texts(five_stars, language="vi"),
        "translation": texts(five_stars, language="en"),
    }
    assert cards(goods_of_it) == cards(in_stock["products"]) == [card(product) for product in ours]
    assert (dear["id"], dear["products"]["totalCount"]) == (found["id"], 0)


def test_categories_are_named_by_slug() -> None:
    tea, honey = (category_by_slug(slug, language="en") for slug in ("11-fresh-and-processed-tea", "food"))
    assert tea is not None
    assert honey is not None

    found = asked("CategoriesBySlug", filter={"slugs": [tea.slug, honey.slug]}, language="EN")["categories"]

    assert [(one["slug"], one["translation"]["name"]) for one in cards(found)] == [
        (one.slug, one.texts["en"].name) for one in (honey, tea)
    ]


# One product.


def test_a_product_says_all_that_is_known_of_it() -> None:
    product = Product.objects.get(translations__en__isnull=False, vendor__name=SHOP_OF_DEMO_OWNER)
    english, (media,) = product.translations["en"], media_of(product)
    certificate = product.certificates.get()

    by = {"attribute": "stars", **SHOP}
    found = asked("ProductDetails", slug=product.slug, **by)["product"]
    by_english = asked("ProductDetails", slug=english["slug"], slugLanguage="EN", **by)["product"]

    attributes = {one["attribute"]["slug"]: one for one in found["assignedAttributes"]}
    assert found["id"] == by_english["id"] == gid("Product", product.pk)
    assert json.loads(found["description"]) == document_of(product.description)
    assert (found["seoTitle"], found["pricing"]) == (product.name, prices(variants_of(product)))
    assert found["media"] == [photo(media, 1024)]
    assert found["translation"]["language"] == {"code": "EN"}
    assert found["translation"]["name"] == english["name"]
    assert json.loads(found["translation"]["description"]) == document_of(english["description"])
    assert found["assignedAttribute"] == attributes["stars"]
    assert attributes["stars"]["number"] == float(certificate.stars)
    assert attributes["ocop-set"]["choice"] == {
        "name": category_of(product).name,
        "slug": category_of(product).slug,
        "translation": category_of(product).texts["en"].name,
    }
    assert attributes["province"]["choice"]["name"] == product.commune_of_origin.province.name
    assert attributes["is-alcohol"]["isTrue"] is False
    assert attributes["storage"]["text"] == product.storage_note
    assert attributes["specialities"]["collection"]["name"] == "Đặc sản Cao Bằng"
    assert attributes["vendor"]["attribute"]["translation"] == {"name": "Shop"}


def test_the_kinds_of_a_product_are_chosen_by_their_attributes() -> None:
    product = Product.objects.get(slug="hong-tra-kolia-cao-bang")
    (variant,), (media,) = variants_of(product), media_of(product)

    found = asked("ProductVariantsForPdp", slug=product.slug, **SHOP)["product"]["productVariants"]

    (kind,) = cards(found)
    assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (1, False)
    assert kind["id"] == gid("ProductVariant", variant.pk)
    assert kind["quantityAvailable"] == available_quantity([variant.pk])[variant.pk] > 0
    assert kind["pricing"] == {"price": taxed(variant.price_vnd), "priceUndiscounted": taxed(variant.price_vnd)}
    assert kind["media"] == [photo(media, 1024)]
    assert [(one["attribute"]["slug"], [value["name"] for value in one["values"]]) for one in kind["attributes"]] == [
        ("unit", [variant.unit])
    ]


def test_a_kind_is_found_by_its_id_and_by_its_sku() -> None:
    product = Product.objects.get(slug="hong-tra-kolia-cao-bang")
    variant = variants_of(product)[0]
    ProductVariant.objects.filter(pk=variant.pk).update(sku="KOLIA-HONG-TRA")

    by_id = asked("ProductVariantForPdp", id=gid("ProductVariant", variant.pk), **SHOP)["productVariant"]
    by_sku = asked("ProductVariantForPdp", sku="KOLIA-HONG-TRA", **SHOP)["productVariant"]

    assert by_id == by_sku
    assert (by_id["sku"], by_id["name"]) == ("KOLIA-HONG-TRA", variant.unit)
    assert by_id["product"] == {"id": gid("Product", product.pk), "slug": product.slug, "name": product.name}
    assert by_id["pricing"]["price"]["gross"] == money(variant.price_vnd)


# What stands around the goods.


def test_the_channel_is_the_online_market_of_vietnam() -> None:
    assert asked("channel", slug="online")["channel"] == {
        "id": gid("Channel", 1),
        "name": "Trên mạng",
        "slug": "online",
        "isActive": True,
        "currencyCode": "VND",
        "countries": [{"code": "VN", "country": "Việt Nam"}],
    }


def test_channels_are_listed_for_staff_and_refused_to_others() -> None:
    staff = User.objects.get(phone=next(person.phone for person in CAST if person.role == "commune"))
    signed_in = note_program(user=staff, user_agent="", address="", by_two_steps=True, now=NOW)
    token = issue_tokens(user=staff, now=NOW, issuer=issuer(), sign_in=signed_in).access

    listed = ask(document("ChannelsList"), headers={"Authorization": f"Bearer {token}"})["channels"]
    refused = post(document("ChannelsList")).json()

    assert [one["slug"] for one in listed] == ["online", "stall"]
    assert refused["data"] == {"channels": None}
    assert refused["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


def test_the_menus_lead_to_goods_and_to_the_texts_in_force() -> None:
    navbar = asked("MenuGetBySlug", slug="navbar", **SHOP)["menu"]["items"]
    footer = asked("MenuGetBySlug", slug="footer", **SHOP)["menu"]["items"]

    assert [item["name"] for item in navbar] == ["Hàng mới lên chợ", "Loại hàng", "OCOP", "Theo tỉnh, thành phố"]
    food = next(item for item in navbar[1]["children"] if item["category"]["slug"] == "thuc-pham")
    assert (food["name"], food["level"], food["translation"]) == ("Thực phẩm", 1, {"name": "Food"})
    assert navbar[0]["collection"]["name"] == "Hàng mới lên chợ"
    assert [item["name"] for item in footer] == ["Về chợ này"]
    assert [(item["name"], item["page"]["slug"]) for item in footer[0]["children"]] == [
        (version.title_vi, version.kind) for version in texts_in_force(today=vietnam_date(NOW))
    ]


def test_a_page_is_a_text_in_force_or_a_shop() -> None:
    shop = Vendor.objects.get(name=SHOP_OF_DEMO_OWNER)
    rules = next(version for version in texts_in_force(today=vietnam_date(NOW)) if version.kind == "rules")

    legal = asked("PageGetBySlug", slug="rules", slugLanguage="EN", language="EN")["page"]
    of_shop = asked("PageGetBySlug", slug=shop.slug, language="EN")["page"]

    assert (legal["title"], legal["pageType"], legal["isPublished"]) == (rules.title_vi, {"slug": "legal"}, True)
    assert legal["translation"]["title"] == rules.title_en
    assert legal["assignedAttributes"] == []
    assert (of_shop["title"], of_shop["pageType"]) == (shop.name, {"slug": "vendor"})
    assert json.loads(of_shop["content"]) == document_of(shop.story)
    attributes = {one["attribute"]["slug"]: one for one in of_shop["assignedAttributes"]}
    assert attributes["vendor-province"]["choice"]["name"] == shop.commune.province.name
    assert attributes["phone"]["text"] == shop.phone


def test_pages_are_listed_by_their_slugs() -> None:
    where = {"slug": {"oneOf": ["rules", "privacy", "no-such-page"]}}

    found = asked("StorefrontContentPages", where=where, **SHOP)["pages"]

    assert [one["slug"] for one in cards(found)] == ["privacy", "rules"]


def test_an_address_in_vietnam_has_a_province_and_a_commune() -> None:
    rules = asked("addressValidationRules", country="VN")["addressValidationRules"]

    names = [province.name for province in list_provinces()]
    assert rules["countryAreaChoices"] == [{"raw": name, "verbose": name} for name in names]
    assert len(names) == 34
    assert set(rules["requiredFields"]) == {"streetAddress1", "city", "countryArea"}
    assert set(rules["requiredFields"]) <= set(rules["allowedFields"])
    assert "cityArea" not in rules["allowedFields"]
    assert (rules["countryAreaType"], rules["cityType"], rules["postalCodeType"]) == ("province", "city", "postal")


# Two executors.


def by_graphql_core(
    plans: Plans, schema: GraphQLSchema, *, context: object, variables: dict[str, Any], **more: Any
) -> ExecutionResult:
    """What stands in for answering by a plan."""
    return execute_sync(schema, plans.document, context_value=context, variable_values=variables, **more)


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("ProductList", {}),
        ("SearchProducts", {"filter": {"search": "tra"}}),
        ("ProductListByCategory", {"slug": "food", "slugLanguage": "EN"}),
        ("MenuGetBySlug", {"slug": "navbar"}),
        ("StorefrontContentPages", {"where": {}}),
    ],
)
def test_the_storefronts_documents_are_answered_by_plan_as_graphql_core_answers_them(
    name: str, variables: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_plan = asked(name, **variables, **SHOP)

    monkeypatch.setattr(Plans, "run", by_graphql_core)

    assert asked(name, **variables, **SHOP) == by_plan
