"""What an officer may do with a shop's money side while its owner stands there, and what stays the owner's alone."""

from __future__ import annotations

import pytest

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.models import JournalEvent
from marketplace.orders.errors import NoBankAccount
from payments.models import StandCode
from payments.services.printing import NothingToPrint, StandOutdated
from payments.services.stands import NotYetVerified
from payments.services.visiting import (
    AccountNotConfirmed,
    NoAccountCode,
    OtherAccount,
    confirm_account_by_code,
    make_stand_at_visit,
    stand_to_print_at_visit,
)
from payments.vietqr.writer import TO_CARD, write_vietqr
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop
from vendors.models import BankAccount, Vendor
from vendors.selectors import active_account
from vendors.services import set_bank_account

OFFICER = Actor(user_id=None, commune_codes=frozenset({DAM_THUY}))
STRANGERS = (
    Actor(user_id=7, commune_codes=frozenset({NENH})),
    Actor(user_id=8, province_codes=frozenset({"04"})),
    Actor(user_id=9, agent_commune_codes=frozenset({DAM_THUY})),
)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def own_code(shop: Shop) -> str:
    return write_vietqr(bin="970436", account=shop.account)


def confirmed(shop: Shop) -> BankAccount:
    return confirm_account_by_code(actor=OFFICER, vendor=shop.vendor, payload=own_code(shop), now=NOW)


def test_the_owner_s_own_bank_code_confirms_the_declared_account_once(shop: Shop) -> None:
    account = confirmed(shop)
    again = confirmed(shop)

    assert (account.account_number, account.confirmed_at) == (shop.account, NOW)
    assert again == account
    (event,) = JournalEvent.objects.filter(kind="vendor.account_confirmed")
    assert event.data == {"vendor": shop.vendor.pk, "commune": DAM_THUY, "account": account.pk}


def test_a_shop_without_an_account_gets_the_scanned_one(shop: Shop) -> None:
    BankAccount.objects.filter(vendor=shop.vendor).delete()

    account = confirm_account_by_code(
        actor=OFFICER,
        vendor=shop.vendor,
        payload=write_vietqr(bin="970418", account="CHO40NEW7"),
        account_name="Nông Thị Lan",
        now=NOW,
    )

    assert (account.bin, account.account_number, account.account_name) == ("970418", "CHO40NEW7", "NONG THI LAN")
    assert active_account(shop.vendor) == account
    assert account.confirmed_at == NOW


def test_an_account_that_the_owner_declared_is_never_replaced_by_an_officer(shop: Shop) -> None:
    other = write_vietqr(bin="970436", account="CHO40OTHER1")

    with pytest.raises(OtherAccount) as refused:
        confirm_account_by_code(actor=OFFICER, vendor=shop.vendor, payload=other, now=NOW)

    assert refused.value.field == "payload"
    account = active_account(shop.vendor)
    assert account is not None
    assert (account.account_number, account.confirmed_at) == (shop.account, None)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "nothing",
        write_vietqr(bin="970436", account="CHO40TEST1")[:-1] + "!",
        write_vietqr(bin="970436", account="9704361234567890", service=TO_CARD),
    ],
)
def test_what_pays_no_account_confirms_nothing(shop: Shop, payload: str) -> None:
    with pytest.raises(NoAccountCode):
        confirm_account_by_code(actor=OFFICER, vendor=shop.vendor, payload=payload, now=NOW)

    assert not BankAccount.objects.filter(confirmed_at__isnull=False).exists()


def test_a_first_account_without_its_holder_s_name_is_refused(shop: Shop) -> None:
    BankAccount.objects.filter(vendor=shop.vendor).delete()

    with pytest.raises(InvalidInput) as refused:
        confirmed(shop)

    assert refused.value.field == "account_name"
    assert active_account(shop.vendor) is None


def test_the_stand_is_made_and_printed_once_the_account_was_confirmed(shop: Shop) -> None:
    with pytest.raises(NothingToPrint):
        stand_to_print_at_visit(actor=OFFICER, vendor=shop.vendor)
    with pytest.raises(AccountNotConfirmed):
        make_stand_at_visit(actor=OFFICER, vendor=shop.vendor, now=NOW)
    assert not StandCode.objects.exists()
    confirmed(shop)

    stand = make_stand_at_visit(actor=OFFICER, vendor=shop.vendor, now=NOW)

    assert stand.account_number == shop.account
    assert make_stand_at_visit(actor=OFFICER, vendor=shop.vendor, now=NOW) == stand
    assert stand_to_print_at_visit(actor=OFFICER, vendor=shop.vendor) == stand


def test_no_stand_without_an_account_or_before_the_papers_were_seen(shop: Shop) -> None:
    BankAccount.objects.filter(vendor=shop.vendor).delete()
    with pytest.raises(NoBankAccount):
        make_stand_at_visit(actor=OFFICER, vendor=shop.vendor, now=NOW)
    Vendor.objects.filter(pk=shop.vendor.pk).update(verification=Vendor.Verification.DECLARED)
    with pytest.raises(NotYetVerified):
        make_stand_at_visit(actor=OFFICER, vendor=shop.vendor, now=NOW)

    assert not StandCode.objects.exists()


def test_a_stand_of_an_account_that_was_left_is_not_printed(shop: Shop) -> None:
    confirmed(shop)
    make_stand_at_visit(actor=OFFICER, vendor=shop.vendor, now=NOW)
    set_bank_account(
        actor=shop.owner, vendor=shop.vendor, bin="970418", account_number="CHO40NEW1", account_name="MOI", now=NOW
    )

    with pytest.raises(StandOutdated):
        stand_to_print_at_visit(actor=OFFICER, vendor=shop.vendor)
    with pytest.raises(AccountNotConfirmed):
        make_stand_at_visit(actor=OFFICER, vendor=shop.vendor, now=NOW)


@pytest.mark.parametrize("stranger", STRANGERS)
def test_staff_of_elsewhere_of_the_province_and_agents_touch_no_account_and_no_stand(
    shop: Shop, stranger: Actor
) -> None:
    confirmed(shop)
    make_stand_at_visit(actor=OFFICER, vendor=shop.vendor, now=NOW)
    asked = (
        lambda: confirm_account_by_code(actor=stranger, vendor=shop.vendor, payload=own_code(shop), now=NOW),
        lambda: make_stand_at_visit(actor=stranger, vendor=shop.vendor, now=NOW),
        lambda: stand_to_print_at_visit(actor=stranger, vendor=shop.vendor),
    )

    for ask in asked:
        with pytest.raises(NotFound):
            ask()
    assert JournalEvent.objects.filter(kind="vendor.account_confirmed").count() == 1
