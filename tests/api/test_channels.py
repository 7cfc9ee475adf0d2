"""Channels: `online` is everybody's, `stall` and the list of them are for staff."""

from __future__ import annotations

import pytest

from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.api.offices import a_person, office, seller_of, signed_in
from tests.catalog.factories import DAM_THUY, a_shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

CHANNEL = """query($id: ID, $slug: String) { channel(id: $id, slug: $slug) {
  id slug name isActive currencyCode defaultCountry { code country } countries { code country } } }"""
ONLINE = {
    "id": gid("Channel", 1),
    "slug": "online",
    "name": "Trên mạng",
    "isActive": True,
    "currencyCode": "VND",
    "defaultCountry": {"code": "VN", "country": "Việt Nam"},
    "countries": [{"code": "VN", "country": "Việt Nam"}],
}
OFFICES = [("operator", None), ("province", "04"), ("commune", DAM_THUY)]


def test_a_shopper_may_ask_all_of_the_channel_that_shops_sell_in() -> None:
    assert ask(CHANNEL, slug="online") == ask(CHANNEL, id=gid("Channel", 1)) == {"channel": ONLINE}


@pytest.mark.parametrize("asked", [{"slug": "stall"}, {"id": gid("Channel", 2)}, {"slug": ""}, {"slug": "vn"}])
def test_what_is_not_public_and_what_there_is_not_are_null_alike(asked: dict[str, str]) -> None:
    assert ask(CHANNEL, **asked) == {"channel": None}


@pytest.mark.parametrize(("kind", "place"), OFFICES)
def test_staff_see_both_channels(kind: str, place: str | None) -> None:
    headers = office(kind, place)

    channels = ask("{ channels { slug name } }", headers=headers)["channels"]

    assert channels == [{"slug": "online", "name": "Trên mạng"}, {"slug": "stall", "name": "Tại sạp"}]
    assert ask(CHANNEL, headers=headers, slug="stall")["channel"]["slug"] == "stall"
    assert ask(CHANNEL, headers=headers, id=gid("Channel", 3)) == {"channel": None}


def test_the_list_is_refused_to_everybody_else_in_saleors_words() -> None:
    askers = ({}, signed_in(a_person()), seller_of(a_shop("Bản Giốc").vendor), office("agent", DAM_THUY))

    for headers in askers:
        answer = post("{ channels { slug } }", headers=headers).json()
        assert answer["data"] == {"channels": None}
        assert answer["errors"][0]["extensions"] == {"exception": {"code": "PermissionDenied"}}
        assert answer["errors"][0]["message"] == (
            "To access this path, you need one of the following permissions: "
            "AUTHENTICATED_APP, AUTHENTICATED_STAFF_USER"
        )
