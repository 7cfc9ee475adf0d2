"""Run as a program: furnishes a market with one thing of each kind in each of its states; prints who may look where.

The pages come out of the URL configuration: each address for each role that `tests.storefront.rooms` lets in. What
one address cannot show (an order paid, cancelled, expired; a form refused; trouble of ours) `tests.browser.states`
adds.
"""

from tests.browser import stage_clock  # noqa: F401, I001 - sets the clock before the market is read

import dataclasses
import json

import django
from django.conf import settings

django.setup()

from marketplace.core import clock, journal  # noqa: E402 - needs Django set up
from marketplace.core.actors import SYSTEM  # noqa: E402
from marketplace.people.models import User  # noqa: E402
from marketplace.places.models import Commune  # noqa: E402
from marketplace.places.services import create_market_site  # noqa: E402
from marketplace.running.preparing import prepare  # noqa: E402
from tests.browser.admin_pages import ADMINISTRATOR, an_administrator, pages_of_the_admin  # noqa: E402
from tests.browser.states import states_of_the_market  # noqa: E402
from tests.browser.views import View  # noqa: E402
from tests.payments.factories import DAM_THUY, Shop, a_shop  # noqa: E402
from tests.storefront.rooms import GET  # noqa: E402
from tests.storefront.things import (  # noqa: E402
    ROLES,
    address_of,
    named_patterns,
    one_of_everything,
    visitors,
)
from tests.storefront.working import a_person, browser_of  # noqa: E402

LET_IN = "o"


def main() -> None:
    """Furnish, and print the views and the browsers' cookies as JSON."""
    prepare()
    now = clock.now()
    site = create_market_site(
        actor=SYSTEM,
        commune=Commune.objects.get(pk=DAM_THUY),
        kind="market",
        slug="cho-dam-thuy",
        name="Chợ Đàm Thủy",
        now=now,
    )
    shop, buyer = a_shop(site=site, quantity=200), a_person("Lý Thị Mẩy")
    people = visitors(shop, buyer=buyer)
    views = pages_of_the_urls(shop, buyer)
    cases, more_people = states_of_the_market(shop)
    journal.drain(now=now)
    people |= more_people | {ADMINISTRATOR: browser_of(an_administrator().pk)}
    views += cases
    cookies = {
        role: {name: morsel.value for name, morsel in client.cookies.items()} for role, client in people.items()
    }
    rooms = {"views": views, "admin": pages_of_the_admin()}
    told = {name: [dataclasses.asdict(view) for view in some] for name, some in rooms.items()}
    print(json.dumps({**told, "cookies": cookies}))


def pages_of_the_urls(shop: Shop, buyer: User) -> list[View]:
    """Every address of the pages for everybody who is let in."""
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    things = one_of_everything(shop, buyer=buyer)
    letters = {name: row for row, names in GET.items() for name in names.split()}
    return [
        View(pattern.name or "", role, address_of(pattern, things))
        for pattern in named_patterns()
        for role, letter in zip(ROLES, letters[pattern.name or ""], strict=True)
        if letter == LET_IN
    ]


if __name__ == "__main__":
    main()
