"""A complaint's photos: kept bare, shown to who may read it, swept where no message has them."""

import uuid
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from catalog.pictures import folder_of
from marketplace.core.errors import NotFound
from marketplace.orders.complaint_photos import photo_content, sweep_orphans
from marketplace.orders.models import Order
from marketplace.orders.selectors import complaint_for_staff, photo_message
from marketplace.orders.services.complaints import AlreadyComplained
from marketplace.orders.tasks import sweep_complaint_photos
from tests.orders.complaining import HOUR, OFFICER, complained, files
from tests.orders.factories import NOW

pytestmark = pytest.mark.django_db


def a_jpeg(*, colour: str = "brown") -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


def test_a_photo_is_kept_without_its_metadata_and_only_for_who_may_read(order: Order, media: Path) -> None:
    complaint = complained(order, photo=a_jpeg())

    message = complaint.messages.get()
    assert (message.photo_width, message.photo_height) == (640, 480)
    assert message.photo.startswith("complaints/")
    assert photo_content(message)[:3] == b"\xff\xd8\xff"
    whole = complaint_for_staff(actor=OFFICER, complaint_id=complaint.pk)
    assert photo_message(whole, message.pk) == message
    with pytest.raises(NotFound):
        photo_message(whole, message.pk + 1)


def test_a_message_without_a_photo_has_none_to_show(order: Order, media: Path) -> None:
    complaint = complained(order)
    message = complaint.messages.get()

    with pytest.raises(NotFound):
        photo_content(message)
    with pytest.raises(NotFound):
        photo_message(complaint, message.pk)


def test_the_photo_of_a_refused_or_repeated_form_leaves_no_file(order: Order, media: Path) -> None:
    sent = uuid.uuid4()
    complained(order, photo=a_jpeg(), client_id=sent)
    kept = files(media)

    complained(order, photo=a_jpeg(), client_id=sent)
    with pytest.raises(AlreadyComplained):
        complained(order, photo=a_jpeg(colour="red"))

    assert kept != []
    assert files(media) == kept


def test_photos_of_no_message_are_swept_a_day_later_and_those_of_messages_stay(order: Order, media: Path) -> None:
    message = complained(order, photo=a_jpeg()).messages.get()
    folder = message.photo.split("/")[1]
    orphan = media / "complaints" / folder / "0123.jpg"
    orphan.write_bytes(b"left by a process that died")
    written = datetime.fromtimestamp(orphan.stat().st_mtime, tz=NOW.tzinfo)

    assert sweep_orphans(folder=folder, now=written + HOUR) == 0
    assert sweep_orphans(folder=folder, now=written + 25 * HOUR) == 1
    assert not orphan.exists()
    assert photo_content(message)


def test_the_sweeping_comes_to_every_folder(media: Path) -> None:
    assert len({folder_of(NOW + number * HOUR) for number in range(256)}) == 256
    assert sweep_complaint_photos(NOW) == 0
