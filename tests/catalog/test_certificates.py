"""Stars show only while a certificate is verified and valid."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from catalog import services
from catalog.models import OcopCertificate, Product
from catalog.selectors import certificates_of, shown_certificate
from catalog.services.certificates import CERTIFICATES_A_PRODUCT_MAX
from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import MarketError, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from tests.catalog.factories import NENH, NOW, Shop, a_certificate, a_product, a_shop, on_sale, staff_of, with_stars

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
REASON = "Số quyết định không có trong danh sách của tỉnh."


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def product(shop: Shop) -> Product:
    return on_sale(shop)


def shown(product: Product, today: date = TODAY) -> int | None:
    certificate = shown_certificate(product, today=today)
    return certificate.stars if certificate else None


def test_a_declared_certificate_shows_no_stars_until_staff_verify_it(shop: Shop, product: Product) -> None:
    certificate = a_certificate(shop, product, stars=4, issued_on=date(2025, 3, 1))
    assert (certificate.state, certificate.expires_on) == ("declared", date(2028, 3, 1))
    assert shown(product) is None

    certificate = services.verify_certificate(actor=shop.staff, certificate=certificate, now=NOW)

    assert (certificate.state, certificate.reviewed_by_id) == ("verified", shop.staff.user_id)
    assert shown(product) == 4
    assert Product.objects.get().generation > product.generation
    assert JournalEvent.objects.get(kind="certificate.verified").data["stars"] == 4


def test_stars_show_on_the_last_day_and_not_on_the_next(shop: Shop, product: Product) -> None:
    with_stars(shop, product, issued_on=date(2024, 2, 29))

    assert shown(product, date(2027, 2, 28)) == 4
    assert shown(product, date(2027, 3, 1)) is None


@pytest.mark.parametrize("actor", ["owner", "elsewhere", "anonymous"])
@pytest.mark.parametrize("step", ["verify_certificate", "refuse_certificate", "withdraw_certificate"])
def test_only_staff_of_the_shops_commune_settle_a_certificate(
    shop: Shop, product: Product, actor: str, step: str
) -> None:
    certificate = a_certificate(shop, product)
    actors = {"owner": shop.owner, "elsewhere": staff_of(NENH), "anonymous": ANONYMOUS}
    more: dict[str, Any] = {} if step == "verify_certificate" else {"reason": REASON}

    with pytest.raises(NotFound):
        getattr(services, step)(actor=actors[actor], certificate=certificate, now=NOW, **more)

    assert OcopCertificate.objects.get().state == "declared"


def test_a_stranger_declares_nothing_and_staff_may_for_the_shop(shop: Shop, product: Product) -> None:
    for stranger in (ANONYMOUS, staff_of(NENH), a_shop("Tạp hóa Hoa", commune=NENH).owner):
        with pytest.raises(NotFound):
            a_certificate(Shop(shop.vendor, stranger, shop.staff), product)
    assert not OcopCertificate.objects.exists()

    a_certificate(Shop(shop.vendor, shop.staff, shop.staff), product)

    assert OcopCertificate.objects.get().state == "declared"


@pytest.mark.parametrize(
    ("wrong", "error", "field"),
    [
        ({"stars": 2}, services.BadStars, "stars"),
        ({"stars": 6}, services.BadStars, "stars"),
        ({"stars": "4"}, services.BadStars, "stars"),
        ({"issued_on": date(2026, 11, 23)}, services.BadCertificateDate, "issued_on"),
        ({"issued_on": date(2018, 5, 6)}, services.BadCertificateDate, "issued_on"),
        ({"issued_on": date(9999, 12, 31)}, services.BadCertificateDate, "issued_on"),
        ({"expires_on": date(2025, 3, 1)}, services.BadCertificateDate, "expires_on"),
        ({"expires_on": date(2028, 8, 29)}, services.BadCertificateDate, "expires_on"),
        ({"product_code": "a" * 41}, BadText, "product_code"),
        ({"legal_basis": "a" * 121}, BadText, "legal_basis"),
    ],
)
def test_a_certificate_that_cannot_be_is_refused_and_not_kept(
    shop: Shop, product: Product, wrong: dict[str, Any], error: type[MarketError], field: str
) -> None:
    with pytest.raises(error) as refusal:
        a_certificate(shop, product, **wrong)

    assert refusal.value.field == field
    assert not OcopCertificate.objects.exists()


@pytest.mark.parametrize("missing", ["decision_number", "issuer"])
def test_a_certificate_names_its_decision_and_who_issued_it(shop: Shop, product: Product, missing: str) -> None:
    given: dict[str, Any] = {"decision_number": "125/QĐ-UBND", "issuer": "UBND tỉnh Cao Bằng"} | {missing: " "}

    with pytest.raises(BadText) as refusal:
        services.declare_certificate(
            actor=shop.owner, product=product, stars=4, issued_on=date(2025, 3, 1), now=NOW, **given
        )

    assert refusal.value.field == missing


def test_today_is_the_date_in_vietnam(shop: Shop, product: Product) -> None:
    just_after_midnight = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # 00:30 on the 23rd there

    certificate = a_certificate(shop, product, issued_on=date(2026, 11, 23), now=just_after_midnight)

    assert certificate.issued_on == date(2026, 11, 23)


def test_an_extension_of_180_days_is_believed(shop: Shop, product: Product) -> None:
    certificate = a_certificate(shop, product, issued_on=date(2025, 3, 1), expires_on=date(2028, 8, 28))

    assert certificate.expires_on == date(2028, 8, 28)


def test_an_expired_certificate_is_not_verified(shop: Shop, product: Product) -> None:
    certificate = a_certificate(shop, product, issued_on=date(2023, 11, 21))

    with pytest.raises(services.CertificateExpired):
        services.verify_certificate(actor=shop.staff, certificate=certificate, now=NOW)

    assert OcopCertificate.objects.get().state == "declared"


def test_a_newer_certificate_takes_the_place_of_the_one_before(shop: Shop, product: Product) -> None:
    first = with_stars(shop, product, stars=3, issued_on=date(2024, 5, 1))

    with_stars(shop, product, stars=4, issued_on=date(2026, 5, 1))

    assert shown(product) == 4
    first.refresh_from_db()
    assert (first.state, first.reason) == ("withdrawn", "Có quyết định mới hơn.")
    assert [one.stars for one in certificates_of(product)] == [4, 3]


def test_control_the_database_refuses_a_second_verified_certificate(shop: Shop, product: Product) -> None:
    with_stars(shop, product)
    second = a_certificate(shop, product)

    with pytest.raises(IntegrityError), transaction.atomic():
        OcopCertificate.objects.filter(pk=second.pk).update(state="verified")


def test_a_refused_certificate_shows_nothing_and_says_why(shop: Shop, product: Product) -> None:
    certificate = a_certificate(shop, product)

    with pytest.raises(BadText):
        services.refuse_certificate(actor=shop.staff, certificate=certificate, reason="", now=NOW)
    services.refuse_certificate(actor=shop.staff, certificate=certificate, reason=REASON, now=NOW)

    certificate.refresh_from_db()
    assert (certificate.state, certificate.reason) == ("refused", REASON)
    assert shown(product) is None
    assert JournalEvent.objects.filter(kind="certificate.refused").count() == 1


def test_a_withdrawn_certificate_loses_its_stars_at_once(shop: Shop, product: Product) -> None:
    certificate = with_stars(shop, product)

    services.withdraw_certificate(actor=shop.staff, certificate=certificate, reason=REASON, now=NOW)

    assert shown(product) is None


@pytest.mark.parametrize("settled", ["verify", "refuse"])
def test_a_settled_certificate_is_not_settled_again(shop: Shop, product: Product, settled: str) -> None:
    certificate = a_certificate(shop, product)
    if settled == "verify":
        services.verify_certificate(actor=shop.staff, certificate=certificate, now=NOW)
    else:
        services.refuse_certificate(actor=shop.staff, certificate=certificate, reason=REASON, now=NOW)
        with pytest.raises(services.WrongCertificateState):
            services.withdraw_certificate(actor=shop.staff, certificate=certificate, reason=REASON, now=NOW)

    with pytest.raises(services.WrongCertificateState):
        services.verify_certificate(actor=shop.staff, certificate=certificate, now=NOW)
    with pytest.raises(services.WrongCertificateState):
        services.refuse_certificate(actor=shop.staff, certificate=certificate, reason=REASON, now=NOW)


def test_a_product_has_at_most_20_certificates_on_record(
    shop: Shop, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CERTIFICATES_A_PRODUCT_MAX == 20
    monkeypatch.setattr("catalog.services.certificates.CERTIFICATES_A_PRODUCT_MAX", 1)
    a_certificate(shop, product)

    with pytest.raises(services.TooManyCertificates):
        a_certificate(shop, product)

    assert OcopCertificate.objects.count() == 1


def test_a_certificate_of_a_draft_can_be_verified_in_the_same_visit(shop: Shop) -> None:
    product = a_product(shop)

    assert with_stars(shop, product).state == "verified"
