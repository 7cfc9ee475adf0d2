"""Who and what is in the demo market, for people and programs that try it."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from catalog.models import Product
from marketplace.demo.cast import CAST, DEMO_PASSWORD
from marketplace.demo.persons import owners_shop
from marketplace.orders.models import Voucher
from payments.models import Feed
from payments.providers import PROVIDERS
from payments.services.feeds import notice_path
from vendors.banks import bank_by_bin
from vendors.models import BankAccount, Vendor


def demo_info() -> dict[str, Any]:
    """Base address, sign-ins, shops with their accounts and feeds (secrets too: the demo's are no secrets), goods."""
    shop = owners_shop()
    return {
        "base_url": settings.MARKET_PUBLIC_URL,
        "users": [
            {
                "role": person.role,
                "phone": person.phone,
                "email": person.email,
                "password": DEMO_PASSWORD,
                "vendor": shop.slug if person.role in {"owner", "seller"} else None,
                "commune": shop.commune_id if person.role in {"commune", "agent", "owner", "seller"} else None,
            }
            for person in CAST
        ],
        "vendors": _vendors(),
        "products": list(
            Product.objects.filter(is_demo=True, listing=Product.Listing.PUBLISHED)
            .order_by("slug")
            .values_list("slug", flat=True)
        ),
    }


def _vendors() -> list[dict[str, Any]]:
    accounts = {account.vendor_id: account for account in BankAccount.objects.filter(is_active=True)}
    feeds: dict[int, list[dict[str, Any]]] = {}
    for feed in Feed.objects.filter(is_active=True, vendor__is_demo=True, provider__in=PROVIDERS).order_by(
        "made_at", "pk"
    ):
        feeds.setdefault(feed.vendor_id or 0, []).append(_feed(feed))
    codes: dict[int, list[str]] = {}
    for voucher in Voucher.objects.filter(is_demo=True).order_by("pk"):
        codes.setdefault(voucher.vendor_id, []).append(voucher.code)
    return [
        _vendor(vendor, accounts[vendor.pk], feeds.get(vendor.pk, []), codes.get(vendor.pk, []))
        for vendor in Vendor.objects.filter(is_demo=True).order_by("sort_key", "pk")
        if vendor.pk in accounts
    ]


def _vendor(vendor: Vendor, account: BankAccount, feeds: list[dict[str, Any]], codes: list[str]) -> dict[str, Any]:
    return {
        "slug": vendor.slug,
        "name": vendor.name,
        "bank": {"bin": account.bin, "short_name": bank_by_bin(account.bin).short_name},
        "account": account.account_number,
        "account_name": account.account_name,
        "feeds": feeds,
        "vouchers": codes,
    }


def _feed(feed: Feed) -> dict[str, Any]:
    return {
        "provider": feed.provider,
        "url": f"{settings.MARKET_PUBLIC_URL}{notice_path(feed)}",
        "auth": feed.auth,
        "username": feed.username or None,
        "secret": feed.secret,
    }
