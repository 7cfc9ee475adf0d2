"""The small map: drawn of the places table, with both archipelagos, and every commune on it."""

import pytest

from marketplace.places.models import Commune, MarketSite
from storefront.shop.country_map import HEIGHT_DOTS, WIDTH_DOTS, country_svg, spot
from storefront.shop.reads import where
from tests.source import ROOT, text
from tests.storefront.shopping import a_market

DAM_THUY = "01501"
FILE = ROOT / "storefront" / "static" / "storefront" / "vietnam.svg"


@pytest.mark.django_db
def test_the_file_is_what_the_table_of_places_draws() -> None:
    drawn = country_svg((float(lat), float(lon)) for lat, lon in Commune.objects.values_list("lat", "lon"))

    assert drawn == text(FILE)
    assert "Hoàng Sa" in drawn
    assert "Trường Sa" in drawn


@pytest.mark.django_db
def test_every_commune_lies_on_the_map() -> None:
    assert [commune.name for commune in Commune.objects.select_related("province") if where(commune) is None] == []


def test_neighbours_share_a_line_and_a_lonely_dot_has_its_own() -> None:
    drawn = country_svg([(22.9, 102.0), (22.9, 102.2), (20.0, 105.0)])

    assert "M0.5 2.5h1M12.5 14.5h0.01" in drawn


def test_what_lies_elsewhere_is_not_drawn() -> None:
    assert spot(48.85, 2.35) is None
    assert spot(8.0, 101.0) is None
    here = spot(21.03, 105.85)
    assert here is not None
    assert 0 < float(here.x) < WIDTH_DOTS
    assert 0 < float(here.y) < HEIGHT_DOTS


@pytest.mark.django_db
def test_a_market_lies_where_it_says_or_in_its_commune() -> None:
    site = a_market(DAM_THUY)
    assert where(site) == where(Commune.objects.get(pk=DAM_THUY))

    MarketSite.objects.update(lat="10.0", lon="106.0")
    assert where(MarketSite.objects.get()) == spot(10.0, 106.0)
