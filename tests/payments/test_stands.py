"""A shop's own codes for posters: one a place, made anew with the account, and what of them may be printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.core.payment_codes import code_from_number, is_valid_code
from marketplace.orders.errors import NoBankAccount
from marketplace.places.models import Commune, MarketSite
from payments.models import StandCode
from payments.services import stands as stands_module
from payments.services.printing import (
    STANDS_A_FILE_MAX,
    NothingToPrint,
    StandOutdated,
    sheet_of,
    stand_to_print,
    stands_by_site,
    stands_file,
    stands_of_commune,
    stands_of_shop,
)
from payments.services.stands import (
    CODE_TRIES_MAX,
    NoFreeCode,
    NotYetVerified,
    live_stand,
    shows_account,
    stand_codes_of,
    stand_of,
    stand_payload,
)
from payments.stands.papers import Paper
from payments.vietqr.reader import read_vietqr
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop, an_order, code_of, journal
from tests.payments.test_stand_drawing import rendered, scanned, words_of
from tests.plugins.database import at_once
from tests.storefront.shopping import a_market
from vendors.models import BankAccount, Vendor, Warehouse
from vendors.selectors import active_account
from vendors.services import add_warehouse, set_bank_account

LATER = NOW + timedelta(days=1)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def a_stall(shop: Shop, name: str = "Sạp 12", *, site: MarketSite | None = None) -> Warehouse:
    return add_warehouse(actor=shop.owner, vendor=shop.vendor, kind="stall", name=name, market_site=site, now=NOW)


def made(shop: Shop, place: Warehouse | None = None) -> StandCode:
    return stand_of(actor=shop.owner, vendor=shop.vendor, place=place, now=NOW)


def new_account(shop: Shop, **changes: Any) -> BankAccount:
    given = {"bin": "970418", "account_number": "CHO40NEW1", "account_name": "HTX BAN GIOC"} | changes
    return set_bank_account(actor=shop.owner, vendor=shop.vendor, now=NOW, **given)


def kept() -> list[dict[str, Any]]:
    return list(StandCode.objects.order_by("pk").values())


# Making


def test_a_shops_stand_pays_its_account_any_amount_and_bears_a_code_of_its_own(shop: Shop) -> None:
    stand = made(shop)

    code = read_vietqr(stand_payload(stand))
    assert (code.poi, code.amount, code.bin, code.account) == ("11", None, "970436", shop.account)
    assert (code.service, code.purpose, code.warnings) == ("QRIBFTTA", stand.code, ())
    assert is_valid_code(stand.code)
    assert str(stand) == stand.code
    assert journal("stand.made") == [{"vendor": shop.vendor.pk, "stand": stand.pk, "place": None, "replaces": None}]


def test_asked_again_it_is_the_same_one_and_nothing_is_written(shop: Shop) -> None:
    first = made(shop)

    again = [stand_of(actor=actor, vendor=shop.vendor, now=LATER) for actor in (shop.owner, shop.seller, SYSTEM)]

    assert again == [first] * 3
    assert len(kept()) == len(journal("stand.made")) == 1


def test_the_words_that_a_bank_wants_stand_in_front_of_the_code(shop: Shop) -> None:
    new_account(shop, memo_prefix="SEVQR")
    stand = made(shop)
    assert read_vietqr(stand_payload(stand)).purpose == f"SEVQR{stand.code}"


def test_every_place_has_its_own_code_and_the_shop_another(shop: Shop) -> None:
    one, other = a_stall(shop), a_stall(shop, "Sạp 13")

    codes = {made(shop, place).code for place in (None, one, other)}

    assert len(codes) == 3
    assert live_stand(shop.vendor, one) == made(shop, one)
    assert live_stand(shop.vendor) == made(shop)


@pytest.mark.parametrize(
    "changes",
    [{}, {"account_name": "TEN KHAC"}, {"memo_prefix": "SEVQR"}, {"bin": "970405"}],
    ids=["another account", "another holder", "another prefix", "another bank"],
)
def test_a_change_of_the_account_replaces_the_stand_when_it_is_made_anew(shop: Shop, changes: dict[str, str]) -> None:
    same = {"bin": "970436", "account_number": shop.account, "account_name": "HTX BAN GIOC"} if changes else {}
    old = made(shop)
    account = new_account(shop, **(same | changes))
    assert not shows_account(old, account)

    new = stand_of(actor=shop.owner, vendor=shop.vendor, now=LATER)

    old.refresh_from_db()
    assert (old.replaced_at, new.replaced_at) == (LATER, None)
    assert old.code != new.code
    assert shows_account(new, account)
    assert journal("stand.made")[-1]["replaces"] == old.pk


def test_a_stand_shows_no_account_where_there_is_none_or_it_is_another_shops(shop: Shop) -> None:
    stand, other = made(shop), a_shop()
    assert not shows_account(stand, None)
    assert not shows_account(stand, active_account(other.vendor))
    assert shows_account(stand, active_account(shop.vendor))


@pytest.mark.parametrize("who", ["seller", "helper"])
def test_only_the_owner_makes_one(shop: Shop, who: str) -> None:
    actor = shop.seller if who == "seller" else replace(shop.seller, helped_user_id=shop.owner.user_id)
    with pytest.raises(NotAllowed):
        stand_of(actor=actor, vendor=shop.vendor, now=NOW)
    assert kept() == []


def test_only_the_owner_makes_another_for_another_account(shop: Shop) -> None:
    old = made(shop)
    new_account(shop)
    before = kept()
    with pytest.raises(NotAllowed):
        stand_of(actor=shop.seller, vendor=shop.vendor, now=NOW)
    assert kept() == before
    assert live_stand(shop.vendor) == old


@pytest.mark.parametrize("actor", [ANONYMOUS, Actor(user_id=1, vendor_roles={}), Actor(user_id=1, is_operator=True)])
def test_a_stranger_does_not_learn_that_there_is_such_a_shop(shop: Shop, actor: Actor) -> None:
    stand = made(shop)
    for ask in (
        lambda: stand_of(actor=actor, vendor=shop.vendor, now=NOW),
        lambda: stand_to_print(actor=actor, vendor=shop.vendor, stand_id=stand.pk),
        lambda: stands_of_shop(actor=actor, vendor=shop.vendor),
    ):
        with pytest.raises(NotFound):
            ask()


def test_a_shop_that_nobody_verified_gets_none(shop: Shop) -> None:
    Vendor.objects.filter(pk=shop.vendor.pk).update(verification=Vendor.Verification.DECLARED)
    with pytest.raises(NotYetVerified) as refusal:
        made(shop)
    assert refusal.value.status == 409
    assert kept() == []


def test_a_shop_without_an_account_gets_none(shop: Shop) -> None:
    BankAccount.objects.filter(vendor=shop.vendor).update(is_active=False)
    with pytest.raises(NoBankAccount):
        made(shop)
    assert kept() == []


def test_a_place_of_another_shop_or_a_closed_one_gets_none(shop: Shop) -> None:
    closed, foreign = a_stall(shop), a_stall(a_shop())
    Warehouse.objects.filter(pk=closed.pk).update(is_active=False)
    closed.refresh_from_db()
    for place in (closed, foreign):
        with pytest.raises(NotFound):
            made(shop, place)
    assert kept() == []


def test_the_database_itself_refuses_a_second_live_stand_in_one_place(shop: Shop) -> None:
    stall = a_stall(shop)
    for stand in (made(shop), made(shop, stall)):
        with pytest.raises(IntegrityError), transaction.atomic():
            StandCode.objects.create(
                **{field.attname: getattr(stand, field.attname) for field in StandCode._meta.fields}
                | {"id": None, "code": code_from_number(1)}
            )
    assert len(kept()) == 2


def drawn(monkeypatch: pytest.MonkeyPatch, *codes: str) -> None:
    """Let these codes be drawn, one after the other, and the last for ever after."""
    left = list(codes)
    monkeypatch.setattr(stands_module, "new_code", lambda: left.pop(0) if len(left) > 1 else left[0])


def test_a_code_that_an_order_or_another_stand_has_is_not_taken(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    of_an_order, of_a_stand = code_of(an_order(shop)), made(shop).code
    drawn(monkeypatch, of_an_order, of_a_stand, code_from_number(7))

    assert made(shop, a_stall(shop)).code == code_from_number(7)


def test_where_every_code_is_taken_none_is_made(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    stand, stall = made(shop), a_stall(shop)
    drawn(monkeypatch, stand.code)
    with pytest.raises(NoFreeCode):
        made(shop, stall)
    assert len(kept()) == 1
    assert CODE_TRIES_MAX == 5


def test_two_taps_at_once_make_one_stand(committed_db: None) -> None:
    shop = a_shop()

    codes = at_once([lambda: made(shop).code] * 4)

    assert len(set(codes)) == 1
    assert StandCode.objects.count() == 1


# Finding again


def test_the_codes_of_stands_are_found_with_shop_and_place_in_one_statement(shop: Shop) -> None:
    stall = a_stall(shop)
    old = made(shop)
    new_account(shop)
    new, of_stall = made(shop), made(shop, stall)

    with CaptureQueriesContext(connection) as statements:
        found = stand_codes_of([old.code, new.code, of_stall.code, code_from_number(3), "x", "\x00"])
        names = [(stand.vendor.name, stand.place.name if stand.place else None) for stand in found.values()]

    assert set(found) == {old.code, new.code, of_stall.code}
    assert sorted(names, key=str) == sorted([(shop.vendor.name, None)] * 2 + [(shop.vendor.name, "Sạp 12")], key=str)
    assert len(statements) == 1
    assert stand_codes_of([]) == {}


def test_a_code_that_is_an_orders_too_is_the_orders(shop: Shop) -> None:
    stand, order = made(shop), an_order(shop)
    StandCode.objects.filter(pk=stand.pk).update(code=code_of(order))
    assert stand_codes_of([code_of(order)]) == {}


def test_no_more_codes_are_looked_at_than_a_memo_could_hold(shop: Shop) -> None:
    stand = made(shop)
    assert stand_codes_of([code_from_number(number) for number in range(100)] + [stand.code]) == {}


# Printing


def test_what_is_printed_says_shop_stall_and_market(shop: Shop) -> None:
    site = a_market(DAM_THUY, name="Chợ Đàm Thủy", slug="cho-dam-thuy")
    stall, elsewhere = a_stall(shop, site=site), a_stall(shop, "Quán đầu làng")

    def place_of(place: Warehouse | None) -> str:
        made(shop, place)
        printable = stands_of_shop(actor=shop.seller, vendor=shop.vendor)
        return next(sheet_of(stand, now=NOW).place for stand in printable if stand.place == place)

    assert place_of(None) == "Xã Đàm Thủy, Cao Bằng"
    assert place_of(stall) == "Sạp 12, Chợ Đàm Thủy"
    assert place_of(elsewhere) == "Quán đầu làng, Xã Đàm Thủy, Cao Bằng"
    Vendor.objects.filter(pk=shop.vendor.pk).update(market_site=site)
    assert place_of(None) == "Chợ Đàm Thủy"
    Vendor.objects.filter(pk=shop.vendor.pk).update(stall_label="Sạp 7")
    assert place_of(None) == "Sạp 7, Chợ Đàm Thủy"


def test_a_sheet_holds_the_account_as_it_was_made_and_the_day_in_vietnam(shop: Shop) -> None:
    new_account(shop, bin="970454", account_number="CHO40BV1")
    stand = made(shop)

    sheet = sheet_of(stand_to_print(actor=shop.owner, vendor=shop.vendor, stand_id=stand.pk), now=NOW)

    assert (sheet.bank, sheet.account_number, sheet.holder) == (
        "BVBank (VietCapitalBank)",
        "CHO40BV1",
        "HTX BAN GIOC",
    )
    assert (sheet.shop_name, sheet.code) == (shop.vendor.name, stand.code)
    assert sheet.payload == stand_payload(stand)
    assert sheet.printed_on.isoformat() == "2026-11-22"
    assert not sheet.is_demo


def test_a_shop_of_the_demo_market_prints_that_its_account_is_none(shop: Shop) -> None:
    Vendor.objects.filter(pk=shop.vendor.pk).update(is_demo=True)
    made(shop)
    words = words_of(stands_file(stands_of_shop(actor=shop.owner, vendor=shop.vendor), Paper.A5, now=NOW))
    assert "BẢN THỬ, KHÔNG DÙNG ĐỂ THU TIỀN. Tài khoản này không có thật." in words
    assert "Người mua" not in words


def test_the_shops_stands_come_in_one_statement_the_shop_first_then_place_by_place(shop: Shop) -> None:
    first, second = a_stall(shop), a_stall(shop, "Sạp 13")
    in_order = [made(shop, place) for place in (second, first, None)][::-1]

    with CaptureQueriesContext(connection) as statements:
        found = stands_of_shop(actor=shop.seller, vendor=shop.vendor)
        content = stands_file(found, Paper.FOUR_A6, now=NOW)

    assert found == in_order
    assert len(statements) == 1
    (page,) = rendered(content)
    assert sorted(scanned(page)) == sorted(stand_payload(stand) for stand in in_order)


def test_a_stand_of_an_account_that_is_not_the_shops_any_more_is_not_printed(shop: Shop) -> None:
    stand = made(shop)
    new_account(shop)

    with pytest.raises(StandOutdated) as refusal:
        stand_to_print(actor=shop.owner, vendor=shop.vendor, stand_id=stand.pk)

    assert refusal.value.status == 409
    assert stands_of_shop(actor=shop.owner, vendor=shop.vendor) == []
    with pytest.raises(NothingToPrint):
        stands_file([], Paper.A6, now=NOW)


def test_a_stand_of_a_shop_that_may_not_sell_any_more_is_not_printed(shop: Shop) -> None:
    stand = made(shop)
    Vendor.objects.filter(pk=shop.vendor.pk).update(verification=Vendor.Verification.NONE)
    with pytest.raises(StandOutdated):
        stand_to_print(actor=shop.owner, vendor=shop.vendor, stand_id=stand.pk)


@pytest.mark.parametrize("stand_id", [0, -1, 2**63, 999_999])
def test_a_stand_that_is_not_the_shops_is_not_printed(shop: Shop, stand_id: int) -> None:
    other = a_shop()
    for number in (stand_id, made(other).pk):
        with pytest.raises(NotFound):
            stand_to_print(actor=shop.owner, vendor=shop.vendor, stand_id=number)


def test_one_stand_fills_the_sheet_that_is_cut(shop: Shop) -> None:
    stand = made(shop)
    (page,) = rendered(stands_file(stands_of_shop(actor=shop.owner, vendor=shop.vendor), Paper.FOUR_A6, now=NOW))
    assert scanned(page) == [stand_payload(stand)] * 4


# Staff


STAFF = Actor(user_id=1, commune_codes=frozenset({DAM_THUY}))


def their_commune() -> Commune:
    return Commune.objects.get(pk=DAM_THUY)


def a_site(commune: str = DAM_THUY, name: str = "Chợ Đàm Thủy") -> MarketSite:
    return a_market(commune, name=name, slug=f"cho-{commune}")


def test_staff_print_the_stands_of_their_shops_at_a_market_or_all_of_them(db: None) -> None:
    site, far = a_site(), a_site(NENH, "Chợ Nếnh")
    shop, neighbour = a_shop("Bún", site=site), a_shop("An")
    mine = made(shop)
    theirs = made(neighbour, a_stall(neighbour, site=site))
    own = made(neighbour)
    away = made(neighbour, a_stall(neighbour, "Sạp 3", site=far))

    commune = their_commune()
    with CaptureQueriesContext(connection) as statements:
        here = stands_of_commune(actor=STAFF, commune=commune, site=site)
        everywhere = stands_of_commune(actor=STAFF, commune=commune)
        counted = stands_by_site(actor=STAFF, commune=commune)

    assert here == [theirs, mine]  # by the shop's name
    assert everywhere == [own, theirs, away, mine]
    assert counted == [(None, 4), (site, 2), (far, 1)]
    assert len(statements) == 4


def test_staff_see_no_shop_of_another_commune_and_none_that_may_not_be_printed(db: None) -> None:
    site = a_site()
    for shop in (a_shop("Xa", commune=NENH, site=site), a_shop("Dừng", site=site), a_shop("Đổi", site=site)):
        made(shop)
    Vendor.objects.filter(name="Dừng").update(verification=Vendor.Verification.NONE)
    new_account(shop)

    assert stands_of_commune(actor=STAFF, commune=their_commune()) == []
    assert stands_by_site(actor=STAFF, commune=their_commune()) == []


def test_a_file_for_staff_holds_forty_stands_and_the_next_file_the_rest(db: None) -> None:
    site = a_site()
    shop = a_shop(site=site)
    stands = [made(shop, a_stall(shop, f"Sạp {number}", site=site)) for number in range(STANDS_A_FILE_MAX + 1)]

    for place in (site, None):
        first, second = (
            stands_of_commune(actor=STAFF, commune=their_commune(), site=place, page=page) for page in (1, 2)
        )
        assert (first, second) == (stands[:STANDS_A_FILE_MAX], stands[STANDS_A_FILE_MAX:])
    assert len(stands_of_shop(actor=shop.owner, vendor=shop.vendor)) == STANDS_A_FILE_MAX


def test_staff_of_elsewhere_do_not_learn_that_there_are_any(db: None) -> None:
    neighbours = Actor(user_id=1, commune_codes=frozenset({NENH}))
    province = Actor(user_id=1, province_codes=frozenset({"04"}))
    for actor in (neighbours, province):
        with pytest.raises(NotFound):
            stands_of_commune(actor=actor, commune=their_commune())
        with pytest.raises(NotFound):
            stands_by_site(actor=actor, commune=their_commune())
