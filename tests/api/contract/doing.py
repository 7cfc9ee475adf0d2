"""Doing something about an account by the storefront's documents, and what came of it."""

from __future__ import annotations

from typing import Any

from marketplace.api.graphql.context import issuer
from marketplace.core import clock
from marketplace.people.models import User
from marketplace.people.sessions import note_program
from marketplace.people.tokens import issue_tokens
from tests.api.asking import ask, post
from tests.api.contract.documents import document
from tests.api.contract.expected import Answer

EMAIL, OLD, NEW = "lan@example.vn", "mat-ong-hoa-nhan-2026", "ruong-bac-thang-2026"
PAGE = "https://shop.example.vn/confirm"
NOBODY = {"token": None, "refreshToken": None}
WRONG_LINK = {"field": "token", "message": "Invalid or expired token.", "code": "INVALID"}
HOME = {
    "firstName": "Lan",
    "lastName": "Nông Thị",
    "streetAddress1": "Tổ 5, đường Kim Đồng",
    "city": "Thục Phán",
    "countryArea": "Cao Bằng",
    "country": "VN",
    "phone": "0912 345 678",
}


def bearer(user: User) -> dict[str, str]:
    """A token of a program of this person's, as `tokenCreate` gives it."""
    session = note_program(user=user, user_agent="", address="", by_two_steps=False, now=clock.now())
    token = issue_tokens(user=user, now=clock.now(), issuer=issuer(), sign_in=session).access
    return {"Authorization": f"Bearer {token}"}


def done(name: str, *, by: dict[str, str] | None = None, **variables: Any) -> Answer:
    """The payload of the document's mutation."""
    (payload,) = ask(document(name), headers=by, **variables).values()
    return dict(payload)


def refused(name: str, *, by: dict[str, str] | None = None, **variables: Any) -> tuple[str, str]:
    """The sentence and the code of an error beside the data."""
    answer = post(document(name), headers=by, **variables).json()
    assert list(answer["data"].values()) == [None]
    (error,) = answer["errors"]
    return error["message"], error["extensions"]["exception"]["code"]


def codes(payload: Answer) -> list[tuple[str | None, str]]:
    return [(error["field"], error["code"]) for error in payload["errors"]]
