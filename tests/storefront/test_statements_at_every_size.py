"""Every page, with ten, a hundred and a thousand of what it lists: the same number of SQL statements, no more bytes.

The addresses are the URL configuration's own: a new one is counted without being asked.
"""

from __future__ import annotations

import uuid

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace.core.actors import SYSTEM
from marketplace.core.triggers import drop_triggers
from marketplace.orders.models import Checkout, Order
from marketplace.people.models import User
from marketplace.places.models import Commune
from marketplace.places.services import create_market_site
from tests.payments.factories import DAM_THUY, NOW, a_shop
from tests.storefront.many_rows import Crowd
from tests.storefront.rooms import GET
from tests.storefront.things import ROLES, address_of, named_patterns, one_of_everything, visitors
from tests.storefront.working import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

SIZES = (10, 100, 1_000)
STATEMENTS_MAX = 12
MORE = {
    "commune_report": (31, "six tables and two comparisons of a month, each a count of its own"),
    "commune_part": (29, "one table of the report, which is read whole so that the parts agree with it"),
    "commune_part_csv": (29, "the same table in a file"),
    "commune_month_xlsx": (29, "the report's tables in a file"),
    "commune_home": (
        27,
        "four kinds of waiting things, papers that ended, and the month's four numbers beside the month before",
    ),
    "commune_figures": (17, "the month's four numbers, those of the month before, and the targets"),
    "sell_order": (18, "goods, buyer, messages, money, promises, cards: one statement a kind"),
    "product": (20, "kinds, stock, photos, papers, documents, delivery, and four other goods of the shop"),
    "home": (15, "best, newest, provinces and markets, three of them with the facts of product cards"),
    "order": (15, "goods, money, code, card, messages, complaint, and whether a basket waits"),
    "search": (14, "matches in the search table, goods with the facts of their cards, what they can be narrowed by"),
    "shop": (13, "its goods found in the search table, with the facts of their cards; hours, papers, places"),
}
"""Pages that may take more than `STATEMENTS_MAX`: how many, and what for."""
WHOLE = {
    "sell_products_export": "all goods of the shop in one file",
    "sitemap_part": "all addresses of a kind, up to 50,000 a file: the sitemaps' protocol",
}
"""Files that grow with what they hold; pages do not."""
QUERIES = {
    "search": ("?q=mien+dong&in_stock=1", "?sort=price&stars=4"),
    "suggestions": ("?q=mien",),
    "sell_orders": ("?stage=to_pack", f"?status={Order.Status.FULFILLED}"),
    "sell_slips": ("?stage=to_pack",),
    "sell_products": ("?state=in_review",),
    "sell_today": ("?",),
    "commune_home": ("?",),
}
"""Ways to ask for a page that read otherwise than its bare address."""
BYTES_MORE_MAX = 500
"""Numbers grow by digits, and a second page is offered."""
LETTERS = {name: letters for letters, names in GET.items() for name in names.split()}


def who_reads(name: str) -> str | None:
    """Of those who are let in the one whose page lists most; None where nobody is without more ado."""
    order = ["owner", "officer", "province", "buyer", "guest"]
    if name.startswith("sell_help"):
        order = ["agent"]
    elif not name.startswith(("sell_", "commune_", "province")):
        order = ["buyer", "guest"]
    let_in = [role for role in order if LETTERS[name][ROLES.index(role)] == "o"]
    return let_in[0] if let_in else None


class Market:
    """A shop, a crowd around it, and everybody's browser."""

    def __init__(self) -> None:
        drop_triggers()  # rolled back with the test; clones are not what the money's guards are about
        commune = Commune.objects.get(pk=DAM_THUY)
        site = create_market_site(
            actor=SYSTEM, commune=commune, kind="market", slug="cho-dam-thuy", name="Chợ Đàm Thủy", now=NOW
        )
        self.shop, self.buyer = a_shop(site=site), a_person("Người mua")
        self.people = visitors(self.shop, buyer=self.buyer)
        self.things = one_of_everything(self.shop, buyer=self.buyer)
        agent = User.objects.get(roles__kind="agent")
        self.crowd = Crowd(self.shop, self.things, buyer=self.buyer, agent=agent)
        self._fill_basket(self.people["buyer"])

    def _fill_basket(self, client: Client) -> None:
        """The buyer's visit has the checkout in its basket."""
        checkout = Checkout.objects.get(pk=self.things["checkout_id"])
        checkout.basket = uuid.uuid4()
        checkout.save()
        session = client.session
        session["basket"] = str(checkout.basket)
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    def ask(self, role: str, address: str) -> tuple[int, int, int]:
        """The answer's status, its statements, its bytes; as a fresh process answers it."""
        cache.clear()
        client = self.people[role]
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        content = b"".join(answer) if answer.streaming else answer.content
        return answer.status_code, len(asked), len(content)

    def ask_all(self) -> dict[str, tuple[int, int, int]]:
        """Every page that somebody is let in to, by its name and what was asked of it."""
        found = {}
        for pattern in named_patterns():
            name = str(pattern.name)
            if (role := who_reads(name)) is not None:
                address = address_of(pattern, self.things)
                for query in ("", *QUERIES.get(name, ())):
                    found[name + query] = self.ask(role, address + query)
        return found


def counted(market: Market, sizes: tuple[int, ...]) -> dict[str, list[tuple[int, int, int]]]:
    """Status, statements and bytes of every page, at every size."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    grown = 0
    for size in sizes:
        market.crowd.grow(size - grown)
        grown = size
        for name, answer in market.ask_all().items():
            found.setdefault(name, []).append(answer)
    return found


def uneven(found: dict[str, list[tuple[int, int, int]]]) -> dict[str, list[int]]:
    """The pages whose statements are not the same at every size, with their numbers."""
    numbers = {name: [statements for _status, statements, _bytes in rows] for name, rows in found.items()}
    return {name: row for name, row in numbers.items() if len(set(row)) > 1}


def test_every_page_takes_the_same_statements_with_ten_a_hundred_and_a_thousand_rows() -> None:
    found = counted(Market(), SIZES)

    assert len(found) > 110
    assert {name: rows for name, rows in found.items() if {status for status, *_rest in rows} - {200, 302, 409}} == {}
    assert uneven(found) == {}
    most = {name: MORE.get(name.partition("?")[0], (STATEMENTS_MAX,))[0] for name in found}
    assert {name: rows[-1][1] for name, rows in found.items() if rows[-1][1] > most[name]} == {}
    taken = {name: max(found[name + query][-1][1] for query in ("", *QUERIES.get(name, ()))) for name in MORE}
    needless = {name for name, (bound, _why) in MORE.items() if taken[name] < bound}
    assert needless == set(), "these take fewer now: write it down"
    grew = {
        name: (hundred[2], thousand[2])
        for name, (_ten, hundred, thousand) in found.items()
        if thousand[2] > hundred[2] + BYTES_MORE_MAX and name not in WHOLE
    }
    assert grew == {}, "a list that is not paged"


def test_control_a_page_that_asks_row_by_row_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    market = Market()
    monkeypatch.setattr(QuerySet, "prefetch_related", lambda self, *_names: self)

    found = {}
    for _size in range(2):
        market.crowd.grow(5)
        found.setdefault("sell_orders", []).append(market.ask("owner", "/sell/orders/"))

    assert list(uneven(found)) == ["sell_orders"]
