"""The facts that matching decides by, looked up for one notice, inside the transaction that settles it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Case, Q, QuerySet, When

from marketplace.core.statements import Given, Kept
from payments.matching import CodeFacts, Direction, MatchingFacts, SaleState, Transfer, codes_in
from payments.models import BankNotice, Feed
from payments.services.links import receivers_by_link
from payments.services.repeats import earlier_tellings, telling_of, transfer_of
from payments.services.sales import Sale, lock_sales
from payments.services.stands import stand_codes_of
from vendors.models import BankAccount
from vendors.selectors import MAY_SELL


@dataclass(frozen=True, slots=True)
class Receivers:
    """Whose accounts, within its feed, a notice is about."""

    accounts: frozenset[str]
    vendor_ids: tuple[int, ...]
    """Those who receive there now first; several only where shops of one market site share an account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A notice as matching reads it, with everything that was looked up and locked for it."""

    transfer: Transfer
    receivers: Receivers
    sales: tuple[Sale, ...]
    facts: MatchingFacts

    def sale(self, code: str) -> Sale:
        """The locked sale of a code that was found."""
        return next(sale for sale in self.sales if sale.code.code == code)


def find(notice: BankNotice) -> Found:
    """Look up what a notice is about, and lock the sales that it names.

    Money of this feed's vendors that names no sale locks their accounts instead: two feeds that tell of one transfer
    at once then wait for each other. A notice that is not about such money locks nothing.
    """
    transfer, receivers = transfer_of(notice), receivers_of(notice)
    if not receivers.accounts or transfer.direction is not Direction.IN:
        return Found(
            transfer=transfer, receivers=receivers, sales=(), facts=MatchingFacts(accounts=receivers.accounts)
        )
    codes = codes_in(transfer)
    sales = lock_sales(codes)
    # payOS's words carry no code of ours: its telling and another feed's of the same transfer meet at the account.
    if not sales or notice.feed.provider == Feed.Provider.PAYOS:
        _lock_accounts(receivers)
    unknown = [code for code in codes if code not in {sale.code.code for sale in sales}]
    stands = stand_codes_of(unknown) if unknown else {}
    own = frozenset(code for code, stand in stands.items() if stand.vendor_id in receivers.vendor_ids)
    facts = MatchingFacts(
        accounts=receivers.accounts,
        codes=(
            *(sale.facts(vendor_ids=receivers.vendor_ids, amount_vnd=transfer.amount) for sale in sales),
            *(of_other_stand(code) for code in stands if code not in own),
        ),
        stand_codes=own,
        telling=telling_of(notice),
        earlier=earlier_tellings(notice, vendor_ids=receivers.vendor_ids),
    )
    return Found(transfer=transfer, receivers=receivers, sales=sales, facts=facts)


def receivers_of(notice: BankNotice) -> Receivers:
    """A vendor's feed speaks of that vendor's accounts only, a site's feed of the site's vendors'; past ones too."""
    feed = notice.feed
    named = {"one": notice.account_number, "other": notice.virtual_account or notice.account_number}
    ours = (
        _OF_VENDOR.all(vendor=feed.vendor_id, **named)
        if feed.vendor_id is not None
        else _OF_SITE.all(site=feed.market_site_id, **named)
    )
    found = [*((account.account_number, account.vendor_id) for account in ours), *receivers_by_link(notice)]
    return Receivers(frozenset(number for number, _ in found), tuple(dict.fromkeys(pk for _, pk in found)))


def _named_accounts() -> QuerySet[BankAccount]:
    named = Q(account_number=Given("one")) | Q(account_number=Given("other"))
    return BankAccount.objects.filter(named).only("account_number", "vendor_id").order_by("-is_active", "pk")


_OF_VENDOR: Kept[BankAccount] = Kept(lambda: _named_accounts().filter(vendor=Given("vendor")))
_CHECKED_FIRST: Final = Case(When(vendor__verification__in=MAY_SELL, then=0), default=1)
"""Anybody may claim an account by declaring a shop at a site: at its feed, shops that were checked come first."""
_OF_SITE: Kept[BankAccount] = Kept(
    lambda: _named_accounts().filter(vendor__market_site=Given("site")).order_by(_CHECKED_FIRST, "-is_active", "pk")
)


def of_other_stand(code: str) -> CodeFacts:
    """What matching is told of a code that stands on another vendor's poster: no sale of this vendor's."""
    return CodeFacts(
        code=code, sale=f"stand:{code}", belongs_to_this_vendor=False, state=SaleState.LIVE, outstanding=0
    )


def _lock_accounts(receivers: Receivers) -> None:
    accounts = BankAccount.objects.filter(vendor_id__in=receivers.vendor_ids, account_number__in=receivers.accounts)
    list(accounts.order_by("pk").select_for_update(no_key=True))
