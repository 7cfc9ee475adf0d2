"""From draft to sale: who may move a product, and when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from catalog import services
from catalog.models import Product, ProductVariant
from catalog.selectors import visible_products
from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from tests.catalog.factories import DAM_THUY, NENH, NOW, Shop, a_product, a_shop, on_sale, staff_of

pytestmark = pytest.mark.django_db
REASON = "Ảnh chưa rõ nhãn, hãy chụp lại mặt trước."


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def submit(shop: Shop, product: Product) -> Product:
    return services.submit_for_review(actor=shop.owner, product=product, now=NOW)


def publish(shop: Shop, product: Product) -> Product:
    return services.publish_product(actor=shop.staff, product=product, now=NOW)


def reject(shop: Shop, product: Product) -> Product:
    return services.reject_product(actor=shop.staff, product=product, reason=REASON, now=NOW)


def withdraw(shop: Shop, product: Product) -> Product:
    return services.withdraw_product(actor=shop.owner, product=product, now=NOW)


def in_state(shop: Shop, state: str) -> Product:
    product = a_product(shop)
    steps: dict[str, list[Callable[[Shop, Product], Product]]] = {
        "draft": [],
        "in_review": [submit],
        "published": [submit, publish],
        "rejected": [submit, reject],
        "withdrawn": [withdraw],
    }
    for step in steps[state]:
        product = step(shop, product)
    assert product.listing == state
    return product


def last_event(product: Product) -> JournalEvent:
    return JournalEvent.objects.filter(aggregate_type="product", aggregate_id=str(product.pk)).order_by("-pk")[0]


def test_a_draft_is_submitted_reviewed_and_then_shown(shop: Shop) -> None:
    product = a_product(shop)
    assert not visible_products(age_declared=True).exists()

    product = submit(shop, product)
    assert (product.listing, product.submitted_at) == ("in_review", NOW)
    assert not visible_products(age_declared=True).exists()

    product = services.publish_product(actor=shop.staff, product=product, now=NOW + timedelta(days=1))

    assert product.listing == "published"
    assert product.reviewed_by_id == shop.staff.user_id
    assert product.reviewed_at == product.published_at == NOW + timedelta(days=1)
    assert [one.pk for one in visible_products(age_declared=False)] == [product.pk]
    assert last_event(product).kind == "product.published"
    assert last_event(product).data == {"product": product.pk, "vendor": shop.vendor.pk, "commune": DAM_THUY}
    assert last_event(product).actor_id == shop.staff.user_id


@pytest.mark.parametrize(
    ("step", "allowed"),
    [
        (submit, {"draft": "in_review", "rejected": "in_review", "withdrawn": "in_review"}),
        (publish, {"in_review": "published"}),
        (reject, {"in_review": "rejected", "published": "rejected"}),
        (withdraw, dict.fromkeys(Product.Listing.values, "withdrawn")),
    ],
)
@pytest.mark.parametrize("state", Product.Listing.values)
def test_each_step_begins_only_where_it_may(
    shop: Shop, step: Callable[[Shop, Product], Product], allowed: dict[str, str], state: str
) -> None:
    product = in_state(shop, state)

    if state in allowed:
        assert step(shop, product).listing == allowed[state]
    else:
        events = JournalEvent.objects.count()
        with pytest.raises(services.WrongListingState):
            step(shop, product)
        assert Product.objects.get().listing == state
        assert JournalEvent.objects.count() == events


@pytest.mark.parametrize("officer", [ANONYMOUS, Actor(user_id=1, commune_codes=frozenset({NENH}))])
@pytest.mark.parametrize("step", ["publish_product", "reject_product"])
def test_staff_of_elsewhere_neither_publish_nor_reject(shop: Shop, officer: Actor, step: str) -> None:
    product = in_state(shop, "in_review")
    more: dict[str, Any] = {"reason": REASON} if step == "reject_product" else {}

    with pytest.raises(NotFound):
        getattr(services, step)(actor=officer, product=product, now=NOW, **more)

    assert Product.objects.get().listing == "in_review"


def test_a_shop_does_not_publish_its_own_product(shop: Shop) -> None:
    product = in_state(shop, "in_review")

    with pytest.raises(NotFound):
        services.publish_product(actor=shop.owner, product=product, now=NOW)

    assert Product.objects.get().listing == "in_review"


@pytest.mark.parametrize("step", ["submit_for_review", "withdraw_product"])
def test_staff_and_strangers_neither_submit_nor_withdraw(shop: Shop, step: str) -> None:
    product = a_product(shop)

    for actor in (shop.staff, ANONYMOUS, a_shop("Tạp hóa Hoa").owner):
        with pytest.raises(NotFound):
            getattr(services, step)(actor=actor, product=product, now=NOW)

    assert Product.objects.get().listing == "draft"


@pytest.mark.parametrize("officer", [SYSTEM, Actor(is_operator=True)])
def test_the_operator_may_review_everywhere(shop: Shop, officer: Actor) -> None:
    product = in_state(shop, "in_review")

    assert services.publish_product(actor=officer, product=product, now=NOW).listing == "published"


@pytest.mark.parametrize("reason", ["", "   ", "không", "a" * 301, "Ảnh chưa rõ\x00 nhãn sản phẩm"])
def test_a_rejection_says_what_to_do(shop: Shop, reason: str) -> None:
    product = in_state(shop, "in_review")

    with pytest.raises(BadText) as refusal:
        services.reject_product(actor=shop.staff, product=product, reason=reason, now=NOW)

    assert refusal.value.field == "reason"
    assert Product.objects.get().listing == "in_review"


def test_a_rejected_product_tells_its_shop_why_until_it_is_submitted_again(shop: Shop) -> None:
    product = in_state(shop, "rejected")
    assert product.listing_reason == REASON

    assert submit(shop, product).listing_reason == ""


def test_what_the_shop_changed_since_the_officer_looked_is_not_published_unseen(shop: Shop) -> None:
    seen = in_state(shop, "in_review")
    services.update_product(actor=shop.owner, product=seen, now=NOW, description="Thêm lời khác")

    with pytest.raises(services.ChangedMeanwhile):
        services.publish_product(actor=shop.staff, product=seen, now=NOW, seen_generation=seen.generation)
    assert Product.objects.get().listing == "in_review"

    fresh = Product.objects.get()
    services.publish_product(actor=shop.staff, product=fresh, now=NOW, seen_generation=fresh.generation)
    assert Product.objects.get().listing == "published"


def test_a_product_stays_as_old_as_its_first_publication(shop: Shop) -> None:
    product = on_sale(shop)
    services.update_product(actor=shop.owner, product=product, now=NOW, description="Lời mới")

    again = services.publish_product(actor=shop.staff, product=product, now=NOW + timedelta(days=30))

    assert again.published_at == NOW


def test_alcohol_is_neither_submitted_nor_published_without_a_licence_number(shop: Shop) -> None:
    product = a_product(shop, "Rượu ngô", ocop_set=14)

    with pytest.raises(services.AlcoholLicenceMissing):
        submit(shop, product)
    Product.objects.update(listing="in_review")
    with pytest.raises(services.AlcoholLicenceMissing):
        publish(shop, product)

    assert Product.objects.get().listing == "in_review"


def test_alcohol_of_a_licensed_shop_is_published() -> None:
    shop = a_shop(alcohol_licence_number="12/GP-SCT")

    assert on_sale(shop, "Rượu ngô", ocop_set=14).listing == "published"


def test_a_product_without_anything_on_sale_is_not_submitted(shop: Shop) -> None:
    product = a_product(shop)
    ProductVariant.objects.update(is_active=False)

    with pytest.raises(services.NothingForSale):
        submit(shop, product)

    assert Product.objects.get().listing == "draft"


def test_withdrawing_twice_is_written_once(shop: Shop) -> None:
    product = in_state(shop, "published")

    withdraw(shop, product)
    withdraw(shop, product)

    assert JournalEvent.objects.filter(kind="product.withdrawn").count() == 1


def test_every_step_raises_the_generation(shop: Shop) -> None:
    product = a_product(shop)
    generations = [product.generation]
    for step in (submit, publish, reject, submit, publish, withdraw):
        product = step(shop, product)
        generations.append(product.generation)

    assert generations == sorted(set(generations))
    assert Product.objects.get().generation == generations[-1]


def test_an_agent_lists_on_behalf_of_a_person_and_the_journal_says_so(shop: Shop) -> None:
    agent = Actor(user_id=staff_of(DAM_THUY).user_id, vendor_roles={shop.vendor.pk: "seller"}, helped_user_id=77)

    product = a_product(Shop(shop.vendor, agent, shop.staff))

    assert last_event(product).on_behalf_of_id == 77
    assert last_event(product).actor_id == agent.user_id
