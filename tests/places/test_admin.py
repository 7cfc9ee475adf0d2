"""The operator reads places and keeps market sites in the admin; refusals show as sentences there."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from marketplace.core.actors import SYSTEM
from marketplace.core.models import JournalEvent
from marketplace.places.models import Commune, MarketSite
from marketplace.places.services import create_market_site

pytestmark = pytest.mark.django_db


SITE = {
    "slug": "cho-nenh",
    "kind": "market",
    "name": "Chợ Nếnh",
    "commune": "07795",
    "address_line": "",
    "opening_note": "",
    "lat": "",
    "lon": "",
}


@pytest.mark.parametrize("table", ["province", "commune", "formerunit", "marketsite"])
def test_each_table_can_be_read_and_searched(table: str, operator: Client) -> None:
    for query in ("", "?q=nenh"):
        assert operator.get(f"/admin/places/{table}/{query}").status_code == 200


@pytest.mark.parametrize("table", ["province", "commune", "formerunit"])
def test_tables_from_files_cannot_be_changed_by_hand(table: str, operator: Client) -> None:
    assert operator.get(f"/admin/places/{table}/add/").status_code == 403


def test_a_commune_cannot_be_renamed_by_hand(operator: Client) -> None:
    answer = operator.post("/admin/places/commune/07795/change/", {"name": "Phường Khác"})

    assert answer.status_code == 403
    assert Commune.objects.get(code="07795").name == "Phường Nếnh"


def test_the_operator_opens_and_changes_a_market(operator: Client) -> None:
    assert operator.post("/admin/places/marketsite/add/", SITE).status_code == 302
    site = MarketSite.objects.get()
    assert (site.name, site.folded) == ("Chợ Nếnh", "cho nenh")

    changed = SITE | {"name": "Chợ Mới", "slug": "cho-khac"}
    assert operator.post(f"/admin/places/marketsite/{site.pk}/change/", changed).status_code == 302
    site.refresh_from_db()
    assert (site.name, site.folded, site.slug) == ("Chợ Mới", "cho moi", "cho-nenh")
    assert JournalEvent.objects.count() == 2


def test_what_the_service_refuses_is_a_sentence_not_a_server_error(operator: Client) -> None:
    for wrong, sentence in (
        ({"lat": "21"}, "Bạn điền cả vĩ độ và kinh độ"),
        ({"name": "Chợ \u202e"}, "Nội dung có ký tự không dùng được"),
    ):
        answer = operator.post("/admin/places/marketsite/add/", SITE | wrong, follow=True)

        assert answer.status_code == 200
        assert sentence in answer.content.decode()
        assert not MarketSite.objects.exists()


def test_a_site_is_never_deleted(operator: Client, nenh: Commune, now: datetime) -> None:
    site = create_market_site(actor=SYSTEM, slug="x", kind="market", name="X", commune=nenh, now=now)

    assert operator.post(f"/admin/places/marketsite/{site.pk}/delete/", {"post": "yes"}).status_code == 403
    assert MarketSite.objects.filter(pk=site.pk).exists()
