"""Nobody sees a product that is not reviewed, of a shop that may not sell, or alcohol without saying their age."""

from typing import Any

import pytest

from catalog import services
from catalog.models import Product, ProductVariant
from catalog.selectors import (
    AgeNotDeclared,
    certificate_for_staff,
    certificates_to_review,
    product_by_id,
    product_by_slug,
    product_for_member,
    product_for_staff,
    products_of_vendor_for_member,
    products_to_review,
    variant_by_id,
    visible_products,
    visible_variants,
)
from catalog.warnings import warnings_of
from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import NotAllowed, NotFound
from tests.catalog.factories import (
    NENH,
    NOW,
    Shop,
    a_certificate,
    a_product,
    a_shop,
    on_sale,
    staff_of,
)
from vendors.services import refuse_vendor

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop(alcohol_licence_number="12/GP-SCT")


def seen(*, age_declared: bool = False) -> list[str]:
    return [product.name for product in visible_products(age_declared=age_declared).order_by("pk")]


def test_only_published_products_are_seen(shop: Shop) -> None:
    a_product(shop, "Bản nháp")
    services.submit_for_review(actor=shop.owner, product=a_product(shop, "Chờ duyệt"), now=NOW)
    services.withdraw_product(actor=shop.owner, product=on_sale(shop, "Đã ngừng"), now=NOW)
    on_sale(shop, "Đang bán")

    assert seen() == ["Đang bán"]


def test_a_shop_that_is_not_verified_shows_nothing() -> None:
    shop = a_shop(verified=False)
    on_sale(shop)

    assert seen() == []


def test_a_shop_that_loses_its_verification_vanishes_at_once(shop: Shop) -> None:
    product = on_sale(shop)
    refuse_vendor(actor=shop.staff, vendor=shop.vendor, reason="Giấy tờ đã hết hạn", now=NOW)

    assert seen() == []
    with pytest.raises(NotFound):
        product_by_slug(product.slug, age_declared=True)


def test_alcohol_is_seen_only_by_who_says_that_they_are_18(shop: Shop) -> None:
    on_sale(shop, "Rượu ngô", ocop_set=14)
    on_sale(shop, "Mật ong", ocop_set=4)

    assert seen(age_declared=False) == ["Mật ong"]
    assert seen(age_declared=True) == ["Rượu ngô", "Mật ong"]
    assert [one.product.name for one in visible_variants(age_declared=False)] == ["Mật ong"]
    assert visible_variants(age_declared=True).count() == 2


def test_the_page_of_alcohol_asks_for_the_age_and_is_not_found_otherwise(shop: Shop) -> None:
    product = on_sale(shop, "Rượu ngô", ocop_set=14)
    variant = ProductVariant.objects.get()

    for look_up in (
        lambda: product_by_slug(product.slug, age_declared=False),
        lambda: product_by_id(product.pk, age_declared=False),
        lambda: variant_by_id(variant.pk, age_declared=False),
    ):
        with pytest.raises(AgeNotDeclared) as refusal:
            look_up()
        assert refusal.value.status == 404

    assert product_by_slug(product.slug, age_declared=True) == product
    assert product_by_id(product.pk, age_declared=True) == product
    assert variant_by_id(variant.pk, age_declared=True) == variant


def test_alcohol_that_is_not_on_sale_is_not_found_and_asks_nothing(shop: Shop) -> None:
    product = a_product(shop, "Rượu ngô", ocop_set=14)

    with pytest.raises(NotFound) as refusal:
        product_by_slug(product.slug, age_declared=False)

    assert not isinstance(refusal.value, AgeNotDeclared)


@pytest.mark.parametrize("slug", ["", "khong-co", "a\x00b", "a" * 5000, "../x", "Miến", "%", "mien_dong"])
def test_an_address_that_leads_nowhere_is_not_found(shop: Shop, slug: str) -> None:
    on_sale(shop)

    with pytest.raises(NotFound):
        product_by_slug(slug, age_declared=True)


@pytest.mark.parametrize("wrong", [0, -1, 10**30, 2**63])
def test_a_number_that_leads_nowhere_is_not_found(shop: Shop, wrong: int) -> None:
    on_sale(shop)
    staff = shop.staff

    look_ups: list[Any] = [
        lambda: product_by_id(wrong, age_declared=True),
        lambda: variant_by_id(wrong, age_declared=True),
        lambda: product_for_member(actor=shop.owner, product_id=wrong),
        lambda: product_for_staff(actor=staff, product_id=wrong),
        lambda: certificate_for_staff(actor=staff, certificate_id=wrong),
    ]
    for look_up in look_ups:
        with pytest.raises(NotFound):
            look_up()


def test_a_variant_that_is_not_on_sale_is_not_found(shop: Shop) -> None:
    product = on_sale(shop)
    services.add_variant(actor=shop.owner, product=product, name="Gói 1 kg", unit="gói", price_vnd=110_000, now=NOW)
    first = ProductVariant.objects.order_by("pk")[0]
    services.update_variant(actor=shop.owner, variant=first, now=NOW, is_active=False)

    with pytest.raises(NotFound):
        variant_by_id(first.pk, age_declared=True)


def test_a_shop_sees_all_its_products_by_name_and_no_others(shop: Shop) -> None:
    for name in ("Đỗ đen", "Dong riềng", "An xoa"):
        a_product(shop, name)
    other = a_shop("Tạp hóa Hoa", commune=NENH)
    foreign = a_product(other, "Bánh đa")

    own = products_of_vendor_for_member(shop.owner, shop.vendor)

    assert [product.name for product in own] == ["An xoa", "Dong riềng", "Đỗ đen"]
    with pytest.raises(NotFound):
        products_of_vendor_for_member(shop.owner, other.vendor)
    with pytest.raises(NotFound):
        product_for_member(actor=shop.owner, product_id=foreign.pk)
    assert product_for_member(actor=other.owner, product_id=foreign.pk) == foreign


def test_an_officer_sees_what_waits_in_their_commune_the_longest_waiting_first(shop: Shop) -> None:
    other = a_shop("Tạp hóa Hoa", commune=NENH)
    waiting = [a_product(one, name) for one, name in ((shop, "Sau"), (shop, "Trước"), (other, "Nơi khác"))]
    for product, minute in zip(waiting, (5, 1, 0), strict=True):
        Product.objects.filter(pk=product.pk).update(listing="in_review", submitted_at=NOW.replace(minute=minute))

    def names(actor: Actor, at_most: int = 100) -> list[str]:
        return [product.name for product in products_to_review(actor=actor, at_most=at_most)]

    assert names(shop.staff) == ["Trước", "Sau"]
    assert names(shop.staff, at_most=1) == ["Trước"]
    assert names(staff_of(NENH)) == ["Nơi khác"]
    assert names(Actor(user_id=1, is_operator=True)) == ["Nơi khác", "Trước", "Sau"]
    assert product_for_staff(actor=shop.staff, product_id=waiting[0].pk) == waiting[0]
    with pytest.raises(NotFound):
        product_for_staff(actor=shop.staff, product_id=waiting[2].pk)


def test_certificates_wait_for_the_officer_of_the_shops_commune(shop: Shop) -> None:
    declared = a_certificate(shop, a_product(shop))

    assert certificates_to_review(actor=shop.staff) == [declared]
    assert certificates_to_review(actor=staff_of(NENH)) == []
    assert certificate_for_staff(actor=shop.staff, certificate_id=declared.pk) == declared
    with pytest.raises(NotFound):
        certificate_for_staff(actor=staff_of(NENH), certificate_id=declared.pk)


@pytest.mark.parametrize("actor", [ANONYMOUS, Actor(user_id=1, province_codes=frozenset({"04"}))])
def test_only_staff_have_a_list_to_review(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        products_to_review(actor=actor)
    with pytest.raises(NotAllowed):
        certificates_to_review(actor=actor)


def test_health_food_says_that_it_is_no_medicine_and_alcohol_that_it_is_for_adults(shop: Shop) -> None:
    honey, pills = a_product(shop, "Mật ong", ocop_set=4), a_product(shop, "Viên nghệ", ocop_set=18)
    declared, spirit = a_product(shop, "Trà", is_health_food=True), a_product(shop, "Rượu", ocop_set=15)

    assert warnings_of(honey) == ()
    assert ["không phải là thuốc" in str(one) for one in warnings_of(pills)] == [True]
    assert ["không phải là thuốc" in str(one) for one in warnings_of(declared)] == [True]
    assert [str(one) for one in warnings_of(spirit)] == ["Không bán rượu, bia cho người dưới 18 tuổi."]
