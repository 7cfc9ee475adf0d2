"""Run as a program: a market with what each journey begins with, its own shop for each; prints who and what.

A journey is run several times (in two languages, some without JavaScript too), and each time finds its own scene.
"""

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402 - needs Django set up

from catalog.models import Product  # noqa: E402
from catalog.services import create_product, publish_product, submit_for_review  # noqa: E402
from marketplace.core import clock  # noqa: E402
from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor  # noqa: E402
from marketplace.orders.models import DeliveryRate, Order  # noqa: E402
from marketplace.orders.services.checkouts import (  # noqa: E402
    AddressInput,
    LineWanted,
    choose_delivery,
    create_checkout,
    offer_deliveries,
    set_phone,
    set_shipping_address,
)
from marketplace.orders.services.codes import live_code_of_order  # noqa: E402
from marketplace.orders.services.deliveries import set_delivery_rate  # noqa: E402
from marketplace.orders.services.placing import complete_checkout  # noqa: E402
from marketplace.people.models import Role, User  # noqa: E402
from marketplace.people.services import give_role, record_consent, register_person  # noqa: E402
from marketplace.places.models import Commune  # noqa: E402
from marketplace.places.selectors import get_commune  # noqa: E402
from marketplace.running.preparing import prepare  # noqa: E402
from payments.pretend_bank import sepay_notice  # noqa: E402
from payments.services.feeds import create_feed, notice_path  # noqa: E402
from payments.services.notices import receive_notice  # noqa: E402
from tests.browser.scenes import BUYER_PHONE, FEE_VND, PASSWORD, PLACES, SCENES  # noqa: E402
from vendors.models import Vendor  # noqa: E402
from vendors.services import register_vendor, set_bank_account, verify_vendor  # noqa: E402

BIN = "970436"
COMMUNES = {"vi": "01501", "en": "01477"}
"""Each language has its own: Xã Đàm Thủy and Xã Trùng Khánh, both of Cao Bằng."""
QUIET = {"01501": "01321", "01477": "01438"}
"""Beside each a commune with one shop, whose figures are all its own: Xã Bảo Lạc and Xã Hà Quảng."""
Scene = dict[str, Any]
_numbers = count(1)


class Hall:
    """Makes people, shops, goods and orders of this market at this moment."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.password = make_password(PASSWORD)
        officer = self.person("Cán bộ tỉnh nhà")
        self.officer = Actor(user_id=officer.pk, commune_codes=frozenset([*QUIET, *QUIET.values()]))

    def person(self, name: str, **login: str) -> User:
        """Somebody who signs in by phone, or by the e-mail that is given, with the password of all."""
        known = login or {"phone": f"09{next(_numbers):08d}"}
        person = register_person(name=name, now=self.now, **known)
        User.objects.filter(pk=person.pk).update(password=self.password)
        return person

    def with_role(self, kind: str, commune: Commune) -> str:
        """An officer or a helper of a commune; answers the e-mail they sign in with."""
        person = self.person("Cán bộ xã", email=f"nguoi{next(_numbers)}@cho40.example")
        give_role(actor=SYSTEM, user=person, kind=kind, commune=commune, now=self.now)
        return person.email or ""

    def shop(self, name: str, commune: Commune) -> tuple[Vendor, Scene]:
        """A shop that may sell, is paid by a bank that says so, and sends goods to the whole country."""
        owner = self.person(f"Chủ {name}")
        vendor = register_vendor(
            actor=SYSTEM, owner=owner, name=name, kind="household", commune=commune, phone="0912345678", now=self.now
        )
        vendor = verify_vendor(actor=self.officer, vendor=vendor, now=self.now)
        account = f"CHO40TEST{next(_numbers):05d}"
        set_bank_account(
            actor=SYSTEM, vendor=vendor, bin=BIN, account_number=account, account_name="NGUOI BAN", now=self.now
        )
        made = create_feed(actor=SYSTEM, vendor=vendor, now=self.now)
        set_delivery_rate(
            actor=SYSTEM, vendor=vendor, zone=DeliveryRate.Zone.COUNTRY, price_vnd=FEE_VND, now=self.now
        )
        feed = {"path": notice_path(made.feed), "secret": made.secret, "account": account}
        return vendor, {"shop": name, "slug": vendor.slug, "owner": owner.phone, "feed": feed}

    def goods(self, vendor: Vendor, name: str, *, price_vnd: int) -> Product:
        """Something on sale, twenty of it."""
        product = create_product(
            actor=SYSTEM, vendor=vendor, name=name, ocop_set=4, price_vnd=price_vnd, unit="hũ", quantity=20,
            now=self.now,
        )  # fmt: skip
        product = submit_for_review(actor=SYSTEM, product=product, now=self.now)
        return publish_product(actor=SYSTEM, product=product, now=self.now)

    def order(self, product: Product, quantity: int = 1, *, sent: bool = False, now: datetime | None = None) -> Order:
        """An unpaid order: fetched at the shop, or sent to the buyer's door."""
        now = now or self.now
        variant = product.variants.get()
        lines = [LineWanted(variant_id=variant.pk, quantity=quantity)]
        checkout = create_checkout(actor=ANONYMOUS, vendor=product.vendor, lines=lines, now=now)
        set_phone(checkout_id=checkout.pk, phone=BUYER_PHONE, now=now)
        if sent:
            address = AddressInput(
                last_name="Bà Lan",
                street_address_1="Tổ 2",
                city="Xã Bảo Lạc",
                country_area="Tỉnh Cao Bằng",
                phone=BUYER_PHONE,
            )
            set_shipping_address(checkout_id=checkout.pk, address=address, now=now)
        ways = offer_deliveries(checkout_id=checkout.pk, now=now)
        way = next(way for way in ways if (way.pick_up_at_id is None) == sent)
        choose_delivery(checkout_id=checkout.pk, delivery_id=way.pk, now=now)
        return complete_checkout(checkout_id=checkout.pk, actor=ANONYMOUS, now=now)

    def pay(self, scene: Scene, order: Order, *, now: datetime | None = None) -> None:
        """The bank says that the order was paid in full."""
        now, feed = now or self.now, scene["feed"]
        notice = sepay_notice(
            secret=feed["secret"],
            auth="hmac",
            account_number=feed["account"],
            amount_vnd=order.total_vnd,
            content=live_code_of_order(order=order, now=now).code,
            notice_id=next(_numbers),
            now=now,
        )
        feed_id = feed["path"].rstrip("/").rpartition("/")[2]
        answer = receive_notice(provider="sepay", feed_id=feed_id, body=notice.body, headers=notice.headers, now=now)
        assert answer.status == 200, answer


def buying(hall: Hall, commune: Commune, name: str) -> Scene:
    """Two shops: one has honey, the other tea."""
    honeys, scene = hall.shop(f"Hộ mật ong {name}", commune)
    teas, other = hall.shop(f"Hộ chè {name}", commune)
    hall.goods(honeys, f"Mật ong rừng {name}", price_vnd=125_000)
    hall.goods(teas, f"Chè tuyết {name}", price_vnd=90_000)
    return scene | {"honey": f"Mật ong rừng {name}", "tea": f"Chè tuyết {name}", "other": other}


def complaining(hall: Hall, commune: Commune, name: str) -> Scene:
    """An order that was paid, and its buyer's phone."""
    vendor, scene = hall.shop(f"Hộ miến {name}", commune)
    order = hall.order(hall.goods(vendor, f"Miến dong {name}", price_vnd=60_000), 2)
    hall.pay(scene, order)
    return scene | {"number": str(order.number)}


def hearing(hall: Hall, commune: Commune, name: str) -> Scene:
    """A buyer who stands before the stall with an order, and its code on the screen."""
    vendor, scene = hall.shop(f"Sạp {name}", commune)
    order = hall.order(hall.goods(vendor, f"Ngô nếp {name}", price_vnd=35_000), 2)
    code = live_code_of_order(order=order, now=hall.now).code
    return scene | {"number": str(order.number), "code": code}


def listing(hall: Hall, commune: Commune, name: str) -> Scene:
    """A shop with nothing to sell yet, and the officer who lets things on the market."""
    _vendor, scene = hall.shop(f"Hộ gạo {name}", commune)
    return scene | {"officer": hall.with_role(Role.Kind.COMMUNE, commune), "name": f"Gạo nếp {name}"}


def sending(hall: Hall, commune: Commune, name: str) -> Scene:
    """An order of three, paid, to be sent to the buyer's door."""
    vendor, scene = hall.shop(f"Hộ trà {name}", commune)
    order = hall.order(hall.goods(vendor, f"Trà hoa {name}", price_vnd=50_000), 3, sent=True)
    hall.pay(scene, order)
    return scene | {"number": str(order.number), "goods": f"Trà hoa {name}"}


def reviewing(hall: Hall, commune: Commune, name: str) -> Scene:
    """An order that waits for its money."""
    vendor, scene = hall.shop(f"Hộ cam {name}", commune)
    order = hall.order(hall.goods(vendor, f"Cam {name}", price_vnd=73_000))
    return scene | {"number": str(order.number)}


def opening(hall: Hall, commune: Commune, name: str) -> Scene:
    """An officer; the owner, who has a bank account and no shop, comes in the journey."""
    return {
        "officer": hall.with_role(Role.Kind.COMMUNE, commune),
        "owner_name": f"Nông Thị {name}",
        "phone": f"09{next(_numbers):08d}",
        "shop": f"Hộ bánh {name}",
        "goods": f"Bánh gai {name}",
        "account": f"CHO40TEST{next(_numbers):05d}",
        "bin": BIN,
    }


def reading(hall: Hall, commune: Commune, name: str) -> Scene:
    """Sales of the month before and of this month, and the officer who reads them. Its commune has no others."""
    quiet = get_commune(QUIET[commune.pk])
    vendor, scene = hall.shop(f"Hộ lạp sườn {name}", quiet)
    product = hall.goods(vendor, f"Lạp sườn {name}", price_vnd=100_000)
    today = clock.vietnam_date(hall.now)
    first_before = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    before = hall.now - (today - first_before)
    for quantity, moment in ((2, before), (1, hall.now), (2, hall.now)):
        order = hall.order(product, quantity, now=moment)
        hall.pay(scene, order, now=moment)
    return scene | {"officer": hall.with_role(Role.Kind.COMMUNE, quiet), "commune": quiet.name}


def forgetting(hall: Hall, commune: Commune, name: str) -> Scene:
    """A seller who will have forgotten the password, and staff."""
    _vendor, scene = hall.shop(f"Hộ quên {name}", commune)
    return scene | {"officer": hall.with_role(Role.Kind.COMMUNE, commune)}


def helping(hall: Hall, commune: Commune, name: str) -> Scene:
    """A helper, and a person without a phone who told an officer that the helper may act for them."""
    email = hall.with_role(Role.Kind.AGENT, commune)
    person = hall.person(f"Bà Ghển {name}", email=f"con{next(_numbers)}@cho40.example")
    agent = User.objects.get(email=email)
    record_consent(actor=SYSTEM, person=person, agent=agent, means="spoken", now=hall.now)
    return {"agent": email, "person": person.name, "shop": f"Hộ Ghển {name}", "goods": f"Rượu ngô {name}"}


def selling(hall: Hall, commune: Commune, name: str) -> Scene:
    """A seller at the stall, with something on it that is also on the market."""
    vendor, scene = hall.shop(f"Sạp rau {name}", commune)
    hall.goods(vendor, f"Rau bò khai {name}", price_vnd=20_000)
    return scene | {"goods": f"Rau bò khai {name}"}


MAKERS: dict[str, Callable[[Hall, Commune, str], Scene]] = {
    "buying": buying,
    "complaining": complaining,
    "hearing": hearing,
    "listing": listing,
    "sending": sending,
    "reviewing": reviewing,
    "opening": opening,
    "reading": reading,
    "forgetting": forgetting,
    "helping": helping,
    "selling": selling,
}


def main() -> None:
    prepare()
    hall = Hall(clock.now())
    scenes = {}
    for key in SCENES:
        journey, _dash, run = key.partition("-")
        commune = get_commune(COMMUNES[run.partition("-")[0]])
        scenes[key] = MAKERS[journey](hall, commune, PLACES[run])
    print(json.dumps(scenes))


if __name__ == "__main__":
    main()
