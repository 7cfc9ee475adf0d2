"""More of everything that a page lists: rows cloned from one of each, as many as wanted, in one statement a kind."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from django.db.models.base import ModelState

from catalog.models import (
    CertificateFile,
    GoodsImport,
    OcopCertificate,
    Product,
    ProductDocument,
    ProductMedia,
    ProductVariant,
    Stock,
    StockMovement,
)
from catalog.search import index_products
from catalog.services import move_stock
from catalog.services.papers import DOCUMENTS_A_PRODUCT_MAX, FILES_A_PAPER_MAX
from catalog.services.photos import PHOTOS_A_PRODUCT_MAX
from catalog.services.variants import VARIANTS_A_PRODUCT_MAX
from marketplace.orders.goods import CHECKOUT_LINES_MAX
from marketplace.orders.models import CheckoutLine, Complaint, Order, OrderLine, Voucher
from marketplace.orders.services.complaints import MESSAGES_A_COMPLAINT_MAX
from marketplace.orders.services.messages import MESSAGES_AN_ORDER_MAX, tell_buyer
from marketplace.orders.services.vouchers import VOUCHERS_OF_A_SHOP_MAX
from marketplace.people.models import HelpConsent, SignIn, User
from marketplace.places.models import MarketSite, Village
from payments.models import BankNotice, ReviewItem, Statement, TransactionEvent, TransactionItem
from tests.payments.factories import NOW, Shop
from vendors.documents import DOCUMENTS_MAX
from vendors.models import DocumentFile, Membership, ShopDocument, Vendor, Warehouse

Row = TypeVar("Row", bound=Model)
VILLAGES_MAX = 100
"""Two pages of them. Forms offer all of a commune, of which there may be twice as many."""
_numbers = count(1)


def cloned(row: Row, many: int, changes: Callable[[int], dict[str, Any]]) -> list[Row]:
    """`many` rows like this one, kept; `changes` says what differs, by a number that no other clone has."""
    made = []
    for number in (next(_numbers) for _time in range(many)):
        clone = copy.copy(row)
        clone._state, clone.pk = ModelState(), None
        for name, value in changes(number).items():
            setattr(clone, name, value)
        made.append(clone)
    return type(row)._default_manager.bulk_create(made)  # type: ignore[attr-defined]  # every model of ours has one


def analyze() -> None:
    """Tell PostgreSQL what the tables hold now, as its autovacuum does where rows are committed."""
    if connection.vendor == "postgresql":
        limits = ("lock_timeout", "statement_timeout")
        with connection.cursor() as cursor:
            for limit in limits:  # they are for people who wait; the autovacuum may be at one of the tables
                cursor.execute(f"SET {limit} = 0")
            cursor.execute("ANALYZE")
            for limit in limits:
                cursor.execute(f"RESET {limit}")


class Crowd:
    """A shop, its commune, its buyer and a helper, of whose things there can be more."""

    def __init__(self, shop: Shop, things: dict[str, Any], *, buyer: User, agent: User) -> None:
        self.shop, self.things, self.buyer, self.agent = shop, things, buyer, agent
        self.vendor = Vendor.objects.get(pk=shop.vendor.pk)
        self.order = Order.objects.get(token=things["token"])
        self._bounded_now: dict[str, int] = {}
        tell_buyer(actor=shop.owner, order=self.order, text="Mai có hàng.", now=NOW)
        move_stock(actor=shop.owner, stock=shop.stock, kind="received", quantity=5, note="", now=NOW)

    def grow(self, many: int) -> None:
        """So many more of each; of what the market bounds, no more than it allows."""
        people = cloned(self.buyer, many, lambda number: {"phone": f"+8498{number:07d}", "name": f"Bà {number}"})
        self._goods(many)
        self._shops(people)
        self._orders(many)
        self._money(many)
        self._files(many)
        self._consents(people)
        self._bounded(many)
        self._of_shop_and_commune(many)
        analyze()

    def _bounded(self, many: int) -> None:
        """What belongs to one product, order, basket or complaint."""
        variant, place = self.shop.variant, self.shop.stock.warehouse
        variants = self._up_to(VARIANTS_A_PRODUCT_MAX, variant, many, lambda number: {"name": f"Cỡ {number}"})
        Stock.objects.bulk_create(Stock(variant=one, warehouse=place, quantity=5) for one in variants)
        media = ProductMedia.objects.get(pk=self.things["media_id"])
        self._up_to(PHOTOS_A_PRODUCT_MAX, media, many, lambda _number: {})
        self._up_to(
            CHECKOUT_LINES_MAX, self.order.lines.order_by("pk")[0], many, lambda _number: {"pk": uuid.uuid4()}
        )
        told = self.order.messages.order_by("pk")[0]
        self._up_to(MESSAGES_AN_ORDER_MAX, told, many, lambda _number: {})
        complaint = Complaint.objects.get(pk=self.things["complaint_id"])
        self._up_to(MESSAGES_A_COMPLAINT_MAX, complaint.messages.order_by("pk")[0], many, lambda _number: {})
        line = CheckoutLine.objects.filter(checkout=self.things["checkout_id"]).order_by("pk")[0]
        others = iter(ProductVariant.objects.exclude(product=variant.product_id).order_by("-pk")[:CHECKOUT_LINES_MAX])
        self._up_to(CHECKOUT_LINES_MAX, line, many, lambda _number: {"variant": next(others), "pk": uuid.uuid4()})

    def _of_shop_and_commune(self, many: int) -> None:
        """Vouchers, villages, and papers with their photos: the shop's, those of its goods, those that ended."""
        voucher = Voucher.objects.get(pk=self.things["voucher_id"])
        self._up_to(VOUCHERS_OF_A_SHOP_MAX, voucher, many, lambda number: {"code": f"MA-{number}"})
        village = Village.objects.get(pk=self.things["village_id"])
        self._up_to(
            VILLAGES_MAX,
            village,
            many,
            lambda number: {"name": f"{number:05}", "folded": f"thon {number}", "sort_key": f"{number:05}"},
        )
        paper = ShopDocument.objects.get(pk=self.things["document_id"])
        ended = {"expires_on": NOW.date() - timedelta(days=9)}
        self._up_to(DOCUMENTS_MAX, paper, many, lambda number: {"number": str(number)} | ended)
        shops = iter(Vendor.objects.exclude(pk=self.vendor.pk).order_by("-pk")[:many])
        cloned(paper, many, lambda number: {"number": str(number), "vendor": next(shops)} | ended)
        for kind, one, most in (
            (DocumentFile, "file_id", FILES_A_PAPER_MAX),
            (CertificateFile, "file_id of commune_certificate_file", FILES_A_PAPER_MAX),
            (ProductDocument, "document_id of sell_product_document", DOCUMENTS_A_PRODUCT_MAX),
        ):
            self._up_to(most, kind.objects.get(pk=self.things[one]), many, lambda _number: {})

    def _up_to(self, most: int, row: Row, many: int, changes: Callable[[int], dict[str, Any]]) -> list[Row]:
        """As many more like `row` as its bound leaves room for."""
        kind = type(row).__name__
        room = max(0, most - self._bounded_now.get(kind, 1))
        made = cloned(row, min(many, room), changes)
        self._bounded_now[kind] = self._bounded_now.get(kind, 1) + len(made)
        return made

    def _consents(self, people: list[User]) -> None:
        given = [HelpConsent(person=person, agent=self.agent, means="spoken", given_at=NOW) for person in people]
        HelpConsent.objects.bulk_create(given)
        used = {"happened_at": NOW, "last_used_at": NOW, "browser": "Chrome"}
        SignIn.objects.bulk_create(SignIn(user=self.buyer, **used) for _one in people)

    def _goods(self, many: int) -> None:
        shown = Product.objects.select_related("vendor", "commune_of_origin__province").get(
            slug=self.things["slug of product"]
        )
        waiting = {"listing": Product.Listing.IN_REVIEW, "submitted_at": NOW}
        products = cloned(
            shown, many, lambda number: {"slug": f"mien-{number}"} | (waiting if number % 4 == 0 else {})
        )
        variants = ProductVariant.objects.bulk_create(
            ProductVariant(product=product, vendor_id=product.vendor_id, unit="gói", price_vnd=60_000)
            for product in products
        )
        Stock.objects.bulk_create(
            Stock(variant=variant, warehouse=self.shop.stock.warehouse, quantity=5) for variant in variants
        )
        certificate = OcopCertificate.objects.get(pk=self.things["certificate_id"])
        rows = iter(products)
        cloned(certificate, many, lambda _number: {"product": next(rows)})
        index_products(products)
        movement = StockMovement.objects.filter(stock=self.shop.stock).latest("pk")
        cloned(movement, many, lambda _number: {})

    def _shops(self, people: list[User]) -> None:
        waiting = {"verification": Vendor.Verification.DECLARED}
        shops = cloned(
            self.vendor,
            len(people),
            lambda number: {"slug": f"ho-{number}"} | (waiting if number % 4 == 0 else {}),
        )
        Membership.objects.bulk_create(
            Membership(vendor=shop, user=person, role="owner") for shop, person in zip(shops, people, strict=True)
        )
        Warehouse.objects.bulk_create(Warehouse(vendor=shop, kind="shop", name=shop.name) for shop in shops)
        site = MarketSite.objects.get(slug=self.things["slug of market_site"])
        cloned(site, len(people), lambda number: {"slug": f"cho-{number}"})

    def _orders(self, many: int) -> None:
        orders = cloned(
            self.order,
            many,
            lambda _number: {"token": uuid.uuid4(), "checkout_id": uuid.uuid4(), "user_id": self.buyer.pk},
        )
        line = self.order.lines.order_by("pk")[0]
        rows = iter(orders)
        cloned(line, many, lambda _number: {"order": next(rows)} | self._fresh_key(OrderLine))
        complaint = Complaint.objects.get(pk=self.things["complaint_id"])
        rows = iter(orders)
        complaints = cloned(complaint, many, lambda _number: {"order": next(rows)})
        said = iter(complaints)
        cloned(complaint.messages.order_by("pk")[0], many, lambda _number: {"complaint": next(said)})
        self._payments(orders)

    def _payments(self, orders: list[Order]) -> None:
        item = TransactionItem.objects.get(order=self.order)
        rows, days = iter(orders), self._days()
        fresh = {"payment_code": None}
        items = iter(
            cloned(
                item, len(orders), lambda _number: fresh | {"order": next(rows)} | self._fresh_key(TransactionItem)
            )
        )
        rows = iter(orders)
        event = TransactionEvent.objects.filter(order=self.order, type="charge_success").latest("pk")
        cloned(
            event,
            len(orders),
            lambda number: {
                "transaction": next(items),
                "order": next(rows),
                "notice": None,
                "confirmation": "cash",
                "psp_reference": f"tien-mat-{number}",
                "bank_date": next(days),
            },
        )

    def _days(self) -> Iterator[Any]:
        """Of every four payments three are of today."""
        return ((NOW - timedelta(days=number % 4 // 3)).date() for number in count())

    def _money(self, many: int) -> None:
        item = ReviewItem.objects.get(pk=self.things["item_id"])
        notice = BankNotice.objects.get(pk=item.notice_id)
        notices = iter(cloned(notice, many, lambda number: {"provider_tx_id": f"khoan-{number}"}))
        cloned(item, many, lambda _number: {"notice": next(notices)})
        closed = {
            "closed_at": NOW,
            "closed_by_id": self.shop.owner.user_id,
            "resolution": "not_a_sale",
            "outcome": "set_aside",
        }
        notices = iter(cloned(notice, many, lambda number: {"provider_tx_id": f"khoan-{number}"}))
        cloned(item, many, lambda _number: {"notice": next(notices)} | closed)

    def _files(self, many: int) -> None:
        statement = Statement.objects.get(pk=self.things["statement_id"])
        cloned(statement, many, lambda _number: {"file_sha256": uuid.uuid4().hex * 2} | self._fresh_key(Statement))
        brought = GoodsImport.objects.get(pk=self.things["import_id"])
        cloned(brought, many, lambda _number: self._fresh_key(GoodsImport))

    @staticmethod
    def _fresh_key(model: type[Model]) -> dict[str, Any]:
        """A key of its own for rows that are named by a UUID."""
        pk = model._meta.pk
        return {"pk": uuid.uuid4()} if pk is not None and pk.get_internal_type() == "UUIDField" else {}
