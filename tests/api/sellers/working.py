"""People at work over GraphQL: the headers of each, and what a mutation answered."""

from __future__ import annotations

from typing import Any

from marketplace.core.actors import SYSTEM, Actor
from marketplace.people.models import HelpConsent, Role, User
from marketplace.people.services import give_role
from marketplace.places.models import Commune
from tests.api.asking import post
from tests.api.offices import a_person, signed_in
from tests.catalog.factories import NOW
from vendors.models import Membership, Vendor

Headers = dict[str, str]
PERMISSION = "To access this path, you need one of the following permissions: "


def of(actor: Actor) -> Headers:
    """The headers of the person behind an actor of the tests."""
    return signed_in(User.objects.get(pk=actor.user_id))


def a_seller(vendor: Vendor) -> Headers:
    """The headers of somebody who sells in this shop and does not own it."""
    person = a_person("Người bán")
    Membership.objects.create(vendor=vendor, user=person, role="seller")
    return signed_in(person)


def an_agent_for(owner: Actor, commune: str) -> Headers:
    """The headers of an agent of the commune whom this person lets help."""
    agent = a_person("Tổ công nghệ số")
    give_role(actor=SYSTEM, user=agent, kind=Role.Kind.AGENT, commune=Commune.objects.get(pk=commune), now=NOW)
    HelpConsent.objects.create(person_id=owner.user_id, agent=agent, means="spoken", given_at=NOW)
    return signed_in(agent)


def done(mutation: str, headers: Headers | None = None, **variables: Any) -> dict[str, Any]:
    """What the one mutation of a document answered: its payload without errors beside the data."""
    answer = post(mutation, headers=headers, **variables)
    content = answer.json()
    assert (answer.status_code, content.get("errors")) == (200, None), content
    (payload,) = content["data"].values()
    result: dict[str, Any] = payload
    return result


def refusal(mutation: str, headers: Headers | None = None, **variables: Any) -> str:
    """The sentence with which somebody was refused beside the data, and that it is a refusal."""
    answer = post(mutation, headers=headers, **variables)
    content = answer.json()
    (error,) = content["errors"]
    assert (answer.status_code, error["extensions"]["exception"]["code"]) == (200, "PermissionDenied"), content
    sentence: str = error["message"]
    return sentence
