"""Pictures from before there were three sizes and WebP: shown as they are, completed by a task."""

from pathlib import Path

import pytest
from PIL import Image

from catalog.completing import PICTURES_A_ROUND_MAX, complete_pictures
from catalog.models import ProductMedia
from catalog.pictures import Form, picture_srcset, picture_url
from catalog.tasks import complete_older_pictures
from tests.catalog.factories import NOW, a_picture, a_product, a_shop
from tests.catalog.test_photo_services import add, files, files_of

pytestmark = pytest.mark.django_db


def an_older_picture(folder: Path, *, number: int = 0) -> ProductMedia:
    """A row and its two JPEGs, as they were kept at first."""
    shop = a_shop(f"Gian {number}")
    media = add(shop, a_product(shop), content=a_picture((1280, 960)))
    for name in files_of(str(media.image.name)):
        if name.endswith(".webp") or "-800" in name:
            (folder / name).unlink()
    media.is_complete = False
    media.save()
    return ProductMedia.objects.get(pk=media.pk)


def test_an_older_picture_is_shown_in_the_files_it_has(media_folder: Path) -> None:
    media = an_older_picture(media_folder)
    stem = f"/media/{str(media.image.name).removesuffix('.jpg')}"

    assert picture_srcset(media, Form.WEBP) == ""
    assert picture_srcset(media, Form.JPEG) == f"{stem}-480.jpg 480w, {stem}.jpg 1280w"
    assert picture_url(media, 800) == f"{stem}.jpg"


def test_the_task_gives_it_what_it_lacks(media_folder: Path) -> None:
    media = an_older_picture(media_folder)
    untouched = (media_folder / str(media.image.name)).read_bytes()

    assert complete_older_pictures(NOW) == 1

    media = ProductMedia.objects.get(pk=media.pk)
    name = str(media.image.name)
    stem = f"/media/{name.removesuffix('.jpg')}"
    assert media.is_complete
    assert files(media_folder) == files_of(name)
    assert (media_folder / name).read_bytes() == untouched
    assert picture_srcset(media, Form.WEBP) == f"{stem}-480.webp 480w, {stem}-800.webp 800w, {stem}.webp 1280w"
    with Image.open(media_folder / name.replace(".jpg", "-800.webp")) as image:
        assert (image.format, image.size) == ("WEBP", (800, 600))
    assert complete_older_pictures(NOW) == 0


@pytest.mark.parametrize("content", [None, b"no picture"])
def test_a_picture_whose_file_is_gone_or_broken_is_tried_once(media_folder: Path, content: bytes | None) -> None:
    media = an_older_picture(media_folder)
    path = media_folder / str(media.image.name)
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    assert complete_pictures() == 0

    media = ProductMedia.objects.get(pk=media.pk)
    assert (media.is_complete, media.cannot_be_completed) == (False, True)
    assert not ProductMedia.objects.filter(is_complete=False, cannot_be_completed=False).exists()


def test_a_round_takes_a_bounded_number(media_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PICTURES_A_ROUND_MAX == 20
    monkeypatch.setattr("catalog.completing.PICTURES_A_ROUND_MAX", 2)
    for number in range(3):
        an_older_picture(media_folder, number=number)

    assert [complete_pictures() for _ in range(3)] == [2, 1, 0]


def test_a_small_photo_is_offered_in_each_width_once(media_folder: Path) -> None:
    shop = a_shop()
    media = ProductMedia.objects.get(pk=add(shop, a_product(shop), content=a_picture((600, 450))).pk)
    stem = f"/media/{str(media.image.name).removesuffix('.jpg')}"

    assert picture_srcset(media, Form.JPEG) == f"{stem}-480.jpg 480w, {stem}-800.jpg 600w"
