"""The demo's English texts are of goods that the demo has, and each has an address of its own."""

from __future__ import annotations

from datetime import date

from marketplace.core.text import slugify_vietnamese
from marketplace.demo.catalogue import demo_products
from marketplace.demo.english import ENGLISH_TEXTS


def test_a_dozen_goods_of_the_demo_have_english_texts() -> None:
    known = {product.key for product in demo_products(date(2026, 11, 22))}

    assert len(ENGLISH_TEXTS) == 13
    assert set(ENGLISH_TEXTS) - known == set()


def test_each_has_an_english_address_of_its_own_and_says_that_it_is_a_demo() -> None:
    texts = ENGLISH_TEXTS.values()

    assert len({slugify_vietnamese(one.name) for one in texts}) == len(ENGLISH_TEXTS)
    assert all("demo market" in one.description for one in texts)
