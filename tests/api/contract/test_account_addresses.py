"""The addresses and names that a person keeps, changed by the storefront's documents: exact values, nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from marketplace.core import clock
from marketplace.orders.models import SavedAddress
from marketplace.people.models import User
from marketplace.people.services import register_person
from tests.api.asking import ask
from tests.api.contract.doing import EMAIL, HOME, OLD, bearer, codes, done
from tests.api.contract.expected import Answer
from tests.api.ids import gid
from tests.catalog.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def lan(db: None) -> User:
    return register_person(name="Nông Thị Lan", email=EMAIL, password=OLD, now=NOW)


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ({"firstName": "Lan", "lastName": "Trần Thị"}, "Lan", "Trần Thị"),
        ({"firstName": "Nông Thị Lan", "lastName": ""}, "Lan", "Nông Thị"),
        ({"lastName": "Trần"}, "Lan", "Trần"),
        ({"lastName": ""}, "Lan", ""),
        ({"firstName": "Mơ"}, "Mơ", "Nông Thị"),
        ({"firstName": None, "lastName": "Trần Thị"}, "Lan", "Trần Thị"),
        ({"firstName": "Ngọc Mơ"}, "Mơ", "Nông Thị Ngọc"),
        ({"languageCode": "EN"}, "Lan", "Nông Thị"),
        ({"metadata": [{"key": "size", "value": "M"}]}, "Lan", "Nông Thị"),
    ],
)
def test_a_person_changes_their_name_language_and_texts(lan: User, given: Answer, first: str, last: str) -> None:
    changed = done("AccountUpdate", by=bearer(lan), input=given)

    assert changed == {
        "user": {"id": gid("User", lan.pk), "email": EMAIL, "firstName": first, "lastName": last},
        "errors": [],
    }
    lan.refresh_from_db()
    assert lan.name == f"{last} {first}".strip()
    assert lan.language_code == ("en" if "languageCode" in given else "vi")
    assert lan.metadata == ({"size": "M"} if "metadata" in given else {})


@pytest.mark.parametrize(
    ("first", "last"), [("Lan", "Trần Thị"), ("Lan", ""), ("Ngọc Lan", "Trần Thị"), ("", "Trần")]
)
def test_a_name_that_is_read_and_written_back_stays_as_it_is(lan: User, first: str, last: str) -> None:
    by, written = bearer(lan), {"firstName": first, "lastName": last}
    done("AccountUpdate", by=by, input=written)
    done("AccountAddressCreate", by=by, input={**HOME, **written})
    row = SavedAddress.objects.get()
    whole = f"{last} {first}".strip()

    for _time in range(2):
        me = ask("{ me { firstName lastName addresses { firstName lastName } } }", headers=by)["me"]
        (address,) = me.pop("addresses")
        assert address == me
        assert me["firstName"] != ""
        done("AccountUpdate", by=by, input=me)
        done("AccountAddressUpdate", by=by, id=gid("Address", f"kept-{row.pk}"), input={**HOME, **address})
        lan.refresh_from_db()
        row.refresh_from_db()
        assert (lan.name, row.name) == (whole, whole)


@pytest.mark.parametrize(
    ("given", "name"),
    [({"firstName": "Mơ"}, "Nông Thị Mơ"), ({"lastName": "Trần"}, "Trần Lan"), ({}, "Nông Thị Lan")],
)
def test_a_part_of_an_addresss_name_that_is_not_given_stays(lan: User, given: Answer, name: str) -> None:
    key = done("AccountAddressCreate", by=bearer(lan), input=HOME)["address"]["id"]
    place = {field: value for field, value in HOME.items() if not field.endswith("Name")}

    assert done("AccountAddressUpdate", by=bearer(lan), id=key, input={**place, **given})["errors"] == []

    assert SavedAddress.objects.get().name == name


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"postalCode": "21100"}, "21100"),
        ({"postalCode": ""}, ""),
        ({"postalCode": None}, "21000"),
        ({"streetAddress1": "Tổ 6"}, "21000"),
        ({"city": "Đàm Thủy"}, ""),
        ({"city": "Đàm Thủy", "postalCode": "21300"}, "21300"),
    ],
)
def test_a_postal_code_stays_until_it_is_changed_or_the_place_is(lan: User, given: Answer, code: str) -> None:
    by, answered = bearer(lan), "{ me { addresses { postalCode } } }"
    made = done("AccountAddressCreate", by=by, input={**HOME, "postalCode": "21000"})["address"]
    assert made["postalCode"] == "21000"
    assert ask(answered, headers=by)["me"] == {"addresses": [{"postalCode": "21000"}]}

    changed = done("AccountAddressUpdate", by=by, id=made["id"], input={**HOME, **given})

    assert (changed["address"]["postalCode"], changed["errors"]) == (code, [])
    assert ask(answered, headers=by)["me"] == {"addresses": [{"postalCode": code}]}


def test_default_addresses_of_an_update_are_kept_all_or_nothing(lan: User) -> None:
    without_place = {**HOME, "city": "Không Đâu"}
    bad = {"firstName": "Mơ", "defaultBillingAddress": HOME, "defaultShippingAddress": without_place}

    refusal = done("AccountUpdate", by=bearer(lan), input=bad)

    assert codes(refusal) == [("city", "INVALID")]
    lan.refresh_from_db()
    assert (lan.name, lan.billing_address_number, SavedAddress.objects.count()) == ("Nông Thị Lan", None, 0)
    work = {**HOME, "streetAddress1": "Số 1, phố Cũ"}
    good = {"defaultBillingAddress": HOME, "defaultShippingAddress": work}
    assert done("AccountUpdate", by=bearer(lan), input=good)["errors"] == []
    found = ask(
        "{ me { defaultBillingAddress { streetAddress1 } defaultShippingAddress { streetAddress1 } } }",
        headers=bearer(lan),
    )["me"]
    assert found["defaultBillingAddress"] == {"streetAddress1": HOME["streetAddress1"]}
    assert found["defaultShippingAddress"] == {"streetAddress1": "Số 1, phố Cũ"}
    assert {one.street for one in SavedAddress.objects.all()} == {HOME["streetAddress1"], "Số 1, phố Cũ"}


def kept(key: int, **more: str) -> Answer:
    """The address that is kept for what was typed."""
    return {
        "id": gid("Address", f"kept-{key}"),
        "firstName": "Lan",
        "lastName": "Nông Thị",
        "companyName": "",
        "streetAddress1": "Tổ 5, đường Kim Đồng",
        "streetAddress2": "",
        "city": "Phường Thục Phán",
        "cityArea": "",
        "countryArea": "Tỉnh Cao Bằng",
        "postalCode": "",
        "phone": "+84912345678",
        "country": {"code": "VN", "country": "Việt Nam"},
        **more,
    }


def test_an_address_is_kept_corrected_and_forgotten(lan: User) -> None:
    by, me = bearer(lan), gid("User", lan.pk)

    made = done("AccountAddressCreate", by=by, input=HOME, type="SHIPPING")
    row = SavedAddress.objects.get()
    key = gid("Address", f"kept-{row.pk}")
    assert made == {"address": kept(row.pk), "user": {"id": me, "addresses": [{"id": key}]}, "errors": []}
    again = done("AccountAddressCreate", by=by, input=HOME)
    assert again["address"]["id"] == key

    moved = done("AccountAddressUpdate", by=by, id=key, input={**HOME, "streetAddress2": "ngõ 2"})
    assert moved["address"] == kept(row.pk, streetAddress1="Tổ 5, đường Kim Đồng, ngõ 2")

    gone = done("AccountAddressDelete", by=by, id=key)
    assert gone == {"address": {"id": key}, "user": {"id": me, "addresses": []}, "errors": []}
    assert codes(done("AccountAddressDelete", by=by, id=key)) == [("id", "NOT_FOUND")]


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"streetAddress1": ""}, "streetAddress1", "REQUIRED"),
        ({"phone": ""}, "phone", "REQUIRED"),
        ({"phone": "12"}, "phone", "INVALID"),
        ({"city": ""}, "city", "REQUIRED"),
        ({"countryArea": "Hoàng Liên Sơn"}, "countryArea", "INVALID"),
        ({"cityArea": "Hoà An"}, "cityArea", "INVALID"),
        ({"country": "FR"}, "country", "INVALID"),
        ({"firstName": "L" * 121}, "firstName", "INVALID"),
        ({"postalCode": "2" * 21}, "postalCode", "INVALID"),
    ],
)
def test_what_is_no_address_is_told_at_its_field(lan: User, given: Answer, field: str, code: str) -> None:
    assert codes(done("AccountAddressCreate", by=bearer(lan), input={**HOME, **given})) == [(field, code)]
    assert not SavedAddress.objects.exists()


def test_a_person_says_where_goods_and_bills_go(lan: User, monkeypatch: pytest.MonkeyPatch) -> None:
    by = bearer(lan)
    keys = []
    for minute, street in enumerate(("Nhà", "Chợ")):
        monkeypatch.setattr(clock, "now", lambda minute=minute: NOW + timedelta(minutes=minute))
        made = done("AccountAddressCreate", by=by, input={**HOME, "streetAddress1": street})
        keys.append({"id": made["address"]["id"]})
    home, market = keys

    bills = done("AccountSetDefaultAddress", by=by, id=home["id"], type="BILLING")["user"]
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=4))
    goods = done("AccountSetDefaultAddress", by=by, id=home["id"], type="SHIPPING")["user"]

    assert (bills["defaultBillingAddress"], bills["defaultShippingAddress"]) == (home, market)
    assert (goods["defaultBillingAddress"], goods["defaultShippingAddress"]) == (home, home)
    done("AccountAddressDelete", by=by, id=home["id"])
    left = done("AccountSetDefaultAddress", by=by, id=market["id"], type="SHIPPING")["user"]
    assert (left["defaultBillingAddress"], left["defaultShippingAddress"]) == (None, market)


def test_an_address_for_bills_and_a_corrected_one_leave_where_goods_go(
    lan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = bearer(lan)

    def at(second: int, document: str, **given: Any) -> Answer:
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=second))
        answer = done(document, by=by, **given)
        assert answer["errors"] == []
        me = ask("{ me { defaultShippingAddress { id } defaultBillingAddress { id } } }", headers=by)["me"]
        return {key: one and one["id"] for key, one in me.items()} | {"id": answer["address"]["id"]}

    office = at(1, "AccountAddressCreate", input={**HOME, "streetAddress1": "Cơ quan"}, type="SHIPPING")["id"]
    home = at(2, "AccountAddressCreate", input={**HOME, "streetAddress1": "Nhà"}, type="SHIPPING")["id"]
    shop = at(3, "AccountAddressCreate", input={**HOME, "streetAddress1": "Cửa hàng"}, type="BILLING")
    again = at(4, "AccountAddressCreate", input={**HOME, "streetAddress1": "Cơ quan"}, type="BILLING")
    corrected = at(5, "AccountAddressUpdate", id=office, input={**HOME, "streetAddress1": "Cơ quan mới"})

    defaults = {"defaultShippingAddress": home, "defaultBillingAddress": shop["id"]}
    assert shop == defaults | {"id": shop["id"]}
    assert again == defaults | {"defaultBillingAddress": office, "id": office}
    assert corrected == again


@pytest.mark.parametrize(
    "key", ["kept-{other}", "kept-999999", "kept-", "kept-٣", "kept-9" + "9" * 30, "{other}", "x"]
)
def test_nobody_reaches_anybody_elses_address(lan: User, key: str) -> None:
    other = register_person(name="Mây", email="may@example.vn", now=NOW)
    done("AccountAddressCreate", by=bearer(other), input=HOME)
    row = SavedAddress.objects.get()
    wanted = gid("Address", key.format(other=row.pk)) if "٣" not in key else "QWRkcmVzczrZow=="
    before = SavedAddress.objects.values().get()

    answers = [
        done("AccountAddressUpdate", by=bearer(lan), id=wanted, input=HOME),
        done("AccountAddressDelete", by=bearer(lan), id=wanted),
        done("AccountSetDefaultAddress", by=bearer(lan), id=wanted, type="BILLING"),
        done("AccountSetDefaultAddress", by=bearer(lan), id=wanted, type="SHIPPING"),
    ]

    assert {code for answer in answers for code in codes(answer)} in (
        {("id", "NOT_FOUND")},
        {("id", "GRAPHQL_ERROR")},
    )
    assert SavedAddress.objects.values().get() == before
    lan.refresh_from_db()
    assert lan.billing_address_number is None
