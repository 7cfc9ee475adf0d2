"""A market site is opened and changed by those who administer its commune, and by nobody else."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import InvalidInput, MarketError, NotAllowed, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText, name_sort_key
from marketplace.places.models import Commune, MarketSite
from marketplace.places.selectors import get_market_site, list_market_sites
from marketplace.places.services import SlugTaken, change_market_site, create_market_site
from tests.places.conftest import QueryCounter

pytestmark = pytest.mark.django_db

STAFF = Actor(user_id=7, commune_codes=frozenset({"07795"}))
OPERATOR = Actor(user_id=1, is_operator=True)


@pytest.fixture
def market(nenh: Commune, now: datetime) -> MarketSite:
    return create_market_site(
        actor=STAFF,
        slug="cho-nenh",
        kind="market",
        name="  Chợ  Nếnh ",
        commune=nenh,
        address_line="Tổ dân phố Ninh Khánh",
        opening_note="5 giờ đến 18 giờ hằng ngày",
        lat=Decimal("21.2431234"),
        lon=Decimal("106.11"),
        now=now,
    )


def test_staff_open_a_market_in_their_commune(market: MarketSite, now: datetime) -> None:
    kept = MarketSite.objects.get()

    assert kept == market
    assert (kept.slug, kept.kind, kept.name, kept.commune_id) == ("cho-nenh", "market", "Chợ Nếnh", "07795")
    assert (kept.folded, kept.sort_key) == ("cho nenh", name_sort_key("Chợ Nếnh"))
    assert (kept.lat, kept.lon) == (Decimal("21.24312"), Decimal("106.11"))
    assert kept.get_kind_display() == "Chợ"
    assert not kept.is_demo
    event = JournalEvent.objects.get(kind="market_site.created")
    assert (event.aggregate_id, event.actor_id, event.happened_at) == (str(kept.pk), 7, now)
    assert event.data == {"commune": "07795", "kind": "market"}


@pytest.mark.parametrize(
    "actor",
    [
        ANONYMOUS,
        Actor(user_id=8, commune_codes=frozenset({"01699"})),
        Actor(user_id=8, province_codes=frozenset({"24"})),
        Actor(user_id=8, agent_commune_codes=frozenset({"07795"})),
    ],
    ids=["nobody", "staff of another commune", "staff of the province", "agent"],
)
def test_others_may_not_open_a_market(actor: Actor, nenh: Commune, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        create_market_site(actor=actor, slug="cho-nenh", kind="market", name="Chợ Nếnh", commune=nenh, now=now)
    assert not MarketSite.objects.exists()
    assert not JournalEvent.objects.exists()


@pytest.mark.parametrize("actor", [OPERATOR, SYSTEM], ids=["operator", "the market itself"])
def test_the_operator_may_open_a_market_anywhere(actor: Actor, nenh: Commune, now: datetime) -> None:
    site = create_market_site(
        actor=actor, slug="diem-ocop", kind="ocop_point", name="Điểm OCOP", commune=nenh, now=now, is_demo=True
    )

    assert site.is_demo
    assert (site.lat, site.lon, site.address_line) == (None, None, "")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"slug": ""}, "slug"),
        ({"slug": "Chợ Nếnh"}, "slug"),
        ({"slug": "cho--nenh"}, "slug"),
        ({"slug": "cho-nenh\n"}, "slug"),
        ({"slug": "a" * 81}, "slug"),
        ({"kind": "mall"}, "kind"),
        ({"name": " "}, "name"),
        ({"name": "Chợ\x00"}, "name"),
        ({"name": "ợ" * 121}, "name"),
        ({"address_line": "a" * 201}, "address_line"),
        ({"opening_note": "\u202e"}, "opening_note"),
        ({"lat": Decimal(21)}, "lat"),
        ({"lat": Decimal(91), "lon": Decimal(106)}, "lat"),
        ({"lat": Decimal(21), "lon": Decimal("NaN")}, "lon"),
        ({"lat": Decimal(21), "lon": Decimal("1e30")}, "lon"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_market_with_a_wrong_value_is_not_opened(
    wrong: dict[str, Any], field: str, nenh: Commune, now: datetime
) -> None:
    right: dict[str, Any] = {"slug": "cho-nenh", "kind": "market", "name": "Chợ Nếnh", "commune": nenh}

    with pytest.raises(InvalidInput) as refusal:
        create_market_site(actor=STAFF, now=now, **(right | wrong))
    assert refusal.value.field == field
    assert not MarketSite.objects.exists()
    assert not JournalEvent.objects.exists()


def test_two_markets_never_share_a_slug(market: MarketSite, nenh: Commune, now: datetime) -> None:
    with pytest.raises(SlugTaken) as refusal:
        create_market_site(actor=STAFF, slug="cho-nenh", kind="market", name="Chợ khác", commune=nenh, now=now)
    assert (refusal.value.code, refusal.value.field) == ("UNIQUE", "slug")
    assert MarketSite.objects.get().name == "Chợ Nếnh"
    assert JournalEvent.objects.count() == 1


def test_a_market_is_described_anew_and_keeps_its_slug(market: MarketSite, nenh: Commune, now: datetime) -> None:
    change_market_site(
        actor=STAFF, site_id=market.pk, kind="ocop_point", name="Điểm OCOP Nếnh", commune=nenh, now=now
    )

    kept = get_market_site("cho-nenh")
    assert (kept.kind, kept.name, kept.folded) == ("ocop_point", "Điểm OCOP Nếnh", "diem ocop nenh")
    assert (kept.address_line, kept.lat) == ("", None)
    assert JournalEvent.objects.filter(kind="market_site.changed").count() == 1


def test_a_market_leaves_a_commune_only_by_who_administers_both(market: MarketSite, now: datetime) -> None:
    other = Commune.objects.get(code="01699")
    change = {"site_id": market.pk, "kind": "market", "name": "Chợ Nếnh", "commune": other, "now": now}

    for actor in (STAFF, Actor(user_id=9, commune_codes=frozenset({"01699"}))):
        with pytest.raises(NotAllowed):
            change_market_site(actor=actor, **change)
        assert MarketSite.objects.get().commune_id == "07795"
    change_market_site(actor=OPERATOR, **change)
    assert MarketSite.objects.get().commune_id == "01699"


def test_a_refused_change_changes_nothing(market: MarketSite, nenh: Commune, now: datetime) -> None:
    refused: list[tuple[type[MarketError], dict[str, Any]]] = [
        (NotFound, {"site_id": market.pk + 1}),
        (BadText, {"name": ""}),
        (InvalidInput, {"lon": Decimal(106)}),
    ]
    for error, wrong in refused:
        right = {"site_id": market.pk, "kind": "ocop_point", "name": "Khác", "commune": nenh, "now": now}
        with pytest.raises(error):
            change_market_site(actor=STAFF, **(right | wrong))
        kept = MarketSite.objects.get()
        assert (kept.name, kept.kind, kept.address_line) == ("Chợ Nếnh", "market", "Tổ dân phố Ninh Khánh")
    assert JournalEvent.objects.count() == 1


@pytest.mark.parametrize(
    "slug", ["", "cho-khac", "cho-nenh\x00", "Chợ", "a" * 1_000], ids=lambda slug: ascii(slug)[:12]
)
def test_a_wrong_slug_finds_no_market(slug: str, market: MarketSite) -> None:
    with pytest.raises(NotFound):
        get_market_site(slug)


def test_markets_are_listed_by_name_in_one_statement(
    market: MarketSite, now: datetime, count_queries: QueryCounter
) -> None:
    for slug, name, code in (("a", "Điểm OCOP", "01699"), ("b", "Chợ Đầu Mối", "07795"), ("c", "Chợ Ăn", "07795")):
        create_market_site(
            actor=OPERATOR, slug=slug, kind="market", name=name, commune=Commune.objects.get(code=code), now=now
        )

    with count_queries() as queries:
        labels = [(site.name, site.commune.label) for site in list_market_sites()]

    assert len(queries) == 1
    assert [name for name, _ in labels] == ["Chợ Ăn", "Chợ Đầu Mối", "Chợ Nếnh", "Điểm OCOP"]
    assert [site.slug for site in list_market_sites(commune_code="07795")] == ["c", "b", "cho-nenh"]
    assert [site.slug for site in list_market_sites(province_code="04")] == ["a"]


@pytest.mark.parametrize(("lat", "lon"), [(21, None), (None, 106), (91, 106), (21, 181)])
def test_the_database_itself_refuses_a_place_off_the_earth(lat: int | None, lon: int | None, nenh: Commune) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        MarketSite.objects.create(slug="x", kind="market", name="X", commune=nenh, lat=lat, lon=lon)
