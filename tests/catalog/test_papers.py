"""Photos and PDFs of papers: made safe, bounded, all or none, for whom they concern alone, swept when nobody's."""

import uuid
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from catalog import paper_files
from catalog.models import CertificateFile, OcopCertificate, Product, ProductDocument
from catalog.paper_files import PDF_BYTES_MAX, BrokenPdf, Paper, PdfTooLarge, paper_content, read_paper, sweep_orphans
from catalog.photos import NotAPhoto, PhotoTooLarge, read_photo
from catalog.pictures import Form
from catalog.selectors.papers import (
    certificate_file_for_staff,
    certificate_file_of_member,
    document_file,
    product_document_by_slug,
    product_document_for_staff,
    product_document_of_member,
)
from catalog.services import papers as services
from catalog.services import verify_certificate
from catalog.services.certificates import WrongCertificateState
from catalog.tasks import sweep_papers
from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import MarketError, NotAllowed, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.requests_once import SameIdOtherContent
from marketplace.core.text import BadText
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop
from tests.storefront.working import PDF, a_photo, documented, photographed, row_of, waiting_certificate
from vendors.documents import remove_document
from vendors.models import DocumentFile, ShopDocument

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]
OFFICER = Actor(user_id=1, commune_codes=frozenset({DAM_THUY}))
OFFICER_ELSEWHERE = Actor(user_id=2, commune_codes=frozenset({NENH}))
PROVINCE = Actor(user_id=3, province_codes=frozenset({"04"}))


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def photo() -> Paper:
    return read_paper(a_photo().read())


def save(shop: Shop, papers: list[Paper], **more: Any) -> None:
    values: dict[str, Any] = {"kind": "food_safety", "number": "12/ATTP", "actor": shop.owner, "now": NOW} | more
    services.save_document_with_files(vendor=shop.vendor, papers=papers, **values)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# --- What is taken ---------------------------------------------------------------------------------


def test_a_photo_is_encoded_anew_without_where_it_was_taken() -> None:
    out, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "Phone of somebody"
    Image.new("RGB", (3000, 2000), "white").save(out, "JPEG", exif=exif)

    paper = read_paper(out.getvalue())

    assert (paper.width, paper.height) == (1280, 853)
    assert b"Phone of somebody" in out.getvalue()
    assert b"Phone of somebody" not in paper.content
    with Image.open(BytesIO(paper.content)) as image:
        assert (image.format, dict(image.getexif())) == ("JPEG", {})


def test_a_photo_of_a_paper_is_encoded_once_since_one_file_of_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    save_picture = Image.Image.save

    def counted(image: Image.Image, out: Any, form: str, **more: Any) -> None:
        written.append(form)
        save_picture(image, out, form, **more)

    content = a_photo().read()
    monkeypatch.setattr(Image.Image, "save", counted)

    paper = read_paper(content)

    assert written == ["JPEG"]
    assert paper.content == read_photo(content).files[1280, Form.JPEG]


def test_a_pdf_stays_as_it_is() -> None:
    paper = read_paper(PDF)

    assert (paper.content, paper.width) == (PDF, 0)


def pdf_of(size: int) -> bytes:
    return PDF[:-6] + b" " * (size - len(PDF)) + PDF[-6:]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", NotAPhoto),
        (b"MZ\x90", NotAPhoto),
        (b"<html><script>alert(1)</script>", NotAPhoto),
        (b" " + PDF, NotAPhoto),
        (PDF[:-8], BrokenPdf),
        (PDF + b"x" * 1100, BrokenPdf),
        (pdf_of(PDF_BYTES_MAX + 1), PdfTooLarge),
        (b"\xff\xd8\xff" + b"0" * (8 * 1024 * 1024), PhotoTooLarge),
    ],
)
def test_what_is_no_photo_and_no_whole_pdf_is_refused(content: bytes, error: type[MarketError]) -> None:
    with pytest.raises(error):
        read_paper(content)


def test_the_largest_pdf_is_taken() -> None:
    assert len(read_paper(pdf_of(PDF_BYTES_MAX)).content) == PDF_BYTES_MAX


# --- How much a shop keeps -------------------------------------------------------------------------


def keep_and_take_off(shop: Shop, *, times: int) -> None:
    for number in range(times):
        save(shop, [read_paper(PDF)], number=str(number))
        document = ShopDocument.objects.get(removed_at=None)
        remove_document(actor=shop.owner, vendor=shop.vendor, document_id=document.pk, now=NOW)


def test_papers_taken_off_the_list_make_no_room_for_more_files(
    shop: Shop, media_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "PAPERS_OF_A_SHOP_BYTES_MAX", 3 * len(PDF))
    keep_and_take_off(shop, times=3)
    certificate = waiting_certificate(shop)
    product = Product.objects.get(pk=certificate.product_id)

    with pytest.raises(services.PapersTooLarge):
        save(shop, [read_paper(PDF)])
    with pytest.raises(services.PapersTooLarge):
        services.add_certificate_files(actor=shop.owner, certificate=certificate, papers=[read_paper(PDF)], now=NOW)
    with pytest.raises(services.PapersTooLarge):
        services.add_product_document(
            actor=shop.owner, product=product, kind="test_report", name="Phiếu", paper=read_paper(PDF), now=NOW
        )
    save(shop, [])
    save(a_shop("Hộ khác"), [read_paper(PDF)])
    assert len(files(media_folder)) == 4


def test_control_without_the_bound_papers_taken_off_the_list_fill_the_disk(shop: Shop, media_folder: Path) -> None:
    keep_and_take_off(shop, times=6)

    assert len(files(media_folder)) == 6


# --- A shop's papers -------------------------------------------------------------------------------


def test_a_paper_and_its_files_are_kept_together_once_for_a_form(shop: Shop, media_folder: Path) -> None:
    client_id = uuid.uuid4()

    for _time in range(2):
        save(shop, [photo(), read_paper(PDF)], client_id=client_id)

    document = ShopDocument.objects.get()
    jpeg, pdf = document.files.order_by("pk")
    assert [(row.is_pdf, row.bytes_count) for row in (jpeg, pdf)] == [(False, len(photo().content)), (True, len(PDF))]
    assert files(media_folder) == sorted([jpeg.file, pdf.file])
    assert (jpeg.file[:7], pdf.file[-4:]) == ("papers/", ".pdf")
    assert paper_content(pdf) == PDF
    with pytest.raises(SameIdOtherContent):
        save(shop, [photo()], client_id=client_id)
    assert len(files(media_folder)) == DocumentFile.objects.count() == 2


def test_a_refusal_keeps_neither_the_paper_nor_its_files(
    shop: Shop, media_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = photographed(shop)
    before, kept = row_of(document), files(media_folder)
    monkeypatch.setattr(services, "FILES_A_PAPER_MAX", 2)
    stranger = a_shop("Hộ khác")

    with pytest.raises(services.TooManyFiles):
        save(shop, [photo(), photo()], number="other", document_id=document.pk)
    with pytest.raises(BadText):
        save(shop, [photo()], number=" ")
    with pytest.raises(NotAllowed):
        save(shop, [photo()], actor=shop.seller)
    with pytest.raises(NotFound):
        save(shop, [photo()], actor=stranger.owner)
    with pytest.raises(NotFound):
        services.save_document_with_files(
            actor=stranger.owner, vendor=stranger.vendor, papers=[photo()], document_id=document.pk, now=NOW,
            kind="other", number="1",
        )  # fmt: skip

    assert (row_of(document), files(media_folder)) == (before, kept)
    assert (ShopDocument.objects.count(), DocumentFile.objects.count()) == (1, 1)


def test_control_without_cleaning_up_a_refused_photo_would_stay(
    shop: Shop, media_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_files.default_storage, "delete", lambda _name: None)

    with pytest.raises(BadText):
        save(shop, [photo()], number=" ")

    assert len(files(media_folder)) == 1


def test_a_paper_s_photo_is_for_its_shop_and_staff_of_its_commune_alone(shop: Shop) -> None:
    file = photographed(shop).files.get()

    for actor in (shop.owner, shop.seller, OFFICER):
        assert document_file(actor=actor, file_id=file.pk) == file
    for actor in (ANONYMOUS, a_shop("Hộ khác").owner, OFFICER_ELSEWHERE, PROVINCE):
        with pytest.raises(NotFound):
            document_file(actor=actor, file_id=file.pk)
    for number in (0, -1, 2**63, file.pk + 1):
        with pytest.raises(NotFound):
            document_file(actor=shop.owner, file_id=number)
    remove_document(actor=shop.owner, vendor=shop.vendor, document_id=file.document_id, now=NOW)
    with pytest.raises(NotFound):
        document_file(actor=OFFICER, file_id=file.pk)


def test_a_paper_that_leaves_the_list_leaves_no_photo_behind(
    shop: Shop, media_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    document = photographed(shop)

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_document_with_files(actor=shop.owner, vendor=shop.vendor, document_id=document.pk, now=NOW)

    assert (files(media_folder), document.files.count()) == ([], 0)
    assert ShopDocument.objects.get(pk=document.pk).removed_at == NOW


def test_a_photo_that_is_taken_away_is_gone_from_the_disk(
    shop: Shop, media_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    document = photographed(shop)
    file = document.files.get()
    for actor, error in ((shop.seller, NotAllowed), (a_shop("Hộ khác").owner, NotFound)):
        with pytest.raises(error):
            services.remove_document_file(actor=actor, document=document, file_id=file.pk, now=NOW)
    with pytest.raises(NotFound):
        services.remove_document_file(actor=shop.owner, document=photographed(shop), file_id=file.pk, now=NOW)

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_document_file(actor=shop.owner, document=document, file_id=file.pk, now=NOW)

    assert file.file not in files(media_folder)
    assert not document.files.exists()
    with pytest.raises(NotFound):
        paper_content(file)


# --- Certificates ----------------------------------------------------------------------------------


def test_a_certificate_s_photos_change_until_staff_decided_and_never_after(shop: Shop) -> None:
    certificate = waiting_certificate(shop)
    services.add_certificate_files(actor=shop.seller, certificate=certificate, papers=[photo()], now=NOW)
    services.add_certificate_files(actor=OFFICER, certificate=certificate, papers=[read_paper(PDF)], now=NOW)
    first, second = certificate.files.order_by("pk")
    services.remove_certificate_file(actor=shop.owner, certificate=certificate, file_id=second.pk, now=NOW)
    verify_certificate(actor=Actor(commune_codes=frozenset({DAM_THUY})), certificate=certificate, now=NOW)

    with pytest.raises(WrongCertificateState):
        services.add_certificate_files(actor=shop.owner, certificate=certificate, papers=[photo()], now=NOW)
    with pytest.raises(WrongCertificateState):
        services.remove_certificate_file(actor=shop.owner, certificate=certificate, file_id=first.pk, now=NOW)

    assert list(certificate.files.all()) == [first]
    assert row_of(certificate)["state"] == OcopCertificate.State.VERIFIED
    kinds = JournalEvent.objects.filter(kind__startswith="certificate.file").values_list("kind", flat=True)
    assert sorted(kinds) == ["certificate.file_removed", "certificate.files_added", "certificate.files_added"]


def test_a_certificate_s_photo_is_for_its_shop_and_staff_of_its_commune_alone(shop: Shop) -> None:
    certificate, other = waiting_certificate(shop), a_shop("Hộ khác")
    services.add_certificate_files(actor=shop.owner, certificate=certificate, papers=[photo()], now=NOW)
    file = certificate.files.get()
    own = {"product_id": shop.variant.product_id, "certificate_id": certificate.pk, "file_id": file.pk}

    assert certificate_file_of_member(actor=shop.seller, **own) == file
    assert certificate_file_for_staff(actor=OFFICER, certificate_id=certificate.pk, file_id=file.pk) == file
    for more in ({"file_id": file.pk + 1}, {"certificate_id": 2**70}, {"product_id": other.variant.product_id}):
        with pytest.raises(NotFound):
            certificate_file_of_member(actor=shop.owner, **own | more)
    with pytest.raises(NotFound):
        certificate_file_of_member(actor=other.owner, **own)
    for stranger in (OFFICER_ELSEWHERE, PROVINCE):
        with pytest.raises(NotFound):
            certificate_file_for_staff(actor=stranger, certificate_id=certificate.pk, file_id=file.pk)
    with pytest.raises(NotFound):
        services.add_certificate_files(actor=other.owner, certificate=certificate, papers=[photo()], now=NOW)
    assert CertificateFile.objects.count() == 1


# --- Documents for buyers --------------------------------------------------------------------------


def test_a_new_document_takes_a_product_on_sale_back_to_review(shop: Shop) -> None:
    product, before = shop.variant.product, row_of(shop.variant.product)

    document = documented(shop)

    after = row_of(product)
    assert (before["listing"], after["listing"]) == (Product.Listing.PUBLISHED, Product.Listing.IN_REVIEW)
    assert after["generation"] > before["generation"], "who opened it before is told that it changed"
    asked = {"product_id": product.pk, "document_id": document.pk}
    assert product_document_of_member(actor=shop.seller, **asked) == document
    assert product_document_for_staff(actor=OFFICER, **asked) == document
    with pytest.raises(NotFound):
        product_document_by_slug(product.slug, document_id=document.pk, age_declared=True)
    Product.objects.filter(pk=product.pk).update(listing=Product.Listing.PUBLISHED)
    assert product_document_by_slug(product.slug, document_id=document.pk, age_declared=False) == document
    for number in (0, document.pk + 1, 2**70):
        with pytest.raises(NotFound):
            product_document_by_slug(product.slug, document_id=number, age_declared=True)


def test_a_document_of_alcohol_is_not_there_for_who_did_not_say_their_age(shop: Shop) -> None:
    document = documented(shop)
    Product.objects.update(listing=Product.Listing.PUBLISHED, is_alcohol=True)

    with pytest.raises(NotFound):
        product_document_by_slug(shop.variant.product.slug, document_id=document.pk, age_declared=False)


def test_documents_that_cannot_be_or_are_too_many_change_nothing(shop: Shop, media_folder: Path) -> None:
    product, client_id = shop.variant.product, uuid.uuid4()

    def add(**more: Any) -> None:
        asked: dict[str, Any] = {"actor": shop.owner, "kind": "other", "name": "Giấy", "paper": photo(), "now": NOW}
        services.add_product_document(product=product, **asked | more)

    refused = [
        ({"kind": "passport"}, services.UnknownDocumentKind),
        ({"name": " "}, BadText),
        ({"name": "a" * 121}, BadText),
        ({"actor": a_shop("Hộ khác").owner}, NotFound),
    ]
    for wrong, error in refused:
        with pytest.raises(error):
            add(**wrong)
    assert (files(media_folder), row_of(product)["listing"]) == ([], Product.Listing.PUBLISHED)

    for _time in range(2):
        add(client_id=client_id)
    for _number in range(services.DOCUMENTS_A_PRODUCT_MAX - 1):
        add()
    with pytest.raises(services.TooManyProductDocuments):
        add()

    assert ProductDocument.objects.count() == len(files(media_folder)) == 5


def test_a_document_that_is_taken_away_sends_the_product_to_review_too(shop: Shop) -> None:
    document = documented(shop)
    Product.objects.update(listing=Product.Listing.PUBLISHED)
    asked = {"product": shop.variant.product, "document_id": document.pk, "now": NOW}
    with pytest.raises(NotFound):
        services.remove_product_document(actor=a_shop("Hộ khác").owner, **asked)

    services.remove_product_document(actor=shop.seller, **asked)

    assert not ProductDocument.objects.exists()
    assert row_of(shop.variant.product)["listing"] == Product.Listing.IN_REVIEW


# --- What nobody has -------------------------------------------------------------------------------


def test_files_of_no_paper_are_swept_a_day_later_and_those_of_papers_stay(shop: Shop, media_folder: Path) -> None:
    save(shop, [photo(), read_paper(PDF)])
    for row in DocumentFile.objects.all():
        folder = row.file.split("/")[1]
        orphan = media_folder / "papers" / folder / f"0123{Path(row.file).suffix}"
        orphan.write_bytes(b"left by a process that died")
        written = datetime.fromtimestamp(orphan.stat().st_mtime, tz=NOW.tzinfo)

        assert sweep_orphans(folder=folder, now=written + timedelta(hours=23)) == 0
        assert sweep_orphans(folder=folder, now=written + timedelta(hours=25)) == 1
        assert not orphan.exists()
        assert paper_content(row)
    assert sweep_papers(NOW) == 0
