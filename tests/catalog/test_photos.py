"""What becomes of a photo somebody sends: made safe, or refused before it costs anything."""

import struct
import threading
import zlib
from io import BytesIO

import pytest
from PIL import Image

from catalog import photos
from catalog.photos import (
    PHOTO_BYTES_MAX,
    PHOTO_EDGE_PIXELS_MAX,
    PHOTO_PIXELS_MAX,
    BrokenPhoto,
    NotAPhoto,
    Photo,
    PhotoTooLarge,
    TooManyPhotosAtOnce,
    read_photo,
)
from catalog.pictures import Form
from tests.catalog.factories import a_picture

GPS_IFD, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F
SECRET = "Nha-ong-Sung-canh-suoi"


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(BytesIO(jpeg))
    image.load()
    return image


def large(photo: Photo) -> Image.Image:
    return opened(photo.files[1280, Form.JPEG])


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def a_png_claiming(width: int, height: int) -> bytes:
    """A few hundred bytes that say they are a picture of that size: all of it one colour, well compressed."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(b"\0" * 1000))


def a_phone_photo(orientation: int = 1) -> bytes:
    """Left half red, right half blue, with the place it was taken at, the phone's name and a comment."""
    image = Image.new("RGB", (1600, 800), "blue")
    image.paste("red", (0, 0, 800, 800))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKE] = SECRET
    exif.get_ifd(GPS_IFD)[2] = (22.0, 50.0, 0.0)
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, comment=SECRET.encode(), xmp=f"<x>{SECRET}</x>".encode())
    return out.getvalue() + b"PK\x03\x04" + SECRET.encode()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_three_kinds_of_photo_become_jpegs_and_webps_of_three_sizes(form: str) -> None:
    photo = read_photo(a_picture((1600, 1200), form=form))

    assert (photo.width, photo.height) == (1280, 960)
    sizes = {1280: (1280, 960), 800: (800, 600), 480: (480, 360)}
    assert {key: (opened(content).size, opened(content).format) for key, content in photo.files.items()} == {
        (edge, kind): (size, name)
        for edge, size in sizes.items()
        for kind, name in ((Form.JPEG, "JPEG"), (Form.WEBP, "WEBP"))
    }


def test_a_small_photo_is_not_enlarged() -> None:
    photo = read_photo(a_picture((300, 200)))

    assert (photo.width, photo.height) == (300, 200)
    assert opened(photo.files[480, Form.JPEG]).size == (300, 200)


@pytest.mark.parametrize(("size", "kept"), [((9000, 30), (1280, 4)), ((1, 3000), (1, 1280)), ((1, 1), (1, 1))])
def test_an_odd_shape_keeps_at_least_one_pixel(size: tuple[int, int], kept: tuple[int, int]) -> None:
    assert large(read_photo(a_picture(size, form="PNG"))).size == kept


def test_place_phone_and_comment_do_not_survive() -> None:
    sent = a_phone_photo()
    assert sent.count(SECRET.encode()) == 4  # control: it is in there
    assert Image.open(BytesIO(sent)).getexif().get_ifd(GPS_IFD)[2] == (22.0, 50.0, 0.0)

    photo = read_photo(sent)

    for content in photo.files.values():
        assert SECRET.encode() not in content
        assert b"Exif" not in content
        assert b"EXIF" not in content
        assert dict(opened(content).getexif()) == {}


def test_the_notes_of_a_png_do_not_survive() -> None:
    sent = b"\x89PNG\r\n\x1a\n"
    rest = a_picture((40, 30), form="PNG")[len(sent) :]
    header, body = rest[:25], rest[25:]
    sent += header + png_chunk(b"tEXt", b"Author\0" + SECRET.encode()) + body

    assert SECRET.encode() not in read_photo(sent).files[1280, Form.JPEG]


@pytest.mark.parametrize(
    ("orientation", "size", "top_left", "bottom_right"),
    [(1, (1280, 640), "red", "blue"), (3, (1280, 640), "blue", "red"), (6, (640, 1280), "red", "blue")],
)
def test_a_photo_is_turned_upright(orientation: int, size: tuple[int, int], top_left: str, bottom_right: str) -> None:
    image = large(read_photo(a_phone_photo(orientation)))

    assert image.size == size
    corners = image.getpixel((5, 5)), image.getpixel((size[0] - 6, size[1] - 6))
    assert [is_about(corner) for corner in corners] == [top_left, bottom_right]


def is_about(pixel: object) -> str:
    assert isinstance(pixel, tuple)
    return "red" if pixel[0] > 200 > 60 > pixel[2] else "blue" if pixel[2] > 200 > 60 > pixel[0] else str(pixel)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # a warning to Pillow, an everyday thing to us
def test_a_damaged_note_about_the_orientation_is_no_reason_to_refuse() -> None:
    sent = a_picture((40, 30), exif=b"Exif\0\0" + b"MM\0*\0\0\0\x08" + b"\xff" * 30)

    assert read_photo(sent).width == 40


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("WEBP", "RGBA")])
def test_what_is_clear_becomes_white(form: str, mode: str) -> None:
    sent = a_picture((40, 30), form=form, mode=mode, color=(0, 0, 0, 0) if mode == "RGBA" else (0, 0))

    assert large(read_photo(sent)).getpixel((20, 15)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "1"), ("PNG", "L")]
)
def test_other_ways_to_keep_colours_are_read(form: str, mode: str) -> None:
    assert large(read_photo(a_picture((40, 30), form=form, mode=mode, color=1))).mode == "RGB"


def test_sixteen_bits_of_grey_keep_their_grey() -> None:
    sent = a_picture((40, 30), form="PNG", mode="I;16", color=128 * 256)

    assert large(read_photo(sent)).getpixel((20, 15)) == (128, 128, 128)


def test_an_animated_picture_becomes_its_first_one() -> None:
    for form in ("PNG", "WEBP"):
        out = BytesIO()
        frames = [Image.new("RGB", (40, 30), color) for color in ("red", "blue")]
        frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=100)

        assert is_about(large(read_photo(out.getvalue())).getpixel((20, 15))) == "red"


def test_a_phones_file_of_several_pictures_becomes_the_first() -> None:
    out = BytesIO()
    frames = [Image.new("RGB", (40, 30), color) for color in ("red", "blue")]
    frames[0].save(out, "MPO", save_all=True, append_images=frames[1:])

    assert is_about(large(read_photo(out.getvalue())).getpixel((20, 15))) == "red"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"GIF89a" + b"\0" * 100,
        a_picture((40, 30), form="GIF"),
        a_picture((40, 30), form="BMP"),
        a_picture((40, 30), form="TIFF"),
        a_picture((40, 30), form="ICO"),
        b"%PDF-1.7\n",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0" + b"<script>" * 50,
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    ],
    ids=lambda content: content[:12].decode("latin-1"),
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(content: bytes) -> None:
    with pytest.raises((NotAPhoto, BrokenPhoto)) as refusal:
        read_photo(content)

    assert refusal.value.field == "content"
    assert refusal.value.status == 400


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_photo_cut_off_on_the_way_is_refused(form: str, kept: float) -> None:
    noise = Image.effect_noise((400, 300), 90).convert("RGB")
    out = BytesIO()
    noise.save(out, form)
    content = out.getvalue()

    with pytest.raises((BrokenPhoto, NotAPhoto)):
        read_photo(content[: int(len(content) * kept)])


@pytest.mark.parametrize(
    ("width", "height"),
    [(60_000, 60_000), (2**31 - 1, 2**31 - 1), (100_000, 1), (PHOTO_EDGE_PIXELS_MAX + 1, 10), (10_000, 10_000)],
)
def test_a_bomb_is_refused_by_its_header(width: int, height: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_upright_pixels", lambda _image: pytest.fail("pixels were decoded"))

    with pytest.raises((PhotoTooLarge, NotAPhoto)):
        read_photo(a_png_claiming(width, height))


def test_control_a_picture_within_the_limits_is_decoded() -> None:
    with pytest.raises(BrokenPhoto):  # it is decoded, and then found to lack most of its pixels
        read_photo(a_png_claiming(PHOTO_PIXELS_MAX // 8_000, 8_000))


def test_a_giant_jpeg_is_refused_by_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    jpeg = bytearray(a_picture((64, 64)))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = struct.pack(">HH", 65_000, 65_000)
    monkeypatch.setattr(photos, "_upright_pixels", lambda _image: pytest.fail("pixels were decoded"))

    with pytest.raises(PhotoTooLarge):
        read_photo(bytes(jpeg))


def test_a_file_over_8_mib_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    content = a_picture((40, 30))
    assert read_photo(content + b"\0" * (PHOTO_BYTES_MAX - len(content))).width == 40  # control: 8 MiB are read
    monkeypatch.setattr(Image, "open", lambda *_a, **_k: pytest.fail("the file was opened"))

    with pytest.raises(PhotoTooLarge):
        read_photo(content + b"\0" * (PHOTO_BYTES_MAX - len(content) + 1))


def test_a_note_that_unpacks_to_4_megabytes_is_refused() -> None:
    whole = a_picture((40, 30), form="PNG")
    note = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 4_000_000, 9))

    with pytest.raises((NotAPhoto, BrokenPhoto)):
        read_photo(whole[:33] + note + whole[33:])


def test_who_waits_too_long_behind_other_photos_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    places = threading.BoundedSemaphore(1)
    monkeypatch.setattr(photos, "_places", places)
    monkeypatch.setattr(photos, "PHOTO_WAIT_S_MAX", 0.01)
    content = a_picture((40, 30))

    with places, pytest.raises(TooManyPhotosAtOnce) as refusal:
        read_photo(content)

    assert refusal.value.status == 429
    assert read_photo(content).width == 40


def test_a_refused_photo_gives_its_place_back() -> None:
    for _ in range(photos.PHOTOS_AT_ONCE_MAX + 1):
        with pytest.raises(NotAPhoto):
            read_photo(b"no photo")

    assert read_photo(a_picture((40, 30))).width == 40


def test_a_png_that_ends_before_its_end_is_refused_though_its_pixels_are_there() -> None:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    whole = out.getvalue()
    assert read_photo(whole).width == 8

    for length in (60, len(whole) - 12, len(whole) - 1):
        with pytest.raises(BrokenPhoto):
            read_photo(whole[:length])
