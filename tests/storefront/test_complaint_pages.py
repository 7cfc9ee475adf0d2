"""A complaint on its three pages: the buyer's, the shop's, the commune's; and nobody else's."""

import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from marketplace.core import clock
from marketplace.orders.models import Complaint, Order
from marketplace.orders.services.complaints import answer_as_vendor, open_complaint
from tests.payments.factories import NENH, Shop, a_shop, an_order
from tests.storefront.conftest import At, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import (
    a_photo,
    a_province_officer,
    an_officer,
    browser_of,
    form,
    owner_at,
    paid_by_bank,
    seller_at,
)

pytestmark = pytest.mark.django_db
TORN = "Một gói bị rách, miến vương ra thùng."


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> Order:
    return paid_by_bank(shop)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def complaint_url(order: Order, part: str = "") -> str:
    return f"/orders/{order.token}/complaint/{part}"


def complained(order: Order, **more: Any) -> Complaint:
    return open_complaint(**{"token": order.token, "kind": "damaged", "text": TORN, "now": clock.now()} | more)


def kept(complaint: Complaint) -> tuple[str, int]:
    fresh = Complaint.objects.get(pk=complaint.pk)
    return fresh.state, fresh.messages.count()


def photo_in(page: str) -> str:
    found = re.search(r'<img class="picture" src="([^"]+\.jpg)"', page)
    assert found is not None
    return found[1]


def test_the_orders_page_leads_to_the_complaint(shopper: Client, order: Order) -> None:
    page = shopper.get(f"/orders/{order.token}/").content.decode()
    assert f'href="{complaint_url(order)}"' in page
    assert "Báo vấn đề" in page

    complained(order)

    words = text_of(shopper.get(f"/orders/{order.token}/"))
    assert "Hàng hỏng, vỡ, quá hạn Chờ trả lời Xem khiếu nại" in words
    assert "Báo vấn đề" not in words


def test_a_buyer_complains_with_a_photo_and_sees_when_the_answer_is_due(
    shopper: Client, shop: Shop, order: Order
) -> None:
    asked = text_of(shopper.get(complaint_url(order)))
    assert "Hợp tác xã Bản Giốc và cán bộ Xã Đàm Thủy cùng đọc. Bạn được trả lời trong 4 giờ." in asked

    sent = shopper.post(complaint_url(order), form(kind="damaged", text=TORN, photo=a_photo()))

    complaint = Complaint.objects.get(order=order)
    assert (sent.status_code, sent["Location"]) == (302, complaint_url(order))
    page = shopper.get(complaint_url(order))
    assert TORN in text_of(page)
    due = (complaint.opened_at + timedelta(hours=4)).astimezone(clock.VIETNAM)
    assert f"trả lời bạn trước {due:%H:%M · %d/%m/%Y}" in text_of(page)
    photo = shopper.get(photo_in(page.content.decode()))
    assert (photo["Content-Type"], photo.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert "private" in photo["Cache-Control"]


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"kind": "", "text": TORN}, 400, "Bạn chưa chọn mục này."),
        ({"kind": "damaged", "text": ""}, 400, "Bạn chưa điền mục này."),
        (
            {"kind": "damaged", "text": TORN, "photo": SimpleUploadedFile("a.jpg", b"none")},
            400,
            "Ảnh chụp: Chỉ nhận ảnh JPEG, PNG hoặc WebP.",
        ),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_nothing_is_kept(
    shopper: Client, order: Order, given: dict[str, Any], status: int, words: str
) -> None:
    answer = shopper.post(complaint_url(order), form(**given))

    assert answer.status_code == status
    assert words in text_of(answer)
    assert Complaint.objects.count() == 0


def test_a_second_complaint_is_refused_and_the_page_shows_the_first(shopper: Client, order: Order) -> None:
    complained(order)

    answer = shopper.post(complaint_url(order), form(kind="money", text="Trả tiền lại"))

    assert answer.status_code == 409
    assert "Đơn này đang có khiếu nại chưa xong." in text_of(answer)
    assert Complaint.objects.count() == 1


def test_the_buyer_adds_a_word_and_ends_it(shopper: Client, order: Order) -> None:
    complaint = complained(order)
    sent = form(text="Vẫn chưa thấy.")

    for _time in range(2):
        assert shopper.post(complaint_url(order, f"{complaint.pk}/add/"), sent).status_code == 302
    assert kept(complaint) == ("waiting", 2)
    assert shopper.post(complaint_url(order, f"{complaint.pk}/add/"), form(text=" ")).status_code == 400

    assert shopper.post(complaint_url(order, f"{complaint.pk}/settled/")).status_code == 302
    assert kept(complaint) == ("closed", 2)
    page = text_of(shopper.get(complaint_url(order)))
    assert "Người mua báo đã ổn" in page
    assert "Bạn gặp việc gì?" in page


def test_an_unanswered_complaint_says_whom_to_call(shopper: Client, order: Order, at: At) -> None:
    complaint = complained(order)

    at(complaint.answer_due_at + timedelta(minutes=1))

    assert "Đã quá 4 giờ mà chưa ai trả lời bạn." in text_of(shopper.get(complaint_url(order)))


def test_anothers_order_opens_neither_complaint_nor_photo(shopper: Client, shop: Shop, order: Order) -> None:
    complaint = complained(order, photo=a_photo().read())
    message = complaint.messages.get()
    other = an_order(shop)

    for address in (
        complaint_url(other, f"{complaint.pk}/{message.pk}.jpg"),
        f"/orders/{uuid.uuid4()}/complaint/",
        complaint_url(order, f"{complaint.pk}/{message.pk + 1}.jpg"),
    ):
        assert shopper.get(address).status_code == 404
    for part in ("add/", "settled/"):
        refused = shopper.post(complaint_url(other, f"{complaint.pk}/{part}"), form(text="a"))
        assert refused.status_code == 404
    assert kept(complaint) == ("waiting", 1)


@pytest.mark.parametrize("prefix", ["", "products/../", "./"])
def test_who_knows_the_name_of_a_photo_is_not_shown_it_by_the_public_address(
    shopper: Client, order: Order, prefix: str
) -> None:
    name = complained(order, photo=a_photo().read()).messages.get().photo

    assert shopper.get(f"/media/{prefix}{name}").status_code == 404


def test_the_shop_is_told_today_and_answers_with_a_photo(shop: Shop, order: Order) -> None:
    complaint, owner = complained(order), owner_at(shop)
    today = text_of(owner.get("/sell/"))
    assert "1 khách báo vấn đề, chờ bạn trả lời" in today
    assert "Hàng hỏng, vỡ, quá hạn" in text_of(owner.get("/sell/complaints/?state=waiting"))
    page = text_of(owner.get(f"/sell/complaints/{complaint.pk}/"))
    assert TORN in page
    assert "Cần trả lời trước" in page
    assert "0987 654 321" in page

    sent = owner.post(f"/sell/complaints/{complaint.pk}/answer/", form(text="Tôi gửi bù gói mới.", photo=a_photo()))

    assert (sent.status_code, sent["Location"]) == (302, f"/sell/complaints/{complaint.pk}/")
    assert kept(complaint) == ("answered", 2)
    assert "khách báo vấn đề" not in text_of(owner.get("/sell/"))
    assert owner.get(photo_in(owner.get(f"/sell/complaints/{complaint.pk}/").content.decode())).status_code == 200


def test_the_shops_empty_answer_is_refused(shop: Shop, order: Order) -> None:
    complaint = complained(order)

    answer = seller_at(shop).post(f"/sell/complaints/{complaint.pk}/answer/", form(text=""))

    assert answer.status_code == 400
    assert "Bạn chưa điền mục này." in text_of(answer)
    assert kept(complaint) == ("waiting", 1)


def test_another_shop_sees_nothing_of_it(shop: Shop, order: Order) -> None:
    complaint = complained(order, photo=a_photo().read())
    message, other = complaint.messages.get(), owner_at(a_shop("Hộ bà Lý"))

    assert TORN not in text_of(other.get("/sell/complaints/"))
    assert "Không có việc nào" in text_of(other.get("/sell/complaints/"))
    assert other.get(f"/sell/complaints/{complaint.pk}/").status_code == 404
    assert other.get(f"/sell/complaints/{complaint.pk}/{message.pk}.jpg").status_code == 404
    assert other.post(f"/sell/complaints/{complaint.pk}/answer/", form(text="a")).status_code == 404
    assert kept(complaint) == ("waiting", 1)


def test_the_commune_finds_it_in_its_list_answers_and_closes_it(shop: Shop, order: Order) -> None:
    complaint, officer = complained(order), browser_of(an_officer().pk)
    home = officer.get("/commune/").content.decode()
    assert f'href="/commune/complaints/{complaint.pk}/"' in home
    assert "30 ngày qua: 1 khiếu nại, 0 được trả lời trong 4 giờ, 1 đang chờ." in text_of(
        officer.get("/commune/complaints/")
    )
    page = text_of(officer.get(f"/commune/complaints/{complaint.pk}/"))
    assert TORN in page
    assert "0987 *** 321" in page
    assert "0987 654 321" not in page

    said = officer.post(f"/commune/complaints/{complaint.pk}/answer/", form(text="Xã đã gọi gian hàng."))
    assert (said.status_code, kept(complaint)) == (302, ("answered", 2))
    closed = officer.post(
        f"/commune/complaints/{complaint.pk}/close/", form(outcome="upheld", text="Gian hàng gửi bù.")
    )

    assert (closed.status_code, kept(complaint)) == (302, ("closed", 3))
    page = text_of(officer.get(f"/commune/complaints/{complaint.pk}/"))
    assert "Người mua đúng, gian hàng phải khắc phục" in page
    assert "Gửi trả lời" not in page


def test_the_buyer_reads_who_said_what(shopper: Client, shop: Shop, order: Order) -> None:
    complaint = complained(order)
    browser_of(an_officer().pk).post(f"/commune/complaints/{complaint.pk}/answer/", form(text="Xã đang hỏi."))
    answer_as_vendor(actor=shop.owner, complaint_id=complaint.pk, text="Xin lỗi bác.", now=clock.now())

    words = text_of(shopper.get(complaint_url(order)))

    for part in ("Bạn ·", "Cán bộ xã Đàm Thủy ·", "Hợp tác xã Bản Giốc ·", "Xã đang hỏi.", "Xin lỗi bác."):
        assert part in words


@pytest.mark.parametrize(
    ("part", "given", "words"),
    [
        ("answer/", {"text": ""}, "Bạn chưa điền mục này."),
        ("close/", {"outcome": "", "text": "Xong"}, "Bạn chưa chọn mục này."),
        ("close/", {"outcome": "settled", "text": "Xong"}, "Bạn chọn lại mục này giúp."),
    ],
)
def test_what_the_officer_forgot_is_said_and_nothing_moves(
    order: Order, part: str, given: dict[str, str], words: str
) -> None:
    complaint = complained(order)

    answer = browser_of(an_officer().pk).post(f"/commune/complaints/{complaint.pk}/{part}", form(**given))

    assert answer.status_code == 400
    assert words in text_of(answer)
    assert kept(complaint) == ("waiting", 1)


@pytest.mark.parametrize("who", ["elsewhere", "province", "shop"])
def test_staff_of_elsewhere_the_province_and_the_shop_do_not_decide(shop: Shop, order: Order, who: str) -> None:
    complaint = complained(order, photo=a_photo().read())
    message = complaint.messages.get()
    client = {
        "elsewhere": lambda: browser_of(an_officer(NENH).pk),
        "province": lambda: browser_of(a_province_officer().pk),
        "shop": lambda: owner_at(shop),
    }[who]()
    refused = {403} if who == "shop" else {404}

    for part in ("", f"{message.pk}.jpg"):
        assert client.get(f"/commune/complaints/{complaint.pk}/{part}").status_code in refused
    assert client.get("/commune/complaints/?commune=01501").status_code in refused
    for part in ("answer/", "close/"):
        sent = form(text="a", outcome="agreed")
        assert client.post(f"/commune/complaints/{complaint.pk}/{part}", sent).status_code in refused
    assert kept(complaint) == ("waiting", 1)


def test_lists_are_paged_and_cost_the_same_however_long(shop: Shop, statements: Count) -> None:
    orders = [an_order(shop) for _number in range(3)]
    complained(orders[0])
    owner, officer = owner_at(shop), browser_of(an_officer().pk)
    one = [
        statements(lambda: owner.get("/sell/complaints/")),
        statements(lambda: officer.get("/commune/complaints/")),
    ]
    for order in orders[1:]:
        complained(order)
    Complaint.objects.bulk_create(
        Complaint(
            order=orders[0],
            vendor=shop.vendor,
            commune=shop.vendor.commune,
            kind="other",
            state="closed",
            outcome="settled",
            opened_at=clock.now(),
            answer_due_at=clock.now(),
            updated_at=clock.now(),
            closed_at=clock.now(),
        )
        for _number in range(20)
    )

    many = [
        statements(lambda: owner.get("/sell/complaints/")),
        statements(lambda: officer.get("/commune/complaints/")),
    ]

    assert many == one
    assert 'href="/sell/complaints/?page=2"' in owner.get("/sell/complaints/").content.decode()
    assert "page=2" in officer.get("/commune/complaints/").content.decode()
    assert owner.get("/sell/complaints/?state=angry").status_code == 400


def test_a_thread_costs_the_same_however_much_was_said(shop: Shop, order: Order, statements: Count) -> None:
    complaint, owner = complained(order), owner_at(shop)
    url = f"/sell/complaints/{complaint.pk}/"
    one = statements(lambda: owner.get(url))
    for number in range(10):
        answer_as_vendor(actor=shop.owner, complaint_id=complaint.pk, text=f"Lời {number}", now=clock.now())

    assert statements(lambda: owner.get(url)) == one


def test_the_shop_tells_its_buyer_something_and_the_page_shows_it(shopper: Client, shop: Shop, order: Order) -> None:
    owner, sent = owner_at(shop), form(text="Chiều nay xe chạy, mai bác nhận được.")

    for _time in range(2):
        answer = owner.post(f"/sell/orders/{order.pk}/tell/", sent)
        assert (answer.status_code, answer["Location"]) == (302, f"/sell/orders/{order.pk}/")

    assert text_of(shopper.get(f"/orders/{order.token}/")).count("Chiều nay xe chạy") == 1
    assert "Gian hàng nhắn ·" in text_of(shopper.get(f"/orders/{order.token}/"))
    assert text_of(owner.get(f"/sell/orders/{order.pk}/")).count("Chiều nay xe chạy") == 1
    assert owner.post(f"/sell/orders/{order.pk}/tell/", form(text="")).status_code == 400
    assert owner_at(a_shop("Hộ bà Lý")).post(f"/sell/orders/{order.pk}/tell/", sent).status_code == 404
    assert order.messages.count() == 1
