"""Which journeys there are and how often each is run: what the tests and the program that furnishes them share."""

from typing import Final

PASSWORD: Final = "mua-xuan-vung-cao"
BUYER_PHONE: Final = "0987654321"
FEE_VND: Final = 30_000
PLACES: Final = {"vi": "Khau Vai", "en": "Pác Bó", "vi-plain": "Nà Hang", "en-plain": "Tả Van"}
"""Each run of a journey, and the word that tells its things from those of the others: Vietnamese and English;
`plain` is without JavaScript."""
WITH_JAVASCRIPT: Final = ("vi", "en")
SHOPPERS: Final = ("buying", "complaining")
"""The journeys that must also work without JavaScript."""
OTHERS: Final = (
    "hearing",
    "listing",
    "sending",
    "reviewing",
    "opening",
    "reading",
    "forgetting",
    "helping",
    "selling",
)
SCENES: Final = [
    *(f"{journey}-{run}" for journey in SHOPPERS for run in PLACES),
    *(f"{journey}-{run}" for journey in OTHERS for run in WITH_JAVASCRIPT),
]
