"""What every resolver may know of the request: who asks, when, and what they declared."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.http import HttpRequest
from graphql import GraphQLResolveInfo

from catalog.search import Matches
from marketplace.api.graphql.limits.conditions import ConditionsAsked
from marketplace.api.graphql.loaders import Loaders
from marketplace.api.graphql.reading import Unreadable
from marketplace.core import clock
from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_date
from marketplace.people.models import App, User
from marketplace.people.programs import app_of_token
from marketplace.people.tokens import ExpiredToken, user_of_access_token
from vendors.access import actor_of

AGE_HEADER = "HTTP_X_AGE_DECLARED"
AGE_OF_MAJORITY = "18"
IDEMPOTENCY_HEADER = "Idempotency-Key"
IDEMPOTENCY_KEY = "HTTP_IDEMPOTENCY_KEY"
BEARER = "bearer "


@dataclass(frozen=True)
class Context:
    """One request's facts."""

    now: datetime
    user: User | None
    actor: Actor
    age_declared: bool
    client_id: uuid.UUID | None
    """The client's own id of this request, so that a write which is sent again is done once."""
    loaders: Loaders
    address: str = ""
    """The network's, to count tries by."""
    expired: ExpiredToken | None = None
    """Set where the token was ours and its time is over: then nobody asks, and every root field says so."""
    user_agent: str = ""
    app: App | None = None
    """The program that asks by a token of its own; then there is no person."""
    conditions: ConditionsAsked = field(default_factory=ConditionsAsked)
    """What lists of goods were narrowed by until now."""
    matches: Matches = field(default_factory=Matches)
    """What was found for the words of a search until now."""

    def app_may(self, *permissions: str) -> bool:
        """Whether a program asks that was given one of these permissions of Saleor's."""
        return self.app is not None and not set(permissions).isdisjoint(self.app.permissions)

    @property
    def today(self) -> date:
        """The date in Vietnam, which decides whose stars are valid."""
        return vietnam_date(self.now)


def issuer() -> str:
    """The endpoint's address: Saleor's auth SDK sends a token only to the address that stands in it."""
    return f"{settings.MARKET_PUBLIC_URL}/graphql/"


def absolute_url(path: str) -> str:
    """The address of a path of ours, for a client that may be on another host."""
    return f"{settings.MARKET_PUBLIC_URL}{path}"


def context_of(request: HttpRequest) -> Context:
    """The facts of a request. A token that is none of ours is nobody's. Raises `Unreadable`."""
    now = clock.now()
    token = bearer_token(request)
    app = app_of_token(token)
    user, expired = (None, None) if app is not None else _user_of(token, now=now)
    age_declared = request.META.get(AGE_HEADER, "").strip() == AGE_OF_MAJORITY
    return Context(
        now=now,
        user=user,
        actor=actor_of(user),
        age_declared=age_declared,
        client_id=_client_id(request.META.get(IDEMPOTENCY_KEY, "")),
        loaders=Loaders(today=vietnam_date(now), age_declared=age_declared),
        address=request.META.get("REMOTE_ADDR", ""),
        expired=expired,
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        app=app,
    )


def context(info: GraphQLResolveInfo) -> Context:
    """The facts that a resolver was given, typed."""
    known: Context = info.context
    return known


def client_id_of(info: GraphQLResolveInfo) -> uuid.UUID | None:
    """The client's id of one mutation: of its request, and of its name in the document that may hold several."""
    asked = context(info).client_id
    return None if asked is None else uuid.uuid5(asked, str(info.path.key))


def bearer_token(request: HttpRequest) -> str:
    """The token of the request, or an empty text."""
    standard: str = request.META.get("HTTP_AUTHORIZATION", "")
    if standard.lower().startswith(BEARER):
        return standard[len(BEARER) :].strip()
    other: str = request.META.get("HTTP_AUTHORIZATION_BEARER", "")
    return other.strip()


def _user_of(token: str, *, now: datetime) -> tuple[User | None, ExpiredToken | None]:
    try:
        return (user_of_access_token(token, now=now) if token else None), None
    except ExpiredToken as expired:
        return None, expired


def _client_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise Unreadable(f"{IDEMPOTENCY_HEADER} must be a UUID.") from error
