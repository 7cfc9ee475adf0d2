"""People who sign in to the API: shoppers, sellers, and those who hold an office."""

from __future__ import annotations

from itertools import count

from marketplace.api.graphql.context import issuer
from marketplace.core import clock
from marketplace.people.models import Role, User
from marketplace.people.services import register_person
from marketplace.people.tokens import issue_tokens
from vendors.models import Membership, Vendor

_numbers = count(1)


def a_person(name: str = "Nông Thị Lan") -> User:
    return register_person(name=name, phone=f"07{next(_numbers):08d}", now=clock.now())


def signed_in(person: User) -> dict[str, str]:
    """The headers of a request of this person's."""
    token = issue_tokens(user=person, now=clock.now(), issuer=issuer()).access
    return {"Authorization": f"Bearer {token}"}


def office(kind: str, place: str | None = None) -> dict[str, str]:
    """The headers of somebody who holds this office, in the province or commune of this code."""
    person = a_person("Cán bộ")
    scope = {"province": {"province_id": place}, "operator": {}}.get(kind, {"commune_id": place})
    Role.objects.create(user=person, kind=kind, **scope)
    return signed_in(person)


def seller_of(vendor: Vendor) -> dict[str, str]:
    """The headers of an owner of a shop."""
    person = a_person("Chủ gian hàng")
    Membership.objects.create(vendor=vendor, user=person, role="owner")
    return signed_in(person)
