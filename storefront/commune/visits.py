"""A shop's one visit as its page shows it: papers, account, stand, and where each of the three is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse

from catalog.selectors.papers import files_of_documents
from marketplace.core.text import fold
from marketplace.places.models import Commune, MarketSite, Village
from marketplace.places.selectors import get_commune, get_market_site
from marketplace.places.villages import villages_of
from payments.services.stands import live_stand, shows_account
from storefront.commune.forms import ScannedForm
from storefront.commune.village_forms import ShopVillageForm
from storefront.papers import ShownFile, shown_files
from vendors.banks import bank_by_bin
from vendors.documents import DOCUMENTS_MAX, kept_documents
from vendors.models import BankAccount, Membership, ShopDocument, Vendor
from vendors.selectors import is_account_of_others

COMMUNES_MAX = 20
SITES_MAX = 100


def visit_of(vendor: Vendor) -> dict[str, Any]:
    """What the page of one shop shows; members and accounts are loaded, five statements more."""
    account = account_of(vendor)
    owner = next(
        (member.user for member in vendor.memberships.all() if member.role == Membership.RoleInShop.OWNER), None
    )
    stand = live_stand(vendor)
    return {
        "vendor": vendor,
        "owner": owner,
        "account": account,
        "is_shared": account is not None and is_account_of_others(account),
        "bank": bank_by_bin(account.bin) if account else None,
        "holder_differs": account is not None
        and owner is not None
        and not same_person(account.account_name, owner.name),
        "documents": papers_of(vendor),
        "stand": stand if stand is not None and shows_account(stand, account) else None,
        "placing": ShopVillageForm(villages=villages_of([vendor.commune_id]), chosen=vendor.village_id),
        "scan": ScannedForm(has_account=account is not None),
    }


def papers_of(vendor: Vendor) -> list[tuple[ShopDocument, list[ShownFile]]]:
    """The shop's papers with their photos and PDFs, for who verifies it; two statements."""
    documents = list(kept_documents(vendor)[:DOCUMENTS_MAX])
    files = files_of_documents(documents)

    def url(file_id: int) -> str:
        return reverse("commune_document_file", args=[vendor.pk, file_id])

    return [(document, shown_files(files[document.pk], url)) for document in documents]


def account_of(vendor: Vendor) -> BankAccount | None:
    """Where the shop is paid at present, of its accounts that are loaded."""
    return next((account for account in vendor.bank_accounts.all() if account.is_active), None)


def same_person(holder: str, name: str) -> bool:
    """Whether a bank's holder may be this person: banks write capitals without marks, and cut long names."""
    return fold(name).startswith(fold(holder))


def communes_with(codes: Collection[str]) -> list[Commune]:
    """The communes with these codes, in which the actor opens shops, each with its province; one statement."""
    rows = Commune.objects.select_related("province").filter(pk__in=codes)
    return list(rows.order_by("sort_key", "pk")[:COMMUNES_MAX])


def sites_in(communes: list[Commune]) -> list[MarketSite]:
    """The market sites of these communes, by name; one statement."""
    return list(MarketSite.objects.filter(commune__in=communes).order_by("sort_key", "pk")[:SITES_MAX])


def villages_in(communes: list[Commune]) -> list[Village]:
    """The villages of these communes by name, each with its commune; one statement."""
    known = {commune.pk: commune for commune in communes}
    rows = villages_of(known)
    for row in rows:
        row.commune = known[row.commune_id]
    return rows


def shop_wanted(given: dict[str, Any]) -> dict[str, Any]:
    """A form's values with the commune and the market site themselves in place of their codes."""
    site = get_market_site(given["market_site"]) if given["market_site"] else None
    return given | {"commune": get_commune(given["commune"]), "market_site": site}
