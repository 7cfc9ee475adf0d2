"""A product that a program began over GraphQL and gave no kind yet stands on its shop's pages like any other."""

from __future__ import annotations

import pytest

from catalog.services import begin_product, submit_for_review
from catalog.services.reviewing import NothingForSale
from tests.payments.factories import NOW, a_shop
from tests.storefront.working import owner_at

pytestmark = pytest.mark.django_db


def test_every_page_that_lists_or_shows_it_opens() -> None:
    shop = a_shop()
    bare = begin_product(actor=shop.owner, vendor=shop.vendor, name="Trà mới", ocop_set=11, now=NOW)
    browser = owner_at(shop)

    pages = ["", "stocks/", "many/", "imports/", "export.csv", f"{bare.pk}/", f"{bare.pk}/certificate/"]
    answers = {page: browser.get(f"/sell/products/{page}").status_code for page in pages}
    answers |= {page: browser.get(f"/sell/{page}").status_code for page in ("", "stall/", "today/")}

    assert [page for page, status in answers.items() if status >= 500] == []
    assert "Trà mới" in browser.get("/sell/products/").content.decode()
    assert "Trà mới" in browser.get(f"/sell/products/{bare.pk}/").content.decode()


def test_it_is_not_sent_to_review_before_it_has_a_kind() -> None:
    shop = a_shop()
    bare = begin_product(actor=shop.owner, vendor=shop.vendor, name="Trà mới", ocop_set=11, now=NOW)

    with pytest.raises(NothingForSale):
        submit_for_review(actor=shop.owner, product=bare, now=NOW)
