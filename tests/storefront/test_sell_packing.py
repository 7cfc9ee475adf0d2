"""The seller packs, prints slips, and hands over all or a part."""

import pytest

from marketplace.orders.models import Order
from tests.payments.factories import Shop, a_shop, an_order
from tests.storefront.conftest import PAGE_BYTES_MAX, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import form, owner_at, paid_by_bank, row_of, seller_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop(quantity=40)


def part_of(order: Order, quantity: object, **more: str) -> dict[str, object]:
    return form(**{f"line_{order.lines.get().pk}": quantity}, **more)


def test_an_order_goes_from_the_list_to_packed_to_sent(shop: Shop) -> None:
    order, browser = paid_by_bank(shop), seller_at(shop)
    listed = text_of(browser.get("/sell/orders/?stage=to_pack"))
    assert "Chờ gói (1)" in listed
    assert f"Đã gói đơn {order.number}" in listed

    sent = form(next="/sell/orders/?stage=to_pack")
    answers = [browser.post(f"/sell/orders/{order.pk}/pack/", sent) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == ["/sell/orders/?stage=to_pack"] * 2
    assert "Đã gói (1)" in text_of(browser.get("/sell/orders/?stage=packed"))
    assert "1 đơn đã gói, chờ giao Giao hàng" in text_of(browser.get("/sell/"))
    page = text_of(browser.get(f"/sell/orders/{order.pk}/"))
    assert "Đã gói, chờ khách đến lấy" in page
    assert "Đã gói, mời bạn đến lấy" in text_of(browser.get(f"/orders/{order.token}/"))
    browser.post(f"/sell/orders/{order.pk}/fulfil/", form())
    assert Order.objects.get().status == Order.Status.FULFILLED
    assert "Không có đơn nào ở đây" in text_of(browser.get("/sell/orders/?stage=packed"))


def test_a_wrong_tap_is_taken_back(shop: Shop) -> None:
    order, browser = paid_by_bank(shop), owner_at(shop)
    browser.post(f"/sell/orders/{order.pk}/pack/", form())

    assert browser.post(f"/sell/orders/{order.pk}/unpack/", form())["Location"] == f"/sell/orders/{order.pk}/"

    assert Order.objects.get().packed_at is None
    assert "Đã nhận đủ tiền, chờ gói" in text_of(browser.get(f"/sell/orders/{order.pk}/"))


def test_a_part_is_handed_over_once_and_the_rest_stays(shop: Shop) -> None:
    order, browser = paid_by_bank(shop, quantity=3), owner_at(shop)
    assert "Chỉ giao một phần" in text_of(browser.get(f"/sell/orders/{order.pk}/"))
    sent = part_of(order, "2")

    answers = [browser.post(f"/sell/orders/{order.pk}/part/", sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert row_of(order)["status"] == "partially_fulfilled"
    assert order.lines.get().quantity_fulfilled == 2
    page = text_of(browser.get(f"/sell/orders/{order.pk}/"))
    assert "đã giao 2" in page
    assert "Chỉ giao một phần" not in page  # one piece is left, and that is all of it


@pytest.mark.parametrize("quantity", ["4", "-1", "1.5", "hai", "9" * 30, "", "0"])
def test_a_part_that_cannot_be_is_refused_with_the_form_open(shop: Shop, quantity: str) -> None:
    order = paid_by_bank(shop, quantity=3)
    before = row_of(order)

    answer = owner_at(shop).post(f"/sell/orders/{order.pk}/part/", part_of(order, quantity))

    assert answer.status_code == 400
    assert '<details class="card" open>' in answer.content.decode()
    assert row_of(order) == before


def test_more_than_is_left_is_refused_by_name(shop: Shop) -> None:
    order, browser = paid_by_bank(shop, quantity=3), owner_at(shop)
    browser.post(f"/sell/orders/{order.pk}/part/", part_of(order, "2"))

    answer = browser.post(f"/sell/orders/{order.pk}/part/", part_of(order, "2"))

    assert answer.status_code == 400
    assert "Miến dong Cao Bằng: chỉ còn 1 để giao." in text_of(answer)
    assert order.lines.get().quantity_fulfilled == 2


def test_slips_say_who_gets_what_and_that_nothing_is_to_be_paid(shop: Shop) -> None:
    first, second = paid_by_bank(shop, quantity=2), paid_by_bank(shop)
    an_order(shop)
    browser = owner_at(shop)

    every = text_of(browser.get("/sell/orders/slips/"))
    one = text_of(browser.get(f"/sell/orders/slips/?order={second.number}"))

    assert f"Đơn {first.number} Đã trả đủ tiền, không thu thêm" in every
    assert "Miến dong Cao Bằng" in every
    assert "2 gói 500 g" in every
    assert "0987 654 321" in every
    assert f"Đơn {second.number}" in one
    assert f"Đơn {first.number}" not in one
    assert "Không có đơn nào chờ gói" in text_of(browser.get("/sell/orders/slips/?stage=packed"))
    assert [browser.get(f"/sell/orders/slips/?{bad}").status_code for bad in ("stage=x", "order=x")] == [400, 200]


def test_another_shop_s_orders_are_not_packed_parted_or_printed(shop: Shop) -> None:
    order, stranger = paid_by_bank(shop, quantity=2), owner_at(a_shop("Hộ khác"))
    before = row_of(order)

    answers = [
        stranger.post(f"/sell/orders/{order.pk}/{part}/", part_of(order, "1")) for part in ("pack", "unpack", "part")
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert f"Đơn {order.number}" not in text_of(stranger.get(f"/sell/orders/slips/?order={order.number}"))
    assert row_of(order) == before


def test_an_unpaid_order_is_not_packed(shop: Shop) -> None:
    order, browser = an_order(shop), owner_at(shop)

    answer = browser.post(f"/sell/orders/{order.pk}/pack/", form())

    assert answer.status_code == 409
    assert "chưa nhận đủ tiền" in text_of(answer)
    assert Order.objects.get().packed_at is None


def test_a_full_desk_is_bounded_in_statements_and_bytes(shop: Shop, statements: Count) -> None:
    browser = owner_at(shop)
    paid_by_bank(shop)
    pages = ("/sell/orders/?stage=to_pack", "/sell/orders/slips/")
    few = [statements(lambda page=page: browser.get(page)) for page in pages]  # type: ignore[misc]  # bound at once
    for _ in range(21):
        paid_by_bank(shop)

    assert [statements(lambda page=page: browser.get(page)) for page in pages] == few  # type: ignore[misc]  # as above
    assert len(browser.get(pages[0]).content) <= PAGE_BYTES_MAX
