"""A listing that is begun is kept as far as it came, with its photo, and gone on with later."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.models import ListingDraft, Product, ProductMedia
from catalog.services.listing_drafts import DRAFTS_A_VENDOR_MAX, forget_listing_drafts
from tests.payments.factories import NOW, Shop, a_shop
from tests.storefront.shopping import text_of
from tests.storefront.working import a_photo, form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
NEW = {"name": "Mật ong bạc hà", "ocop_set": "4", "price_vnd": "125k", "unit": "hũ 500 g", "quantity": "10"}


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def test_a_listing_is_kept_as_far_as_it_came_and_gone_on_with(shop: Shop, owner: Client) -> None:
    kept = owner.post("/sell/products/new/", form(later="1", name="Mật ong bạc hà", photo=a_photo()))
    assert kept["Location"] == "/sell/products/"
    draft = ListingDraft.objects.get()
    listed = owner.get("/sell/products/")
    assert "Đang khai dở" in text_of(listed)
    assert f"/sell/products/new/?draft={draft.pk}" in listed.content.decode()
    again = owner.get(f"/sell/products/new/?draft={draft.pk}").content.decode()
    assert 'value="Mật ong bạc hà"' in again
    picture = owner.get(f"/sell/products/drafts/{draft.pk}/photo.jpg")
    assert (picture["Content-Type"], picture.content[:2]) == ("image/jpeg", b"\xff\xd8")

    made = owner.post("/sell/products/new/", form(**NEW, draft=str(draft.pk)))

    product = Product.objects.get(name="Mật ong bạc hà")
    assert made["Location"] == f"/sell/products/{product.pk}/"
    assert ProductMedia.objects.get(product=product).alt == "Mật ong bạc hà"
    assert not ListingDraft.objects.exists()


def test_a_photo_is_not_lost_because_the_price_was_wrong(shop: Shop, owner: Client) -> None:
    refused = owner.post("/sell/products/new/", form(**NEW | {"price_vnd": "rẻ"}, photo=a_photo()))

    draft = ListingDraft.objects.get()
    assert refused.status_code == 400
    assert f'name="draft" value="{draft.pk}"' in refused.content.decode()
    assert "Đã giữ ảnh này." in text_of(refused)
    owner.post("/sell/products/new/", form(**NEW, draft=str(draft.pk)))
    assert ProductMedia.objects.count() == 1


def test_an_empty_form_is_not_kept_for_later_and_a_file_that_is_no_photo_neither(shop: Shop, owner: Client) -> None:
    empty = owner.post("/sell/products/new/", form(later="1", name="  "))
    broken = owner.post(
        "/sell/products/new/", form(later="1", name="Chè", photo=SimpleUploadedFile("x.jpg", b"not a photo"))
    )

    assert (empty.status_code, broken.status_code) == (400, 400)
    assert not ListingDraft.objects.exists()


def test_a_form_kept_twice_is_one_listing_and_can_be_thrown_away(shop: Shop, owner: Client) -> None:
    sent = form(later="1", name="Chè")
    for _ in range(2):
        owner.post("/sell/products/new/", sent)
    draft = ListingDraft.objects.get()
    assert owner.get(f"/sell/products/drafts/{draft.pk}/photo.jpg").status_code == 404

    for _ in range(2):
        assert owner.post(f"/sell/products/drafts/{draft.pk}/discard/", form()).status_code == 302

    assert not ListingDraft.objects.exists()


def test_a_shop_keeps_so_many_listings_begun_and_forgets_old_ones(shop: Shop, owner: Client) -> None:
    for number in range(DRAFTS_A_VENDOR_MAX):
        ListingDraft.objects.create(vendor=shop.vendor, said={"name": f"{number}"}, made_at=NOW, updated_at=NOW)

    assert owner.post("/sell/products/new/", form(later="1", name="Chè")).status_code == 409
    assert forget_listing_drafts(now=NOW) == 0
    assert forget_listing_drafts(now=NOW.replace(year=2027)) == DRAFTS_A_VENDOR_MAX
