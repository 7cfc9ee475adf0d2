"""The facts that matching decides by, looked up for one notice, inside the transaction that settles it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from marketplace.core.statements import Given, Kept
from payments.matching import CodeFacts, Direction, MatchingFacts, SaleState, Transfer, codes_in
from payments.models import BankNotice, Feed
from payments.services.links import receivers_by_link
from payments.services.repeats import earlier_tellings, telling_of, transfer_of
from payments.services.sales import Sale, lock_sales
from payments.services.stands import stand_codes_of
from vendors.models import BankAccount
from vendors.selectors import MAY_SELL

ELSEWHERE_MAX: Final = 20
"""Vendors of one account who are looked at: a family has a few, and each costs a statement."""


@dataclass(frozen=True, slots=True)
class Receivers:
    """Whose accounts, within its feed, a notice is about."""

    accounts: frozenset[str]
    vendor_ids: tuple[int, ...]
    """Those who receive there now first; several only where shops of one market site share an account."""
    elsewhere: tuple[int, ...] = ()
    """Vendors who are not this feed's and have the very account: families share one, and anybody may claim one."""


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
    if not sales or notice.feed.provider == Feed.Provider.PAYOS or receivers.elsewhere:
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
        elsewhere=earlier_tellings(notice, vendor_ids=receivers.elsewhere),
    )
    return Found(transfer=transfer, receivers=receivers, sales=sales, facts=facts)


def receivers_of(notice: BankNotice) -> Receivers:
    """A vendor's feed speaks of that vendor's accounts only, a site's feed of the site's vendors'; past ones too.

    One statement, and one more where a link names the receiver.
    """
    feed = notice.feed
    named = {"one": notice.account_number, "other": notice.virtual_account or notice.account_number}
    if feed.vendor_id is not None:
        known = _NAMED.all(**named)
        ours = [account for account in known if account.vendor_id == feed.vendor_id]
    else:
        known = _NAMED_WITH_VENDOR.all(**named)
        ours = [account for account in known if account.vendor.market_site_id == feed.market_site_id]
        # Anybody may claim an account by declaring a shop at a site: at its feed, shops that were checked come first.
        ours.sort(key=lambda account: account.vendor.verification not in MAY_SELL)
    found = [*((account.account_number, account.vendor_id) for account in ours), *receivers_by_link(notice)]
    vendor_ids = tuple(dict.fromkeys(pk for _, pk in found))
    return Receivers(
        frozenset(number for number, _ in found), vendor_ids, elsewhere=_elsewhere(known, ours, vendor_ids=vendor_ids)
    )


def _elsewhere(
    known: Sequence[BankAccount], ours: Sequence[BankAccount], *, vendor_ids: Collection[int]
) -> tuple[int, ...]:
    """Whose else an account of ours is; the same number at another bank is another account."""
    if len(known) == len(ours):
        return ()
    accounts = {(account.bin, account.account_number) for account in ours}
    others = (account for account in known if (account.bin, account.account_number) in accounts)
    return tuple(dict.fromkeys(one.vendor_id for one in others if one.vendor_id not in vendor_ids))[:ELSEWHERE_MAX]


def others_with_account(account_number: str, *, vendor_id: int) -> tuple[int, ...]:
    """The other vendors who have this very account of a vendor's, now or before."""
    known = _NAMED.all(one=account_number, other=account_number)
    ours = [account for account in known if account.vendor_id == vendor_id]
    return _elsewhere(known, ours, vendor_ids=(vendor_id,))


def _named_accounts() -> QuerySet[BankAccount]:
    named = Q(account_number=Given("one")) | Q(account_number=Given("other"))
    return BankAccount.objects.filter(named).order_by("-is_active", "pk")


_NAMED: Kept[BankAccount] = Kept(lambda: _named_accounts().only("bin", "account_number", "vendor_id"))
_NAMED_WITH_VENDOR: Kept[BankAccount] = Kept(
    lambda: (
        _named_accounts()
        .select_related("vendor")
        .only("bin", "account_number", "vendor_id", "vendor__market_site_id", "vendor__verification")
    )
)
"""Whose they are is looked at afterwards, so that who else has the account costs no statement more."""


def of_other_stand(code: str) -> CodeFacts:
    """What matching is told of a code that stands on another vendor's poster: no sale of this vendor's."""
    return CodeFacts(
        code=code, sale=f"stand:{code}", belongs_to_this_vendor=False, state=SaleState.LIVE, outstanding=0
    )


def _lock_accounts(receivers: Receivers) -> None:
    vendor_ids = (*receivers.vendor_ids, *receivers.elsewhere)
    accounts = BankAccount.objects.filter(vendor_id__in=vendor_ids, account_number__in=receivers.accounts)
    list(accounts.order_by("pk").select_for_update(no_key=True))
