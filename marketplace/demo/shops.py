"""The demo market's market sites and shops, each with an account that cannot exist at any bank."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.clock import vietnam_date
from marketplace.core.text import fold, slugify_vietnamese
from marketplace.demo.cast import DEMO_DOMAIN, NENH_COMMUNE_CODE, OCOP_POINT_COMMUNE_CODE, demo_phone
from marketplace.demo.catalogue import DemoProduct, number_from
from marketplace.demo.places import DemoPlaces
from marketplace.orders.models import DeliveryRate
from marketplace.people.models import User
from marketplace.people.services import register_person
from marketplace.places.models import Commune, MarketSite
from marketplace.places.selectors import get_commune
from marketplace.places.services import create_market_site
from payments.models import Feed
from payments.services.feeds import SECRET_BYTES, create_feed
from vendors.documents import save_document
from vendors.models import BankAccount, OpeningHours, ShopDocument, Vendor
from vendors.opening_hours import set_opening_hours
from vendors.services import register_vendor, set_bank_account, verify_vendor

DEMO_ACCOUNT_PREFIX = "CHO40DEMO"
DEMO_BANK_BINS = ("970436", "970418", "970415", "970405", "970422", "970407", "970432", "970423")
RATES_VND = {
    DeliveryRate.Zone.SAME_COMMUNE: 10_000,
    DeliveryRate.Zone.SAME_PROVINCE: 25_000,
    DeliveryRate.Zone.COUNTRY: 40_000,
}
FEEDS = (("sepay", "hmac"), ("casso", "hmac"), ("payos", "hmac"), ("vietqrvn", "basic"), ("casso", "api_key"))
OPENED_BEFORE_DAYS = 60
PAPER_DAYS = 2 * 365
PHONE_NUMBERS_START = 100


def make_sites(*, now: datetime) -> Mapping[str, MarketSite]:
    """Chợ Nếnh and an OCOP point in Cao Bằng, by province code."""
    wanted = (
        ("cho-nenh", MarketSite.Kind.MARKET, "Chợ Nếnh", NENH_COMMUNE_CODE),
        ("diem-ocop-cao-bang", MarketSite.Kind.OCOP_POINT, "Điểm giới thiệu OCOP Cao Bằng", OCOP_POINT_COMMUNE_CODE),
    )
    sites = {}
    for slug, kind, name, code in wanted:
        commune = get_commune(code)
        site = MarketSite.objects.filter(slug=slug).first()
        if site is None:
            site = create_market_site(
                actor=SYSTEM, slug=slug, kind=kind, name=name, commune=commune, address_line="", is_demo=True, now=now
            )
        sites[commune.province_id] = site
    return sites


class ShopBuilder:
    """Opens the demo shops, one after the other."""

    def __init__(self, *, sites: Mapping[str, MarketSite], now: datetime) -> None:
        self._sites = sites
        self._now = now
        self._opened_at = now - timedelta(days=OPENED_BEFORE_DAYS)
        self._places = DemoPlaces()
        self._checker = demo_checker(now)

    def shop(self, maker: str, goods: Sequence[DemoProduct], *, number: int) -> Vendor:
        """The shop of a maker with its account, feed and delivery rates; made when it is not there yet."""
        slug = slugify_vietnamese(maker)
        commune = self._places.commune_of(goods[0])
        vendor = Vendor.objects.filter(slug=slug, is_demo=True).first()
        if vendor is None:
            vendor = self._open(maker, goods, commune, slug=slug, number=number)
        self._set_up_money(vendor, number=number)
        for zone, price in RATES_VND.items():
            DeliveryRate.objects.get_or_create(vendor=vendor, zone=zone, defaults={"price_vnd": price})
        self._say_hours_and_papers(vendor, number=number)
        if not vendor.may_sell:
            vendor = verify_vendor(actor=self._checker, vendor=vendor, now=self._opened_at)
        return vendor

    def _say_hours_and_papers(self, vendor: Vendor, *, number: int) -> None:
        today = vietnam_date(self._now)
        if not OpeningHours.objects.filter(vendor=vendor).exists():
            rest = (time(11, 30), time(13, 30)) if number_from(f"rest {vendor.slug}", 2) else (None, None)
            set_opening_hours(
                actor=SYSTEM,
                vendor=vendor,
                opens=time(6 + number_from(f"opens {vendor.slug}", 3)),
                closes=time(17, 30),
                rests_from=rest[0],
                rests_until=rest[1],
                days_off=[6] if number_from(f"off {vendor.slug}", 3) == 0 else [],
                today=today,
                now=self._opened_at,
            )
        if not ShopDocument.objects.filter(vendor=vendor).exists():
            save_document(
                actor=SYSTEM,
                vendor=vendor,
                kind=ShopDocument.Kind.FOOD_SAFETY,
                number=f"THU-ATTP-{number:04d}",
                issued_on=today - timedelta(days=PAPER_DAYS),
                expires_on=today + timedelta(days=20 + 40 * number_from(f"paper {vendor.slug}", 8)),
                now=self._opened_at,
            )

    def _open(self, maker: str, goods: Sequence[DemoProduct], commune: Commune, *, slug: str, number: int) -> Vendor:
        sells_alcohol = any(product.alcohol for product in goods)
        phone = demo_phone(PHONE_NUMBERS_START + number)
        return register_vendor(
            actor=SYSTEM,
            owner=demo_user(login=f"chu-{slug}"[:60], name=maker, phone=phone, now=self._now),
            name=maker,
            kind=goods[0].maker_kind,
            commune=commune,
            phone=phone,
            market_site=self._sites.get(commune.province_id) if number_from(f"site {slug}", 2) else None,
            stall_label=f"Sạp {1 + number_from(f'stall {slug}', 60)}",
            registration_number=f"THU-{number:04d}",
            alcohol_licence_number=f"THU-RUOU-{number:04d}" if sells_alcohol else "",
            story="Gian hàng của chợ thử: tên người bán theo nguồn công khai, phần còn lại đặt ra để thử.",
            slug=slug,
            is_demo=True,
            now=self._opened_at,
        )

    def _set_up_money(self, vendor: Vendor, *, number: int) -> None:
        owner = Actor(user_id=None, is_system=True)
        if not BankAccount.objects.filter(vendor=vendor).exists():
            set_bank_account(
                actor=owner,
                vendor=vendor,
                bin=DEMO_BANK_BINS[number_from(f"bank {vendor.slug}", len(DEMO_BANK_BINS))],
                account_number=f"{DEMO_ACCOUNT_PREFIX}{number:04d}",
                account_name=fold(vendor.name).upper()[:40],
                now=self._opened_at,
            )
        if not Feed.objects.filter(vendor=vendor).exists():
            give_feeds(vendor, opened_at=self._opened_at)


def give_feeds(vendor: Vendor, *, opened_at: datetime) -> None:
    """A feed of every provider; the first is SePay's with HMAC, which the pretend-bank takes by itself."""
    for second, (provider, auth) in enumerate(FEEDS):
        # The play makes the secrets that Casso and payOS make in earnest.
        create_feed(
            actor=SYSTEM,
            vendor=vendor,
            provider=provider,
            auth=auth,
            secret=secrets.token_urlsafe(SECRET_BYTES),
            now=opened_at + timedelta(seconds=second),
        )


def demo_user(*, login: str, name: str, now: datetime, phone: str | None = None, password: str | None = None) -> User:
    """The demo's person with this address; made when not there yet."""
    email = f"{login}@{DEMO_DOMAIN}"
    known = User.objects.filter(email=email).first()
    if known is not None:
        return known
    return register_person(name=name[:120], email=email, phone=phone, password=password, now=now, is_demo=True)


def demo_checker(now: datetime) -> Actor:
    """Who verified the demo's shops: a person of its own, since every verification names one."""
    person = demo_user(login="kiem-tra", name="Người kiểm tra (thử)", now=now)
    return Actor(user_id=person.pk, is_operator=True)
