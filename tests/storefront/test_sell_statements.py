"""An owner brings a statement, sees what it would do, imports it, and finds every line again."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from payments.models import BankNotice, ReviewItem, Statement, StatementLayout
from payments.services.importing import continue_statements
from payments.services.reviewing import set_aside
from payments.services.statements import forget_old_statements
from storefront.sell.statements import ROWS_A_PAGE
from tests.payments.factories import NOW, PRICE_VND, Shop, a_shop, an_order, code_of, moved, rows
from tests.payments.statements.booklets import Entry, entries, vietcombank
from tests.payments.statements.samples import csv_of
from tests.storefront.conftest import PAGE_BYTES_MAX
from tests.storefront.shopping import text_of
from tests.storefront.working import browser_of, form, owner_at, seller_at

pytestmark = pytest.mark.usefixtures("committed_db", "today")
STRANGE = [["Lúc", "Vì sao", "Bao nhiêu"], ["20/11/2026", "tien hang", "20.000"], ["21/11/2026", "tra", "-5.000"]]


@pytest.fixture
def shop(committed_db: None) -> Shop:
    return a_shop(quantity=100)


def upload(content: bytes, name: str = "sao-ke.csv", **fields: str) -> dict[str, object]:
    return form(content=SimpleUploadedFile(name, content), **fields)


def brought(owner: Client, content: bytes, **fields: str) -> str:
    """The address of the page of a file that was taken."""
    answer = owner.post("/sell/statements/", upload(content, **fields))
    assert answer.status_code == 302, text_of(answer)
    return str(answer["Location"])


def run_worker() -> None:
    while continue_statements(now=NOW):
        pass


def test_from_the_file_to_the_booked_order(shop: Shop, owner: Client) -> None:
    order = an_order(shop)
    lines = [Entry(f"tra {code_of(order)}"), Entry("khong ma", 30_000, "R2"), Entry("phi", -11_000, "R3")]

    address = brought(owner, vietcombank(shop, lines))
    page = text_of(owner.get(address))

    assert "Nếu nhập tệp này" in page
    assert f"mới – ghi vào đơn {order.number}" in page
    assert "cần xem: nội dung chuyển khoản không có mã đơn" in page
    assert "tiền đi – bỏ qua" in page
    assert "Vietcombank" in page
    assert BankNotice.objects.count() == 0

    assert owner.post(f"{address}import/", form()).status_code == 302
    running = owner.get(address)
    assert "Đã xem 0 trên 3 dòng." in text_of(running)
    assert 'http-equiv="refresh"' in running.content.decode()
    run_worker()

    done = owner.get(address)
    assert f"đã ghi vào đơn {order.number}" in text_of(done)
    assert 'http-equiv="refresh"' not in done.content.decode()
    item = ReviewItem.objects.get()
    assert f"/sell/review/{item.pk}/" in done.content.decode()
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    listed = text_of(owner.get("/sell/statements/"))
    assert "Đã gửi 20/11/2026 " in listed
    assert "20/11/2026 –" not in listed, "one day is said once"
    assert "Đã nhập" in listed

    set_aside(actor=shop.owner, item=item, resolution="tiền người nhà", now=NOW)
    assert "đã xem xong" in text_of(owner.get(address))
    forget_old_statements(now=NOW + timedelta(days=91))
    assert "Tệp đã được xóa sau 90 ngày" in text_of(owner.get(address))


def test_a_form_that_is_sent_twice_brings_one_draft_and_one_import(shop: Shop, owner: Client) -> None:
    content, same = vietcombank(shop, entries(2)), str(uuid.uuid4())
    for _ in range(2):
        answer = owner.post("/sell/statements/", {"client_id": same, "content": SimpleUploadedFile("a.csv", content)})
        assert answer.status_code == 302
    assert Statement.objects.count() == 1
    for _ in range(2):
        assert owner.post(f"{answer['Location']}import/", form()).status_code == 302
    run_worker()
    assert BankNotice.objects.count() == 2


def test_the_same_file_another_day_says_that_it_is_there(shop: Shop, owner: Client) -> None:
    content = vietcombank(shop, entries(2))
    first = brought(owner, content)
    owner.post(f"{first}import/", form())
    run_worker()
    before = rows()

    second = brought(owner, content)
    assert text_of(owner.get(second)).count("đã có") == 2
    answer = owner.post(f"{second}import/", form(), follow=True)

    assert answer.redirect_chain[-1][0] == first
    assert "đã nhập trước đó rồi" in text_of(answer)
    assert rows() == before


def test_an_unknown_layout_is_shown_and_its_columns_chosen_once(shop: Shop, owner: Client) -> None:
    content = csv_of([["Bảng kê", "", ""], *STRANGE])
    address = brought(owner, content, account_number=shop.account)
    page = owner.get(address)
    for words in ("Chỉ cho chợ các cột", "Tiêu đề ở dòng 2", "Bao nhiêu", "tien hang"):
        assert words in text_of(page)
    assert "Tiêu đề ở dòng 3" in text_of(owner.get(address, {"row": "3"}))

    wrong = owner.post(f"{address}columns/", form(header_row="2", date="0", content="1"))
    assert wrong.status_code == 400
    assert "Cần chọn cột ngày" in text_of(wrong)
    missing = owner.post(f"{address}columns/", form(header_row="2", date="0"))
    assert missing.status_code == 400
    assert StatementLayout.objects.count() == 0

    chosen = owner.post(f"{address}columns/", form(header_row="2", date="0", content="1", amount="2"), follow=True)
    assert "Đã nhớ các cột" in text_of(chosen)
    assert "cần xem: nội dung chuyển khoản không có mã đơn" in text_of(chosen)
    assert "Cột do bạn chọn" in text_of(chosen)
    assert "Nếu nhập tệp này" in text_of(owner.get(brought(owner, content + b"\n", account_number=shop.account)))


def test_the_account_is_asked_for_where_the_file_does_not_name_it(shop: Shop, owner: Client) -> None:
    address = brought(owner, csv_of([["Ngày", "Nội dung", "Số tiền"], ["20/11/2026", "x", "20.000"]]))
    assert "Tệp không ghi số tài khoản." in text_of(owner.get(address))
    refused = owner.post(f"{address}import/", form())
    assert refused.status_code == 409
    wrong = owner.post(f"{address}account/", form(account_number="99887766"))
    assert wrong.status_code == 400
    assert "Sao kê của tài khoản nào?" in text_of(wrong)
    right = owner.post(f"{address}account/", form(account_number=shop.account), follow=True)
    assert "Nếu nhập tệp này" in text_of(right)


def test_balances_that_do_not_fit_are_told(shop: Shop, owner: Client) -> None:
    content = csv_of(
        [
            ["Số tài khoản:", shop.account], ["Số dư đầu kỳ", "0"], ["Số dư cuối kỳ", "30.000"],
            ["Ngày", "Nội dung", "Số tiền"], ["20/11/2026", "x", "20.000"],
        ]
    )  # fmt: skip
    assert "lệch 10.000" in text_of(owner.get(brought(owner, content))).replace("\u00a0", " ")


def test_a_draft_can_be_thrown_away(shop: Shop, owner: Client) -> None:
    address = brought(owner, vietcombank(shop, entries(1)))
    answer = owner.post(f"{address}discard/", form(), follow=True)
    assert "chưa ghi gì vào sổ" in text_of(answer)
    assert Statement.objects.count() == 0
    assert owner.get(address).status_code == 404


def test_a_draft_thrown_away_by_a_doubled_tap_is_answered_the_same(shop: Shop, owner: Client) -> None:
    address, sent = brought(owner, vietcombank(shop, entries(1))), form()

    answers = [owner.post(f"{address}discard/", sent, follow=True) for _tap in range(2)]

    assert [answer.redirect_chain for answer in answers] == [[("/sell/statements/", 302)]] * 2
    assert owner.post(f"{address}discard/", form()).status_code == 404


def test_a_statement_that_was_imported_before_is_shown_to_both_taps(shop: Shop, owner: Client) -> None:
    """The first tap throws the second draft of one file away and leads to the import that it repeats."""
    content = vietcombank(shop, entries(1))
    first, second = brought(owner, content), brought(owner, content)
    owner.post(f"{first}import/", form())
    sent = form()

    answers = [owner.post(f"{second}import/", sent, follow=True) for _tap in range(2)]

    assert [answer.redirect_chain for answer in answers] == [[(first, 302)]] * 2
    assert all("không có gì thay đổi" in text_of(answer) for answer in answers)
    assert Statement.objects.count() == 1


def test_long_statements_are_shown_a_page_at_a_time_and_pages_stay_small(shop: Shop, owner: Client) -> None:
    address = brought(owner, vietcombank(shop, entries(2 * ROWS_A_PAGE + 1, content="CHUYEN TIEN " * 30)))
    for number, first, last in ((1, 3, ROWS_A_PAGE + 2), (3, 2 * ROWS_A_PAGE + 3, 2 * ROWS_A_PAGE + 3), (99, 43, 43)):
        page = owner.get(address, {"page": str(number)})
        numbers = [int(found) for found in re.findall(r"dòng (\d+) ·", text_of(page))]
        assert (numbers[0], numbers[-1]) == (first, last)
        assert len(page.content) < PAGE_BYTES_MAX
    assert len(owner.get("/sell/statements/").content) < PAGE_BYTES_MAX


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "trống"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, ".xlsx"),
        (b"%PDF-1.4", "PDF"),
        (b"PK\x03\x04", "hỏng"),
        (b"a;b\nc;d", "chưa nhận ra"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
        (b"Ng\xc3\xa0y;N\xe1\xbb\x99i dung;S\xe1\xbb\x91 ti\xe1\xbb\x81n\n20/11/2026;x;nhieu 1234", "Dòng 2"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_what_to_do(owner: Client, content: bytes, words: str) -> None:
    before = Statement.objects.count()
    answer = owner.post("/sell/statements/", upload(content))
    assert answer.status_code == 400
    assert words in text_of(answer)
    assert Statement.objects.count() == before


def test_another_shops_account_is_refused(shop: Shop, owner: Client) -> None:
    answer = owner.post("/sell/statements/", upload(vietcombank(a_shop(), entries(1))))
    assert answer.status_code == 400
    assert "không phải của gian hàng" in text_of(answer)


def test_without_a_file_or_without_the_forms_id_nothing_is_taken(owner: Client) -> None:
    assert owner.post("/sell/statements/", form()).status_code == 400
    assert owner.post("/sell/statements/", {"content": SimpleUploadedFile("a.csv", b"a")}).status_code == 400
    assert Statement.objects.count() == 0


def test_only_the_owner_sees_and_does_anything_here(shop: Shop, owner: Client) -> None:
    address = brought(owner, vietcombank(shop, entries(1)))
    stranger = owner_at(a_shop())
    tries: list[Callable[[Client], int]] = [
        lambda client: client.get(address).status_code,
        lambda client: client.post(f"{address}import/", form()).status_code,
        lambda client: client.post(f"{address}discard/", form()).status_code,
        lambda client: client.post(f"{address}account/", form(account_number="1")).status_code,
        lambda client: client.post(f"{address}columns/", form(header_row="1")).status_code,
    ]
    assert [attempt(stranger) for attempt in tries] == [404] * 5
    assert [attempt(seller_at(shop)) for attempt in tries] == [403] * 5
    assert seller_at(shop).get("/sell/statements/").status_code == 403
    assert seller_at(shop).post("/sell/statements/", upload(b"a")).status_code == 403
    assert browser_of(None).get("/sell/statements/").status_code == 302
    assert (Statement.objects.count(), BankNotice.objects.count()) == (1, 0)


def test_the_way_there_is_on_the_shops_page_and_on_the_feeds_page(owner: Client) -> None:
    for address in ("/sell/shop/", "/sell/feeds/"):
        assert 'href="/sell/statements/"' in owner.get(address).content.decode()
    assert "Bạn chưa gửi sao kê nào." in text_of(owner.get("/sell/statements/"))
