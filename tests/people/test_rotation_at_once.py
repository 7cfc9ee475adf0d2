"""However many tabs rotate one refresh token at the same moment, one token follows it, and all get that one."""

from datetime import datetime

import pytest

from marketplace.people import tokens
from marketplace.people.models import RefreshToken
from marketplace.people.services import register_person
from marketplace.people.tokens import Refreshed, issue_tokens, refresh_tokens
from tests.plugins.database import at_once

ISSUER = "http://127.0.0.1:8000/graphql/"


def first_token(now: datetime) -> str:
    person = register_person(name="Lò Thị Mây", phone="0912345678", now=now)
    return issue_tokens(user=person, now=now, issuer=ISSUER).refresh


def rotated(token: str, *, now: datetime) -> Refreshed:
    return refresh_tokens(token=token, now=now, issuer=ISSUER, rotate=True)


def test_tabs_that_rotate_at_once_get_one_token(committed_db: None, now: datetime) -> None:
    first = first_token(now)

    answers = at_once([lambda: rotated(first, now=now)] * 8)

    assert [type(answer) for answer in answers] == [Refreshed] * 8
    assert len({answer.refresh for answer in answers if isinstance(answer, Refreshed)}) == 1
    assert RefreshToken.objects.count() == 2


@pytest.mark.django_db
def test_control_without_the_row_read_anew_under_its_lock_there_are_two_lines_of_tokens(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = first_token(now)
    as_both_read_it = RefreshToken.objects.get()
    monkeypatch.setattr(tokens, "_locked_row", lambda _claims: as_both_read_it)

    assert rotated(first, now=now).refresh != rotated(first, now=now).refresh
    assert RefreshToken.objects.count() == 3
