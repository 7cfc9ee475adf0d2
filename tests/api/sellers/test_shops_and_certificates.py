"""Ours: shops that people open and staff verify, certificates that shops declare and staff let show."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import OcopCertificate
from marketplace.people.models import User
from tests.api.asking import ask
from tests.api.ids import gid
from tests.api.offices import a_person, office, signed_in
from tests.api.sellers.working import PERMISSION, an_agent_for, done, of, refusal
from tests.catalog.factories import DAM_THUY, NENH, NOW, a_certificate, a_shop, on_sale, with_stars
from vendors.models import Membership, Vendor
from vendors.services import update_vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

REGISTER = """mutation($input: VendorRegisterInput!) { vendorRegister(input: $input) {
  vendor { name slug kind phone verification commune { code } } errors { field message code } } }"""
VERIFY = """mutation($id: ID!, $is: Boolean, $reason: String) {
  vendorVerify(id: $id, isVerified: $is, reason: $reason) {
  vendor { slug verification } errors { field message code } } }"""
DECLARE = """mutation($input: OcopCertificateCreateInput!) { ocopCertificateCreate(input: $input) {
  ocopCertificate { stars decisionNumber issuer issuedOn expiresOn productCode state product { name } }
  errors { field message code } } }"""
NEW = {"name": "Trà Bản  Giốc", "kind": "HOUSEHOLD", "commune": DAM_THUY, "phone": "0912 345 678"}
PAPER = {"stars": 4, "decisionNumber": "125/QĐ-UBND", "issuedOn": "2025-03-01", "issuer": "UBND tỉnh Cao Bằng"}
WHY = "Không thấy quyết định này."


def step(name: str) -> str:
    reason = "" if name == "Verify" else ", reason: $reason"
    given = "$id: ID!" if name == "Verify" else "$id: ID!, $reason: String!"
    return (
        f"mutation({given}) {{ ocopCertificate{name}(id: $id{reason}) {{ ocopCertificate {{ state }}"
        " errors { field message code } } }"
    )


def test_a_person_opens_a_shop_once_and_owns_it() -> None:
    person = a_person()
    again = signed_in(person) | {"Idempotency-Key": "6f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04"}

    opened = done(REGISTER, again, input=NEW)

    assert opened == {
        "vendor": {
            "name": "Trà Bản Giốc",
            "slug": "tra-ban-gioc",
            "kind": "HOUSEHOLD",
            "phone": "+84912345678",
            "verification": "DECLARED",
            "commune": {"code": DAM_THUY},
        },
        "errors": [],
    }
    assert done(REGISTER, again, input=NEW) == opened
    assert list(Membership.objects.values_list("user", "role")) == [(person.pk, "owner")]
    assert ask("{ me { vendors { slug } } }", headers=signed_in(person)) == {
        "me": {"vendors": [{"slug": "tra-ban-gioc"}]}
    }
    assert ask("{ vendors(first: 5) { edges { node { slug } } } }") == {"vendors": {"edges": []}}


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"name": " "}, "name", "REQUIRED"),
        ({"phone": "12"}, "phone", "INVALID"),
        ({"commune": "99999"}, "commune", "NOT_FOUND"),
        ({"marketSite": "khong-co"}, "marketSite", "NOT_FOUND"),
        ({"story": "a" * 4001}, "story", "INVALID"),
    ],
)
def test_what_is_no_shop_is_refused_at_its_field(wrong: dict[str, Any], field: str, code: str) -> None:
    answer = done(REGISTER, signed_in(a_person()), input=NEW | wrong)

    assert [(one["field"], one["code"]) for one in answer["errors"]] == [(field, code)]
    assert not Vendor.objects.exists()


def test_nobody_opens_no_shop() -> None:
    assert refusal(REGISTER, input=NEW) == PERMISSION + "AUTHENTICATED_USER"


def test_staff_of_the_commune_verify_a_shop_or_send_it_back() -> None:
    shop = a_shop(verified=False)
    id, officer = gid("Vendor", shop.vendor.pk), office("commune", DAM_THUY)

    def stands(headers: dict[str, str], **given: Any) -> Any:
        answer = done(VERIFY, headers, id=id, **given)
        return answer["vendor"] and answer["vendor"]["verification"], [one["code"] for one in answer["errors"]]

    assert stands(office("commune", NENH)) == (None, ["NOT_FOUND"])
    assert stands(officer, **{"is": False}) == (None, ["REQUIRED"])
    assert stands(officer, **{"is": False}, reason="Thiếu ảnh giấy tờ.") == ("NONE", [])
    assert stands(officer, **{"is": True}) == (None, ["INVALID"])  # its owner has changed nothing yet
    update_vendor(actor=shop.owner, vendor=shop.vendor, story="Có giấy rồi.", now=NOW)
    assert stands(officer, **{"is": True}, reason="Tốt") == (None, ["INVALID"])
    assert stands(officer, **{"is": True}) == ("VERIFIED_BY_STAFF", [])
    assert stands(office("operator"), **{"is": True}) == (None, ["INVALID"])  # it is so already
    for headers in (None, of(shop.owner), signed_in(a_person())):
        assert refusal(VERIFY, headers, id=id) == PERMISSION + "MANAGE_VENDORS"


@pytest.mark.parametrize("left_out", [{}, {"is": None}])
def test_staff_who_do_not_say_whether_verify_nothing(left_out: dict[str, None]) -> None:
    shop = a_shop(verified=False)

    answer = done(VERIFY, office("commune", DAM_THUY), id=gid("Vendor", shop.vendor.pk), **left_out)

    assert (answer["vendor"], [(one["field"], one["code"]) for one in answer["errors"]]) == (
        None,
        [("isVerified", "REQUIRED")],
    )
    assert Vendor.objects.get().verification == Vendor.Verification.DECLARED


def test_staff_of_elsewhere_cannot_tell_a_shop_from_none() -> None:
    shop = a_shop(verified=False)
    elsewhere = office("commune", NENH)

    answers = [done(VERIFY, elsewhere, id=gid("Vendor", key)) for key in (shop.vendor.pk, 999_999, 2**63)]

    assert answers == [
        {
            "vendor": None,
            "errors": [{"field": "id", "message": "Không tìm thấy gian hàng này.", "code": "NOT_FOUND"}],
        }
    ] * 2 + [{"vendor": None, "errors": [answers[2]["errors"][0]]}]
    assert answers[2]["errors"][0]["code"] == "GRAPHQL_ERROR"


def test_a_shop_declares_a_certificate_and_staff_let_its_stars_show() -> None:
    shop = a_shop()
    product = on_sale(shop)
    officer, stars = office("commune", DAM_THUY), "query($id: ID) { product(id: $id) { ocopCertificate { stars } } }"

    declared = done(DECLARE, of(shop.owner), input=PAPER | {"product": gid("Product", product.pk)})
    id = gid("OcopCertificate", OcopCertificate.objects.get().pk)
    before = ask(stars, id=gid("Product", product.pk))
    verified = done(step("Verify"), officer, id=id)
    after = ask(stars, id=gid("Product", product.pk))
    revoked = done(step("Revoke"), officer, id=id, reason=WHY)

    assert declared == {
        "ocopCertificate": {
            "stars": 4,
            "decisionNumber": "125/QĐ-UBND",
            "issuer": "UBND tỉnh Cao Bằng",
            "issuedOn": "2025-03-01",
            "expiresOn": "2028-03-01",
            "productCode": "",
            "state": "DECLARED",
            "product": {"name": "Miến dong Cao Bằng"},
        },
        "errors": [],
    }
    assert (before, after) == (
        {"product": {"ocopCertificate": None}},
        {"product": {"ocopCertificate": {"stars": 4}}},
    )
    assert (verified["ocopCertificate"], revoked["ocopCertificate"]) == (
        {"state": "VERIFIED"},
        {"state": "WITHDRAWN"},
    )
    assert ask(stars, id=gid("Product", product.pk)) == before


def test_the_same_certificate_again_is_declared_once() -> None:
    shop = a_shop()
    again = of(shop.owner) | {"Idempotency-Key": "6f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04"}
    paper = PAPER | {"product": gid("Product", on_sale(shop).pk)}

    first = done(DECLARE, again, input=paper)

    assert done(DECLARE, again, input=paper) == first
    assert OcopCertificate.objects.count() == 1
    sentence = "Mã yêu cầu này đã dùng cho nội dung khác. Bạn gửi lại với mã mới."
    assert done(DECLARE, again, input=paper | {"stars": 5})["errors"] == [
        {"field": None, "message": sentence, "code": "UNIQUE"}
    ]


def test_staff_refuse_a_certificate_with_a_reason_and_nobody_settles_one_twice() -> None:
    shop = a_shop()
    waiting, shown = a_certificate(shop, on_sale(shop)), with_stars(shop, on_sale(shop, "Trà"))
    officer = office("commune", DAM_THUY)

    def state(name: str, certificate: OcopCertificate, **more: str) -> Any:
        answer = done(step(name), officer, id=gid("OcopCertificate", certificate.pk), **more)
        return answer["ocopCertificate"], [(one["field"], one["code"]) for one in answer["errors"]]

    assert state("Refuse", waiting, reason="?") == (None, [("reason", "INVALID")])
    assert state("Refuse", waiting, reason=WHY) == ({"state": "REFUSED"}, [])
    assert state("Verify", waiting) == (None, [(None, "INVALID")])
    assert state("Refuse", shown, reason=WHY) == (None, [(None, "INVALID")])
    assert state("Revoke", waiting, reason=WHY) == (None, [(None, "INVALID")])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"stars": 2}, "stars"), ({"issuedOn": "2027-01-01"}, "issuedOn"), ({"issuer": ""}, "issuer")],
)
def test_a_certificate_that_cannot_be_is_refused_at_its_field(wrong: dict[str, Any], field: str) -> None:
    shop = a_shop()

    answer = done(DECLARE, of(shop.owner), input=PAPER | {"product": gid("Product", on_sale(shop).pk)} | wrong)

    assert [one["field"] for one in answer["errors"]] == [field]
    assert not OcopCertificate.objects.exists()


def test_another_shops_product_and_certificate_are_as_if_they_were_not_there() -> None:
    shop = a_shop()
    product = on_sale(shop)
    certificate = a_certificate(shop, product)
    stranger, elsewhere = of(a_shop("Khác", commune=NENH).owner), office("commune", NENH)

    declared = [
        done(DECLARE, stranger, input=PAPER | {"product": gid("Product", key)}) for key in (product.pk, 999_999)
    ]
    verified = [done(step("Verify"), elsewhere, id=gid("OcopCertificate", key)) for key in (certificate.pk, 999_999)]

    assert (declared[0], declared[0]["errors"][0]["code"]) == (declared[1], "NOT_FOUND")
    assert (verified[0], verified[0]["errors"][0]["code"]) == (verified[1], "NOT_FOUND")
    assert refusal(step("Verify"), of(shop.owner), id=gid("OcopCertificate", certificate.pk)) == (
        PERMISSION + "MANAGE_OCOP_CERTIFICATES"
    )
    sentence = PERMISSION + "MANAGE_PRODUCTS, MANAGE_OCOP_CERTIFICATES"
    customer = signed_in(a_person())
    assert refusal(DECLARE, customer, input=PAPER | {"product": gid("Product", product.pk)}) == sentence
    assert OcopCertificate.objects.get().state == "declared"


def test_staff_and_agents_declare_for_a_shop() -> None:
    shop = a_shop()
    given = PAPER | {"product": gid("Product", on_sale(shop).pk)}

    for headers in (office("commune", DAM_THUY), an_agent_for(shop.owner, DAM_THUY)):
        assert done(DECLARE, headers, input=given)["errors"] == []
    assert User.objects.filter(pk=shop.owner.user_id).exists()
