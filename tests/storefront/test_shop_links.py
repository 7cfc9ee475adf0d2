"""The order's page of a shop that is paid through payOS: the link's code, and what is said while there is none."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from django.core.cache import cache
from django.test import Client
from PIL import Image

from marketplace.core import clock
from marketplace.core.actors import SYSTEM
from marketplace.orders.models import Order
from payments.models import Confirmation, PaymentLink
from payments.services.by_hand import mark_paid_by_hand
from payments.services.feeds import close_feed
from tests.payments.banks import a_feed
from tests.payments.factories import SECRET, a_shop, an_order, code_of
from tests.payments.listing import an_api
from tests.payments.provider_server import ProviderServer, playing, status
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db
NO_CODE = "Chưa tạo được mã trả tiền."


@pytest.fixture
def provider(settings: Any) -> Iterator[ProviderServer]:
    with playing(settings, checksum_key=SECRET) as server:
        yield server


@pytest.fixture
def order(db: None) -> Order:
    """Placed this moment at a shop that hears of its money from payOS alone."""
    shop = a_shop()
    close_feed(actor=SYSTEM, feed=shop.feed, now=clock.now())
    an_api(a_feed(shop.vendor, ("payos", "hmac")))
    return an_order(shop, now=clock.now())


def address(order: Order, part: str = "") -> str:
    return f"/orders/{order.token}/{part}"


def test_the_page_shows_the_links_account_words_and_code(
    shopper: Client, provider: ProviderServer, order: Order
) -> None:
    page = shopper.get(address(order))

    (link,) = provider.links.values()
    words = text_of(page)
    for line in ("Số tiền 60.000 ₫", "Ngân hàng MB", f"Số tài khoản {link['accountNumber']}", link["description"]):
        assert line in words
    assert code_of(order) not in words
    picture = shopper.get(address(order, "qr.png"))
    assert zxingcpp.read_barcodes(Image.open(BytesIO(picture.content)))[0].text == link["qrCode"]
    assert shopper.get(address(order, "qr.svg")).status_code == 200
    assert len(provider.asked) == 1


def test_a_link_made_anew_is_another_picture(shopper: Client, provider: ProviderServer, order: Order) -> None:
    """A browser keeps a picture for minutes: its address must not stay the same."""
    first = shopper.get(address(order)).content.decode()
    PaymentLink.objects.update(state="cancelled")
    second = shopper.get(address(order)).content.decode()

    codes = [link["qrCode"][-4:] for link in provider.links.values()]
    assert len(codes) == 2
    assert f'60000-{codes[0]}"' in first
    assert f'60000-{codes[1]}"' in second


def test_while_payos_is_away_the_page_says_so_and_not_where_to_pay(
    shopper: Client, provider: ProviderServer, order: Order
) -> None:
    provider.broken["/v2/payment-requests"] = status(500)

    page = shopper.get(address(order))

    words = text_of(page)
    assert page.status_code == 200
    assert NO_CODE in words
    assert "Bạn khoan chuyển tiền" in words
    assert "Tải lại trang" in words
    for wrong in ("Số tài khoản", "Lưu ảnh QR", "quét mã", "Đang chờ ngân hàng báo", "Đã thanh toán"):
        assert wrong not in words
    assert 'class="qr"' not in page.content.decode()
    for picture in ("qr.svg", "qr.png"):
        answer = shopper.get(address(order, picture))
        assert (answer.status_code, NO_CODE in text_of(answer)) == (503, True)


def test_the_page_gets_its_code_by_itself_once_payos_is_back(
    shopper: Client, provider: ProviderServer, order: Order
) -> None:
    provider.broken["/v2/payment-requests"] = status(500)
    etag = shopper.get(address(order, "state/"))["ETag"]
    still = shopper.get(address(order, "state/"), headers={"If-None-Match": etag})
    assert (still.status_code, NO_CODE in text_of(still)) == (200, True)
    provider.broken.clear()
    cache.clear()

    back = shopper.get(address(order, "state/"), headers={"If-None-Match": etag})

    assert "Số tài khoản" in text_of(back)
    assert shopper.get(address(order, "state/"), headers={"If-None-Match": back["ETag"]}).status_code == 304


def test_after_a_part_the_page_without_a_code_does_not_speak_of_one(
    shopper: Client, provider: ProviderServer, order: Order
) -> None:
    mark_paid_by_hand(actor=SYSTEM, order=order, amount_vnd=10_000, confirmation=Confirmation.CASH, now=clock.now())
    provider.broken["/v2/payment-requests"] = status(500)

    words = text_of(shopper.get(address(order)))

    assert "Trả nốt đơn" in words
    assert NO_CODE in words
    assert "quét mã" not in words
