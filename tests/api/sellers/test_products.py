"""A shop lists its goods over GraphQL: what it may, what nobody else may, and what shoppers see of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from catalog.models import Product
from catalog.services import submit_for_review
from marketplace.core.models import JournalEvent
from tests.api.asking import ask
from tests.api.ids import gid
from tests.api.offices import a_person, office, signed_in
from tests.api.sellers.working import PERMISSION, a_seller, an_agent_for, done, of, refusal
from tests.catalog.factories import DAM_THUY, NENH, a_product, a_shop, on_sale, publish
from vendors.models import Membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

CREATE = """mutation($input: ProductCreateInput!) { productCreate(input: $input) {
  product { id name slug description listing isAlcohol storageNote category { id } productType { slug }
            variants { id } vendor { slug } channelListings { isPublished channel { slug } } }
  errors { field message code attributes } } }"""
UPDATE = """mutation($id: ID, $input: ProductInput!) { productUpdate(id: $id, input: $input) {
  product { name description listing } errors { field message code } } }"""
DELETE = "mutation($id: ID) { productDelete(id: $id) { product { id listing } errors { field message code } } }"
SHOW = """mutation($id: ID!, $input: ProductChannelListingUpdateInput!) { productChannelListingUpdate(id: $id,
  input: $input) { product { listing listingReason } errors { field message code } } }"""
ONLINE = gid("Channel", 1)
NOT_FOUND = {"field": "id", "message": "Không tìm thấy sản phẩm này.", "code": "NOT_FOUND"}
HONEY = {"name": "Mật ong  bạc hà", "productType": gid("ProductType", 1), "category": gid("Category", 4)}


def shown(is_published: bool, **more: Any) -> dict[str, Any]:
    return {"updateChannels": [{"channelId": ONLINE, "isPublished": is_published, **more}]}


def test_a_seller_begins_a_product_that_only_the_shop_sees() -> None:
    shop = a_shop()
    seller = a_seller(shop.vendor)
    document = json.dumps({"blocks": [{"type": "paragraph", "data": {"text": "Hoa <b>bạc hà</b><br>Hà &amp; Lan"}}]})
    storage = {"id": gid("Attribute", 8), "plainText": "Nơi mát"}

    made = done(CREATE, seller, input={**HONEY, "description": document, "attributes": [storage]})

    product = Product.objects.get()
    assert made == {
        "product": {
            "id": gid("Product", product.pk),
            "name": "Mật ong bạc hà",
            "slug": "mat-ong-bac-ha",
            "description": json.dumps(
                {
                    "blocks": [{"type": "paragraph", "data": {"text": "Hoa bạc hà<br>Hà &amp; Lan"}}],
                    "version": "2.30.7",
                },
                ensure_ascii=False,
            ),
            "listing": "DRAFT",
            "isAlcohol": False,
            "storageNote": "Nơi mát",
            "category": {"id": gid("Category", 4)},
            "productType": {"slug": "goods"},
            "variants": [],
            "vendor": {"slug": shop.vendor.slug},
            "channelListings": [{"isPublished": False, "channel": {"slug": "online"}}],
        },
        "errors": [],
    }
    query = "query($id: ID) { product(id: $id) { name } products(first: 5) { edges { node { name } } } }"
    seen = {"product": {"name": "Mật ong bạc hà"}, "products": {"edges": [{"node": {"name": "Mật ong bạc hà"}}]}}
    hidden = {"product": None, "products": {"edges": []}}
    stranger = of(a_shop("Khác").owner)
    assert ask(query, headers=seller, id=gid("Product", product.pk)) == seen
    assert ask(query, headers=of(shop.owner), id=gid("Product", product.pk)) == seen
    assert ask(query, headers=stranger, id=gid("Product", product.pk)) == hidden
    assert ask(query, id=gid("Product", product.pk)) == hidden


def test_the_same_request_again_begins_nothing_new() -> None:
    shop = a_shop()
    again = of(shop.owner) | {"Idempotency-Key": "6f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04"}

    first = done(CREATE, again, input=HONEY)

    assert done(CREATE, again, input=HONEY) == first
    assert Product.objects.count() == 1
    assert done(CREATE, again, input=HONEY | {"name": "Chè"})["errors"][0]["code"] == "UNIQUE"


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"name": " "}, "name", "REQUIRED"),
        ({"name": None}, "name", "REQUIRED"),
        ({"name": "a" * 161}, "name", "INVALID"),
        ({"category": None}, "category", "REQUIRED"),
        ({"category": gid("Category", 101)}, "category", "INVALID"),
        ({"category": gid("Product", 4)}, "category", "GRAPHQL_ERROR"),
        ({"productType": gid("ProductType", 9)}, "productType", "NOT_FOUND"),
        ({"productType": gid("ProductType", 4)}, "productType", "INVALID"),
        ({"slug": "Mật Ong"}, "slug", "INVALID"),
        ({"description": "[]"}, "description", "INVALID"),
        ({"vendor": gid("Vendor", 2**63 - 1)}, "vendor", "NOT_FOUND"),
        ({"vendor": gid("Vendor", 2**62)}, "vendor", "NOT_FOUND"),
        ({"vendor": "x"}, "vendor", "GRAPHQL_ERROR"),
        ({"attributes": [{"values": ["x"]}]}, "attributes", "REQUIRED"),
        ({"attributes": [{"id": gid("Attribute", 8), "values": []}]}, "attributes", "REQUIRED"),
        ({"attributes": [{"id": gid("Attribute", 11)}]}, "attributes", "REQUIRED"),
    ],
)
def test_what_a_product_cannot_be_is_refused_at_its_field(wrong: dict[str, Any], field: str, code: str) -> None:
    shop = a_shop()

    answer = done(CREATE, of(shop.owner), input=HONEY | wrong)

    assert answer["product"] is None
    assert [(one["field"], one["code"]) for one in answer["errors"]] == [(field, code)]
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    "block",
    [
        {"type": "paragraph", "data": {"text": 5}},
        {"type": "paragraph", "data": {"text": None}},
        {"type": "paragraph", "data": None},
        {"type": "paragraph", "data": "Củ dong"},
        {"type": "paragraph"},
        {"type": "list", "data": {"items": "Củ dong"}},
        {"type": "list", "data": {"items": ["Củ dong", 5]}},
        "Củ dong",
        None,
    ],
)
def test_words_that_are_no_texts_are_refused_and_the_description_stays(block: object) -> None:
    shop = a_shop()
    product = on_sale(shop, description="Củ dong từ nương nhà.")
    document = json.dumps({"blocks": [{"type": "paragraph", "data": {"text": "Mới"}}, block]})

    answer = done(UPDATE, of(shop.owner), id=gid("Product", product.pk), input={"description": document})

    sentence = "Mô tả phải là một văn bản EditorJS."
    assert answer["errors"] == [{"field": "description", "message": sentence, "code": "INVALID"}]
    product.refresh_from_db()
    assert (product.description, product.listing) == ("Củ dong từ nương nhà.", "published")


def test_a_block_without_words_is_left_out() -> None:
    shop = a_shop()
    blocks = [{"type": "delimiter", "data": {}}, {"type": "list", "data": {"items": ["Củ dong", "Nước"]}}]

    done(
        UPDATE,
        of(shop.owner),
        id=gid("Product", on_sale(shop).pk),
        input={"description": json.dumps({"blocks": blocks})},
    )

    assert Product.objects.get().description == "Củ dong\nNước"


def test_attributes_that_follow_from_other_things_are_not_written() -> None:
    stars = gid("Attribute", 2)

    answer = done(CREATE, of(a_shop().owner), input=HONEY | {"attributes": [{"id": stars, "values": ["5"]}]})

    assert answer["errors"] == [
        {
            "field": "attributes",
            "message": "Thuộc tính này không ghi được ở đây.",
            "code": "ATTRIBUTE_CANNOT_BE_ASSIGNED",
            "attributes": [stars],
        }
    ]


def test_who_works_in_two_shops_says_which() -> None:
    shop, other = a_shop(), a_shop("Khác")
    Membership.objects.create(vendor=other.vendor, user_id=shop.owner.user_id, role="seller")

    unsaid = done(CREATE, of(shop.owner), input=HONEY)
    said = done(CREATE, of(shop.owner), input=HONEY | {"vendor": gid("Vendor", other.vendor.pk)})

    assert (unsaid["product"], unsaid["errors"][0]["field"], unsaid["errors"][0]["code"]) == (
        None,
        "vendor",
        "REQUIRED",
    )
    assert said["product"]["vendor"] == {"slug": other.vendor.slug}


def test_an_agent_lists_for_who_lets_them_and_the_journal_names_both() -> None:
    shop = a_shop()
    agent = an_agent_for(shop.owner, DAM_THUY)

    assert done(CREATE, agent, input=HONEY)["product"]["vendor"] == {"slug": shop.vendor.slug}
    event = JournalEvent.objects.get(kind="product.created")
    assert (event.on_behalf_of_id, event.actor_id != shop.owner.user_id) == (shop.owner.user_id, True)


@pytest.mark.parametrize("who", ["nobody", "customer", "officer", "operator", "agent without consent"])
def test_who_works_in_no_shop_is_told_which_permission_it_takes(who: str) -> None:
    product = a_product(a_shop())
    headers = {
        "nobody": lambda: None,
        "customer": lambda: signed_in(a_person()),
        "officer": lambda: office("commune", DAM_THUY),
        "operator": lambda: office("operator"),
        "agent without consent": lambda: office("agent", DAM_THUY),
    }[who]()

    for mutation, variables in (
        (CREATE, {"input": HONEY}),
        (UPDATE, {"id": gid("Product", product.pk), "input": {"name": "Chè"}}),
        (DELETE, {"id": gid("Product", product.pk)}),
        (DELETE, {"id": gid("Product", 999_999)}),
    ):
        assert refusal(mutation, headers, **variables) == PERMISSION + "MANAGE_PRODUCTS"
    assert list(Product.objects.values_list("name", "listing")) == [("Miến dong Cao Bằng", "draft")]


def test_another_shops_product_is_answered_as_one_that_is_not_there() -> None:
    product = on_sale(a_shop())
    stranger = of(a_shop("Khác", commune=NENH).owner)

    for id in (gid("Product", product.pk), gid("Product", 999_999), gid("Product", 2**63 - 1)):
        for mutation, more in ((UPDATE, {"input": {"name": "Chè"}}), (DELETE, {}), (SHOW, {"input": shown(False)})):
            assert done(mutation, stranger, id=id, **more) == {"product": None, "errors": [NOT_FOUND]}
    product.refresh_from_db()
    assert (product.name, product.listing) == ("Miến dong Cao Bằng", "published")


def test_a_change_of_what_is_on_sale_goes_back_to_review_and_a_deleted_product_is_withdrawn() -> None:
    shop = a_shop()
    product = on_sale(shop)

    changed = done(UPDATE, of(shop.owner), id=gid("Product", product.pk), input={"name": "Miến dong Đàm Thủy"})
    gone = done(DELETE, of(shop.owner), id=gid("Product", product.pk))

    assert changed["product"] == {"name": "Miến dong Đàm Thủy", "description": None, "listing": "IN_REVIEW"}
    assert gone == {"product": {"id": gid("Product", product.pk), "listing": "WITHDRAWN"}, "errors": []}
    assert Product.objects.filter(pk=product.pk).exists()


def generation_of(product: Product) -> int:
    """What whoever looks at the product now is told of it."""
    query, id = "query($id: ID) { product(id: $id) { generation } }", gid("Product", product.pk)
    seen: int = ask(query, headers=office("operator"), id=id)["product"]["generation"]
    return seen


def test_staff_publish_what_they_looked_at_and_nothing_that_was_changed_since() -> None:
    shop = a_shop()
    product = a_product(shop)
    id, officer = gid("Product", product.pk), office("commune", DAM_THUY)
    done(SHOW, of(shop.owner), id=id, input=shown(True))
    seen = generation_of(product)
    done(UPDATE, of(shop.owner), id=id, input={"name": "Rượu ngô"})

    unseen = done(SHOW, officer, id=id, input=shown(True))
    changed = done(SHOW, officer, id=id, input=shown(True, seenGeneration=seen))
    published = done(SHOW, officer, id=id, input=shown(True, seenGeneration=generation_of(product)))

    assert [(one["field"], one["code"]) for one in unseen["errors"]] == [("seenGeneration", "REQUIRED")]
    assert changed["errors"] == [
        {"field": None, "message": "Người bán vừa sửa sản phẩm này. Bạn xem lại rồi duyệt nhé.", "code": "INVALID"}
    ]
    assert (published["errors"], published["product"]["listing"]) == ([], "PUBLISHED")


def test_a_shop_asks_for_review_and_staff_of_its_commune_publish_or_send_back() -> None:
    shop = a_shop()
    product = a_product(shop)
    id, officer, elsewhere = gid("Product", product.pk), office("commune", DAM_THUY), office("commune", NENH)
    why = "Ảnh mờ quá, chụp lại giúp."

    def listing(headers: dict[str, str], wish: dict[str, Any]) -> Any:
        answer = done(SHOW, headers, id=id, input=wish)
        return answer["product"] and answer["product"]["listing"], [one["code"] for one in answer["errors"]]

    asked = shown(True, seenGeneration=generation_of(product))
    assert listing(officer, asked) == (None, ["INVALID"])  # nobody asked for it yet
    assert listing(of(shop.owner), shown(True)) == ("IN_REVIEW", [])
    assert listing(of(shop.owner), shown(True)) == ("IN_REVIEW", [])  # asked for again, it waits as before
    assert listing(elsewhere, shown(True, seenGeneration=generation_of(product))) == (None, ["NOT_FOUND"])
    assert listing(officer, shown(False)) == (None, ["REQUIRED"])  # without a reason
    assert listing(officer, shown(False, reason=why)) == ("REJECTED", [])
    assert listing(of(shop.owner), shown(True)) == ("IN_REVIEW", [])
    seen = generation_of(product)
    assert listing(officer, shown(True, seenGeneration=seen)) == ("PUBLISHED", [])
    published = generation_of(product)
    assert listing(officer, shown(True, seenGeneration=seen)) == ("PUBLISHED", [])
    assert listing(of(shop.owner), shown(True)) == ("PUBLISHED", [])
    assert generation_of(product) == published  # nothing was written by asking again
    assert listing(of(shop.owner), {"removeChannels": [ONLINE]}) == ("WITHDRAWN", [])
    assert listing(office("operator"), shown(True, seenGeneration=generation_of(product))) == (None, ["INVALID"])
    assert refusal(SHOW, signed_in(a_person()), id=id, input=shown(True)) == PERMISSION + "MANAGE_PRODUCTS"


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({}, "updateChannels", "REQUIRED"),
        ({"updateChannels": [{"channelId": ONLINE}]}, "updateChannels", "REQUIRED"),
        ({"updateChannels": [{"channelId": gid("Channel", 2), "isPublished": True}]}, "channelId", "INVALID"),
        ({"updateChannels": [{"channelId": gid("Channel", 9), "isPublished": True}]}, "channelId", "NOT_FOUND"),
        ({"removeChannels": [gid("Channel", 9)]}, "removeChannels", "NOT_FOUND"),
        (shown(True) | {"removeChannels": [ONLINE]}, "updateChannels", "REQUIRED"),
    ],
)
def test_a_wish_that_is_none_is_refused(wish: dict[str, Any], field: str, code: str) -> None:
    shop = a_shop()

    answer = done(SHOW, of(shop.owner), id=gid("Product", a_product(shop).pk), input=wish)

    assert [(one["field"], one["code"]) for one in answer["errors"]] == [(field, code)]


def test_a_product_without_a_kind_is_not_sent_to_review() -> None:
    shop = a_shop()
    id = done(CREATE, of(shop.owner), input=HONEY)["product"]["id"]

    answer = done(SHOW, of(shop.owner), id=id, input=shown(True))

    assert answer["errors"] == [
        {"field": None, "message": "Sản phẩm cần ít nhất một loại hàng có giá.", "code": "INVALID"}
    ]


def test_why_staff_sent_a_product_back_is_the_shops_to_read() -> None:
    shop = a_shop()
    product = on_sale(shop)
    query = "query($id: ID) { product(id: $id) { listing listingReason } }"
    Product.objects.filter(pk=product.pk).update(listing_reason="Ảnh mờ.")

    assert ask(query, id=gid("Product", product.pk))["product"] == {"listing": "PUBLISHED", "listingReason": None}
    assert ask(query, headers=of(shop.owner), id=gid("Product", product.pk))["product"]["listingReason"] == "Ảnh mờ."
    assert ask(query, headers=of(shop.staff), id=gid("Product", product.pk))["product"]["listingReason"] is None


def test_staff_read_what_waits_for_them_and_staff_of_elsewhere_do_not() -> None:
    shop = a_shop()
    product = submit_for_review(actor=shop.owner, product=a_product(shop), now=publish.__kwdefaults__["now"])
    query = "query($id: ID) { product(id: $id) { name listing } }"

    found = ask(query, headers=office("commune", DAM_THUY), id=gid("Product", product.pk))["product"]

    assert found == {"name": "Miến dong Cao Bằng", "listing": "IN_REVIEW"}
    assert ask(query, headers=office("commune", NENH), id=gid("Product", product.pk)) == {"product": None}
