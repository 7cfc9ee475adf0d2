"""A product's photos on the disk and in its row: both or neither."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from catalog import services
from catalog.models import Product, ProductMedia
from catalog.photos import NotAPhoto
from catalog.pictures import FOLDERS, Form, picture_size, picture_url, sweep_orphans
from catalog.services.photos import PHOTOS_A_PRODUCT_MAX
from catalog.tasks import sweep_pictures
from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from tests.catalog.factories import NENH, NOW, Shop, a_picture, a_product, a_shop, on_sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def product(shop: Shop) -> Product:
    return a_product(shop)


def add(shop: Shop, product: Product, *, content: bytes | None = None, alt: str = "") -> ProductMedia:
    sent = a_picture((1600, 1200)) if content is None else content
    return services.add_photo(actor=shop.owner, product=product, content=sent, now=NOW, alt=alt)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def files_of(name: str) -> list[str]:
    """A picture's files: three sizes, each as JPEG and as WebP."""
    stem = name.removesuffix(".jpg")
    return sorted(f"{stem}{size}.{form}" for size in ("", "-480", "-800") for form in Form)


def test_a_photo_has_a_row_and_six_files_with_a_random_name(shop: Shop, product: Product, media_folder: Path) -> None:
    media = add(shop, product, alt="  Gói miến ")

    name = str(media.image.name)
    assert files(media_folder) == files_of(name)
    assert len(Path(name).stem) == 32
    with Image.open(media_folder / name) as image:
        assert image.size == (1280, 960) == (media.width, media.height)
    assert (media.alt, media.is_illustration) == ("Gói miến", False)
    assert JournalEvent.objects.get(kind="photo.added").data["media"] == media.pk
    assert Product.objects.get().generation > product.generation


def test_each_edge_has_its_address_and_size(shop: Shop, product: Product, media_folder: Path) -> None:
    media = ProductMedia.objects.get(pk=add(shop, product).pk)
    name = str(media.image.name)

    assert picture_url(media, 1280) == picture_url(media, 5000) == picture_url(media, 801) == f"/media/{name}"
    assert picture_url(media, 800) == picture_url(media, 481) == f"/media/{name[:-4]}-800.jpg"
    assert picture_url(media, 480, form=Form.WEBP) == f"/media/{name[:-4]}-480.webp"
    assert picture_url(media, 480) == picture_url(media, 100) == f"/media/{name[:-4]}-480.jpg"
    assert (picture_size(media, 480), picture_size(media, 1280)) == ((480, 360), (1280, 960))
    for edge in (480, 800, 1280):
        path = media_folder / picture_url(media, edge).removeprefix("/media/")
        with Image.open(path) as image:
            assert image.size == picture_size(media, edge)


def test_reading_rows_opens_no_file(shop: Shop, product: Product, media_folder: Path) -> None:
    add(shop, product)
    for path in media_folder.rglob("*.jpg"):
        path.unlink()

    (media,) = ProductMedia.objects.all()

    assert (media.width, media.height) == (1280, 960)


def test_photos_come_in_the_order_they_were_added(shop: Shop, product: Product, media_folder: Path) -> None:
    added = [add(shop, product) for _ in range(3)]

    assert list(ProductMedia.objects.order_by("position")) == added
    assert len(files(media_folder)) == 18


def test_a_new_photo_sends_a_published_product_back_to_review(shop: Shop, media_folder: Path) -> None:
    product = on_sale(shop)

    add(shop, product)

    assert Product.objects.get().listing == "in_review"
    assert len(files(media_folder)) == 6


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"GIF89a"])
def test_a_file_that_is_no_photo_leaves_nothing(
    shop: Shop, product: Product, media_folder: Path, content: bytes
) -> None:
    with pytest.raises(NotAPhoto):
        add(shop, product, content=content)

    assert files(media_folder) == []
    assert not ProductMedia.objects.exists()


def test_a_bad_description_is_refused_before_anything_is_written(
    shop: Shop, product: Product, media_folder: Path
) -> None:
    with pytest.raises(BadText):
        add(shop, product, alt="a" * 161)

    assert files(media_folder) == []


def test_strangers_neither_add_nor_remove_photos(shop: Shop, product: Product, media_folder: Path) -> None:
    media = add(shop, product)
    for stranger in (ANONYMOUS, shop.staff, Actor(user_id=1, vendor_roles={0: "owner"})):
        with pytest.raises(NotFound):
            add(Shop(shop.vendor, stranger, shop.staff), product)
        with pytest.raises(NotFound):
            services.remove_photo(actor=stranger, media=media, now=NOW)

    assert ProductMedia.objects.count() == 1
    assert len(files(media_folder)) == 6


def test_the_ninth_photo_is_refused_and_leaves_no_file(
    shop: Shop, product: Product, media_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PHOTOS_A_PRODUCT_MAX == 8
    monkeypatch.setattr("catalog.services.photos.PHOTOS_A_PRODUCT_MAX", 1)
    add(shop, product)
    before = files(media_folder)

    with pytest.raises(services.TooManyPhotos):
        add(shop, product)

    assert files(media_folder) == before
    assert ProductMedia.objects.count() == 1


def test_a_row_that_cannot_be_kept_takes_its_files_with_it(
    shop: Shop, product: Product, media_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        assert len(files(media_folder)) == 6  # control: they had been written
        raise OSError("no journal")

    monkeypatch.setattr("catalog.services.photos.journal_product", fail)

    with pytest.raises(OSError, match="no journal"):
        add(shop, product)

    assert files(media_folder) == []
    assert not ProductMedia.objects.exists()


def test_a_full_disk_leaves_neither_file_nor_row(
    shop: Shop, product: Product, media_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = default_storage.save

    def fail_at_the_second(name: str, content: object) -> str:
        if "-480" in name:
            raise OSError("no space left on device")
        return str(save(name, content))  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr("catalog.pictures.default_storage.save", fail_at_the_second)

    with pytest.raises(OSError, match="no space"):
        add(shop, product)

    assert files(media_folder) == []
    assert not ProductMedia.objects.exists()


def test_a_removed_photo_loses_its_files_only_with_the_commit(
    shop: Shop, product: Product, media_folder: Path, django_capture_on_commit_callbacks: object
) -> None:
    media = add(shop, product)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture
        services.remove_photo(actor=shop.owner, media=media, now=NOW)
        assert len(files(media_folder)) == 6
    assert files(media_folder) == []

    services.remove_photo(actor=shop.owner, media=media, now=NOW)
    assert JournalEvent.objects.filter(kind="photo.removed").count() == 1


def test_removing_a_photo_sends_a_published_product_back_to_review(shop: Shop, media_folder: Path) -> None:
    product = a_product(shop)
    media = add(shop, product)
    product = services.submit_for_review(actor=shop.owner, product=product, now=NOW)
    services.publish_product(actor=shop.staff, product=product, now=NOW)

    services.remove_photo(actor=shop.owner, media=media, now=NOW)

    assert Product.objects.get().listing == "in_review"
    assert len(files(media_folder)) == 6


def added_and_undone(shop: Shop, product: Product) -> ProductMedia:
    with transaction.atomic():
        media = add(shop, product)
        transaction.set_rollback(True)
    return media


def test_files_of_a_caller_whose_transaction_failed_are_swept_after_a_day(
    shop: Shop, product: Product, media_folder: Path
) -> None:
    kept = add(shop, product)
    orphan = added_and_undone(shop, product)
    assert len(files(media_folder)) == 12
    written = datetime.now(UTC)

    def sweep(media: ProductMedia, after: timedelta) -> int:
        return sweep_orphans(folder=str(media.image.name).split("/")[1], now=written + after)

    assert sweep(orphan, timedelta(hours=23)) == 0
    assert sweep(orphan, timedelta(hours=25)) == 6
    assert sweep(kept, timedelta(hours=25)) == 0
    assert files(media_folder) == files_of(str(kept.image.name))


def test_the_sweeping_task_comes_by_every_folder_in_256_hours(media_folder: Path) -> None:
    for folder in FOLDERS:
        path = media_folder / "products" / folder
        path.mkdir(parents=True)
        (path / f"{folder}0.jpg").write_bytes(b"left over")
    start = datetime.now(UTC) + timedelta(days=2)

    swept = [sweep_pictures(start + timedelta(hours=hour)) for hour in range(256)]

    assert swept == [1] * 256
    assert files(media_folder) == []
    assert sweep_pictures(start) == 0


def test_another_shops_photo_is_not_removed(shop: Shop, product: Product, media_folder: Path) -> None:
    media = add(shop, product)

    with pytest.raises(NotFound):
        services.remove_photo(actor=a_shop("Tạp hóa Hoa", commune=NENH).owner, media=media, now=NOW)

    assert len(files(media_folder)) == 6
