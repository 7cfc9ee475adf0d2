"""The seller's desk: who works here, in which shop, and for whom if an agent helps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound
from marketplace.people.models import HelpConsent, User
from storefront.web import View, actor_of_request, page, parse_number
from vendors.access import acting_for
from vendors.models import Vendor
from vendors.selectors import vendors_of

SHOP = "sell.shop"
HELPED = "sell.helped"
ID_MAX = 2**63 - 1
HELPED_A_PAGE = 12

P = ParamSpec("P")


@dataclass(frozen=True)
class Desk:
    """A member of a shop (or an agent in a member's place) at work in it."""

    actor: Actor
    vendor: Vendor
    shops: list[Vendor]
    """All the shops that this person works in."""

    @property
    def is_owner(self) -> bool:
        """Whether the bank account is theirs to set."""
        return self.actor.may_own(self.vendor.pk)

    @property
    def handles_money(self) -> bool:
        """Whether they may say that money came: members do, an agent in their place does not."""
        return self.actor.helped_user_id is None


SellerView = Callable[Concatenate[HttpRequest, Desk, P], HttpResponseBase]


def seller_page(*methods: str) -> Callable[[SellerView[P]], View[P]]:
    """A private page of a shop. Who is not signed in signs in first; who has no shop is led to open one."""

    def decorate(view: SellerView[P]) -> View[P]:
        @page(*methods, private=True)
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if (elsewhere := sign_in_first(request)) is not None:
                return elsewhere
            desk = desk_of(request)
            if desk is None:
                return redirect("sell_help" if actor_of_request(request).agent_commune_codes else "sell_open")
            return view(request, desk, *args, **kwargs)

        return answer

    return decorate


def sign_in_first(request: HttpRequest) -> HttpResponseBase | None:
    """The way to the sign-in page and back for who is not signed in; None for who is."""
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    return None if actor_of_request(request).is_authenticated else redirect_to_login(back)


def desk_of(request: HttpRequest) -> Desk | None:
    """The desk in the shop that the visit last chose, or in the first one; None without any shop."""
    actor = seller_of(request)
    shops = vendors_of(actor)
    chosen = [shop for shop in shops if shop.slug == request.session.get(SHOP)]
    return Desk(actor, (chosen or shops)[0], shops) if shops else None


def choose_shop(request: HttpRequest, slug: str) -> None:
    """Work in this shop from now on. Raises nothing: a shop that is not theirs is never used."""
    request.session[SHOP] = slug[:80]


def seller_of(request: HttpRequest) -> Actor:
    """Who asks, in the place of the person they help as long as that person's consent lasts."""
    actor = actor_of_request(request)
    helped = parse_number(str(request.session.get(HELPED, "")), least=1, most=ID_MAX)
    person = User.objects.filter(pk=helped).first() if helped and actor.agent_commune_codes else None
    try:
        return acting_for(actor, person) if person is not None else actor
    except NotFound:
        return actor


def help_person(request: HttpRequest, person_id: int | None) -> None:
    """Work for this person from now on, or for oneself again. Consent is asked for at every page."""
    request.session.pop(SHOP, None)
    if person_id is None:
        request.session.pop(HELPED, None)
    else:
        request.session[HELPED] = person_id


def people_who_consented(actor: Actor, *, page: int) -> tuple[list[User], bool]:
    """Whom an agent may help at present, a page at a time by name, and whether more follow; one statement."""
    start = (page - 1) * HELPED_A_PAGE
    people = list(_consented(actor).order_by("name", "pk")[start : start + HELPED_A_PAGE + 1])
    return people[:HELPED_A_PAGE], len(people) > HELPED_A_PAGE


def person_who_consented(actor: Actor, person_id: int) -> User | None:
    """This person if the agent may help them at present; one statement."""
    return _consented(actor).filter(pk=person_id).first() if person_id <= ID_MAX else None


def _consented(actor: Actor) -> QuerySet[User]:
    live = HelpConsent.objects.filter(agent_id=actor.user_id, withdrawn_at=None)
    return User.objects.filter(pk__in=live.values("person_id"))
