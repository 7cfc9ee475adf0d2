"""Whatever is put into an address or a form: a page in words with a 4xx status or a sensible answer, never a 500."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.test import Client, override_settings

from catalog.models import Product
from marketplace.core import clock
from marketplace.core.middleware import CONTENT_SECURITY_POLICY
from marketplace.orders.models import CheckoutLine, Order
from storefront.shop import reads
from tests.orders.factories import a_shop
from tests.payments.factories import a_shop as a_paid_shop
from tests.payments.factories import an_order
from tests.storefront.shopping import form_id, goods, put_into_basket, text_of

pytestmark = pytest.mark.django_db
SLUG = "mat-ong-cao-bang"
STRANGE = [
    "abc", "-1", "0", "1.5", "99999999999999999999", "1e9", "' OR 1=1 --", "%", "<b>", "é" * 300, "x" * 5000,
    "\t", "\u202e", "\ud7ff", "\ufffe", "\x1b", "..", "true", "[]",
]  # fmt: skip
ADDRESSES = [
    "/products/{}/", "/shops/{}/", "/markets/{}/", "/checkout/{}/", "/orders/{}/", "/orders/{}/state/",
    "/orders/{}/qr.svg", "/orders/{}/qr.png", "/orders/{}/cancel/", "/places/{}/communes/",
]  # fmt: skip
PAGES = ["/", "/search/", "/basket/", "/orders/find/", "/age/", "/about/", "/sign-in/", "/sign-out/", "/language/"]


def rows() -> tuple[int, int, list[int]]:
    return (
        Order.objects.count(),
        Product.objects.count(),
        list(CheckoutLine.objects.values_list("quantity", flat=True)),
    )


@pytest.fixture
def basket(shopper: Client) -> Iterator[str]:
    """A basket with two jars; whatever the test sends, it must stay as it is."""
    variant = goods(a_shop())
    put_into_basket(shopper, variant, 2)
    before = rows()
    yield str(variant.pk)
    assert rows() == before


@pytest.mark.parametrize("name", ["q", "province", "set", "stars", "sort", "page"])
def test_no_search_breaks(shopper: Client, name: str) -> None:
    answers = {value: shopper.get("/search/", {name: value}).status_code for value in STRANGE}

    # Words with control characters are refused; what makes no sense as a filter asks for nothing.
    assert set(answers.values()) <= ({200, 400} if name == "q" else {200, 302}), answers


def test_no_page_number_breaks_a_list(shopper: Client) -> None:
    a_shop()

    answers = {value: shopper.get(f"/shops/{SLUG}/", {"page": value}).status_code for value in STRANGE}

    assert set(answers.values()) <= {200, 302}, answers


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_breaks(shopper: Client, address: str) -> None:
    values = [value.replace("%", "%25") for value in STRANGE if value != ".."]

    answers = {value: shopper.get(address.format(value)).status_code for value in values}

    assert set(answers.values()) <= ({200, 404} if "communes" in address else {404}), answers


@pytest.mark.parametrize("name", ["variant", "quantity", "client_id"])
def test_no_buy_form_breaks_or_changes_the_basket(shopper: Client, basket: str, name: str) -> None:
    address = f"/products/{Product.objects.get().slug}/"
    fields = {"variant": basket, "quantity": "1"}

    answers = {
        value: shopper.post(address, fields | {"client_id": form_id(), name: value}) for value in [*STRANGE, "\x00"]
    }

    assert {
        value: answer.status_code for value, answer in answers.items() if not 400 <= answer.status_code < 500
    } == {}
    assert all("Chưa gửi được." in text_of(answer) for answer in answers.values())


@pytest.mark.parametrize("name", ["checkout", "variant", "quantity"])
def test_no_basket_form_breaks_or_changes_the_basket(shopper: Client, basket: str, name: str) -> None:
    fields = {"checkout": form_id(), "variant": basket, "quantity": "1"}

    answers = {value: shopper.post("/basket/", fields | {name: value}).status_code for value in [*STRANGE, "\x00"]}

    assert {value: status for value, status in answers.items() if not 400 <= status < 500} == {}


@pytest.mark.parametrize("name", ["number", "phone"])
def test_no_lookup_breaks(shopper: Client, name: str) -> None:
    fields = {"number": "1", "phone": "0912345678"}

    answers = {
        value: shopper.post("/orders/find/", fields | {name: value}).status_code for value in [*STRANGE, "\x00"]
    }

    assert set(answers.values()) <= {400, 404, 429}, answers


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_get_a_page_that_says_so(shopper: Client, method: str) -> None:
    for page in PAGES:
        answer = getattr(shopper, method)(page)

        assert answer.status_code == 405, page
        assert answer["Allow"]
        assert "Trang này không mở như vậy được" in text_of(answer)


def test_pages_to_read_take_no_form_and_forms_without_a_page_no_visit(shopper: Client) -> None:
    assert shopper.post("/").status_code == 405
    assert shopper.post("/search/").status_code == 405
    assert shopper.get("/language/").status_code == 405


def test_a_basket_cookie_that_somebody_made_up_is_no_basket(shopper: Client) -> None:
    shopper.cookies["sessionid"] = "eyJiYXNrZXQiOiJ4In0:nonsense:here"

    assert "Giỏ hàng còn trống" in text_of(shopper.get("/basket/"))


def test_a_form_with_far_too_many_fields_is_refused(shopper: Client) -> None:
    answer = shopper.post("/orders/find/", {f"field{number}": "x" for number in range(500)})

    assert answer.status_code == 400
    assert "Chưa làm được" in text_of(answer)


def test_an_unknown_page_says_what_to_do_and_offers_the_search(shopper: Client) -> None:
    answer = shopper.get("/khong-co/")

    assert answer.status_code == 404
    assert "Không tìm thấy trang này" in text_of(answer)
    assert 'action="/search/"' in answer.content.decode()
    assert "1900 0000" in text_of(answer)


def test_a_refused_page_leads_back_only_to_pages_of_this_market(shopper: Client) -> None:
    here = shopper.get("/khong-co/", headers={"referer": "http://testserver/basket/"}, HTTP_HOST="testserver")
    elsewhere = shopper.get("/khong-co/", headers={"referer": "https://example.com/"}, HTTP_HOST="testserver")

    assert 'href="http://testserver/basket/"' in here.content.decode()
    assert "example.com" not in elsewhere.content.decode()


def test_a_host_that_is_not_ours_gets_a_page_and_no_menu_of_anybody(shopper: Client) -> None:
    answer = shopper.get("/", HTTP_HOST="example.com")

    assert answer.status_code == 400
    assert "Chưa làm được" in text_of(answer)


def test_a_busy_database_is_a_503_that_says_when_to_come_back(
    shopper: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(reads, "busiest_provinces", busy)

    answer = shopper.get("/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "Chợ đang đông khách" in text_of(answer)


def test_a_fault_of_ours_is_said_without_asking_the_database(
    shopper: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault() -> None:
        raise RuntimeError("a fault of the test")

    monkeypatch.setattr(reads, "busiest_provinces", fault)

    with override_settings(DEBUG=False):
        answer = shopper.get("/")

    assert answer.status_code == 500
    assert "Lỗi ở phía chợ, không phải ở bạn." in text_of(answer)
    assert "1900 0000" in text_of(answer)
    assert "a fault of the test" not in answer.content.decode()


@pytest.mark.parametrize(
    "page", ["/", "/search/", "/basket/", "/about/", "/age/", "/sign-in/", "/orders/find/", "/no/"]
)
def test_every_page_has_one_heading_no_inline_code_and_the_policy_against_it(shopper: Client, page: str) -> None:
    answer = shopper.get(page)

    html = answer.content.decode()
    assert html.count("<h1") == 1
    assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert " style=" not in html
    assert "onclick" not in html
    assert "<script>" not in html


def test_the_order_page_and_the_checkout_have_one_heading_too(shopper: Client) -> None:
    order = an_order(a_paid_shop(), now=clock.now())

    assert shopper.get(f"/orders/{order.token}/").content.decode().count("<h1") == 1
    assert shopper.get(f"/orders/{order.token}/cancel/").content.decode().count("<h1") == 1
