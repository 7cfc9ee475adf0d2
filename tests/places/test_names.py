"""Names of units are taken apart and matched with what people type, strictest rule first."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from marketplace.core.text import fold
from marketplace.places.names import best_matches, is_called, split_name


@dataclass(frozen=True)
class Unit:
    name: str

    @property
    def folded(self) -> str:
        return fold(self.name)


HA, HA_LOW, AN, AN_LOW, TIEN_COMMUNE, TIEN_WARD, NENH = map(
    Unit, ["Xã Sơn Hà", "Xã Sơn Hạ", "Xã Thanh An", "Xã Thạnh An", "Xã Đồng Tiến", "Phường Đông Tiến", "Phường Nếnh"]
)
UNITS = [HA, HA_LOW, AN, AN_LOW, TIEN_COMMUNE, TIEN_WARD, NENH]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Thành phố Hà Nội", ("Thành phố", "Hà Nội")),
        ("Tỉnh Cao Bằng", ("Tỉnh", "Cao Bằng")),
        ("Đặc khu Lý Sơn", ("Đặc khu", "Lý Sơn")),
        ("Thị Trấn Tây Đằng", ("Thị trấn", "Tây Đằng")),
        ("Phường 1", ("Phường", "1")),
        ("Xãng", ("", "Xãng")),
        ("", ("", "")),
    ],
)
def test_a_name_is_its_type_and_its_short_name(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Xã Sơn Hạ", [HA_LOW]),
        ("xã sơn hạ", [HA_LOW]),
        ("Sơn Hạ", [HA_LOW]),
        ("Xã Thanh An", [AN]),
        ("xã thanh an", [AN]),
        ("Thanh An", [AN, AN_LOW]),
        ("Thạnh An", [AN_LOW]),
        ("xa son ha", [HA, HA_LOW]),
        ("son ha", [HA, HA_LOW]),
        ("xa dong tien", [TIEN_COMMUNE]),
        ("p. dong tien", [TIEN_WARD]),
        ("Dong Tien", [TIEN_COMMUNE, TIEN_WARD]),
        ("P.Nếnh", [NENH]),
        ("NENH", [NENH]),
        ("xa nenh", []),
        ("nen", []),
    ],
)
def test_the_strictest_rule_that_finds_anything_decides(typed: str, meant: list[Unit]) -> None:
    assert best_matches(typed, UNITS) == meant


def test_a_district_is_called_by_its_name_with_or_without_its_type() -> None:
    assert is_called("Lạng Giang", "Huyện Lạng Giang")
    assert is_called("h. lang giang", "Huyện Lạng Giang")
    assert is_called("huyen lang giang", "Huyện Lạng Giang")
    assert not is_called("lang", "Huyện Lạng Giang")
    assert not is_called("tinh lang giang", "Huyện Lạng Giang")
