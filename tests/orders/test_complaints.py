"""A complaint: opened by who holds the order's link, answered within four hours, ended by buyer or commune."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalog.photos import NotAPhoto
from catalog.pictures import folder_of
from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.requests_once import SameIdOtherContent
from marketplace.core.text import BadText
from marketplace.orders.complaint_photos import photo_content, sweep_orphans
from marketplace.orders.models import COMPLAINT_CHARACTERS_MAX, Complaint, ComplaintMessage, Order
from marketplace.orders.selectors import (
    ComplaintFigures,
    complaint_figures,
    complaint_for_member,
    complaint_for_staff,
    complaint_of_buyer,
    complaints_in_commune,
    complaints_of_order,
    complaints_of_vendor,
    complaints_to_answer,
    photo_message,
)
from marketplace.orders.services.complaints import (
    ANSWERED_DAYS_MAX,
    COMPLAINTS_AN_ORDER_MAX,
    MESSAGES_A_COMPLAINT_MAX,
    AlreadyComplained,
    ComplaintClosed,
    TooManyComplaints,
    add_to_complaint,
    answer_as_staff,
    answer_as_vendor,
    close_complaint,
    close_lapsed,
    open_complaint,
    settle_own_complaint,
)
from marketplace.orders.tasks import close_lapsed_complaints, sweep_complaint_photos
from marketplace.places.models import Commune
from tests.orders.factories import NENH, NOW, THUC_PHAN, a_member, a_shop, a_variant, an_order
from tests.payments.factories import journal
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BROKEN = "Hai hũ bị vỡ, mật chảy hết ra thùng."


@pytest.fixture
def shop(db: None) -> Vendor:
    return a_shop()


@pytest.fixture
def order(shop: Vendor) -> Order:
    return an_order((a_variant(shop), 1))


@pytest.fixture
def seller(shop: Vendor) -> Actor:
    return a_member(shop)


OFFICER = Actor(commune_codes=frozenset({THUC_PHAN}))
STRANGERS = [ANONYMOUS, Actor(commune_codes=frozenset({NENH})), Actor(province_codes=frozenset({"04"}))]


def complained(order: Order, *, kind: str = "damaged", text: str = BROKEN, **more: Any) -> Complaint:
    return open_complaint(**{"token": order.token, "kind": kind, "text": text, "now": NOW} | more)


def said(complaint: Complaint) -> list[tuple[str, str]]:
    return list(complaint.messages.order_by("pk").values_list("author", "text"))


def now_of(complaint: Complaint) -> Complaint:
    return Complaint.objects.get(pk=complaint.pk)


def everything() -> tuple[int, int, int]:
    kinds = ("complaint.opened", "complaint.answered", "complaint.closed")
    return Complaint.objects.count(), ComplaintMessage.objects.count(), sum(len(journal(kind)) for kind in kinds)


def a_jpeg(*, colour: str = "brown") -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


def files(home: Path) -> list[Path]:
    return [path for path in (home / "complaints").rglob("*") if path.is_file()]


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_buyer_complains_and_the_first_answer_is_due_in_four_hours(order: Order) -> None:
    complaint = complained(order)

    assert (complaint.state, complaint.kind, complaint.vendor_id) == ("waiting", "damaged", order.vendor_id)
    assert complaint.commune_id == THUC_PHAN
    assert complaint.answer_due_at == NOW + 4 * HOUR
    assert complaint.waiting_since == NOW
    assert said(complaint) == [("buyer", BROKEN)]
    assert journal("complaint.opened") == [
        {
            "order": order.pk,
            "vendor": order.vendor_id,
            "commune": THUC_PHAN,
            "province": "04",
            "channel": "online",
            "complaint": complaint.pk,
            "kind": "damaged",
        }
    ]


def test_the_form_sent_twice_is_one_complaint(order: Order) -> None:
    sent = uuid.uuid4()

    first, again = complained(order, client_id=sent), complained(order, client_id=sent)

    assert first == again
    assert everything() == (1, 1, 1)
    with pytest.raises(SameIdOtherContent):
        complained(order, client_id=sent, text="Việc khác hẳn")
    assert everything() == (1, 1, 1)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"kind": "anger"}, InvalidInput),
        ({"text": "   "}, BadText),
        ({"text": "a" * (COMPLAINT_CHARACTERS_MAX + 1)}, BadText),
        ({"token": uuid.uuid4()}, NotFound),
        ({"photo": b"<svg/>"}, NotAPhoto),
    ],
)
def test_what_cannot_be_a_complaint_is_refused_and_nothing_is_kept(
    order: Order, media: Path, given: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        complained(order, **given)

    assert everything() == (0, 0, 0)
    assert files(media) == []


def test_an_order_has_one_open_complaint_and_a_further_one_after_it(order: Order) -> None:
    first = complained(order)
    with pytest.raises(AlreadyComplained):
        complained(order)
    assert everything() == (1, 1, 1)

    settle_own_complaint(token=order.token, complaint_id=first.pk, now=NOW + HOUR)
    second = complained(order, kind="money", now=NOW + 2 * HOUR)

    assert [row.pk for row in complaints_of_order(order.token)] == [second.pk, first.pk]


def test_control_the_database_itself_refuses_a_second_open_complaint(order: Order) -> None:
    first = complained(order)
    first.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "answered"},
        {"state": "closed"},
        {"waiting_since": None},
        {"outcome": "settled"},
        {"closed_at": NOW},
    ],
)
def test_the_database_refuses_a_state_that_its_times_contradict(order: Order, wrong: dict[str, Any]) -> None:
    complaint = complained(order)

    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(**wrong)


def test_what_was_said_is_never_changed(order: Order) -> None:
    message = complained(order).messages.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        ComplaintMessage.objects.filter(pk=message.pk).update(text="Không có gì")
    with pytest.raises(IntegrityError), transaction.atomic():
        ComplaintMessage.objects.filter(pk=message.pk).delete()


def test_an_order_takes_five_complaints(order: Order) -> None:
    for _number in range(COMPLAINTS_AN_ORDER_MAX):
        settle_own_complaint(token=order.token, complaint_id=complained(order).pk, now=NOW)

    with pytest.raises(TooManyComplaints):
        complained(order)
    assert Complaint.objects.count() == 5


def test_the_shop_answers_and_nobody_is_waited_for(order: Order, seller: Actor) -> None:
    complaint = complained(order)

    answer_as_vendor(actor=seller, complaint_id=complaint.pk, text="Tôi gửi lại hai hũ mới.", now=NOW + HOUR)

    after = now_of(complaint)
    assert (after.state, after.waiting_since, after.first_answered_at) == ("answered", None, NOW + HOUR)
    assert after.was_answered_in_time
    assert said(after)[1] == ("vendor", "Tôi gửi lại hai hũ mới.")
    assert after.messages.order_by("pk")[1].user_id == seller.user_id
    assert (
        journal("complaint.answered")[0] | {"by": "vendor", "first": True, "in_time": True}
        == (journal("complaint.answered")[0])
    )


def test_the_answer_sent_twice_is_said_once(order: Order, seller: Actor) -> None:
    complaint, sent = complained(order), uuid.uuid4()

    for _time in range(2):
        answer_as_vendor(actor=seller, complaint_id=complaint.pk, text="Xin lỗi.", now=NOW, client_id=sent)

    assert len(said(complaint)) == 2


def test_the_commune_answers_late_and_that_is_on_record(order: Order) -> None:
    complaint = complained(order)
    assert not complaint.is_late(NOW + 4 * HOUR)
    assert complaint.is_late(NOW + 5 * HOUR)

    answer_as_staff(actor=OFFICER, complaint_id=complaint.pk, text="Xã đang hỏi gian hàng.", now=NOW + 5 * HOUR)

    after = now_of(complaint)
    assert not after.was_answered_in_time
    assert not after.is_late(NOW + 6 * HOUR)
    assert journal("complaint.answered")[0]["in_time"] is False


def test_the_buyer_says_more_and_waits_again_from_then(order: Order, seller: Actor) -> None:
    complaint = complained(order)
    answer_as_vendor(actor=seller, complaint_id=complaint.pk, text="Xin lỗi.", now=NOW + HOUR)

    for later in (2, 3):
        add_to_complaint(
            token=order.token, complaint_id=complaint.pk, text="Vẫn chưa thấy hàng.", now=NOW + later * HOUR
        )

    after = now_of(complaint)
    assert (after.state, after.waiting_since) == ("waiting", NOW + 2 * HOUR)
    assert after.first_answered_at == NOW + HOUR
    answer_as_vendor(actor=seller, complaint_id=complaint.pk, text="Mai tới.", now=NOW + 4 * HOUR)
    assert [event["first"] for event in journal("complaint.answered")] == [True, False]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_strangers_neither_read_nor_answer_nor_close(order: Order, stranger: Actor) -> None:
    complaint = complained(order)
    before = everything()

    for attempt in (
        partial(complaint_for_member, actor=stranger, complaint_id=complaint.pk),
        partial(complaint_for_staff, actor=stranger, complaint_id=complaint.pk),
        partial(answer_as_vendor, actor=stranger, complaint_id=complaint.pk, text="a", now=NOW),
        partial(answer_as_staff, actor=stranger, complaint_id=complaint.pk, text="a", now=NOW),
        partial(close_complaint, actor=stranger, complaint_id=complaint.pk, outcome="agreed", text="a", now=NOW),
        partial(complaint_of_buyer, token=uuid.uuid4(), complaint_id=complaint.pk),
        partial(settle_own_complaint, token=uuid.uuid4(), complaint_id=complaint.pk, now=NOW),
        partial(complaints_of_vendor, actor=stranger, vendor=order.vendor),
        partial(complaints_in_commune, actor=stranger, commune=complaint.commune),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert complaints_of_order(uuid.uuid4()) == []
    assert everything() == before


def test_another_shops_member_and_the_shop_as_staff_are_strangers(order: Order, seller: Actor) -> None:
    complaint = complained(order)
    other = a_member(a_shop("che-ta-xua"), phone="+84911222333")

    with pytest.raises(NotFound):
        answer_as_vendor(actor=other, complaint_id=complaint.pk, text="a", now=NOW)
    with pytest.raises(NotFound):
        close_complaint(actor=seller, complaint_id=complaint.pk, outcome="unfounded", text="a", now=NOW)


def test_the_commune_closes_it_with_an_outcome_and_its_reason(order: Order) -> None:
    complaint = complained(order)

    close_complaint(
        actor=OFFICER, complaint_id=complaint.pk, outcome="upheld", text="Gian hàng gửi lại hai hũ.", now=NOW + HOUR
    )

    after = now_of(complaint)
    assert (after.state, after.outcome, after.closed_at) == ("closed", "upheld", NOW + HOUR)
    assert said(after)[-1] == ("staff", "Gian hàng gửi lại hai hũ.")
    assert after.was_answered_in_time
    assert journal("complaint.closed")[0]["outcome"] == "upheld"
    close_complaint(actor=OFFICER, complaint_id=complaint.pk, outcome="agreed", text="Lần nữa", now=NOW + 2 * HOUR)
    assert now_of(complaint).outcome == "upheld"
    assert len(said(complaint)) == 2


@pytest.mark.parametrize(
    ("outcome", "text", "refusal"),
    [
        ("settled", "a", InvalidInput),
        ("lapsed", "a", InvalidInput),
        ("x", "a", InvalidInput),
        ("agreed", "", BadText),
    ],
)
def test_the_commune_closes_only_with_an_outcome_of_its_own_and_words(
    order: Order, outcome: str, text: str, refusal: type[Exception]
) -> None:
    complaint = complained(order)

    with pytest.raises(refusal):
        close_complaint(actor=OFFICER, complaint_id=complaint.pk, outcome=outcome, text=text, now=NOW)
    assert now_of(complaint).state == "waiting"
    assert len(said(complaint)) == 1


def test_the_buyer_ends_it_and_nobody_writes_into_it_any_more(order: Order, seller: Actor) -> None:
    complaint = complained(order)

    for later in (1, 2):
        settle_own_complaint(token=order.token, complaint_id=complaint.pk, now=NOW + later * HOUR)

    assert (now_of(complaint).outcome, now_of(complaint).closed_at) == ("settled", NOW + HOUR)
    assert len(journal("complaint.closed")) == 1
    with pytest.raises(ComplaintClosed):
        answer_as_vendor(actor=seller, complaint_id=complaint.pk, text="Xin lỗi.", now=NOW)
    with pytest.raises(ComplaintClosed):
        add_to_complaint(token=order.token, complaint_id=complaint.pk, text="Còn nữa.", now=NOW)
    assert len(said(complaint)) == 1


def test_a_complaint_holds_forty_messages_and_can_still_be_closed(order: Order) -> None:
    complaint = complained(order)
    Complaint.objects.filter(pk=complaint.pk).update(message_count=MESSAGES_A_COMPLAINT_MAX)

    with pytest.raises(TooManyComplaints):
        add_to_complaint(token=order.token, complaint_id=complaint.pk, text="Nữa", now=NOW)
    assert len(said(complaint)) == 1
    close_complaint(actor=OFFICER, complaint_id=complaint.pk, outcome="agreed", text="Xong", now=NOW)
    assert now_of(complaint).state == "closed"


def test_an_answered_complaint_lapses_after_fourteen_days_of_silence(order: Order, seller: Actor) -> None:
    complaint = complained(order)
    late = NOW + timedelta(days=ANSWERED_DAYS_MAX, hours=2)
    assert close_lapsed(now=late, at_most=10) == 0  # nobody answered: the shop is waited for, not the buyer

    answer_as_vendor(actor=seller, complaint_id=complaint.pk, text="Xin lỗi.", now=NOW + HOUR)

    assert close_lapsed(now=late - 2 * HOUR, at_most=10) == 0
    assert close_lapsed_complaints(late) == 1
    assert close_lapsed_complaints(late) == 0
    assert now_of(complaint).outcome == "lapsed"


def test_a_photo_is_kept_without_its_metadata_and_only_for_who_may_read(order: Order, media: Path) -> None:
    complaint = complained(order, photo=a_jpeg())

    message = complaint.messages.get()
    assert (message.photo_width, message.photo_height) == (640, 480)
    assert message.photo.startswith("complaints/")
    assert photo_content(message)[:3] == b"\xff\xd8\xff"
    whole = complaint_for_staff(actor=OFFICER, complaint_id=complaint.pk)
    assert photo_message(whole, message.pk) == message
    with pytest.raises(NotFound):
        photo_message(whole, message.pk + 1)


def test_a_message_without_a_photo_has_none_to_show(order: Order, media: Path) -> None:
    complaint = complained(order)
    message = complaint.messages.get()

    with pytest.raises(NotFound):
        photo_content(message)
    with pytest.raises(NotFound):
        photo_message(complaint, message.pk)


def test_the_photo_of_a_refused_or_repeated_form_leaves_no_file(order: Order, media: Path) -> None:
    sent = uuid.uuid4()
    complained(order, photo=a_jpeg(), client_id=sent)
    kept = files(media)

    complained(order, photo=a_jpeg(), client_id=sent)
    with pytest.raises(AlreadyComplained):
        complained(order, photo=a_jpeg(colour="red"))

    assert kept != []
    assert files(media) == kept


def test_photos_of_no_message_are_swept_a_day_later_and_those_of_messages_stay(order: Order, media: Path) -> None:
    message = complained(order, photo=a_jpeg()).messages.get()
    folder = message.photo.split("/")[1]
    orphan = media / "complaints" / folder / "0123.jpg"
    orphan.write_bytes(b"left by a process that died")
    written = datetime.fromtimestamp(orphan.stat().st_mtime, tz=NOW.tzinfo)

    assert sweep_orphans(folder=folder, now=written + HOUR) == 0
    assert sweep_orphans(folder=folder, now=written + 25 * HOUR) == 1
    assert not orphan.exists()
    assert photo_content(message)


def test_the_sweeping_comes_to_every_folder(media: Path) -> None:
    assert len({folder_of(NOW + number * HOUR) for number in range(256)}) == 256
    assert sweep_complaint_photos(NOW) == 0


def test_lists_show_first_what_waits_longest(shop: Vendor, seller: Actor) -> None:
    variant = a_variant(shop)
    late, early, answered, done = (complained(an_order((variant, 1)), now=NOW + h * HOUR) for h in (2, 1, 0, 0))
    answer_as_vendor(actor=seller, complaint_id=answered.pk, text="Xin lỗi.", now=NOW + HOUR)
    settle_own_complaint(token=done.order.token, complaint_id=done.pk, now=NOW + HOUR)

    shops = complaints_of_vendor(actor=seller, vendor=shop)
    communes = complaints_in_commune(actor=OFFICER, commune=shop.commune)

    assert [row.pk for row in shops.complaints] == [early.pk, late.pk, answered.pk, done.pk]
    assert shops == communes
    assert [row.pk for row in complaints_to_answer(actor=OFFICER)] == [early.pk, late.pk]
    assert [row.pk for row in complaints_to_answer(actor=SYSTEM, at_most=1)] == [early.pk]
    assert complaints_to_answer(actor=STRANGERS[1]) == []
    assert [row.pk for row in complaints_of_vendor(actor=seller, vendor=shop, state="closed").complaints] == [done.pk]


@pytest.mark.parametrize("wrong", [{"state": "angry"}, {"page": 0}, {"page": 10_001}, {"page": True}])
def test_a_list_that_cannot_be_is_refused(shop: Vendor, seller: Actor, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        complaints_of_vendor(actor=seller, vendor=shop, **wrong)


def test_a_page_of_complaints_is_one_statement_however_many_there_are(shop: Vendor, seller: Actor) -> None:
    variant = a_variant(shop, quantity=50)
    for _number in range(25):
        complained(an_order((variant, 1)))

    with CaptureQueriesContext(connection) as queries:
        page = complaints_of_vendor(actor=seller, vendor=shop)
        assert all(row.order.number for row in page.complaints)

    assert (len(page.complaints), page.has_more, len(queries)) == (20, True, 1)
    assert not complaints_of_vendor(actor=seller, vendor=shop, page=2).has_more


def test_the_figures_of_a_commune_count_answers_in_time(shop: Vendor, seller: Actor) -> None:
    variant = a_variant(shop)
    answer: Callable[..., None] = partial(answer_as_vendor, actor=seller, text="Xin lỗi.")
    in_time, late, _waiting, done = (complained(an_order((variant, 1))) for _number in range(4))
    answer(complaint_id=in_time.pk, now=NOW + 4 * HOUR)
    answer(complaint_id=late.pk, now=NOW + 5 * HOUR)
    settle_own_complaint(token=done.order.token, complaint_id=done.pk, now=NOW)
    complained(an_order((variant, 1)), now=NOW + 24 * HOUR)
    province = Actor(province_codes=frozenset({"04"}))
    commune = Commune.objects.get(pk=THUC_PHAN)

    counts = complaint_figures(actor=province, commune=commune, since=NOW, until=NOW + 24 * HOUR)

    assert counts == ComplaintFigures(opened=4, answered_in_time=1, waiting=1, closed=1)
    with pytest.raises(NotFound):
        complaint_figures(actor=seller, commune=commune, since=NOW, until=NOW + HOUR)
