"""What this browser's visit carries in its signed cookie: the basket, and that an adult said so."""

from __future__ import annotations

import uuid

from django.http import HttpRequest

from storefront.web import parse_uuid

_BASKET = "basket"
_AGE = "is_adult"


def basket_of(request: HttpRequest) -> uuid.UUID | None:
    """The visit's basket; None until something was put in."""
    return parse_uuid(request.session.get(_BASKET))


def keep_basket(request: HttpRequest, basket: uuid.UUID) -> None:
    """Remember the visit's basket."""
    if basket_of(request) != basket:
        request.session[_BASKET] = str(basket)


def is_adult(request: HttpRequest) -> bool:
    """Whether the person said that they are 18 or older."""
    return request.session.get(_AGE) is True


def declare_adult(request: HttpRequest) -> None:
    """Remember that the person said so."""
    request.session[_AGE] = True
