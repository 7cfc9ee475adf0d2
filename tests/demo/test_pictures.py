"""Pictures of the demo market are drawn: the same every time, small, and honest about being drawn."""

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from marketplace.demo.pictures import (
    HEIGHT_PX,
    PICTURE_BYTES_MAX,
    WIDTH_PX,
    draw_product_picture,
)
from marketplace.demo.pictures.scenes import ANY_SCENE, BY_SET, BY_WORD, scene_for

EVERY_SET = range(1, 27)


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def difference(one: bytes, other: bytes) -> float:
    """Mean difference of two pictures, in steps of brightness."""
    apart = ImageChops.difference(opened(one).convert("L"), opened(other).convert("L"))
    return ImageStat.Stat(apart).mean[0]


@pytest.mark.parametrize("set_no", EVERY_SET)
def test_every_ocop_set_has_a_picture_of_four_to_three_within_the_limit(set_no: int) -> None:
    content = draw_product_picture(name="", set_no=set_no, seed=set_no)

    picture = opened(content)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (960, 720))
    assert WIDTH_PX * 3 == HEIGHT_PX * 4
    assert len(content) <= PICTURE_BYTES_MAX == 45_000


def test_every_drawing_stays_within_the_limit_for_every_seed_tried() -> None:
    names = {pattern.split("|")[0] for pattern, _, _ in BY_WORD}

    sizes = [len(draw_product_picture(name=name, set_no=7, seed=len(name))) for name in sorted(names)]

    assert max(sizes) <= PICTURE_BYTES_MAX


def test_the_same_product_gets_the_same_bytes() -> None:
    first = draw_product_picture(name="Miến dong Án Lại", set_no=7, seed=4)

    assert draw_product_picture(name="Miến dong Án Lại", set_no=7, seed=4) == first


def test_another_seed_draws_another_picture_of_the_same_thing() -> None:
    pictures = {draw_product_picture(name="Mật ong", set_no=4, seed=seed) for seed in range(4)}

    assert len(pictures) == 4


def test_a_picture_shows_more_than_its_wall() -> None:
    honey = draw_product_picture(name="Mật ong", set_no=4, seed=1)
    fish = draw_product_picture(name="Cá thát lát", set_no=8, seed=1)

    assert difference(honey, fish) > 5


def test_the_word_of_a_name_goes_before_its_set() -> None:
    assert scene_for(name="Trà gừng Tâm Nguyên", set_no=12)[0].__name__ == "tea"
    assert scene_for(name="Rượu ngô Đại Hoàng", set_no=3)[0].__name__ == "wine_jar"
    assert scene_for(name="Lạp sườn Tâm Hòa", set_no=8)[0].__name__ == "sausages"


def test_a_word_counts_only_whole() -> None:
    # "cá" stands inside "cách" and "ổi" inside "đổi".
    assert scene_for(name="Cách đổi mới", set_no=13) == BY_SET[13]


def test_every_set_has_its_own_drawing_and_an_unknown_one_gets_a_plain_bag() -> None:
    assert sorted(BY_SET) == list(EVERY_SET)
    assert scene_for(name="Gì đó", set_no=99) == ANY_SCENE


def test_every_picture_says_that_it_is_drawn() -> None:
    """The corner with "ảnh minh họa" is paper with ink on it, whatever is drawn and however it is turned."""
    corner = (WIDTH_PX - 180, 14, WIDTH_PX - 14, 56)

    for seed in range(6):
        grey = opened(draw_product_picture(name="", set_no=seed * 4 + 2, seed=seed)).crop(corner).convert("L")
        dark, light = grey.getextrema()
        assert dark < 90
        assert light > 235
