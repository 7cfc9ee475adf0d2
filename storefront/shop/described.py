"""Pages in Schema.org's words, for search engines (https://schema.org/Product): what the page says, no more."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from storefront.shop.reads import Goods
from vendors.models import Vendor


def market_data() -> dict[str, Any]:
    """The market, and that it can be searched."""
    home = _absolute(reverse("home"))
    return {
        "@type": "WebSite",
        "name": "Chợ 4.0",
        "url": home,
        "inLanguage": "vi",
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{_absolute(reverse('search'))}?q={{text}}",
            "query-input": "required name=text",
        },
    }


def product_data(goods: Goods) -> dict[str, Any]:
    """A product with its offers. Prices are whole đồng; an illustration is no picture of it and is left out."""
    product = goods.product
    url = _absolute(reverse("product", args=[product.slug]))
    data: dict[str, Any] = {
        "@type": "Product",
        "name": product.name,
        "url": url,
        "image": [_absolute(picture.url) for picture in goods.pictures if not picture.is_illustration],
        "description": product.description or f"{product.name}, {product.commune_of_origin.label}",
        "brand": {"@type": "Brand", "name": product.brand or product.vendor.name},
        "manufacturer": {"@type": "Organization", "name": product.producer_name or product.vendor.name},
        "countryOfOrigin": {"@type": "Country", "name": "VN"},
        "offers": [
            {
                "@type": "Offer",
                "name": offer.variant.name or offer.variant.unit,
                "price": offer.variant.price_vnd,
                "priceCurrency": "VND",
                "availability": "https://schema.org/InStock" if offer.left > 0 else "https://schema.org/OutOfStock",
                "url": url,
                "seller": {"@type": "Organization", "name": product.vendor.name},
            }
            for offer in goods.offers
        ],
    }
    if goods.certificate is not None:
        data["award"] = f"OCOP {goods.certificate.stars} sao, {goods.certificate.decision_number}"
    return data


def shop_data(vendor: Vendor) -> dict[str, Any]:
    """A shop, where it is and how it is called."""
    return {
        "@type": "Store",
        "name": vendor.name,
        "url": _absolute(reverse("shop", args=[vendor.slug])),
        "telephone": vendor.phone,
        "currenciesAccepted": "VND",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": vendor.address_line,
            "addressLocality": vendor.commune.name,
            "addressRegion": vendor.commune.province.name,
            "addressCountry": "VN",
        },
    }


def _absolute(path: str) -> str:
    return f"{settings.MARKET_PUBLIC_URL}{path}"
