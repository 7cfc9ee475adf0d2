"""English texts of a dozen of the demo market's goods, so that a client that asks for English finds some."""

from __future__ import annotations

from typing import NamedTuple


class EnglishTexts(NamedTuple):
    """A product's texts in English; what the pages say of the demo is said here too."""

    name: str
    about: str

    @property
    def description(self) -> str:
        """The text of its page."""
        return f"{self.about}\n\nThis is data of the demo market: prices, pictures and certificates are made up."


ENGLISH_TEXTS = {
    "mien-dong-tan-viet-a-cao-bang": EnglishTexts(
        "Tân Việt Á canna noodles", "Glass noodles of canna starch from Cao Bằng, for soups and stir-fries."
    ),
    "hong-tra-kolia-cao-bang": EnglishTexts(
        "Kolia black tea", "Black tea from the highlands of Phia Đén in Cao Bằng."
    ),
    "mat-ong-rung-tu-nhien-xa-hoang-tung-cao-bang": EnglishTexts(
        "Wild forest honey of Hoàng Tung", "Honey of wild bees from the forests of Cao Bằng."
    ),
    "ruou-ngo-dai-hoang-cao-bang-cao-bang": EnglishTexts(
        "Đại Hoàng corn spirit", "Spirit distilled from corn with leaf yeast, for those who are 18 or older."
    ),
    "ca-that-lat-rut-xuong-tam-gia-vi-ky-nhu-hau-giang": EnglishTexts(
        "Kỳ Như seasoned boneless featherback", "Featherback fish of the Mekong delta, boned and seasoned."
    ),
    "bot-chuoi-xiem-hau-giang": EnglishTexts(
        "Siam banana flour", "Flour of green Siam bananas, for cakes and drinks."
    ),
    "gao-nep-cai-hoa-vang-thai-son-bac-giang": EnglishTexts(
        "Thái Sơn golden-flower sticky rice", "The fragrant sticky rice of the northern lowlands."
    ),
    "gao-sach-trieu-phong-quang-tri": EnglishTexts(
        "Triệu Phong clean rice", "Rice grown without chemical fertiliser in Quảng Trị."
    ),
    "hat-tieu-cua-quang-tri": EnglishTexts("Cùa pepper", "Black pepper from the red hills of Cùa in Quảng Trị."),
    "nuoc-mam-nhi-binh-minh-da-nang": EnglishTexts(
        "Bình Minh first-press fish sauce", "The first drops of fish sauce from anchovies, aged in jars."
    ),
    "cha-muc-da-nang": EnglishTexts("Squid cakes", "Hand-pounded squid cakes from Đà Nẵng, ready to fry."),
    "ca-phe-hat-quang-linh-da-nang": EnglishTexts("Quang Linh coffee beans", "Roasted coffee beans from Đà Nẵng."),
    "banh-dua-nuong-quy-thu-quang-nam": EnglishTexts(
        "Quý Thu baked coconut biscuits", "Crisp coconut biscuits of Quảng Nam, baked over charcoal."
    ),
}
"""By the key of the product, which is its slug."""
