"""Photos and PDFs of papers on the pages: sent by the shop, looked at by its commune, never by anybody else."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from catalog.models import CertificateFile, OcopCertificate, Product, ProductDocument
from catalog.services import verify_certificate
from catalog.services.papers import save_document_with_files
from marketplace.core.actors import SYSTEM
from storefront.papers import size_in_words
from tests.payments.factories import NENH, NOW, Shop, a_shop
from tests.storefront.conftest import PAGE_BYTES_MAX, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import (
    a_pdf,
    a_photo,
    an_officer,
    browser_of,
    documented,
    form,
    owner_at,
    page_of,
    photographed,
    seller_at,
    waiting_certificate,
)
from vendors.documents import save_document
from vendors.models import DocumentFile, ShopDocument

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "media_folder")]
PAPER = {"kind": "food_safety", "number": "12/ATTP", "issuer": "Chi cục An toàn thực phẩm"}
PDF_SIZE = "1 kB"


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def is_photo_on_the_page(answer: HttpResponse) -> bool:
    return (
        answer.status_code == 200
        and answer["Content-Type"] == "image/jpeg"
        and answer["X-Content-Type-Options"] == "nosniff"
        and "no-store" in answer["Cache-Control"]
        and "Content-Disposition" not in answer
        and answer.content.startswith(b"\xff\xd8\xff")
    )


def is_file_to_keep(answer: HttpResponse, name: str) -> bool:
    return (
        answer.status_code == 200
        and answer["Content-Disposition"] == f'attachment; filename="{name}"'
        and answer["X-Content-Type-Options"] == "nosniff"
        and "private" in answer["Cache-Control"]
    )


def test_a_size_is_said_as_people_say_it() -> None:
    assert [size_in_words(size) for size in (0, 499, 240_400, 999_999, 1_240_000)] == [
        "1 kB",
        "1 kB",
        "240 kB",
        "1,0 MB",
        "1,2 MB",
    ]


# --- A shop's papers -------------------------------------------------------------------------------


def test_an_owner_sends_photos_with_a_paper_and_the_commune_sees_them_beside_it(shop: Shop, officer: Client) -> None:
    browser = owner_at(shop)
    sent = form(**PAPER, papers=[a_photo(), a_pdf()])
    assert browser.post("/sell/documents/", sent)["Location"] == "/sell/documents/"
    photo, pdf = DocumentFile.objects.order_by("pk")
    own = f"/sell/documents/{photo.document_id}/"
    listed = text_of(seller_at(shop).get("/sell/documents/"))
    assert f"PDF 2, {PDF_SIZE}" in listed

    for client in (browser, seller_at(shop)):
        assert is_photo_on_the_page(client.get(f"{own}files/{photo.pk}/"))
        assert is_file_to_keep(client.get(f"{own}files/{pdf.pk}/"), f"giay-to-{pdf.pk}.pdf")
    visit = f"/commune/vendors/{shop.vendor.pk}/"
    page = officer.get(visit)
    assert "Số 12/ATTP · Chi cục An toàn thực phẩm" in text_of(page)
    assert f'<img class="picture" src="{visit}documents/{photo.pk}/" alt="Ảnh 1 của giấy số 12/ATTP"' in (
        page.content.decode()
    )
    assert len(page.content) <= PAGE_BYTES_MAX
    assert is_photo_on_the_page(officer.get(f"{visit}documents/{photo.pk}/"))
    assert is_file_to_keep(officer.get(f"{visit}documents/{pdf.pk}/"), f"giay-to-{pdf.pk}.pdf")


def test_a_paper_s_photo_is_not_there_for_others(shop: Shop, shopper: Client, officer: Client) -> None:
    file, other = photographed(shop).files.get(), a_shop("Hộ khác")
    address, visit = f"/sell/documents/{file.document_id}/files/{file.pk}/", f"/commune/vendors/{shop.vendor.pk}/"
    foreign = photographed(other)

    asked = [
        owner_at(other).get(address),
        owner_at(other).post(f"{address}remove/", form()),
        owner_at(shop).get(f"/sell/documents/{foreign.pk}/files/{file.pk}/"),
        browser_of(an_officer(NENH).pk).get(f"{visit}documents/{file.pk}/"),
        officer.get(f"/commune/vendors/{other.vendor.pk}/documents/{file.pk}/"),
        shopper.get(f"/media/{file.file}"),
        shopper.get(f"/media/products/../{file.file}"),
    ]

    assert [answer.status_code for answer in asked] == [404] * len(asked)
    assert shopper.get(address)["Location"].startswith("/sign-in/")
    assert DocumentFile.objects.filter(pk=file.pk).exists()


def test_further_photos_come_and_go_on_the_paper_s_own_page(shop: Shop) -> None:
    document, browser = photographed(shop), owner_at(shop)
    page = f"/sell/documents/{document.pk}/"
    first = document.files.get()
    sent = form(kind="registration", number="02", papers=[a_photo(), a_photo()])
    for _time in range(2):
        assert browser.post(page, sent | {"papers": [a_photo(), a_photo()]}).status_code == 302
    assert (document.files.count(), ShopDocument.objects.get().number) == (3, "02")
    assert "Bỏ ảnh 3" in text_of(browser.get(page))

    assert browser.post(f"{page}files/{first.pk}/remove/", form())["Location"] == page

    assert first not in document.files.all()
    assert browser.post(f"{page}files/{first.pk}/remove/", form()).status_code == 404
    assert seller_at(shop).post(f"{page}files/{first.pk}/remove/", form()).status_code == 403


def test_what_is_no_photo_comes_back_at_its_field_and_keeps_nothing(shop: Shop, media_folder: Path) -> None:
    fake = a_photo("giay.pdf")
    fake.seek(0)
    bad = type(fake)("giay.jpg", b"<script>alert(1)</script>", content_type="image/jpeg")

    answers = [
        owner_at(shop).post("/sell/documents/", form(**PAPER, papers=[bad])),
        owner_at(shop).post("/sell/documents/", form(**PAPER, papers=[a_photo(), bad])),
        owner_at(shop).post("/sell/documents/", form(**PAPER, papers=[a_pdf() for _number in range(7)])),
        owner_at(shop).post("/sell/documents/", form(**PAPER, papers=[type(fake)("a.pdf", b"%PDF-1.4 cut")])),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 409, 400]
    assert "Chỉ nhận ảnh JPEG, PNG hoặc WebP" in text_of(answers[0])
    assert "Mỗi giấy có nhiều nhất 6 ảnh hoặc tệp PDF" in text_of(answers[2])
    assert "Tệp PDF bị hỏng" in text_of(answers[3])
    assert not ShopDocument.objects.exists()
    assert list(media_folder.rglob("*.*")) == []
    assert seller_at(shop).post("/sell/documents/", form(**PAPER, papers=[a_photo()])).status_code == 403


def test_the_lists_ask_as_often_for_one_paper_as_for_many(shop: Shop, officer: Client, statements: Count) -> None:
    browser, visit = owner_at(shop), f"/commune/vendors/{shop.vendor.pk}/"
    photographed(shop)
    few = [statements(lambda: browser.get("/sell/documents/")), statements(lambda: officer.get(visit))]
    for number in range(6):
        photographed(shop, number=str(number))

    assert [statements(lambda: browser.get("/sell/documents/")), statements(lambda: officer.get(visit))] == few


# --- Certificates ----------------------------------------------------------------------------------


def test_a_certificate_is_declared_with_its_photo_and_checked_beside_it(shop: Shop, officer: Client) -> None:
    browser = owner_at(shop)
    said = {"stars": "4", "decision_number": "125/QĐ-UBND", "issued_on": "2025-11-22", "issuer": "UBND tỉnh"}
    sent = form(**said)
    for _time in range(2):
        browser.post(f"{page_of(shop)}certificate/", sent | {"papers": [a_photo(), a_pdf()]})
    certificate = OcopCertificate.objects.get()
    photo, pdf = CertificateFile.objects.order_by("pk")
    own = f"{page_of(shop)}certificates/{certificate.pk}/"
    assert own in browser.get(page_of(shop)).content.decode()
    words = text_of(browser.get(own))
    assert "4 sao, quyết định 125/QĐ-UBND" in words
    assert f"Tải tệp 2: PDF, {PDF_SIZE}" in words

    page = officer.get(f"/commune/certificates/{certificate.pk}/")

    seen = f"/commune/certificates/{certificate.pk}/files/"
    assert (
        f'<img class="picture" src="{seen}{photo.pk}/" alt="Ảnh 1 của quyết định 125/QĐ-UBND"'
        in page.content.decode()
    )
    assert '<div class="two">' in page.content.decode()
    assert is_photo_on_the_page(officer.get(f"{seen}{photo.pk}/"))
    assert is_photo_on_the_page(seller_at(shop).get(f"{own}files/{photo.pk}/"))
    assert is_file_to_keep(officer.get(f"{seen}{pdf.pk}/"), f"giay-chung-nhan-{pdf.pk}.pdf")
    assert browser_of(an_officer(NENH).pk).get(f"{seen}{photo.pk}/").status_code == 404
    assert owner_at(a_shop("Hộ khác")).get(f"{own}files/{photo.pk}/").status_code == 404


def test_a_waiting_certificate_gets_further_photos_and_a_checked_one_keeps_its_own(shop: Shop) -> None:
    certificate, browser = waiting_certificate(shop), owner_at(shop)
    own = f"{page_of(shop)}certificates/{certificate.pk}/"
    assert "Chưa có ảnh giấy" in text_of(browser.get(own))
    assert browser.post(own, form()).status_code == 400
    assert browser.post(own, form(papers=[a_photo(), a_photo()]))["Location"] == own
    first = certificate.files.order_by("pk")[0]
    assert browser.post(f"{own}files/{first.pk}/remove/", form())["Location"] == own
    verify_certificate(actor=SYSTEM, certificate=certificate, now=NOW)

    late = browser.post(own, form(papers=[a_photo()]))

    assert (late.status_code, "Giấy này xã đã xem rồi" in text_of(late)) == (409, True)
    assert browser.post(f"{own}files/{certificate.files.get().pk}/remove/", form()).status_code == 409
    assert "Khai giấy mới" in text_of(browser.get(own))
    assert certificate.files.count() == 1


# --- Documents for buyers --------------------------------------------------------------------------


def test_a_document_is_reviewed_with_the_listing_and_then_there_for_everybody(
    shop: Shop, shopper: Client, officer: Client
) -> None:
    product, browser = Product.objects.get(), owner_at(shop)
    own, shown = f"{page_of(shop)}documents/", f"/products/{product.slug}/"
    assert "Chưa có giấy tờ kèm theo" in text_of(browser.get(own))
    sent = form(kind="test_report", name="Kiểm nghiệm 10/2026")
    for _time in range(2):
        assert browser.post(own, sent | {"paper": a_pdf()})["Location"] == own
    document = ProductDocument.objects.get()
    assert f"Kiểm nghiệm 10/2026 Phiếu kiểm nghiệm · PDF, {PDF_SIZE}" in text_of(browser.get(own))
    name = f"giay-to-san-pham-{document.pk}.pdf"
    assert is_file_to_keep(seller_at(shop).get(f"{own}{document.pk}/"), name)
    assert (shopper.get(shown).status_code, shopper.get(f"{shown}documents/{document.pk}/").status_code) == (404, 404)
    checked = f"/commune/products/{product.pk}/"
    page = officer.get(checked)
    assert f"Phiếu kiểm nghiệm Kiểm nghiệm 10/2026 PDF, {PDF_SIZE}" in text_of(page)
    assert is_file_to_keep(officer.get(f"{checked}documents/{document.pk}/"), name)

    officer.post(f"{checked}publish/", form(seen_generation=page.context["product"].generation))

    assert f"Giấy tờ kèm theo Kiểm nghiệm 10/2026 · Phiếu kiểm nghiệm · PDF, {PDF_SIZE}" in text_of(
        shopper.get(shown)
    )
    answer = shopper.get(f"{shown}documents/{document.pk}/")
    assert is_file_to_keep(answer, f"{product.slug}-{document.pk}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert shopper.get(f"{shown}documents/{document.pk + 1}/").status_code == 404


def test_a_photo_of_a_document_is_a_file_to_keep_too(shop: Shop, shopper: Client) -> None:
    owner_at(shop).post(f"{page_of(shop)}documents/", form(kind="other", name="Bản tự công bố", paper=a_photo()))
    document = ProductDocument.objects.get()
    Product.objects.update(listing=Product.Listing.PUBLISHED)

    slug = Product.objects.get().slug
    assert is_file_to_keep(shopper.get(f"/products/{slug}/documents/{document.pk}/"), f"{slug}-{document.pk}.jpg")


def test_five_documents_are_enough_and_one_can_be_taken_away(shop: Shop) -> None:
    browser, own = owner_at(shop), f"{page_of(shop)}documents/"
    for wrong in ({}, {"kind": "x", "name": "A", "paper": a_pdf()}, {"kind": "other", "name": "", "paper": a_pdf()}):
        assert browser.post(own, form(**wrong)).status_code == 400
    first = documented(shop)
    for number in range(4):
        documented(shop, name=f"Giấy {number}")
    assert "Đã đủ 5 giấy" in text_of(browser.get(own))
    full = browser.post(own, form(kind="other", name="A", paper=a_pdf()))
    assert (full.status_code, "nhiều nhất 5 giấy tờ" in text_of(full)) == (409, True)

    assert browser.post(f"{own}{first.pk}/remove/", form())["Location"] == own

    assert ProductDocument.objects.count() == 4
    stranger = owner_at(a_shop("Hộ khác"))
    last = ProductDocument.objects.latest("pk")
    asked = [stranger.get(own), stranger.get(f"{own}{last.pk}/"), stranger.post(f"{own}{last.pk}/remove/", form())]
    assert [answer.status_code for answer in asked] == [404] * 3


# --- What ends -------------------------------------------------------------------------------------


def ending(shop: Shop, *, in_days: int) -> OcopCertificate:
    certificate = waiting_certificate(shop)
    verify_certificate(actor=SYSTEM, certificate=certificate, now=NOW)
    ends_on = date(2026, 11, 22) + timedelta(days=in_days)
    OcopCertificate.objects.filter(pk=certificate.pk).update(expires_on=ends_on)
    return certificate


def test_a_certificate_that_ends_or_ended_is_said_today_and_renewed_in_one_step(shop: Shop) -> None:
    browser, words = owner_at(shop), "1 giấy OCOP sắp hoặc đã hết hạn Xem"
    assert "Giấy OCOP cần gia hạn" not in text_of(browser.get("/sell/documents/"))
    certificate = ending(shop, in_days=20)
    before = browser.get("/sell/state/")["ETag"]
    assert words in text_of(browser.get("/sell/"))
    OcopCertificate.objects.filter(pk=certificate.pk).update(expires_on=date(2026, 11, 1))
    assert words in text_of(browser.get("/sell/"))
    page = browser.get("/sell/documents/")
    assert "Giấy OCOP cần gia hạn Miến dong Cao Bằng Đã hết hạn" in text_of(page)
    assert f'href="{page_of(shop)}certificate/"' in page.content.decode()

    waiting_certificate(shop)

    assert words not in text_of(browser.get("/sell/"))
    assert browser.get("/sell/state/", headers={"if-none-match": before}).status_code == 200


def test_staff_are_told_how_many_papers_ended_and_which(shop: Shop, officer: Client, statements: Count) -> None:
    assert "đã hết hạn" not in text_of(officer.get("/commune/"))
    assert "Không có giấy nào hết hạn" in text_of(officer.get("/commune/papers/"))
    ended_on = date(2026, 11, 1)
    save_document(actor=shop.owner, vendor=shop.vendor, kind="alcohol", number="7/GP", expires_on=ended_on, now=NOW)
    ending(shop, in_days=-1)

    assert "2 giấy tờ của bà con đã hết hạn. Xem để nhắc" in text_of(officer.get("/commune/"))
    few = statements(lambda: officer.get("/commune/papers/"))
    words = text_of(officer.get("/commune/papers/"))
    assert "Giấy chứng nhận OCOP, Miến dong Cao Bằng Số 125/QĐ-UBND" in words
    assert "Giấy phép rượu Số 7/GP · hết hạn 01/11/2026" in words
    for number in range(20):
        values = {"kind": "other", "number": str(number), "expires_on": ended_on}
        save_document_with_files(actor=shop.owner, vendor=shop.vendor, papers=[], now=NOW, **values)
    assert statements(lambda: officer.get("/commune/papers/")) == few
    page = officer.get("/commune/papers/")
    assert (len(page.context["papers"]), len(page.content) <= PAGE_BYTES_MAX) == (12, True)
    assert len(officer.get("/commune/papers/?page=2").context["papers"]) == 10
    assert "đã hết hạn" not in text_of(browser_of(an_officer(NENH).pk).get("/commune/"))


def test_an_officer_photographs_the_decision_that_its_shop_sent_no_photo_of(shop: Shop, officer: Client) -> None:
    certificate = waiting_certificate(shop)
    page = f"/commune/certificates/{certificate.pk}/"
    asked = officer.get(page)
    assert "Người bán chưa gửi ảnh." in text_of(asked)
    assert "Chụp giúp giấy này" in text_of(asked)

    refused = officer.post(f"{page}files/", form())
    assert refused.status_code == 400
    assert "Bạn chụp hoặc chọn tệp giúp." in text_of(refused)
    assert b"<details open>" in refused.content
    assert CertificateFile.objects.count() == 0

    sent = form(papers=[a_photo(), a_pdf()])
    for _again in range(2):
        for paper in sent["papers"]:
            paper.seek(0)
        assert officer.post(f"{page}files/", sent)["Location"] == page
    photo, pdf = CertificateFile.objects.order_by("pk")
    assert is_photo_on_the_page(officer.get(f"{page}files/{photo.pk}/"))
    assert is_file_to_keep(officer.get(f"{page}files/{pdf.pk}/"), f"giay-chung-nhan-{pdf.pk}.pdf")

    verify_certificate(actor=SYSTEM, certificate=certificate, now=NOW)
    late = officer.post(f"{page}files/", form(papers=[a_photo()]))
    assert late.status_code == 409
    assert "Chụp giúp giấy này" not in text_of(late)
    assert CertificateFile.objects.count() == 2


def test_an_officer_of_another_commune_and_the_shop_photograph_nothing_there(shop: Shop) -> None:
    certificate = waiting_certificate(shop)
    page = f"/commune/certificates/{certificate.pk}/files/"

    for client in (browser_of(an_officer(NENH).pk), owner_at(shop)):
        assert client.post(page, form(papers=[a_photo()])).status_code in (403, 404)
    assert CertificateFile.objects.count() == 0
