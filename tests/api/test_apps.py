"""Programs with a token of their own: who they are, what they may, and that their tokens are kept by nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import marketplace.api
from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import InvalidInput, NotAllowed, NotFound
from marketplace.core.models import JournalEvent
from marketplace.people.models import App
from marketplace.people.programs import OPENING, end_app, live_apps, make_app
from payments.services.permissions import REPORTS_PAYMENTS
from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.catalog.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

WHO = "{ app { id name isActive type created permissions { code name } } me { id } }"
CHANNELS = "{ channels { slug } }"


@pytest.fixture
def token(db: None) -> str:
    return make_app(actor=SYSTEM, name="Cửa hàng Next.js", permissions={"MANAGE_ORDERS", "HANDLE_PAYMENTS"}, now=NOW)[
        1
    ]


def by(token: str, header: str = "Authorization") -> dict[str, str]:
    return {header: f"Bearer {token}" if header == "Authorization" else token}


def test_an_app_says_who_it_is_and_what_it_may(token: str) -> None:
    for header in ("Authorization", "Authorization-Bearer"):
        assert ask(WHO, headers=by(token, header)) == {
            "app": {
                "id": gid("App", App.objects.get().pk),
                "name": "Cửa hàng Next.js",
                "isActive": True,
                "type": "LOCAL",
                "created": NOW.isoformat(),
                "permissions": [
                    {"code": "MANAGE_ORDERS", "name": "Manage orders."},
                    {"code": "HANDLE_PAYMENTS", "name": "Handle payments."},
                ],
            },
            "me": None,
        }


def test_an_app_reads_the_list_of_channels_as_saleors_storefront_does(token: str) -> None:
    assert ask(CHANNELS, headers=by(token)) == {"channels": [{"slug": "online"}, {"slug": "stall"}]}


def test_the_permissions_that_are_offered_are_those_that_some_field_asks_a_program_for() -> None:
    folder = Path(marketplace.api.__file__).parent
    asked = {
        permission
        for file in folder.rglob("*.py")
        for call in re.findall(r"\.app_may\(([^)]*)\)", file.read_text(encoding="utf-8"))
        for permission in re.findall(r'"([A-Z_]+)"', call)
    }

    assert set(OPENING) == asked | {REPORTS_PAYMENTS}


def test_an_app_is_no_person_and_reads_no_other_app(token: str) -> None:
    other, _token = make_app(actor=SYSTEM, name="Khác", permissions=(), now=NOW)
    update = post("mutation { tokensDeactivateAll { errors { code } } }", headers=by(token)).json()

    assert update["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    query = "query($id: ID!) { app(id: $id) { id } }"
    assert ask(query, headers=by(token), id=gid("App", other.pk)) == {"app": None}


def test_the_token_is_thirty_letters_and_is_kept_nowhere(token: str) -> None:
    assert (len(token), token.isascii(), token.isalnum()) == (30, True, True)
    assert token not in str([*App.objects.values(), *JournalEvent.objects.values()])


@pytest.mark.parametrize("wrong", ["", "x" * 30, "ê" * 30, "x" * 5000])
def test_what_is_no_apps_token_is_nobodys(token: str, wrong: str) -> None:
    answer = post("{ app { id } }", headers=by(wrong)).json()

    assert answer["data"] == {"app": None}
    assert answer["errors"][0]["message"] == (
        "To access this path, you need one of the following permissions: AUTHENTICATED_STAFF_USER, AUTHENTICATED_APP"
    )
    assert post(CHANNELS, headers=by(wrong)).json()["data"] == {"channels": None}


def test_an_ended_token_opens_nothing(token: str) -> None:
    number = App.objects.get().pk

    for _again in range(2):
        end_app(actor=SYSTEM, app_id=number, now=NOW)

    assert post(CHANNELS, headers=by(token)).json()["data"] == {"channels": None}
    assert live_apps() == []
    assert [event.kind for event in JournalEvent.objects.order_by("pk")] == ["app.made", "app.ended"]


def test_only_the_operator_gives_and_ends_tokens() -> None:
    for actor in (ANONYMOUS, Actor(user_id=1, commune_codes=frozenset({"01273"}))):
        with pytest.raises(NotAllowed):
            make_app(actor=actor, name="X", permissions=(), now=NOW)
        with pytest.raises(NotAllowed):
            end_app(actor=actor, app_id=1, now=NOW)
    with pytest.raises(NotFound):
        end_app(actor=SYSTEM, app_id=1, now=NOW)
    with pytest.raises(InvalidInput, match="MANAGE_MONEY"):
        make_app(actor=SYSTEM, name="X", permissions={"MANAGE_MONEY"}, now=NOW)
    assert not App.objects.exists()
