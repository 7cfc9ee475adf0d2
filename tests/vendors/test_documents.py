"""A shop's papers, and what ends soon."""

import uuid
from datetime import date, timedelta

import pytest

from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import MarketError, NotAllowed, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from tests.payments.factories import NOW, Shop, a_shop
from vendors import documents
from vendors.documents import (
    DocumentWrong,
    PaperStanding,
    TooManyDocuments,
    documents_of,
    needs_renewal,
    paper_standing,
    remove_document,
    save_document,
)
from vendors.models import ShopDocument

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def noted(shop: Shop, *, ends_in: int | None = None, number: str = "12/ATTP", **more: object) -> ShopDocument:
    expires_on = None if ends_in is None else TODAY + timedelta(days=ends_in)
    asked = {"kind": "food_safety", "expires_on": expires_on} | more
    return save_document(actor=shop.owner, vendor=shop.vendor, number=number, now=NOW, **asked)  # type: ignore[arg-type]  # mixed values


@pytest.mark.parametrize(
    ("ends_in", "standing"),
    [
        (None, PaperStanding.GOOD),
        (31, PaperStanding.GOOD),
        (30, PaperStanding.ENDING),
        (0, PaperStanding.ENDING),
        (-1, PaperStanding.ENDED),
    ],
)
def test_a_paper_is_good_ends_soon_or_has_ended(shop: Shop, ends_in: int | None, standing: PaperStanding) -> None:
    document = noted(shop, ends_in=ends_in)

    assert paper_standing(document, today=TODAY) is standing
    assert ShopDocument.objects.filter(needs_renewal(TODAY)).exists() is (standing is not PaperStanding.GOOD)


def test_what_ends_first_is_on_top_and_what_is_renewed_goes_down(shop: Shop) -> None:
    for_ever, late, soon = (noted(shop, ends_in=days, number=str(days)) for days in (None, 90, 5))
    assert documents_of(actor=shop.seller, vendor=shop.vendor) == [soon, late, for_ever]

    noted(shop, ends_in=700, number="5", document_id=soon.pk)

    assert documents_of(actor=shop.seller, vendor=shop.vendor) == [late, soon, for_ever]
    assert ShopDocument.objects.count() == 3
    assert JournalEvent.objects.filter(kind="vendor.document_saved").count() == 4


def test_a_form_that_comes_twice_notes_one_paper(shop: Shop) -> None:
    client_id = uuid.uuid4()

    assert noted(shop, ends_in=5, client_id=client_id) == noted(shop, ends_in=5, client_id=client_id)

    assert ShopDocument.objects.count() == 1


def test_a_removed_paper_reminds_nobody_and_stays_on_record(shop: Shop) -> None:
    document = noted(shop, ends_in=-3)

    remove_document(actor=shop.owner, vendor=shop.vendor, document_id=document.pk, now=NOW)

    assert documents_of(actor=shop.owner, vendor=shop.vendor) == []
    assert not ShopDocument.objects.filter(needs_renewal(TODAY)).exists()
    assert ShopDocument.objects.get().removed_at == NOW
    with pytest.raises(NotFound):
        noted(shop, document_id=document.pk)


@pytest.mark.parametrize(
    ("wrong", "error", "field"),
    [
        ({"kind": "passport"}, DocumentWrong, "kind"),
        ({"number": " "}, BadText, "number"),
        ({"number": "a" * 61}, BadText, "number"),
        ({"issuer": "a" * 161}, BadText, "issuer"),
        ({"issued_on": date(1989, 12, 31)}, DocumentWrong, "issued_on"),
        ({"expires_on": date(2100, 1, 1)}, DocumentWrong, "expires_on"),
        ({"issued_on": TODAY, "expires_on": TODAY}, DocumentWrong, "expires_on"),
    ],
)
def test_a_paper_that_cannot_be_is_refused(
    shop: Shop, wrong: dict[str, object], error: type[MarketError], field: str
) -> None:
    asked: dict[str, object] = {"kind": "alcohol", "number": "1"} | wrong

    with pytest.raises(error) as refusal:
        save_document(actor=shop.owner, vendor=shop.vendor, now=NOW, **asked)  # type: ignore[arg-type]  # what a form may say

    assert refusal.value.field == field
    assert not ShopDocument.objects.exists()


def test_only_the_owner_writes_and_only_members_read(shop: Shop) -> None:
    document, other = noted(shop), a_shop("Hộ khác")
    refused: list[tuple[Actor, type[MarketError]]] = [
        (shop.seller, NotAllowed),
        (other.owner, NotFound),
        (ANONYMOUS, NotFound),
    ]

    for actor, error in refused:
        with pytest.raises(error):
            save_document(actor=actor, vendor=shop.vendor, kind="other", number="2", now=NOW)
        with pytest.raises(error):
            remove_document(actor=actor, vendor=shop.vendor, document_id=document.pk, now=NOW)
    with pytest.raises(NotFound):
        documents_of(actor=other.owner, vendor=shop.vendor)
    with pytest.raises(NotFound):  # their own shop, our paper
        remove_document(actor=other.owner, vendor=other.vendor, document_id=document.pk, now=NOW)

    assert ShopDocument.objects.get().removed_at is None


def test_a_shop_keeps_so_many_papers_and_no_more(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "DOCUMENTS_MAX", 2)
    first = noted(shop)
    noted(shop)

    with pytest.raises(TooManyDocuments):
        noted(shop)
    noted(shop, number="13/ATTP", document_id=first.pk)

    assert ShopDocument.objects.count() == 2
