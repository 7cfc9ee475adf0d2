"""Ours: shops and what is found by them, markets, places, certificates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import OcopCertificate
from marketplace.core.text import fold, name_sort_key
from marketplace.places.models import MarketSite
from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.catalog.factories import DAM_THUY, NENH, a_certificate, a_shop, on_sale, with_stars
from tests.plugins.database import count_statements
from vendors.models import Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

VENDORS = """query($first: Int, $after: String, $search: String, $province: String, $commune: String, $site: String,
                  $sort: VendorSortingInput) {
  vendors(first: $first, after: $after, search: $search, province: $province, commune: $commune, marketSite: $site,
          sortBy: $sort) { totalCount pageInfo { hasNextPage endCursor } edges { node { name } } } }"""


def a_market(slug: str = "cho-ban-gioc", name: str = "Chợ Bản Giốc", *, commune: str = DAM_THUY) -> MarketSite:
    return MarketSite.objects.create(
        slug=slug, kind="market", name=name, commune_id=commune, folded=fold(name), sort_key=name_sort_key(name),
        lat="22.85500", lon="106.72400", opening_note="6 giờ đến 11 giờ",
    )  # fmt: skip


def names(**asked: Any) -> list[str]:
    found = ask(VENDORS, **{"first": 100, **asked})["vendors"]
    assert found["totalCount"] == len(found["edges"])
    return [edge["node"]["name"] for edge in found["edges"]]


def test_shops_are_found_by_words_places_and_markets_and_come_by_name() -> None:
    market = a_market()
    a_shop("HTX Bản Giốc", market_site=market)
    a_shop("Ánh Dương")
    a_shop("Đặc sản Nếnh", commune=NENH)
    a_shop("Chưa duyệt", verified=False)

    assert names() == ["Ánh Dương", "Đặc sản Nếnh", "HTX Bản Giốc"]
    assert names(sort={"field": "NAME", "direction": "DESC"}) == ["HTX Bản Giốc", "Đặc sản Nếnh", "Ánh Dương"]
    assert names(search="ban gi") == names(search="GIỐC htx") == names(site="cho-ban-gioc") == ["HTX Bản Giốc"]
    assert names(search="iốc") == names(site="cho-khac") == []
    assert names(search="%") == names()
    assert names(province="24") == names(commune=NENH) == ["Đặc sản Nếnh"]
    assert names(province="24", commune=DAM_THUY) == []


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_shops_are_paged_in_both_directions_of_their_names(direction: str) -> None:
    for number in range(5):
        a_shop(f"Gian {number}")
    sort = {"field": "NAME", "direction": direction}
    found, after, more = list[str](), None, True

    while more:
        page = ask(VENDORS, first=2, after=after, sort=sort)["vendors"]
        found += [edge["node"]["name"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert found == names(sort=sort)
    assert len(found) == 5


def test_a_shop_names_itself_and_shows_its_market_its_page_and_its_goods() -> None:
    market = a_market()
    shop = a_shop("HTX Bản Giốc", market_site=market, stall_label="A12")
    product = on_sale(shop, "Miến dong")
    on_sale(a_shop("Khác"), "Chè", ocop_set=11)
    Vendor.objects.filter(pk=shop.vendor.pk).update(registration_number="0104567890", story="Làm miến.")

    vendor = ask(
        """query($id: ID) { vendor(id: $id) { id slug name kind story phone addressLine stallLabel registrationNumber
             isDemo commune { code name shortName latitude province { code name shortName } }
             marketSite { id slug kind name openingNote addressLine latitude longitude isDemo commune { code } }
             page { id slug pageType { slug } }
             products(first: 5, sortBy: {field: NAME, direction: ASC}) { totalCount edges { node { id } } } } }""",
        id=gid("Vendor", shop.vendor.pk),
    )["vendor"]

    assert vendor == {
        "id": gid("Vendor", shop.vendor.pk),
        "slug": "htx-ban-gioc",
        "name": "HTX Bản Giốc",
        "kind": "COOPERATIVE",
        "story": "Làm miến.",
        "phone": "+84912345678",
        "addressLine": "",
        "stallLabel": "A12",
        "registrationNumber": "0104567890",
        "isDemo": False,
        "commune": {
            "code": DAM_THUY,
            "name": "Xã Đàm Thủy",
            "shortName": "Đàm Thủy",
            "latitude": float(shop.vendor.commune.lat or 0),
            "province": {"code": "04", "name": "Tỉnh Cao Bằng", "shortName": "Cao Bằng"},
        },
        "marketSite": {
            "id": gid("MarketSite", market.pk),
            "slug": "cho-ban-gioc",
            "kind": "MARKET",
            "name": "Chợ Bản Giốc",
            "openingNote": "6 giờ đến 11 giờ",
            "addressLine": "",
            "latitude": 22.855,
            "longitude": 106.724,
            "isDemo": False,
            "commune": {"code": DAM_THUY},
        },
        "page": {"id": gid("Page", 1000 + shop.vendor.pk), "slug": "htx-ban-gioc", "pageType": {"slug": "vendor"}},
        "products": {"totalCount": 1, "edges": [{"node": {"id": gid("Product", product.pk)}}]},
    }


def test_markets_come_by_name_and_by_place() -> None:
    a_market()
    a_market("cho-nenh", "Chợ Nếnh", commune=NENH)
    a_market("cho-an-lac", "Chợ An Lạc")
    query = """query($province: String, $commune: String) { marketSites(first: 10, province: $province,
        commune: $commune) { totalCount edges { node { name commune { province { code } } } } } }"""

    def found(**asked: str) -> list[str]:
        return [edge["node"]["name"] for edge in ask(query, **asked)["marketSites"]["edges"]]

    assert found() == ["Chợ An Lạc", "Chợ Bản Giốc", "Chợ Nếnh"]
    assert found(province="24") == found(commune=NENH) == ["Chợ Nếnh"]
    assert found(commune="99999") == []


CERTIFICATE = """query($id: ID, $decision: String, $code: String) {
  ocopCertificate(id: $id, decisionNumber: $decision, productCode: $code) {
    id stars decisionNumber issuer issuedOn expiresOn productCode product { name
    ocopCertificate { product { id } } } } }"""


def test_a_certificate_is_found_by_its_id_its_decision_and_its_code() -> None:
    shop = a_shop("Bản Giốc")
    product = on_sale(shop, "Miến dong")
    certificate = with_stars(shop, product)
    OcopCertificate.objects.filter(pk=certificate.pk).update(
        decision_number="12/QĐ-UBND", issuer="UBND tỉnh Cao Bằng", product_code="04-01-1-2025"
    )

    by_id = ask(CERTIFICATE, id=gid("OcopCertificate", certificate.pk))["ocopCertificate"]

    assert by_id == {
        "id": gid("OcopCertificate", certificate.pk),
        "stars": 4,
        "decisionNumber": "12/QĐ-UBND",
        "issuer": "UBND tỉnh Cao Bằng",
        "issuedOn": "2025-03-01",
        "expiresOn": "2028-03-01",
        "productCode": "04-01-1-2025",
        "product": {"name": "Miến dong", "ocopCertificate": {"product": {"id": gid("Product", product.pk)}}},
    }
    assert ask(CERTIFICATE, decision="12/QĐ-UBND")["ocopCertificate"] == by_id
    assert ask(CERTIFICATE, code="04-01-1-2025")["ocopCertificate"] == by_id


@pytest.mark.parametrize("asked", [{"decision": ""}, {"code": ""}, {"decision": "x" * 300}, {"code": "04"}])
def test_a_number_on_no_certificate_finds_none(asked: dict[str, str]) -> None:
    shop = a_shop("Bản Giốc")
    with_stars(shop, on_sale(shop))

    assert ask(CERTIFICATE, **asked) == {"ocopCertificate": None}


def test_what_is_not_verified_is_over_or_belongs_to_goods_out_of_sight_is_not_shown() -> None:
    shop = a_shop("Bản Giốc", alcohol_licence_number="12/GP")
    declared = a_certificate(shop, on_sale(shop, "Một"))
    over = with_stars(shop, on_sale(shop, "Hai"))
    OcopCertificate.objects.filter(pk=over.pk).update(expires_on=date(2026, 11, 21))
    spirit = with_stars(shop, on_sale(shop, "Rượu ngô", ocop_set=14))
    adult = {"X-Age-Declared": "18"}

    for certificate in (declared, over, spirit):
        assert ask(CERTIFICATE, id=gid("OcopCertificate", certificate.pk)) == {"ocopCertificate": None}
    assert ask(CERTIFICATE, headers=adult, id=gid("OcopCertificate", spirit.pk))["ocopCertificate"]["stars"] == 4


def test_a_decision_over_several_goods_names_none_of_them() -> None:
    shop = a_shop("Bản Giốc")
    for name in ("Một", "Hai"):
        with_stars(shop, on_sale(shop, name))
    OcopCertificate.objects.update(decision_number="12/QĐ-UBND")

    error = post(CERTIFICATE, decision="12/QĐ-UBND").json()["errors"][0]

    assert error["extensions"]["exception"]["code"] == "INVALID"
    assert error["message"] == "Số này có nhiều sản phẩm. Bạn hỏi bằng mã số OCOP của sản phẩm."


def test_lists_of_ours_take_as_many_statements_with_a_hundred_rows_as_with_ten() -> None:
    made, taken = 0, []
    queries = [
        """{ vendors(first: 100) { totalCount edges { node { name commune { province { name } }
             marketSite { commune { province { name } } } page { title assignedAttributes {
             attribute { slug } } } } } } }""",
        "{ marketSites(first: 100) { totalCount edges { node { commune { province { name } } } } } }",
        """{ pages(first: 100) { totalCount edges { node { title content seoDescription pageType { slug }
             translation(languageCode: EN) { title content } assignedAttributes { attribute { slug } } } } } }""",
    ]

    for wanted in (10, 100):
        for number in range(made, wanted):
            site = a_market(f"cho-{number}", f"Chợ {number}")
            Vendor.objects.create(
                slug=f"gian-{number}", name=f"Gian {number}", kind="household", commune_id=NENH, market_site=site,
                phone="+84912345678", verification="vneid", folded=f"gian {number}",
                sort_key=name_sort_key(f"Gian {number}"), made_at=timezone.now(),
            )  # fmt: skip
        made = wanted
        taken.append([count_statements(lambda query=query: ask(query)) for query in queries])

    assert taken == [[2, 2, 3], [2, 2, 3]]
