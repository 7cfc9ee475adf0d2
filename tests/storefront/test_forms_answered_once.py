"""Browsers re-send a form by themselves when a connection dies: every form carries an id, and is answered once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import storefront
from catalog.models import Product, ProductDocument, ProductMedia, ProductVariant
from catalog.paper_files import read_paper
from catalog.services.papers import add_certificate_files
from marketplace.core.models import JournalEvent
from marketplace.orders.models import Voucher
from payments.services.feeds import create_feed
from storefront.sell.views import product_changes
from tests.orders.vouching import a_voucher
from tests.payments.factories import NOW, Shop, a_shop
from tests.storefront.working import a_photo, documented, form, page_of, photographed, waiting_certificate

TEMPLATES = Path(storefront.__file__).parent / "templates"
FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.DOTALL)
ADDRESS = re.compile(r"action=\"([^\"]*)\"")
NEEDS_NO_ID = {
    ("parts/footer.html", "{{ language_url }}"): "sets a cookie to the language of the button",
    ("accounts/sign_in.html", ""): "signs in who is signed in already",
    ("accounts/sign_in_code.html", ""): "a code signs in once: the second time it is refused",
    ("accounts/sign_out.html", ""): "signs out who is out already",
    ("accounts/register.html", ""): "signs the same person in: storefront/accounts/registering.py",
    ("sell/help.html", ""): "keeps in the visit whom the agent helps",
    ("sell/today.html", "{% url 'sell_help' %}"): "keeps in the visit that the agent helps nobody",
    ("sell/stand.html", "{% url 'sell_stand' %}"): "a place has one stand an account: the second finds it made",
    ("sell/stand_check.html", ""): "asks and keeps nothing",
    ("shop/find.html", ""): "asks and keeps nothing",
    ("shop/age.html", ""): "keeps in the visit that an adult said so",
    ("shop/basket.html", ""): "says how many there are to be, not how many more",
    ("shop/cancel.html", ""): "ends what has ended already",
    ("shop/complaint.html", "{% url 'order_complaint_settled' order.token complaint.pk %}"): "closes what is closed",
    ("shop/addresses.html", "{% url 'address_remove' address.pk %}"): "removes what is gone already",
}
"""Forms without an id, by template and address ("" is the page's own): why the second time changes nothing."""


def forms() -> dict[tuple[str, str], str]:
    """Every POST form of the templates, by template and address."""
    found = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        for text in FORM.findall(path.read_text(encoding="utf-8")):
            address = ADDRESS.search(text.partition(">")[0])
            name = path.relative_to(TEMPLATES / "storefront").as_posix()
            found[name, address[1] if address else ""] = text
    return found


def without_id(found: dict[tuple[str, str], str]) -> set[tuple[str, str]]:
    return {key for key, text in found.items() if "{% client_id %}" not in text}


def test_every_form_carries_an_id_or_says_why_it_needs_none() -> None:
    found = forms()

    assert len(found) > 70
    assert without_id(found) == set(NEEDS_NO_ID)


def test_the_reader_of_templates_sees_a_form_without_an_id() -> None:
    bare = FORM.findall('<form method="post" action="/x/">{% csrf_token %}<button>…</button></form>')

    assert without_id({("x.html", "/x/"): bare[0]}) == {("x.html", "/x/")}


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def a_form(shop: Shop, name: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Where a seller's form goes, what it says, and what another one says that comes after it."""
    page = page_of(shop)
    words = {"name": "Miến dong", "ocop_set": "6", "description": "Dai"}
    account = {"bin": "970436", "account_number": "CHO40OTHER1", "account_name": "HTX BAN GIOC"}
    forms: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
        "price": (
            f"{page}prices/{shop.variant.pk}/",
            {"price_vnd": "70k", "unit": "gói"},
            {"price_vnd": "80k", "unit": "gói"},
        ),
        "stock": (f"{page}stocks/{shop.stock.pk}/", {"quantity": "3"}, {"quantity": "4"}),
        "words": (page, words, words | {"description": "Dai, thơm"}),
        "shop": ("/sell/shop/", _shop_words("Chợ sáng"), _shop_words("Chợ chiều")),
        "account": ("/sell/account/", account, account | {"account_number": "CHO40OTHER2"}),
        "delivery": ("/sell/delivery/", {"country": "30k"}, {"country": "40k"}),
    }
    return forms[name]


def _shop_words(story: str) -> dict[str, Any]:
    return {"name": "Hợp tác xã Bản Giốc", "phone": "0912345678", "story": story}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["price", "stock", "words", "shop", "account", "delivery"])
def test_a_seller_s_form_that_comes_again_does_not_undo_what_was_done_since(
    shop: Shop, owner: Client, name: str
) -> None:
    address, said, said_after = a_form(shop, name)
    first = form(**said)
    assert owner.post(address, first).status_code == 302
    assert owner.post(address, form(**said_after)).status_code == 302
    done = JournalEvent.objects.count()

    again = owner.post(address, first)

    assert again.status_code == 302, "told that it is done"
    assert JournalEvent.objects.count() == done, "and nothing is done"


@pytest.mark.django_db
def test_without_the_id_a_price_that_comes_again_undoes_the_newer_one(
    shop: Shop, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, said, said_after = a_form(shop, "price")
    first = form(**said)

    def twice(_guarded: bool) -> int:
        for sent in (first, form(**said_after), first):
            owner.post(address, sent)
        return ProductVariant.objects.get(pk=shop.variant.pk).price_vnd

    assert twice(True) == 80_000
    monkeypatch.setattr(product_changes, "answered_once", lambda _request, given, work: work(given))
    first, said_after = form(**said), said_after | {"price_vnd": "90k"}
    assert twice(False) == 70_000


@pytest.mark.django_db
def test_photos_that_come_again_are_added_once_and_removed_once(shop: Shop, owner: Client) -> None:
    page = page_of(shop)
    sent = form()
    for _time in range(2):
        answer = owner.post(f"{page}photos/", sent | {"stored_photo": [a_photo(), a_photo("IMG_0002.jpg")]})
        assert answer.status_code == 302
    media = list(ProductMedia.objects.filter(product=shop.variant.product_id).order_by("pk"))
    assert len(media) == 2

    removal = form()
    answers = [owner.post(f"{page}photos/{media[0].pk}/remove/", removal).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert ProductMedia.objects.filter(product=shop.variant.product_id).count() == 1


@pytest.mark.django_db
def test_a_product_withdrawn_and_handed_in_again_is_not_withdrawn_by_the_old_form(shop: Shop, owner: Client) -> None:
    page, withdrawal = page_of(shop), form()
    owner.post(f"{page}withdraw/", withdrawal)
    owner.post(f"{page}review/", form())

    again = owner.post(f"{page}withdraw/", withdrawal)

    assert again.status_code == 302
    assert Product.objects.get(pk=shop.variant.product_id).listing == Product.Listing.IN_REVIEW


@pytest.mark.django_db
def test_a_voucher_s_form_that_comes_again_does_not_undo_the_newer_terms(shop: Shop, owner: Client) -> None:
    address = f"/sell/vouchers/{a_voucher(shop.vendor).pk}/"
    words = {"name": "Mừng Tết", "discount_value_type": "percentage", "first_day": "2026-11-01"}
    first = form(**words, discount_value="30")
    for sent in (first, form(**words, discount_value="5"), first):
        assert owner.post(address, sent).status_code == 302

    assert Voucher.objects.get().discount_value == 5


@pytest.mark.django_db
@pytest.mark.usefixtures("media_folder")
def test_a_photo_of_a_paper_and_a_product_s_document_are_removed_once_and_said_to_be_gone_twice(
    shop: Shop, owner: Client
) -> None:
    paper, document, certificate = photographed(shop), documented(shop), waiting_certificate(shop)
    add_certificate_files(actor=shop.owner, certificate=certificate, papers=[read_paper(a_photo().read())], now=NOW)
    for address in (
        f"/sell/documents/{paper.pk}/files/{paper.files.get().pk}/remove/",
        f"{page_of(shop)}documents/{document.pk}/remove/",
        f"{page_of(shop)}certificates/{certificate.pk}/files/{certificate.files.get().pk}/remove/",
    ):
        sent = form()

        assert [owner.post(address, sent).status_code for _time in range(2)] == [302, 302]
        assert owner.post(address, form()).status_code == 404

    assert [paper.files.count(), certificate.files.count(), ProductDocument.objects.count()] == [0, 0, 0]


@pytest.mark.django_db
def test_a_key_of_a_bank_s_api_that_comes_again_is_not_kept_twice(shop: Shop, owner: Client) -> None:
    feed = create_feed(actor=shop.owner, vendor=shop.vendor, provider="sepay", now=NOW).feed
    sent = form(api_key="khoa-bi-mat-cua-ngan-hang")
    answers = [owner.post(f"/sell/feeds/{feed.pk}/api/", sent).status_code for _time in range(2)]
    done = JournalEvent.objects.count()

    answers.append(owner.post(f"/sell/feeds/{feed.pk}/api/", sent).status_code)

    assert answers == [302, 302, 302]
    assert JournalEvent.objects.count() == done
