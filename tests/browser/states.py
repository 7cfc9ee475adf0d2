"""The states that an address alone does not show: empty, waiting, paid, ended, refused, in trouble, in English."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.core import mail
from django.test import Client, override_settings

from catalog.models import Product, Stock
from catalog.services import add_photo, submit_for_review, withdraw_product
from catalog.services.reviewing import reject_product
from marketplace.core.actors import SYSTEM, Actor
from marketplace.orders.models import Order
from marketplace.orders.services.complaints import answer_as_vendor, close_complaint, open_complaint
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from marketplace.orders.services.fulfilling import fulfil_order
from marketplace.orders.services.messages import tell_buyer
from marketplace.orders.services.packing import pack_order
from marketplace.people.resetting import ask_for_link, send_waiting
from marketplace.people.services import register_person
from marketplace.people.sign_in import FAILURES_MAX, count_failure
from marketplace.places.models import Commune
from payments.models import ReviewItem
from payments.services.by_hand import record_refund
from tests.browser.account_states import second_steps
from tests.browser.card_states import cards, helping
from tests.browser.stall_states import stall_sales
from tests.browser.views import View
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop, an_order, code_of, goods, pay
from tests.storefront.shopping import put_into_basket, shown_product
from tests.storefront.working import (
    a_person,
    a_photo,
    browser_of,
    paid_by_bank,
    paid_in_cash,
)
from vendors.documents import save_document
from vendors.services import register_vendor

LONG_NAME = "Miến dong sợi to tráng tay phơi nắng của bản Giốc, gói quà Tết"
LOCKED_OUT = "khoa@cho40.example"
OFFICER = Actor(commune_codes=frozenset({DAM_THUY}))


def states_of_the_market(shop: Shop) -> tuple[list[View], dict[str, Client]]:
    """Every state with its views, and the people who are needed to see them."""
    variant, stock = goods(shop.vendor, quantity=200)
    shown_product(variant)
    shop = replace(shop, variant=variant, stock=stock)  # the shop's first product went back to review meanwhile
    beginner = _beginner()
    people = {"beginner": browser_of(beginner), "shopper": _with_a_basket(shop)}
    views = [
        *_orders(shop),
        *_complaints(shop),
        *_goods(shop),
        *_reviews(shop),
        *_nothing_yet(),
        *_searches(),
        *_passwords(),
        *_refused_forms(shop),
        *_trouble(),
        *_in_english(shop),
        *stall_sales(shop),
    ]
    for more_views, more_people in (cards(shop), helping(), second_steps()):
        views += more_views
        people |= more_people
    return views, people


def _order_views(order: Order, state: str, *, receipt: bool = False) -> list[View]:
    address = f"/orders/{order.token}/"
    views = [View("order", "guest", address, state), View("sell_order", "owner", f"/sell/orders/{order.pk}/", state)]
    return [*views, View("order_receipt", "guest", f"{address}receipt/", state)] if receipt else views


def _orders(shop: Shop) -> list[View]:
    part, over = an_order(shop, quantity=2), an_order(shop)
    pay(shop, code_of(part), 60_000)
    pay(shop, code_of(over), 75_000)
    cancelled = an_order(shop)
    late = code_of(cancelled)
    cancel_order(actor=shop.owner, order=cancelled, reason="Hết hàng mất rồi, xin lỗi bạn", now=NOW)
    pay(shop, late)
    expired = an_order(shop, now=NOW - timedelta(days=2))
    expire_due_orders(now=NOW - timedelta(days=1), at_most=10)
    packed, handed, back = (paid_by_bank(shop, quantity=2) for _ in range(3))
    pack_order(actor=shop.owner, order=packed, now=NOW)
    fulfil_order(actor=shop.owner, order=handed, tracking_number="VN123456789", now=NOW)
    tell_buyer(actor=shop.owner, order=handed, text="Hàng đi sáng nay, hai ngày nữa tới nơi ạ.", now=NOW)
    record_refund(actor=shop.owner, order=back, amount_vnd=120_000, confirmation="vendor", now=NOW)
    return [
        *_order_views(an_order(shop), "unpaid"),
        *_order_views(part, "part-paid"),
        *_order_views(over, "overpaid", receipt=True),
        *_order_views(paid_in_cash(shop), "cash", receipt=True),
        *_order_views(cancelled, "cancelled"),
        *_order_views(expired, "expired"),
        *_order_views(packed, "packed"),
        *_order_views(handed, "handed-over", receipt=True),
        *_order_views(back, "given-back", receipt=True),
    ]


def _complaints(shop: Shop) -> list[View]:
    views = []
    for state in ("answered", "closed"):
        order = paid_by_bank(shop)
        complaint = open_complaint(
            token=order.token, kind="damaged", text="Hai hũ bị vỡ.", photo=a_photo().read(), now=NOW
        )
        answer_as_vendor(actor=shop.owner, complaint_id=complaint.pk, text="Mai tôi gửi hũ khác ạ.", now=NOW)
        if state == "closed":
            close_complaint(
                actor=OFFICER, complaint_id=complaint.pk, outcome="agreed", text="Hai bên đã xong.", now=NOW
            )
        views += [
            View("order_complaint", "guest", f"/orders/{order.token}/complaint/", state),
            View("sell_complaint", "owner", f"/sell/complaints/{complaint.pk}/", state),
            View("commune_complaint", "officer", f"/commune/complaints/{complaint.pk}/", state),
        ]
    order = paid_by_bank(shop)
    return [*views, View("order_complaint", "guest", f"/orders/{order.token}/complaint/", "to-write")]


def _goods(shop: Shop) -> list[View]:
    gone, sent_back, away, draft, rich = (goods(shop.vendor, quantity=20)[0].product for _ in range(5))
    Stock.objects.filter(variant__product=gone).update(quantity=0)
    for _ in range(3):
        add_photo(actor=shop.owner, product=rich, content=a_photo().read(), now=NOW)
    shown_product(rich.variants.get(), stars=5, name=LONG_NAME, listing=Product.Listing.PUBLISHED)
    reject_product(actor=OFFICER, product=sent_back, reason="Ảnh mờ quá, chụp lại giúp.", now=NOW)
    withdraw_product(actor=shop.owner, product=away, now=NOW)
    Product.objects.filter(pk=draft.pk).update(listing=Product.Listing.DRAFT)
    states = {"sold-out": gone, "sent-back": sent_back, "withdrawn": away, "draft": draft, "five-stars": rich}
    views = [View("sell_product", "owner", f"/sell/products/{row.pk}/", state) for state, row in states.items()]
    waiting = goods(shop.vendor)[0].product
    Product.objects.filter(pk=waiting.pk).update(listing=Product.Listing.DRAFT)
    waiting.refresh_from_db()
    submit_for_review(actor=shop.owner, product=waiting, now=NOW)
    return [
        *views,
        View("product", "guest", f"/products/{gone.slug}/", "sold-out"),
        View("product", "guest", f"/products/{rich.slug}/", "five-stars"),
        View("commune_product", "officer", f"/commune/products/{waiting.pk}/", "waiting"),
    ]


def _reviews(shop: Shop) -> list[View]:
    kinds: dict[str, ReviewItem] = {}
    for item in ReviewItem.objects.filter(vendor=shop.vendor, closed_at__isnull=True).order_by("pk"):
        kinds.setdefault(item.kind, item)
    return [
        View("sell_review_item", "owner", f"/sell/review/{item.pk}/", kind.lower()) for kind, item in kinds.items()
    ]


def _beginner() -> int:
    """Somebody who opened a shop a moment ago: no goods, no account, not verified."""
    owner = a_person("Hoàng Thị Én")
    vendor = register_vendor(
        actor=SYSTEM,
        owner=owner,
        name="Hộ Hoàng Thị Én",
        kind="household",
        commune=Commune.objects.get(pk=DAM_THUY),
        phone="0912345670",
        now=NOW,
    )
    actor = Actor(user_id=owner.pk, vendor_roles={vendor.pk: "owner"})
    save_document(actor=actor, vendor=vendor, kind="registration", number="01", now=NOW)
    return owner.pk


def _nothing_yet() -> list[View]:
    pages = {
        "sell_today": "", "sell_products": "products/", "sell_orders": "orders/", "sell_review": "review/",
        "sell_complaints": "complaints/", "sell_account": "account/", "sell_feeds": "feeds/", "sell_stand": "stand/",
        "sell_statements": "statements/", "sell_book": "book/", "sell_documents": "documents/",
        "sell_imports": "products/import/", "sell_stocks": "products/stocks/", "sell_members": "members/",
    }  # fmt: skip
    return [
        *(View(name, "beginner", f"/sell/{path}", "nothing-yet") for name, path in pages.items()),
        View("orders", "beginner", "/orders/", "nothing-yet"),
        View("addresses", "beginner", "/addresses/", "nothing-yet"),
        View("basket", "shopper", "/basket/", "two-shops"),
        View("commune_home", "officer_elsewhere", "/commune/", "nothing-yet"),
    ]


def _with_a_basket(shop: Shop) -> Client:
    """A shopper's browser with goods of two shops."""
    other = a_shop("Hộ Lò Thị Mây", commune=NENH)
    browser = browser_of(None)
    for one in (shop, other):
        assert put_into_basket(browser, one.variant, 2).status_code in {302, 303}
    return browser


def _searches() -> list[View]:
    found = {
        "found": "q=mien+dong",
        "nothing": "q=xe+dap+dien",
        "did-you-mean": "q=mieen+dong",
        "narrow": "set=6&stars=5",
    }
    return [View("search", "guest", f"/search/?{query}", state) for state, query in found.items()]


def _passwords() -> list[View]:
    """The link that sets a new password, and what is told to somebody who tried too often."""
    register_person(name="Bàn Văn Sơn", phone="0935000111", email="son@cho40.example", now=NOW)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        ask_for_link(login="son@cho40.example", now=NOW)
        send_waiting(now=NOW)
        link = next(word for word in str(mail.outbox[0].body).split() if "/password/new/" in word)
    for _ in range(FAILURES_MAX):
        count_failure(LOCKED_OUT, now=NOW)
    tried = {"login": LOCKED_OUT, "password": "sai"}
    return [
        View("new_password", "guest", link[link.index("/password/") :], "to-fill-in"),
        View(
            "sign_in",
            "guest",
            "/sign-in/",
            "wrong",
            filled={"login": "ai@cho40.example", "password": "sai"},
            status=400,
        ),
        View("sign_in", "guest", "/sign-in/", "too-often", filled=tried, status=429),
    ]


def _refused_forms(shop: Shop) -> list[View]:
    product = f"/sell/products/{shop.variant.product_id}/"

    def refused(name: str, role: str, address: str, **more: Any) -> View:
        return View(name, role, address, "refused", **({"filled": {}, "status": 400} | more))

    return [
        refused("sign_in", "guest", "/sign-in/"),
        refused("register", "guest", "/register/"),
        refused("forgot_password", "guest", "/password/forgot/"),
        refused("password_by_code", "guest", "/password/code/"),
        refused("change_password", "buyer", "/account/password/"),
        refused("find_order", "guest", "/orders/find/"),
        refused("order_complaint", "guest", f"/orders/{paid_by_bank(shop).token}/complaint/"),
        refused("address_new", "buyer", "/addresses/new/"),
        refused("sell_open", "buyer", "/sell/open/"),
        refused("sell_product_new", "owner", "/sell/products/new/"),
        refused("sell_product", "owner", product, filled={"name": ""}, form=product),
        refused("sell_variant_new", "owner", f"{product}kinds/new/"),
        refused("sell_certificate", "owner", f"{product}certificate/"),
        refused("sell_account", "beginner", "/sell/account/"),
        refused("sell_stand_check", "owner", "/sell/stand/check/"),
        refused("sell_imports", "owner", "/sell/products/import/"),
        refused("sell_statements", "owner", "/sell/statements/"),
        refused("sell_members", "owner", "/sell/members/"),
        refused("commune_visit_new", "officer", "/commune/vendors/new/"),
        refused("help_with_password", "officer", "/commune/help/password/"),
    ]


def _trouble() -> list[View]:
    return [
        View("failure", "guest", "/khong-co-trang-nay/", "404", status=404),
        View("failure", "buyer", "/commune/", "403", status=403),
        View("failure", "guest", "/account/sign-out-everywhere/", "405", status=405),
        View("failure", "guest", "/stage/broken/", "500", status=500),
        View("failure", "guest", "/stage/busy/", "503", status=503),
        View("form_expired", "guest", "/sign-in/", "403", filled={}, status=403, without="csrfmiddlewaretoken"),
    ]


def _in_english(shop: Shop) -> list[View]:
    order = an_order(shop)
    pages = {
        ("home", "guest"): "/",
        ("product", "guest"): f"/products/{shop.variant.product.slug}/",
        ("search", "guest"): "/search/?q=mien+dong",
        ("order", "guest"): f"/orders/{order.token}/",
        ("basket", "shopper"): "/basket/",
        ("sell_today", "owner"): "/sell/",
        ("sell_product_new", "owner"): "/sell/products/new/",
        ("sell_orders", "owner"): "/sell/orders/",
        ("commune_home", "officer"): "/commune/",
        ("commune_figures", "officer"): "/commune/figures/",
        ("province", "province"): "/province/",
    }
    return [View(name, role, address, "english", language="en") for (name, role), address in pages.items()]
