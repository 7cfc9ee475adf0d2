"""What the shoppers' pages show, gathered from the selectors in a bounded number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from catalog.models import OcopCertificate, Product, ProductMedia, ProductVariant
from catalog.pictures import LARGE_EDGE_PIXELS, Form, picture_size, picture_srcset, picture_url
from catalog.search import SearchFilters, Sort, search_products
from catalog.selectors import available_quantity, media_of, shown_certificate, variants_of
from marketplace.orders.models import DeliveryRate
from marketplace.orders.selectors import rates_of
from marketplace.places.models import Commune, MarketSite
from marketplace.places.selectors import list_market_sites
from storefront.cards import ShownCard, shown
from storefront.shop.country_map import Spot, spot
from vendors.models import Vendor, Warehouse
from vendors.selectors import public_vendors, warehouses_of

SITES_AT_HOME_MAX = 6
PROVINCES_AT_HOME_MAX = 6
BEST_AT_HOME_MAX = 4
NEWEST_AT_HOME_MAX = 8
OTHERS_OF_A_SHOP_MAX = 4
GOODS_OF_A_MARKET_MAX = 8
SHOPS_A_PAGE = 50


@dataclass(frozen=True)
class Picture:
    """A photo in the sizes that are kept, as JPEG and, where there is one, as WebP."""

    url: str
    srcset: str
    webp_srcset: str
    width: int
    height: int
    alt: str
    is_illustration: bool


@dataclass(frozen=True)
class Offer:
    """A kind of a product that is on sale, and how many are left."""

    variant: ProductVariant
    left: int


@dataclass(frozen=True)
class Goods:
    """Everything that a product's page says of it."""

    product: Product
    pictures: list[Picture]
    offers: list[Offer]
    certificate: OcopCertificate | None
    rates: list[DeliveryRate]
    pick_ups: list[Warehouse]

    @property
    def has_illustrations(self) -> bool:
        """Whether the page must say that a picture was drawn."""
        return any(picture.is_illustration for picture in self.pictures)

    @property
    def on_sale(self) -> list[Offer]:
        """The kinds that can be bought now."""
        return [offer for offer in self.offers if offer.left > 0]

    @property
    def lowest_price_vnd(self) -> int | None:
        """The price that the page leads with, in đồng."""
        return min((offer.variant.price_vnd for offer in self.on_sale or self.offers), default=None)

    @property
    def has_several_prices(self) -> bool:
        """Whether the leading price is one of several."""
        return len({offer.variant.price_vnd for offer in self.on_sale or self.offers}) > 1

    @property
    def lowest_rate_vnd(self) -> int | None:
        """What sending costs at least, in đồng; None when the shop does not send."""
        return min((rate.price_vnd for rate in self.rates), default=None)


@dataclass(frozen=True)
class Place:
    """A market or OCOP point and how many shops are there."""

    site: MarketSite
    shops: int


def goods(product: Product, *, today: date) -> Goods:
    """What a product's page says; six statements."""
    variants = variants_of(product)
    left = available_quantity([variant.pk for variant in variants])
    return Goods(
        product=product,
        pictures=[_picture(media) for media in media_of(product)],
        offers=[Offer(variant, left[variant.pk]) for variant in variants],
        certificate=shown_certificate(product, today=today),
        rates=rates_of(product.vendor),
        pick_ups=[place for place in warehouses_of(product.vendor) if place.pick_up],
    )


def _picture(media: ProductMedia) -> Picture:
    width, height = picture_size(media, LARGE_EDGE_PIXELS)
    return Picture(
        url=picture_url(media, LARGE_EDGE_PIXELS),
        srcset=picture_srcset(media, Form.JPEG),
        webp_srcset=picture_srcset(media, Form.WEBP),
        width=width,
        height=height,
        alt=media.alt,
        is_illustration=media.is_illustration,
    )


def newest_cards(*, today: date, age_declared: bool, at_most: int, **filters: int) -> list[ShownCard]:
    """The cards of the newest products that meet `filters` (fields of `SearchFilters`)."""
    found = search_products(
        today=today,
        age_declared=age_declared,
        filters=SearchFilters(**filters),  # type: ignore[arg-type]  # callers pass its whole-number fields only
        sort=Sort.NEWEST,
        page_size=at_most,
    )
    return shown(found.cards)


def other_goods_of(product: Product, *, today: date, age_declared: bool) -> list[ShownCard]:
    """Some more of the same shop, without the product itself."""
    found = search_products(
        today=today,
        age_declared=age_declared,
        filters=SearchFilters(vendor_id=product.vendor_id),
        sort=Sort.NEWEST,
        page_size=OTHERS_OF_A_SHOP_MAX + 1,
    )
    return shown([card for card in found.cards if card.slug != product.slug][:OTHERS_OF_A_SHOP_MAX])


def busiest_provinces() -> list[tuple[str, str]]:
    """Code and name of the provinces with the most shops, for the home page; one statement."""
    rows = (
        public_vendors()
        .order_by()
        .values_list("commune__province_id", "commune__province__name", "commune__province__type")
        .annotate(shops=Count("pk"))
        .order_by("-shops", "commune__province_id")[:PROVINCES_AT_HOME_MAX]
    )
    return [(code, name.removeprefix(kind).strip()) for code, name, kind, _shops in rows]


def places() -> list[Place]:
    """Markets and OCOP points for the home page, with their shops counted; two statements."""
    sites = list_market_sites()[:SITES_AT_HOME_MAX]
    shops = dict(
        public_vendors()
        .filter(market_site__in=sites)
        .order_by()
        .values_list("market_site_id")
        .annotate(shops=Count("pk"))
    )
    return [Place(site, shops.get(site.pk, 0)) for site in sites]


def where(place: Commune | MarketSite) -> Spot | None:
    """Where a commune or a market lies on our map; a market without a place of its own lies in its commune."""
    if isinstance(place, MarketSite) and place.lat is None:
        place = place.commune
    return spot(float(place.lat), float(place.lon)) if place.lat is not None and place.lon is not None else None


def goods_at(site: MarketSite, *, today: date, age_declared: bool) -> list[ShownCard]:
    """The newest goods of the shops of a market."""
    found = search_products(
        today=today,
        age_declared=age_declared,
        filters=SearchFilters(site_slug=site.slug),
        sort=Sort.NEWEST,
        page_size=GOODS_OF_A_MARKET_MAX,
    )
    return shown(found.cards)


def shops_at(site: MarketSite, *, page: int) -> tuple[list[Vendor], bool]:
    """The shops of a market, a page at a time, by stall and name; and whether more follow."""
    start = (page - 1) * SHOPS_A_PAGE
    shops = list(public_vendors().filter(market_site=site)[start : start + SHOPS_A_PAGE + 1])
    return shops[:SHOPS_A_PAGE], len(shops) > SHOPS_A_PAGE
