"""Visitors who ask for English get it on every page they meet; only names stay Vietnamese."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from catalog.models import Product, ProductVariant
from marketplace.places.models import Commune, MarketSite, Province
from tests.orders.factories import NENH, a_shop
from tests.storefront.shopping import a_market, checkout_url, goods, order_online, put_into_basket, text_of
from vendors.models import Vendor, Warehouse

pytestmark = pytest.mark.django_db

VIETNAMESE = re.compile("[À-ÖØ-öø-ỹ]")
ATTRIBUTES = re.compile(r'\b(?:alt|aria-label|content|placeholder|title|data-[a-z-]+)="([^"]*)"')
ALWAYS_VIETNAMESE = ("Chợ 4.0", "Tiếng Việt")
"""The market's own name, and the button that asks for Vietnamese."""

SAID = {
    "/": (
        "OCOP products, straight from those who make them",
        "scan the code with your banking app, and the money goes straight to the seller's account.",
        "New on the market",
        "Markets and OCOP showcases",
        "Shops: 0",
    ),
    "/search/": (
        "Goods on the market",
        "Products: 1",
        "Filter and sort",
        "OCOP 5 stars",
        "Alcohol is not shown here.",
    ),
    "/search/?q=zzz": ("Search “zzz” Products: 0", "Nothing like that found", "See all goods"),
    "/basket/": ("The basket is empty", "Find something you like and press “Add to basket”."),
    "/sign-in/": ("You do not need to sign in to buy.", "Phone number or email address Password Sign in"),
    "/register/": ("You do not need to register to buy.", "Full name", "Have an account? Sign in"),
    "/about/": (
        "OCOP is Vietnam's One Commune One Product programme.",
        "Each shop has its own code, so if you buy from three shops you scan three codes.",
        "Nobody pays to stand higher.",
    ),
    "/orders/find/": ("Find an order Enter the order number", "View order", "Forgot the order number?"),
    "/age/": ("Are you 18 or over?", "I am under 18"),
    "/nowhere/": ("This page was not found", "Go to the home page"),
}


@pytest.fixture
def visitor() -> Client:
    """The browser of somebody who reads English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def honey() -> ProductVariant:
    """Something on sale in a market with a place for shops."""
    a_market(NENH)
    return goods(a_shop(), "Mật ong bạc hà", stars=5)


def names() -> set[str]:
    """What is Vietnamese whatever the language: names of places, shops, goods and units."""
    found: set[str] = {*ALWAYS_VIETNAMESE, "Ủy ban nhân dân tỉnh Cao Bằng", "125/QĐ-UBND"}
    for province in Province.objects.all():
        found |= {province.name, province.short_name}
    for model in (Product, Vendor, MarketSite, Warehouse):
        found |= set(model.objects.values_list("name", flat=True))
    for place in (Vendor, MarketSite):
        communes = Commune.objects.filter(pk__in=place.objects.values("commune_id"))
        found |= {commune.label for commune in communes.select_related("province")}
    return found | set(ProductVariant.objects.values_list("unit", flat=True))


def vietnamese_left(page: HttpResponse) -> list[str]:
    """The words of a page that are Vietnamese and no part of a name, in its text and in what is read aloud."""
    heard = " ".join(unescape(said) for said in ATTRIBUTES.findall(page.content.decode()))
    words = f"{text_of(page)} {heard}"
    for name in sorted(names(), key=len, reverse=True):
        words = words.replace(name, " ")
    return [word for word in words.split() if VIETNAMESE.search(word)]


@pytest.mark.parametrize("address", SAID)
def test_a_page_speaks_english_to_those_who_ask(visitor: Client, honey: ProductVariant, address: str) -> None:
    page = visitor.get(address)

    for phrase in SAID[address]:
        assert phrase in text_of(page)
    assert '<html lang="en">' in page.content.decode()
    assert vietnamese_left(page) == []


def test_buying_is_english_from_the_product_to_the_code(visitor: Client, honey: ProductVariant) -> None:
    product = visitor.get(f"/products/{honey.product.slug}/")
    shop = visitor.get(f"/shops/{honey.product.vendor.slug}/")
    put_into_basket(visitor, honey)
    basket, checkout = visitor.get("/basket/"), visitor.get(checkout_url(visitor))
    order = visitor.get(f"/orders/{order_online(visitor, honey).token}/")

    assert "Only 5 hũ left" in text_of(product)
    assert "120.000 ₫ Add to basket" in text_of(product)
    assert "Kind of seller Cooperative" in text_of(shop)
    assert "You pay this shop directly with its own code." in text_of(basket)
    assert "Place order · 120.000 ₫" in text_of(checkout)
    assert "Transfer message (keep as is)" in text_of(order)
    assert "Waiting for the bank. Pay before" in text_of(order)
    for page in (product, shop, visitor.get("/markets/cho-nenh/"), basket, checkout, order):
        assert page.status_code == 200
        assert vietnamese_left(page) == []


def test_what_is_wrong_with_a_form_is_said_in_english(visitor: Client, honey: ProductVariant) -> None:
    page = visitor.post("/orders/find/", {"number": "", "phone": ""})

    assert page.status_code == 400
    assert "Not sent yet. Please correct these:" in text_of(page)
    assert "Order number: Please fill this in. The phone number you ordered with: Please fill this in." in text_of(
        page
    )
    assert vietnamese_left(page) == []


def test_the_button_at_the_foot_of_the_page_changes_the_language_and_it_stays(
    shopper: Client, honey: ProductVariant
) -> None:
    assert "Mới lên chợ" in text_of(shopper.get("/"))

    answer = shopper.post("/language/", {"language": "en", "next": "/search/"})

    assert answer["Location"] == "/search/"
    assert "Goods on the market" in text_of(shopper.get("/search/"))
    assert "New on the market" in text_of(shopper.get("/"))


@pytest.mark.parametrize("preferred", ["en-GB,en;q=0.9", "fr", "vi", ""])
def test_whoever_chose_nothing_reads_vietnamese_whatever_their_phone_speaks(
    honey: ProductVariant, preferred: str
) -> None:
    assert "Mới lên chợ" in text_of(Client(headers={"accept-language": preferred}).get("/"))


def test_control_vietnamese_words_on_a_page_are_found(shopper: Client, honey: ProductVariant) -> None:
    left = vietnamese_left(shopper.get("/"))

    assert "Giỏ" in left
    assert "Mật" not in left
    assert "miến" in left, "what the search field suggests is read aloud too"
