"""Mails about papers that end: once an owner, a paper, its end and the step, whoever runs the task how often."""

from datetime import date, timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from catalog.models import OcopCertificate, Product
from catalog.renewals import certificates_to_renew, count_ended, ended_papers
from catalog.services import declare_certificate, reminders, verify_certificate
from catalog.services.reminders import PAGE, remind_owners, step_of
from catalog.tasks import remind_of_papers
from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import NotAllowed
from marketplace.core.tasks import periodic_tasks
from marketplace.people.models import User
from marketplace.people.services import clean_email
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop
from tests.plugins.database import count_statements
from vendors.documents import remove_document, save_document
from vendors.models import Membership, PaperReminder, ShopDocument, Vendor

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
OFFICER = Actor(user_id=1, commune_codes=frozenset({DAM_THUY}))


@pytest.fixture
def shop(db: None) -> Shop:
    shop = a_shop()
    User.objects.filter(pk=shop.owner.user_id).update(email="chu@example.vn")
    return shop


def paper(shop: Shop, *, ends_in: int, number: str = "12/ATTP", **more: Any) -> ShopDocument:
    ends_on = TODAY + timedelta(days=ends_in)
    asked: dict[str, Any] = {"kind": "food_safety", "number": number, "expires_on": ends_on, "now": NOW} | more
    return save_document(actor=shop.owner, vendor=shop.vendor, **asked)


def certificate(shop: Shop, *, ends_in: int, is_verified: bool = True, number: str = "125/QĐ") -> OcopCertificate:
    ends_on = TODAY + timedelta(days=ends_in)
    product = Product.objects.get(pk=shop.variant.product_id)
    made = declare_certificate(
        actor=shop.owner,
        product=product,
        stars=4,
        decision_number=number,
        issued_on=date(2025, 1, 1),
        issuer="UBND tỉnh Cao Bằng",
        expires_on=date(2027, 12, 31),
        now=NOW,
    )
    if is_verified:
        verify_certificate(actor=SYSTEM, certificate=made, now=NOW)
    OcopCertificate.objects.filter(pk=made.pk).update(expires_on=ends_on)
    made.refresh_from_db()
    return made


def told() -> list[str]:
    return ["\n".join(line for line in str(one.body).splitlines() if line.startswith("- ")) for one in mail.outbox]


# --- Who is told what ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "step"), [(30, "month"), (8, "month"), (7, "week"), (0, "week"), (-1, "ended"), (-30, "ended")]
)
def test_a_paper_is_at_one_step(left: int, step: str) -> None:
    assert step_of(TODAY + timedelta(days=left), today=TODAY) == step


def test_an_owner_is_told_30_and_7_days_before_and_when_it_ended(shop: Shop) -> None:
    paper(shop, ends_in=30)
    counts = [remind_of_papers(NOW + timedelta(days=day)) for day in range(-1, 65)]

    assert [day for day, count in zip(range(-1, 65), counts, strict=True) if count] == [0, 23, 31]
    assert told() == [
        "- Hợp tác xã Bản Giốc: Chứng nhận an toàn thực phẩm số 12/ATTP hết hạn ngày 22/12/2026",
        "- Hợp tác xã Bản Giốc: Chứng nhận an toàn thực phẩm số 12/ATTP hết hạn ngày 22/12/2026",
        "- Hợp tác xã Bản Giốc: Chứng nhận an toàn thực phẩm số 12/ATTP đã hết hạn ngày 22/12/2026",
    ]
    assert mail.outbox[0].to == ["chu@example.vn"]


def test_the_task_that_runs_twice_sends_once(shop: Shop) -> None:
    paper(shop, ends_in=5)
    certificate(shop, ends_in=5)

    assert [remind_owners(now=NOW) for _time in range(3)] == [1, 0, 0]
    assert len(mail.outbox) == 1
    assert told()[0].count("- ") == 2
    assert "Giấy chứng nhận OCOP, Miến dong Cao Bằng số 125/QĐ hết hạn ngày 27/11/2026" in told()[0]
    assert set(PaperReminder.objects.values_list("step", flat=True)) == {"week"}


def test_control_without_the_claim_every_run_would_send(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    paper(shop, ends_in=5)
    monkeypatch.setattr(reminders, "_claim", lambda _owner, about, now: [(one, PaperReminder()) for one in about])

    assert [remind_owners(now=NOW) for _time in range(2)] == [1, 1]
    assert len(mail.outbox) == 2


def test_of_two_workers_at_the_same_moment_one_sends(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second run begins after the first has looked and before it claimed."""
    paper(shop, ends_in=5)
    looked, counts = reminders._remind, []

    def interrupted(*given: Any, **more: Any) -> int:
        monkeypatch.setattr(reminders, "_remind", looked)
        counts.append(remind_owners(now=NOW))
        return looked(*given, **more)

    monkeypatch.setattr(reminders, "_remind", interrupted)
    counts.append(remind_owners(now=NOW))

    assert (counts, len(mail.outbox)) == ([1, 0], 1)


def test_a_mail_server_that_refuses_is_asked_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    paper(shop, ends_in=5)
    sent = reminders.send_mail

    def refuse(*_given: object) -> int:
        raise SMTPException

    monkeypatch.setattr(reminders, "send_mail", refuse)
    assert (remind_owners(now=NOW), PaperReminder.objects.count()) == (0, 0)
    monkeypatch.setattr(reminders, "send_mail", sent)

    assert (remind_owners(now=NOW), len(mail.outbox)) == (1, 1)


def test_an_address_that_no_mail_can_be_written_to_keeps_nobody_else_from_being_told(shop: Shop) -> None:
    User.objects.filter(pk=shop.owner.user_id).update(email=clean_email(f"a@{'ü' * 60}.vn"))
    other = a_shop("Hộ khác")
    User.objects.filter(pk=other.owner.user_id).update(email="khac@example.vn")
    paper(shop, ends_in=30)
    paper(other, ends_in=30)

    assert remind_owners(now=NOW) == 1

    assert [sent.to for sent in mail.outbox] == [["khac@example.vn"]]


def test_a_renewed_paper_is_spoken_of_anew(shop: Shop) -> None:
    document = paper(shop, ends_in=5)
    assert remind_owners(now=NOW) == 1

    paper(shop, ends_in=6, document_id=document.pk)

    assert [remind_owners(now=NOW) for _time in range(2)] == [1, 0]


def test_owners_with_an_address_are_told_each_by_themselves_and_sellers_are_not(shop: Shop) -> None:
    made = [
        User.objects.create_user(phone=f"09312345{number}", email=f"{number}@example.vn", name="Ai")
        for number in (10, 11, 12)
    ]
    second, seller, gone = made
    for user, role in ((second, "owner"), (seller, "seller"), (gone, "owner")):
        Membership.objects.create(vendor=shop.vendor, user=user, role=role)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    other = a_shop("Hộ khác")
    paper(other, ends_in=5)
    paper(shop, ends_in=5)

    assert remind_owners(now=NOW) == 2
    assert [one.to for one in mail.outbox] == [["chu@example.vn"], ["10@example.vn"]]


def test_nobody_is_told_where_no_mail_goes_out(shop: Shop, settings: Any) -> None:
    paper(shop, ends_in=5)
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    assert (remind_owners(now=NOW), PaperReminder.objects.count()) == (0, 0)


def test_what_is_far_off_long_past_removed_or_replaced_is_not_spoken_of(shop: Shop) -> None:
    paper(shop, ends_in=31)
    paper(shop, ends_in=-31)
    removed = paper(shop, ends_in=5)
    remove_document(actor=shop.owner, vendor=shop.vendor, document_id=removed.pk, now=NOW)
    certificate(shop, ends_in=5)
    certificate(shop, ends_in=400, is_verified=False, number="126/QĐ")

    assert (remind_owners(now=NOW), mail.outbox) == (0, [])


@pytest.mark.parametrize("state", ["none", "declared"])
def test_the_owner_of_a_shop_that_may_not_sell_is_not_told(shop: Shop, state: str) -> None:
    paper(shop, ends_in=5)
    certificate(shop, ends_in=5)
    was = Vendor.objects.values("verification", "verified_at", "verified_by").get(pk=shop.vendor.pk)
    Vendor.objects.update(verification=state, verified_at=None, verified_by=None)

    assert (remind_owners(now=NOW), mail.outbox, PaperReminder.objects.count()) == (0, [], 0)

    Vendor.objects.update(**was)
    assert remind_owners(now=NOW) == 1, "control: it was the state that kept the mail back"


def test_a_run_without_news_costs_the_same_statements_for_many_shops_and_papers(shop: Shop) -> None:
    paper(shop, ends_in=5)
    assert remind_owners(now=NOW) == 1
    few = count_statements(lambda: remind_owners(now=NOW))
    for number in range(5):
        other = a_shop(f"Hộ {number}")
        User.objects.filter(pk=other.owner.user_id).update(email=f"ho{number}@example.vn")
        paper(other, ends_in=5)
        paper(other, ends_in=6, number="13/ATTP")
        certificate(other, ends_in=7)
    assert remind_owners(now=NOW) == 5

    assert count_statements(lambda: remind_owners(now=NOW)) == few
    assert len(mail.outbox) == 6


def test_control_without_what_is_known_every_paper_costs_a_statement(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "_told", lambda _shops, today: set())
    paper(shop, ends_in=5)
    remind_owners(now=NOW)
    few = count_statements(lambda: remind_owners(now=NOW))
    paper(shop, ends_in=6, number="13/ATTP")
    remind_owners(now=NOW)

    assert count_statements(lambda: remind_owners(now=NOW)) > few


def test_the_mail_leads_to_the_page_of_papers_and_the_task_comes_round_daily(shop: Shop) -> None:
    assert reverse("sell_documents") == PAGE
    assert {task.name: task.every_s for task in periodic_tasks()}["catalog.remind_of_papers"] == 86_400


# --- What is to be renewed -------------------------------------------------------------------------


def test_a_certificate_is_to_be_renewed_until_a_newer_one_waits_or_its_product_is_withdrawn(shop: Shop) -> None:
    ended = certificate(shop, ends_in=-3)
    assert list(certificates_to_renew(today=TODAY)) == [ended]

    newer = certificate(shop, ends_in=900, is_verified=False, number="9/QĐ")
    assert list(certificates_to_renew(today=TODAY)) == []
    OcopCertificate.objects.filter(pk=newer.pk).update(state="refused")
    assert list(certificates_to_renew(today=TODAY)) == [ended]
    Product.objects.update(listing=Product.Listing.WITHDRAWN)
    assert list(certificates_to_renew(today=TODAY)) == []


def test_staff_see_what_ended_in_their_communes_the_latest_first(shop: Shop) -> None:
    paper(shop, ends_in=-5, number="1")
    paper(shop, ends_in=0, number="2")
    certificate(shop, ends_in=-2)
    elsewhere = a_shop("Nơi khác", commune=NENH)
    paper(elsewhere, ends_in=-1, number="3")
    closed = a_shop("Chưa bán")
    paper(closed, ends_in=-1, number="4")
    Vendor.objects.filter(pk=closed.vendor.pk).update(verification=Vendor.Verification.DECLARED)

    seen = ended_papers(actor=OFFICER, today=TODAY, start=0, at_most=10)

    assert [(one.kind, one.number, one.product, one.ended_on) for one in seen] == [
        ("", "125/QĐ", "Miến dong Cao Bằng", date(2026, 11, 20)),
        ("food_safety", "1", "", date(2026, 11, 17)),
    ]
    assert (seen[0].shop, seen[0].vendor_id) == (shop.vendor.name, shop.vendor.pk)
    assert seen[1:] == ended_papers(actor=OFFICER, today=TODAY, start=1, at_most=1)
    assert count_ended(actor=OFFICER, today=TODAY) == 2
    assert count_ended(actor=SYSTEM, today=TODAY) == 3
    assert count_ended(actor=ANONYMOUS, today=TODAY) == 0
    for nobody in (ANONYMOUS, shop.owner, Actor(user_id=2, province_codes=frozenset({"04"}))):
        with pytest.raises(NotAllowed):
            ended_papers(actor=nobody, today=TODAY, start=0, at_most=1)
    assert count_statements(lambda: ended_papers(actor=OFFICER, today=TODAY, start=0, at_most=10)) == 1
